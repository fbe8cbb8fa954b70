import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Engine, Task } from "../../src/engine/engine";
import { openDevice } from "../../src/engine/gpu/device";
import { engineOn, type GpuEngine } from "../../src/engine/gpu/engine";
import type { VariantName } from "../../src/engine/gpu/variants";
import { mostInARow, openLasting, reasonOf } from "../../src/engine/lasting";
import { hashSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { type Call, type Fault, FaultyGpu, faultsOf } from "./faultyDevice";

/** How a run can end that meets a fault: the first three with the right sums. */
export type End =
  | "right at once"
  | "went on on the GPU"
  | "went on on the CPU"
  | "message"
  | "WRONG SUMS"
  | "not met";

/** How a run ended that met a fault. */
export interface Met {
  readonly fault: Fault;
  /** "right at once": the engine itself tried otherwise, or the call decided nothing. */
  readonly end: End;
  /** What was said of it. */
  readonly said: string;
}

const trials = [130, 64, 200];

/** Milliseconds: what is late is waited for. */
const patience = 4000;

export interface FaultBench {
  /** The calls of an undisturbed run, and of opening the engine before it. */
  readonly opening: readonly Call[];
  readonly running: readonly Call[];
  /** Runs the trials while one fault happens; `opensEngine`: while the engine is opened, too. */
  meet(fault: Fault, opensEngine: boolean): Promise<Met>;
  close(): void;
}

/** A small experiment that goes through all stages, on a device that fails where it is told to. */
export async function faultBench(
  real: GPU,
  given: Record<string, unknown>,
  variant?: VariantName,
): Promise<FaultBench> {
  const experiment = parseExperiment({ network: "random", neurons: 37, density: 0.2, ...given });
  const key = keyFrom(experiment.seed);
  const sources = Uint32Array.from({ length: 37 }, (_, column) => column);
  const design = designOf(experiment, key);
  const task: Task = { network: networkOf(experiment), key, sources, trials: experiment.trials, design };
  const twins = createTwinEngine();
  const all = trials.reduce((sum, more) => sum + more);
  const twin = await twins.open(task);
  await twin.advance(0, all);
  const expected = hashSums(await twin.sums());

  const faulty = new FaultyGpu(real);
  let engine: GpuEngine | null = null;
  const opened = async (): Promise<GpuEngine> => {
    engine ??= await engineOn(await openDevice(faulty.gpu, patience), undefined, variant);
    return engine;
  };
  const dropEngine = () => {
    engine?.close();
    engine = null;
  };

  /** The trials in three steps, between which the sums are read. */
  const runAll = async (said: string[]): Promise<{ hash: string; kind: Engine["kind"] }> => {
    const next = async (inARow: number): Promise<Engine> => {
      if (inARow >= mostInARow) return twins;
      return opened().catch((error: unknown) => {
        said.push(reasonOf(error));
        dropEngine();
        return next(inARow + 1);
      });
    };
    const run = await openLasting<Engine>(
      await next(0),
      async ({ engine: failed, reason, error, inARow }) => {
        if (failed === twins) throw error;
        said.push(reason);
        if (engine && (await isGone(engine))) dropEngine();
        return next(inARow);
      },
      task,
    );
    let at = 0;
    for (const more of trials) {
      await run.advance(at, at + more);
      at += more;
      await run.sums();
    }
    const hash = hashSums(await run.sums());
    const { kind } = run.engine;
    run.release();
    return { hash, kind };
  };

  faulty.arm(null);
  await opened();
  const opening = faulty.calls;
  // Its first submissions are small, since it learns how much it can do in one: that many calls are not made again.
  await runAll([]);
  faulty.arm(null);
  const undisturbed = await runAll([]);
  if (undisturbed.hash !== expected || undisturbed.kind !== "gpu")
    throw new Error("the undisturbed run is not the twins'");
  const running = faulty.calls;

  return {
    ...{ opening, running },
    async meet(fault, opensEngine) {
      if (opensEngine) dropEngine();
      else await opened();
      const said: string[] = [];
      faulty.arm(fault);
      const end = async (): Promise<End> => {
        const { hash, kind } = await runAll(said);
        if (!faulty.met) return "not met";
        if (hash !== expected) return "WRONG SUMS";
        if (said.length === 0) return "right at once";
        return kind === "gpu" ? "went on on the GPU" : "went on on the CPU";
      };
      const found = await end().catch((error: unknown): End => {
        said.push(reasonOf(error));
        return "message";
      });
      faulty.arm(null);
      // A fault at the end may have left a device behind that is gone.
      if (engine && (await isGone(engine))) dropEngine();
      return { fault, end: found, said: said[0]?.split("\n")[0] ?? "" };
    },
    close: dropEngine,
  };
}

const isGone = (engine: GpuEngine): Promise<boolean> =>
  Promise.race([
    engine.lost.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
  ]);

/** A fault, and whether it meets its call while the engine is opened. */
export interface Case {
  readonly fault: Fault;
  readonly opensEngine: boolean;
}

/** Every fault at every stage: at the first call of each name, and of those that come again at the last one, too. */
export function allCases({ opening, running }: Pick<FaultBench, "opening" | "running">): Case[] {
  // Kernels are compiled when they are first needed, and then they are there.
  const compiles = ({ stage }: Call) =>
    stage === "createShaderModule" || stage === "createComputePipelineAsync";
  const inOpening = [...opening, ...running.filter(compiles)];
  return [
    ...faultsAt(inOpening).map((fault) => ({ fault, opensEngine: true })),
    ...faultsAt(running.filter((call) => !compiles(call))).map((fault) => ({ fault, opensEngine: false })),
  ];
}

/** Every fault at the first call of each name, and at the last one of those that come again. */
export function faultsAt(calls: readonly Call[]): Fault[] {
  const counts = new Map<string, { call: Call; count: number }>();
  for (const call of calls) {
    const name = `${call.stage} ${call.about}`;
    counts.set(name, { call, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].flatMap(({ call, count }) =>
    faultsOf[call.stage].flatMap((kind) =>
      [...new Set([1, count])].map((number) => ({ ...call, kind, number })),
    ),
  );
}
