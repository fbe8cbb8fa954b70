import { afterAll, beforeAll } from "vitest";
import { openDevice } from "../../src/engine/gpu/device";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/engine";
import { type Compiler, compilerOn } from "../../src/engine/gpu/kernels";
import { openNodeGpu } from "../../src/engine/gpu/node";
import type { Limits } from "../../src/model/plan";

/** A device for a test file, and what compiles kernels on it. No adapter is a failure, never a skip. */
export function useDevice(): { readonly device: GPUDevice; readonly compiler: Compiler } {
  const held = {} as { device: GPUDevice; compiler: Compiler };
  beforeAll(async () => {
    held.device = (await openDevice(await openNodeGpu())).device;
    held.compiler = compilerOn(held.device);
  });
  afterAll(() => held.device?.destroy());
  return held;
}

/** The GPU engine for a test file, within narrower limits than the adapter's if these are given. */
export function useGpuEngine(narrower?: Limits): { readonly engine: GpuEngine } {
  const held = {} as { engine: GpuEngine };
  beforeAll(async () => {
    held.engine = await createGpuEngine(await openNodeGpu(), narrower);
  });
  afterAll(() => held.engine?.close());
  return held;
}
