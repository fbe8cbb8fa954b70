import { everyNeuronSet, ownNoise, type Params, trialGrid } from "../../model/params";
import { wholeWords } from "../../model/slice";
import { attempt, inTime } from "./attempt";
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

/** What is taken where nothing could be timed, if it compiles: it asks the least of an adapter. */
const usual: VariantName = "accumulate";

/** Square problems of so many sources and targets, until the fastest takes long enough to be told from the others. */
const sides = [128, 512, 2048];
const trials = 512;
const tellingTime = 2;

/** A variant that takes so many times as long as another is not tried on the next larger problem. */
const hopeless = 4;
const rounds = 3;

/** The variant that was taken, and those that this driver does not compile. */
export interface Chosen {
  readonly name: VariantName;
  readonly failed: readonly VariantName[];
}

/**
 * The fastest variant on this adapter, by timing; tens of milliseconds. The first run of each, which compiles, does not
 * count; the shortest of the others does, since what disturbs only takes longer.
 *
 * Missing   if the device is lost, or does not do the work, it is the usual one.
 * Errors    if no variant compiles, the error of the usual one.
 */
export async function fastest(open: OpenDevice, compiler: Compiler): Promise<Chosen> {
  const kernels = new Map<VariantName, Kernel>();
  const errors = new Map<VariantName, unknown>();
  await Promise.all(
    variantNames.map(async (name) => {
      if (open.isSoftware && variants[name].forGpus) return;
      // What a driver does not compile is not taken.
      await compiler.need(kernelsOf(name)).then(
        (found) => kernels.set(name, (found as Record<VariantName, Kernel>)[name]),
        (error: unknown) => errors.set(name, error),
      );
    }),
  );
  if (kernels.size === 0) throw errors.get(usual);
  const failed = [...errors.keys()];
  let left = [...kernels.keys()];
  for (const side of sides) {
    const times = await timesOf(open, kernels, left, side);
    if (!times) return { name: kernels.has(usual) ? usual : left[0], failed };
    const best = Math.min(...times.values());
    left.sort((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
    if (best >= tellingTime) break;
    left = left.filter((name) => (times.get(name) ?? 0) <= hopeless * best);
  }
  return { name: left[0], failed };
}

/** Milliseconds of each variant; null if the device did not do the work. */
async function timesOf(
  open: OpenDevice,
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
  const { device } = open;
  const { words } = params;
  const whole = wholeWords(words);
  const bytes = {
    sourceList: 4 * side,
    perturbation: 4 * side * words,
    outcome: 32 * side * words,
    aligned: 4 * side * whole,
    plane: 32 * side * whole,
    pairLow: 4 * side * side,
    pairHigh: 4,
  };
  const asked: Promise<void>[] = [];
  const ask = <T>(work: () => T): T => {
    const { made, taken } = attempt(open, work);
    asked.push(taken);
    return made;
  };
  const { uniforms, buffers } = ask(() => {
    const made = {
      uniforms: uniform(device, "params", paramsSize),
      buffers: Object.fromEntries(
        Object.entries(bytes).map(([name, size]) => [name, storage(device, `timing ${name}`, size)]),
      ),
    };
    device.queue.writeBuffer(made.uniforms, 0, paramsBytes(params));
    return made;
  });
  const run = async (name: VariantName) => {
    const kernel = kernels.get(name);
    if (!kernel) return Number.POSITIVE_INFINITY;
    const start = ask(() => {
      const encoder = device.createCommandEncoder({ label: `timing ${name}` });
      const pass = encoder.beginComputePass();
      kernel.encode(pass, kernel.bind(uniforms, buffers), params);
      pass.end();
      const begun = performance.now();
      device.queue.submit([encoder.finish()]);
      return begun;
    });
    await inTime(open, device.queue.onSubmittedWorkDone());
    return performance.now() - start;
  };
  const times = new Map<VariantName, number>(among.map((name) => [name, Number.POSITIVE_INFINITY]));
  try {
    for (const name of among) await run(name);
    for (let round = 0; round < rounds; round++)
      for (const name of among) times.set(name, Math.min(times.get(name) ?? 0, await run(name)));
    await Promise.all(asked);
    return times;
  } catch {
    return null;
  } finally {
    for (const buffer of [uniforms, ...Object.values(buffers)]) buffer.destroy();
  }
}
