import { createCpuEngine } from "../engine/cpu/engine";
import type { Engine } from "../engine/engine";
import { createGpuEngine } from "../engine/gpu/engine";
import { closeNodeGpu, openNodeGpu } from "../engine/gpu/node";
import type { EngineKind } from "../model/experiment";
import { InputError } from "../model/inputError";
import { say } from "./report";

/** Runs `work` on the engine asked for; where there is no GPU it says so and takes the CPU, which gives the same bits. */
export async function withEngine<T>(kind: EngineKind, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = kind === "gpu" ? await gpuOrCpu() : createCpuEngine();
  try {
    return await work(engine);
  } finally {
    engine.close();
    closeNodeGpu();
  }
}

async function gpuOrCpu(): Promise<Engine> {
  try {
    return await createGpuEngine(await openNodeGpu());
  } catch (error) {
    if (error instanceof InputError) throw error;
    say(`No GPU: ${error instanceof Error ? error.message : error} Running on the CPU engine.`);
    return createCpuEngine();
  }
}
