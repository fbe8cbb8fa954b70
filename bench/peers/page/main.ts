import { drawPairs, pairSum, placesIn } from "../../pairs";
import { openJaxGpu, openJaxWasm } from "./jax";
import { openOnnxBytes, openOnnxGpu, openOnnxWasm } from "./onnx";
import { openCpu, openGpu } from "./ours";
import { measurePeak } from "./peak";
import { readBacks } from "./readBack";
import type { Open, Rival } from "./rival";
import { openTensorFlowGpu, openTensorFlowWasm } from "./tensorflow";

const opens = {
  "this lab, CPU engine": openCpu,
  "TensorFlow.js, WebAssembly": openTensorFlowWasm,
  "ONNX Runtime Web, WebAssembly": openOnnxWasm,
  "ONNX Runtime Web, WebAssembly, bytes": openOnnxBytes,
  "jax-js, WebAssembly": openJaxWasm,
  "this lab, GPU engine": openGpu,
  "TensorFlow.js, WebGPU": openTensorFlowGpu,
  "ONNX Runtime Web, WebGPU": openOnnxGpu,
  "jax-js, WebGPU": openJaxGpu,
} satisfies Record<string, Open>;

export type RivalName = keyof typeof opens;

/** Milliseconds: what else a machine does comes and goes, and should hit all alike. */
const leastTime = 500;

const opened = new Map<RivalName, Rival>();

/** What the bench asks of the page. */
const page = {
  /**
   * Opens a rival on matrices of its own, and multiplies once.
   *
   * Returns  what it says of itself
   * Errors   Error if it fails, or if its product is not the exact one
   */
  async open(name: RivalName, neurons: number, trials: number): Promise<string> {
    const pairs = drawPairs(neurons, trials);
    const rival = await opens[name](pairs);
    opened.set(name, rival);
    await rival.ready?.();
    await rival.multiply();
    const places = placesIn(pairs);
    const entries = await rival.entries(places);
    for (const [at, { target, source }] of places.entries()) {
      const expected = pairSum(pairs, { target: rival.repeated?.(target) ?? target, source });
      if (entries[at] !== expected)
        throw new Error(`entry ${target}, ${source} is ${entries[at]} instead of ${expected}`);
    }
    return rival.about;
  },
  /** Milliseconds of one product; of short ones, the mean of as many as take as long as those of others. */
  async time(name: RivalName): Promise<number> {
    const rival = opened.get(name)!;
    await rival.ready?.();
    const start = performance.now();
    let products = 0;
    let time = 0;
    while (time < leastTime) {
      await rival.multiply();
      products++;
      time = performance.now() - start;
    }
    return time / products;
  },
  peak: measurePeak,
  readBacks,
  async close(name: RivalName): Promise<void> {
    await opened.get(name)?.close();
    opened.delete(name);
  },
};

export type PeersPage = typeof page;
Object.assign(globalThis, { peers: page });
