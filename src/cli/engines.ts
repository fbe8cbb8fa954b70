import { createCpuEngine } from "../engine/cpu/engine";
import { nodeThreads } from "../engine/cpu/node";
import type { Watcher } from "../engine/engine";
import { NoAdapter } from "../engine/gpu/device";
import { createGpuEngine } from "../engine/gpu/engine";
import { closeNodeGpu, openNodeGpu } from "../engine/gpu/node";
import { type VariantName, variantNames } from "../engine/gpu/variants";
import type { EngineKind } from "../model/experiment";
import { InputError } from "../model/inputError";
import { say } from "./report";

/** Runs `work` on the engine asked for; where there is no GPU it says so and takes the CPU, which gives the same bits. */
export async function withEngine<T>(kind: EngineKind, work: (engine: Watcher) => Promise<T>): Promise<T> {
  const engine = kind === "gpu" ? await gpuOrCpu() : createCpuEngine(nodeThreads());
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
    // A kernel that does not compile is our fault, not a missing GPU: the CPU must not cover it up.
    if (!(error instanceof NoAdapter)) throw error;
    say(`No GPU: ${error.message} Running on the CPU engine.`);
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
