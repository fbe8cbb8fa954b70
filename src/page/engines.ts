import { type Remote, releaseProxy, transfer } from "comlink";
import { cpuLimits } from "../engine/cpu/limits";
import type { Engine, Run, Task } from "../engine/engine";
import { reasonOf } from "../engine/lasting";
import type { Limits } from "../model/plan";
import type { Sums } from "../model/sums";
import type { Desk } from "./desk";
import { theStudio } from "./hire";
import { once } from "./once";
import type { NoGpu } from "./studio";

/** An engine of the page, wherever it is, and what it can hold. */
export interface PageEngine extends Engine {
  readonly limits: Limits;
  open(task: Task, begun?: Sums | null): Promise<PageRun>;
}

export interface PageRun extends Run {
  /** What computes it, where that is known only once it is open. */
  readonly adapter?: string;
}

/** The CPU engine, behind the worker's door. The task is the one the desk has prepared. */
export function deskEngine(desk: Remote<Desk>): PageEngine {
  return {
    kind: "cpu",
    adapter: "CPU",
    limits: cpuLimits,
    async open(_task, begun = null) {
      const { number, adapter } = await desk.open(begun);
      return {
        adapter,
        advance: (from, to) => desk.advance(from, to),
        sums: () => desk.sums(),
        release: () => void desk.release(number),
      };
    },
    close: () => {},
  };
}

/** The GPU engine, behind the studio's door. */
export interface StudioEngine extends PageEngine {
  /** Resolves when the device is lost, with the reason; the engine is of no use then. */
  readonly lost: Promise<string>;
  /** As open; the task's network is handed over, and gone here. */
  openWith(task: Task, begun?: Sums | null): Promise<Run>;
}

let opened: Promise<StudioEngine | NoGpu> | null = null;

/** The GPU engine, opened once and again after a loss, or the reason why there is none. */
export function gpuEngine(): Promise<StudioEngine | NoGpu> {
  opened ??= openGpu().catch((error: unknown) => {
    opened = null;
    return { reason: reasonOf(error) };
  });
  return opened;
}

async function openGpu(): Promise<StudioEngine | NoGpu> {
  const studio = await theStudio();
  const found = await studio.openEngine();
  if ("reason" in found) {
    opened = null;
    return found;
  }
  const lost = studio.engineLost();
  const isGone = () => {
    opened = null;
  };
  lost.then(isGone, isGone);
  const opening = async (task: Task, begun: Sums | null = null): Promise<Run> => {
    const run = await studio.openRun(task, begun);
    return {
      grain: await run.grain,
      advance: (from, to) => run.advance(from, to),
      sums: () => run.sums(),
      release: once(() => void run.release().then(() => run[releaseProxy]())),
    };
  };
  return {
    kind: "gpu",
    adapter: found.adapter,
    limits: found.limits,
    lost,
    open: opening,
    openWith: (task, begun) => {
      const { rowStart, source, weight } = task.network;
      return opening(transfer(task, [rowStart.buffer, source.buffer, weight.buffer]), begun);
    },
    close: () => {},
  };
}
