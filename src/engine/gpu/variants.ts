import { everyNeuronSet, ownNoise, type Params, trialGrid } from "../../model/params";
import { wholeWords } from "../../model/slice";
import { storage, uniform } from "./buffers";
import type { OpenDevice } from "./device";
import { type Compiler, type Kernel, type KernelName, paramsBytes, paramsSize } from "./kernels";

/**
 * The ways to add up pair sums. All give the same bits; which is the fastest depends on the adapter.
 *
 * isSliced   takes bits as align leaves them and outcomes as slice leaves them.
 * inWords    as it stands beside the adapter.
 * forGpus    rests on workgroup memory, which an adapter in software does not have: there it is slow, and compiles for seconds.
 */
export const variants = {
  accumulate: { isSliced: false, forGpus: false, inWords: "masked bytes" },
  accumulatePlanes: { isSliced: true, forGpus: false, inWords: "bit planes" },
  accumulateDots: { isSliced: false, forGpus: true, inWords: "dot products of bytes" },
  accumulateTables: { isSliced: false, forGpus: true, inWords: "tables of partial sums" },
} as const satisfies Partial<Record<KernelName, { isSliced: boolean; forGpus: boolean; inWords: string }>>;

export type VariantName = keyof typeof variants;

export const variantNames = Object.keys(variants) as VariantName[];

/** The kernels of a variant. */
export const kernelsOf = (name: VariantName): readonly KernelName[] =>
  variants[name].isSliced ? [name, "align", "slice"] : [name];

/** What is taken where nothing could be timed: it asks the least of an adapter. */
const usual: VariantName = "accumulate";

/** Square problems of so many sources and targets, until the fastest takes long enough to be told from the others. */
const sides = [128, 512, 2048];
const trials = 512;
const tellingTime = 2;

/** A variant that takes so many times as long as another is not tried on the next larger problem. */
const hopeless = 4;
const rounds = 3;

/**
 * The fastest variant on this adapter, by timing; tens of milliseconds. The first run of each, which compiles, does not
 * count; the shortest of the others does, since what disturbs only takes longer.
 *
 * Missing   if the device is lost, or does not do the work, it is the usual one.
 */
export async function fastest({ device, isSoftware }: OpenDevice, compiler: Compiler): Promise<VariantName> {
  const kernels = new Map<VariantName, Kernel>();
  await Promise.all(
    variantNames.map(async (name) => {
      if (isSoftware && variants[name].forGpus) return;
      const compiled = compiler.need([name]);
      // What a driver does not compile is not taken; without the usual one nothing goes.
      const found = await (name === usual ? compiled : compiled.catch(() => null));
      if (found) kernels.set(name, found[name]);
    }),
  );
  let left = [...kernels.keys()];
  for (const side of sides) {
    const times = await timesOf(device, kernels, left, side);
    if (!times) return usual;
    const best = Math.min(...times.values());
    left.sort((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
    if (best >= tellingTime) break;
    left = left.filter((name) => (times.get(name) ?? 0) <= hopeless * best);
  }
  return left[0];
}

/** Milliseconds of each variant; null if the device did not do the work. */
async function timesOf(
  device: GPUDevice,
  kernels: ReadonlyMap<VariantName, Kernel>,
  among: readonly VariantName[],
  side: number,
): Promise<Map<VariantName, number> | null> {
  const params: Params = {
    ...{ key0: 0, key1: 0, neurons: side, sources: side, targets: side, targetFrom: 0, tileFrom: 0 },
    ...ownNoise,
    ...everyNeuronSet,
    ...trialGrid(0, trials),
  };
  const { words } = params;
  const whole = wholeWords(words);
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  const uniforms = uniform(device, "params", paramsSize);
  device.queue.writeBuffer(uniforms, 0, paramsBytes(params));
  const bytes = {
    sourceList: 4 * side,
    perturbation: 4 * side * words,
    outcome: 32 * side * words,
    aligned: 4 * side * whole,
    plane: 32 * side * whole,
    pairLow: 4 * side * side,
    pairHigh: 4,
  };
  const buffers = Object.fromEntries(
    Object.entries(bytes).map(([name, size]) => [name, storage(device, `timing ${name}`, size)]),
  );
  const run = async (name: VariantName) => {
    const kernel = kernels.get(name);
    if (!kernel) return Number.POSITIVE_INFINITY;
    const encoder = device.createCommandEncoder({ label: `timing ${name}` });
    const pass = encoder.beginComputePass();
    kernel.encode(pass, kernel.bind(uniforms, buffers), params);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  const times = new Map<VariantName, number>(among.map((name) => [name, Number.POSITIVE_INFINITY]));
  for (const name of among) await run(name);
  for (let round = 0; round < rounds; round++)
    for (const name of among) times.set(name, Math.min(times.get(name) ?? 0, await run(name)));
  const problems = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  for (const buffer of [uniforms, ...Object.values(buffers)]) buffer.destroy();
  return problems.every((problem) => problem === null) ? times : null;
}
