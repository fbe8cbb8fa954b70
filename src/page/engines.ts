import type { Remote } from "comlink";
import type { Engine } from "../engine/engine";
import { NoAdapter } from "../engine/gpu/device";
import { createGpuEngine, type GpuEngine } from "../engine/gpu/engine";
import type { Desk } from "./desk";

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

/** Why the GPU engine is not there, as the first half of a sentence. */
export type NoGpu = { readonly reason: string };

let opened: Promise<GpuEngine | NoGpu> | null = null;

/** The GPU engine, opened once and again after a loss, or the reason why there is none. */
export function gpuEngine(): Promise<GpuEngine | NoGpu> {
  opened ??= openGpu();
  return opened;
}

async function openGpu(): Promise<GpuEngine | NoGpu> {
  const gpu = navigator.gpu as GPU | undefined;
  if (!window.isSecureContext)
    return { reason: "WebGPU needs a secure address (https, localhost or a file), and this page has none" };
  if (!gpu) return { reason: "This browser has no WebGPU" };
  try {
    const engine = await createGpuEngine(gpu);
    void engine.lost.then(() => {
      opened = null;
    });
    return engine;
  } catch (error) {
    opened = null;
    // A kernel that does not compile is our fault and must be seen, not covered up by the CPU.
    if (!(error instanceof NoAdapter)) throw error;
    return { reason: error.message };
  }
}
