import { createCpuEngine } from "../engine/cpu/engine";
import { nodeThreads } from "../engine/cpu/node";
import type { Watcher } from "../engine/engine";
import { OutOfMemory } from "../engine/gpu/attempt";
import { NoAdapter } from "../engine/gpu/device";
import { createGpuEngine } from "../engine/gpu/engine";
import { closeNodeGpu, openNodeGpu } from "../engine/gpu/node";
import { type VariantName, variantNames } from "../engine/gpu/variants";
import { lasting, mostInARow, reasonOf, watchLasting } from "../engine/lasting";
import type { EngineKind } from "../model/experiment";
import { InputError } from "../model/inputError";
import { say } from "./report";

/**
 * Runs `work` on the engine asked for. Where there is no GPU, or it fails, it says so; the GPU is opened again, or the CPU
 * takes over what it has done, with the same bits.
 */
export async function withEngine<T>(kind: EngineKind, work: (engine: Watcher) => Promise<T>): Promise<T> {
  const first = kind === "gpu" ? await gpuOrCpu() : createCpuEngine(nodeThreads());
  const runs = lasting<Watcher>(first, async ({ engine, reason, error, inARow }) => {
    if (engine.kind === "cpu") throw error;
    say(`The GPU engine failed: ${reason}`);
    // It goes on in smaller buffers.
    if (error instanceof OutOfMemory && inARow === 1) return engine;
    engine.close();
    if (inARow < mostInARow) return gpuOrCpu();
    say(`That was ${inARow} times in a row. The CPU engine goes on with what is done.`);
    return createCpuEngine(nodeThreads());
  });
  const engine: Watcher = {
    get kind() {
      return runs.kind;
    },
    get adapter() {
      return runs.adapter;
    },
    get limits() {
      return runs.now.limits;
    },
    open: runs.open,
    watch: (task) => watchLasting(runs.now, runs.next, task),
    close: runs.close,
  };
  try {
    return await work(engine);
  } finally {
    engine.close();
    closeNodeGpu();
  }
}

async function gpuOrCpu(): Promise<Watcher> {
  try {
    return await createGpuEngine(await openNodeGpu(), undefined, askedVariant());
  } catch (error) {
    if (error instanceof InputError) throw error;
    const what = error instanceof NoAdapter ? "No GPU" : "The GPU engine does not start";
    say(`${what}: ${reasonOf(error)} Running on the CPU engine.`);
    return createCpuEngine(nodeThreads());
  }
}

/** LAB_KERNEL names what adds up the pair sums, instead of what is fastest: for benches. */
function askedVariant(): VariantName | undefined {
  const asked = process.env.LAB_KERNEL || undefined;
  const found = variantNames.find((name) => name === asked);
  if (asked && !found)
    throw new InputError(`LAB_KERNEL is ${JSON.stringify(asked)}; allowed: ${variantNames.join(", ")}`);
  return found;
}
