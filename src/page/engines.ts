import { type Remote, releaseProxy } from "comlink";
import type { Engine } from "../engine/engine";
import type { Desk } from "./desk";
import { theStudio } from "./hire";
import type { NoGpu } from "./studio";

/** The CPU engine, behind the worker's door. The task is the one the desk has prepared. */
export function deskEngine(desk: Remote<Desk>): Engine {
  return {
    kind: "cpu",
    adapter: "CPU",
    async open() {
      await desk.open();
      return {
        advance: (from, to) => desk.advance(from, to),
        sums: () => desk.sums(),
        release: () => void desk.release(),
      };
    },
    close: () => {},
  };
}

/** The GPU engine, behind the studio's door. */
export interface StudioEngine extends Engine {
  /** Resolves when the device is lost, with the reason; the engine is of no use then. */
  readonly lost: Promise<string>;
}

let opened: Promise<StudioEngine | NoGpu> | null = null;

/** The GPU engine, opened once and again after a loss, or the reason why there is none. */
export function gpuEngine(): Promise<StudioEngine | NoGpu> {
  opened ??= openGpu().catch((error: unknown) => {
    opened = null;
    throw error;
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
  void lost.then(() => {
    opened = null;
  });
  return {
    kind: "gpu",
    adapter: found.adapter,
    lost,
    open: async (task) => {
      const run = await studio.openRun(task);
      return {
        advance: (from, to) => run.advance(from, to),
        sums: () => run.sums(),
        release: () => void run.release().then(() => run[releaseProxy]()),
      };
    },
    close: () => {},
  };
}
