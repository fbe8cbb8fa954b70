import settleCode from "../../../shaders/settle.wgsl";
import type { Wiring } from "../../model/network";
import type { Outgoing } from "../../model/outgoing";
import { storage, uniform, upload } from "./buffers";
import { computeShader, uniformOf } from "./shader";

/** `struct Settling` of shaders/settle.wgsl. */
interface Settling {
  readonly neurons: number;
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly degree: number;
  readonly stride: number;
}

const layout = uniformOf<Settling>(settleCode);

/** Steps until a network lies still. */
export const settlingSteps = 200;

/** Longest time one submission should keep the adapter busy, in milliseconds. */
const submissionTime = 50;

/** A network finding its places, step by step, on the GPU. */
export interface Settler {
  /** [neurons × 2] x and y; the network has a size of about 1 around 0. Another buffer after each step. */
  readonly places: GPUBuffer;
  /** Steps done; it is at rest after `settlingSteps`. */
  readonly done: number;
  /** One more step: all neurons, in pieces that leave the device free for others in between. */
  step(): Promise<void>;
  release(): void;
}

/**
 * A force layout of a network, from given first places.
 *
 * Shapes   start [neurons × 2].
 * Errors   see compileShader. Places are f32 and for pictures: adapters may differ in their last bits, and so, after
 *          many steps, in where a neuron lies.
 */
export async function createSettler(
  device: GPUDevice,
  wiring: Wiring,
  { targetStart, target }: Outgoing,
  start: Float32Array<ArrayBuffer>,
): Promise<Settler> {
  const shader = await computeShader(device, "settle", settleCode);
  const { neurons } = wiring;
  const values = uniform(device, "settling", layout.size);
  const network = {
    rowStart: upload(device, "row_start", wiring.rowStart),
    source: upload(device, "source", wiring.source),
    targetStart: upload(device, "target_start", targetStart),
    targetList: upload(device, "target_list", target),
  };
  let [places, next] = ["places", "next places"].map((label) => storage(device, label, 8 * neurons));
  device.queue.writeBuffer(places, 0, start);
  const degree = Math.max(1, (2 * wiring.source.length) / neurons);
  let done = 0;
  let piece = 4096;
  return {
    get places() {
      return places;
    },
    get done() {
      return done;
    },
    async step() {
      const bound = shader.bind(values, { ...network, before: places, after: next });
      // Large strides find the shape, small ones let the noise of the draws settle.
      const stride = 0.8 * (1 - done / settlingSteps) + 0.02;
      for (let first = 0; first < neurons; ) {
        const count = Math.min(piece, neurons - first);
        device.queue.writeBuffer(
          values,
          0,
          layout.bytes({ neurons, first, count, step: done, degree, stride }),
        );
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        shader.encode(pass, bound, Math.ceil(count / 64));
        pass.end();
        const begun = performance.now();
        device.queue.submit([encoder.finish()]);
        await device.queue.onSubmittedWorkDone();
        const change = submissionTime / Math.max(0.1, performance.now() - begun);
        first += count;
        piece = Math.ceil(Math.min(2 ** 24, Math.max(256, count * Math.min(2, Math.max(0.25, change)))));
      }
      [places, next] = [next, places];
      done++;
    },
    release: () => {
      for (const buffer of [values, places, next, ...Object.values(network)]) buffer.destroy();
    },
  };
}
