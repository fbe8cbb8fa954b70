import { snapshot, storage, uniform, upload } from "../src/engine/gpu/buffers";
import { type Compiler, paramsBytes, paramsSize } from "../src/engine/gpu/kernels";
import { kernelsOf, type VariantName, variants } from "../src/engine/gpu/variants";
import { everyNeuronSet, ownNoise, type Params, trialGrid } from "../src/model/params";
import { wholeWords } from "../src/model/slice";
import { bitsOf, type Pairs, type Place } from "./pairs";

/**
 * The GPU engine's pair sums alone: the kernels that it runs from the bits and bytes of the trials on, on what is given.
 *
 * Returns  what does it once, and entries of the product
 */
export async function gpuPairs(device: GPUDevice, compiler: Compiler, variant: VariantName, given: Pairs) {
  const { neurons, trials, outcome } = given;
  const params: Params = {
    ...{ key0: 0, key1: 0, neurons, sources: neurons, targets: neurons, targetFrom: 0, tileFrom: 0 },
    ...ownNoise,
    ...everyNeuronSet,
    ...trialGrid(0, trials),
  };
  const { words } = params;
  const whole = wholeWords(words);
  const bytes = new Uint8Array(32 * neurons * words);
  for (let target = 0; target < neurons; target++)
    bytes.set(outcome.subarray(target * trials, (target + 1) * trials), 32 * target * words);
  const uniforms = uniform(device, "params", paramsSize);
  device.queue.writeBuffer(uniforms, 0, paramsBytes(params));
  const pairLow = storage(device, "pair_low", 4 * neurons ** 2);
  const buffers = {
    sourceList: upload(
      device,
      "source_list",
      Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
    ),
    perturbation: upload(device, "perturbation", bitsOf(given, words)),
    outcome: upload(device, "outcome", new Uint32Array(bytes.buffer)),
    aligned: storage(device, "aligned", 4 * neurons * whole),
    plane: storage(device, "plane", 32 * neurons * whole),
    pairLow,
    pairHigh: storage(device, "pair_high", 4),
  };
  const { align, slice, [variant]: accumulate } = await compiler.need(kernelsOf(variant));
  const kernels = variants[variant].isSliced ? [align, slice, accumulate] : [accumulate];
  return {
    async add(): Promise<void> {
      const encoder = device.createCommandEncoder();
      encoder.clearBuffer(pairLow);
      const pass = encoder.beginComputePass();
      for (const kernel of kernels) kernel.encode(pass, kernel.bind(uniforms, buffers), params);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    async entries(places: readonly Place[]): Promise<number[]> {
      const [sums] = await snapshot(device, [pairLow]);
      return places.map(({ target, source }) => sums[target * neurons + source]);
    },
    close(): void {
      for (const buffer of [uniforms, ...Object.values(buffers)]) buffer.destroy();
    },
  };
}
