import { accumulate } from "../../model/accumulate";
import { accumulatePlanes } from "../../model/accumulatePlanes";
import { align } from "../../model/align";
import { choose } from "../../model/choose";
import { correlate } from "../../model/correlate";
import { count } from "../../model/count";
import { encrypt } from "../../model/encrypt";
import { evolve } from "../../model/evolve";
import { impose } from "../../model/impose";
import type { Params } from "../../model/params";
import { perturb } from "../../model/perturb";
import { respond } from "../../model/respond";
import { slice } from "../../model/slice";
import { square } from "../../model/square";
import { tally } from "../../model/tally";
import { snapshot, uniform, upload } from "./buffers";
import type { Kernel, KernelName } from "./kernels";
import { paramsBytes, paramsSize } from "./kernels";

export type Words = Uint32Array | Int32Array;

/** The kernels' twins; each takes the params and then its kernel's buffers in binding order. */
const twins = {
  ...{ encrypt, perturb, choose, respond, impose, evolve, square, count, tally, accumulate, correlate },
  ...{ align, slice, accumulatePlanes, accumulateDots: accumulate, accumulateTables: accumulate },
} as unknown as Record<KernelName, (params: Params, ...buffers: Words[]) => void>;

export interface Comparison {
  /** Words that the kernel could write, all compared. */
  readonly words: number;
  readonly different: number;
  /** Words that the GPU left other than it found them: 0 means that nothing ran. */
  readonly changed: number;
  /** Where they first differ. */
  readonly first: { binding: string; index: number; gpu: number; twin: number } | null;
}

/**
 * Runs one kernel on the GPU.
 *
 * Returns  the buffers it can write, in binding order.
 * Errors   Error if the adapter refuses the work: a kernel that did not run is no agreement.
 */
export async function runKernel(
  device: GPUDevice,
  kernel: Kernel,
  params: Params,
  buffers: Readonly<Record<string, Words>>,
): Promise<Uint32Array[]> {
  device.pushErrorScope("validation");
  const uniforms = uniform(device, "params", paramsSize);
  device.queue.writeBuffer(uniforms, 0, paramsBytes(params));
  const onGpu = Object.fromEntries(
    kernel.bindings.map((binding) => [binding, upload(device, binding, buffers[binding])]),
  );
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  kernel.encode(pass, kernel.bind(uniforms, onGpu), params);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const reading = snapshot(
    device,
    written(kernel).map((binding) => onGpu[binding]),
  );
  // Awaited below; the scope's own message comes first.
  reading.catch(() => {});
  const refused = await device.popErrorScope();
  if (refused) throw new Error(`${kernel.name}: the adapter refused the work: ${refused.message}`);
  const words = await reading;
  for (const buffer of [uniforms, ...Object.values(onGpu)]) buffer.destroy();
  return words;
}

const written = (kernel: Kernel): string[] =>
  kernel.bindings.filter((binding) => kernel.written.has(binding));

/** Where the GPU's words differ from the expected ones, and from what the buffers held before. */
export function difference(
  bindings: readonly string[],
  before: Readonly<Record<string, Words>>,
  fromGpu: readonly Uint32Array[],
  expected: readonly Words[],
): Comparison {
  let words = 0;
  let different = 0;
  let changed = 0;
  let first: Comparison["first"] = null;
  bindings.forEach((binding, output) => {
    const gpu = fromGpu[output];
    const twin = expected[output];
    words += twin.length;
    for (let index = 0; index < twin.length; index++) {
      if (gpu[index] !== before[binding][index] >>> 0) changed++;
      if (gpu[index] === twin[index] >>> 0) continue;
      different++;
      first ??= { binding, index, gpu: gpu[index], twin: twin[index] >>> 0 };
    }
  });
  return { words, different, changed, first };
}

/**
 * Runs a kernel and its twin on the same buffers and compares every word that the kernel can
 * write. What is in those buffers beforehand counts: sums add to it, and where a kernel should
 * overwrite, poison shows what it forgot.
 *
 * `tampered` is given to the GPU instead, to show that a difference would be seen.
 */
export async function compare(
  device: GPUDevice,
  kernel: Kernel,
  params: Params,
  buffers: Readonly<Record<string, Words>>,
  tampered: { params?: Params; buffers?: Readonly<Record<string, Words>> } = {},
): Promise<Comparison> {
  const given = { params, buffers, ...tampered };
  const running = runKernel(device, kernel, given.params, given.buffers);
  const onCpu = kernel.bindings.map((binding) =>
    kernel.written.has(binding) ? buffers[binding].slice() : buffers[binding],
  );
  twins[kernel.name](params, ...onCpu);
  const outputs = written(kernel);
  const expected = outputs.map((binding) => onCpu[kernel.bindings.indexOf(binding)]);
  return difference(outputs, given.buffers, await running, expected);
}
