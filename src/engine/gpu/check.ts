import { align } from "../../model/align";
import { never } from "../../model/choose";
import { checkRows, checkStateRows, type Network } from "../../model/network";
import { everyNeuronSet, noiseParts, ownNoise, type Params, trialGrid } from "../../model/params";
import { perturb } from "../../model/perturb";
import { respond } from "../../model/respond";
import { slice, wholeWords } from "../../model/slice";
import { normalTable, sigmoidTable } from "../../model/tables";
import { type Key, keyFrom, threefry2x32 } from "../../model/threefry";
import { randomWiring } from "../../model/wiring/chance";
import { type Comparison, compare, difference, runKernel, type Words } from "./compare";
import { compilerOn, type KernelName, type Kernels, noisyKernels } from "./kernels";

/** One piece of work: a network, a chunk of trials, a slice of targets, some sources. */
export interface Size {
  readonly neurons: number;
  readonly density: number;
  readonly from: number;
  readonly to: number;
  readonly targetFrom?: number;
  readonly targets?: number;
  /** Every so manyth neuron is a source; 1 is all. */
  readonly sourceStep?: number;
  /** Every source on and every outcome 255 in all trials: the largest sums there can be. */
  readonly full?: boolean;
  /** Part of the noise's variance that all neurons share, in 65,536ths. */
  readonly common?: number;
  /** Which use of the noise's draws. */
  readonly noiseUse?: number;
  readonly fromRest?: boolean;
  /** Trials 2k and 2k + 1 share their draws. */
  readonly pairs?: boolean;
  /** Kernels that would take long at this size and meet its edges at others. */
  readonly skips?: readonly KernelName[];
  /** Which neurons a trial sets; without it, all of them. */
  readonly design?: Partial<Pick<Params, "design" | "probability" | "share" | "turns">>;
}

/** Other ways to do what a kernel does; they meet their edges at small sizes, and an adapter in software is slow with some. */
const others = ["accumulateDots", "accumulateTables", "accumulatePlanes"] as const;

/** Sizes on both sides of every edge: a lone neuron, one past a word, a workgroup, a tile; and large ones. */
export const sizes: readonly Size[] = [
  { neurons: 1, density: 1, from: 0, to: 1 },
  { neurons: 2, density: 0, from: 63, to: 65 },
  { neurons: 6, density: 0.1, from: 0, to: 25_000 },
  { neurons: 5, density: 0.5, from: 1_000_001, to: 1_000_130 },
  { neurons: 65, density: 0.1, from: 31, to: 129, targetFrom: 7, targets: 41, sourceStep: 3 },
  { neurons: 257, density: 0.05, from: 64, to: 4_096, sourceStep: 2 },
  { neurons: 6, density: 0.3, from: 4_000_000_000, to: 4_000_065_536 },
  {
    neurons: 1000,
    density: 0.1,
    from: 12_345,
    to: 16_384,
    targetFrom: 500,
    targets: 333,
    skips: ["correlate", ...others],
  },
  { neurons: 2048, density: 0.02, from: 0, to: 192, sourceStep: 1, skips: ["correlate", ...others] },
  { neurons: 60, density: 0.1, from: 0, to: 65_536, skips: others },
  { neurons: 300, density: 0.1, from: 65_536, to: 73_728, skips: others },
  { neurons: 70, density: 0, from: 0, to: 65_536, full: true },
  { neurons: 65, density: 0.1, from: 31, to: 129, targetFrom: 7, targets: 41, common: 19_661 },
  { neurons: 33, density: 0.5, from: 5, to: 3_000, common: 65_536, noiseUse: 2 },
  { neurons: 40, density: 0.2, from: 4_000_000_001, to: 4_000_000_700, common: 32_768, pairs: true },
  { neurons: 21, density: 0.2, from: 64, to: 2_000, noiseUse: 1, fromRest: true },
  { neurons: 37, density: 0.2, from: 5, to: 3_001, design: { design: 1, probability: 6_554, turns: 30 } },
  {
    neurons: 66,
    density: 0.2,
    from: 31,
    to: 1_500,
    design: { design: 2, probability: 40_001, share: 16_384 },
  },
  { neurons: 9, density: 0.2, from: 3, to: 777, pairs: true, design: { design: 3, turns: 7 } },
  { neurons: 33, density: 0.2, from: 64, to: 700, design: { probability: 1 } },
  {
    neurons: 2500,
    density: 0.01,
    from: 128,
    to: 8_320,
    sourceStep: 17,
    skips: ["evolve", "correlate", ...others],
  },
];

const inRange = (words: Words, key: Key): Words => {
  for (let index = 0; index < words.length; index++) words[index] = threefry2x32(index, 0, key)[0];
  return words;
};

/** Weights of every sign and size, some of them beyond where the sigmoid saturates. */
function roughNetwork({ neurons, density }: Size, key: Key): Network {
  const wiring = randomWiring(neurons, density, key);
  const weight = Int32Array.from(wiring.source, (_, arrow) => {
    const draw = threefry2x32(arrow, 1, key)[0];
    return draw >> (arrow % 16 === 0 ? 7 : 12);
  });
  return checkRows({ ...wiring, weight });
}

/** The same with smaller weights, so that the network can step from any states. */
function stateNetwork(network: Network): Network {
  const weight = network.weight.slice();
  for (let target = 0; target < network.neurons; target++) {
    const end = network.rowStart[target + 1];
    let most = 2 ** 23;
    for (let arrow = network.rowStart[target]; arrow < end; arrow++) most += Math.abs(weight[arrow]);
    for (let arrow = network.rowStart[target]; arrow < end; arrow++)
      weight[arrow] = Math.trunc((weight[arrow] * 2 ** 23) / most);
  }
  return checkStateRows({ ...network, weight });
}

/**
 * The buffers of every kernel for one size, made by the twins. Sums begin close below 2^32, so
 * that carries happen; what is to be overwritten begins as poison.
 */
export function scene(
  size: Size,
  seed = "check",
): { params: Params; buffers: Record<KernelName, Record<string, Words>> } {
  const key = keyFrom(seed);
  const network = roughNetwork(size, key);
  const { neurons } = size;
  const { rowStart, source, weight } = network;
  const step = size.sourceStep ?? 1;
  const sourceList = Uint32Array.from({ length: Math.ceil(neurons / step) }, (_, column) => column * step);
  const targetFrom = size.targetFrom ?? 0;
  const params: Params = {
    key0: key[0],
    key1: key[1],
    neurons,
    sources: sourceList.length,
    targetFrom,
    targets: size.targets ?? neurons - targetFrom,
    tileFrom: targetFrom >> 1,
    ...ownNoise,
    ...everyNeuronSet,
    ...size.design,
    ...noiseParts(size.common ?? 0),
    noiseUse: size.noiseUse ?? 0,
    fromRest: size.fromRest ? 1 : 0,
    pairs: size.pairs ? 1 : 0,
    ...trialGrid(size.from, size.to),
  };
  const { words, targets, sources } = params;
  const poison = (length: number) => new Uint32Array(length).fill(0xdeadbeef);
  const nearlyFull = (length: number) => new Uint32Array(length).fill(2 ** 32 - 20_000);
  const bits = poison(neurons * words);
  perturb(params, bits);
  const outcome = poison(targets * words * 8);
  respond(params, rowStart, source, weight, normalTable, sigmoidTable, bits, outcome);
  const drawn = bits.slice();
  if (size.full) {
    bits.fill(0xffffffff);
    outcome.fill(0xffffffff);
  }
  const states = inRange(new Uint32Array(neurons * words * 8), [key[1], key[0]]);
  /** Some bits or other, for neurons that are left alone in part of the trials. */
  const inWord = (at: number) => threefry2x32(at, 2, key)[0];
  const pairs = (targetFrom - params.tileFrom + targets) * sources;
  const whole = wholeWords(words);
  const aligned = poison(sources * whole);
  align(params, sourceList, bits, aligned);
  const plane = poison(targets * whole * 8);
  slice(params, outcome, plane);
  const accumulates = () => ({
    ...{ sourceList, perturbation: bits, outcome },
    pairLow: nearlyFull(pairs),
    pairHigh: nearlyFull(pairs),
  });
  return {
    params,
    buffers: {
      encrypt: {
        counter: inRange(new Uint32Array(2 * sources), key),
        key: inRange(new Uint32Array(2 * sources), [key[1], key[0]]),
        random: poison(2 * sources),
      },
      perturb: { perturbation: poison(neurons * words) },
      respond: {
        ...{ rowStart, source, weight, normalTable, sigmoidTable, perturbation: drawn },
        outcome: poison(targets * words * 8),
      },
      evolve: {
        ...{ rowStart, source, weight: stateNetwork(network).weight, normalTable, sigmoidTable },
        state: states,
        outcome: poison(targets * words * 8),
      },
      choose: {
        // Every fifth neuron is never set; the others take turns, some of them at once.
        turn: Uint32Array.from({ length: neurons }, (_, n) => (n % 5 === 4 ? never : n % params.turns)),
        perturbation: inRange(new Uint32Array(neurons * words), key),
        off: poison(neurons * words),
      },
      impose: {
        perturbation: bits,
        off: bits.map((word, at) => ~word & inWord(at)),
        state: inRange(new Uint32Array(neurons * words * 8), key),
      },
      square: {
        outcome,
        squareLow: poison(targets * words * 8),
        squareHigh: poison(targets * words * 8),
      },
      count: { sourceList, perturbation: bits, low: nearlyFull(sources + 1), high: nearlyFull(sources + 1) },
      tally: { outcome, low: nearlyFull(2 * neurons), high: nearlyFull(2 * neurons) },
      accumulate: accumulates(),
      accumulateDots: accumulates(),
      accumulateTables: accumulates(),
      align: { sourceList, perturbation: bits, aligned: poison(sources * whole) },
      slice: { outcome, plane: poison(targets * whole * 8) },
      accumulatePlanes: { aligned, plane, pairLow: nearlyFull(pairs), pairHigh: nearlyFull(pairs) },
      correlate: {
        ...{ sourceList, outcome, state: size.full ? states.slice().fill(0xffffffff) : states },
        pairLow: nearlyFull(pairs),
        pairHigh: nearlyFull(pairs),
      },
    },
  };
}

export interface KernelCheck extends Comparison {
  readonly name: KernelName;
}

/** Random123's known answers for Threefry-2x32-20: counter, key, words. */
const knownAnswers = [
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
];

/** How Threefry on the GPU compares with its published answers; the twin is not asked. */
async function comparePublished(device: GPUDevice, kernels: Kernels): Promise<Comparison> {
  const column = (from: number) => Uint32Array.from(knownAnswers.flatMap((row) => row.slice(from, from + 2)));
  const { params } = scene({ neurons: 1, density: 0, from: 0, to: 1 });
  const buffers = { counter: column(0), key: column(2), random: new Uint32Array(2 * knownAnswers.length) };
  const [random] = await runKernel(
    device,
    kernels.encrypt,
    { ...params, sources: knownAnswers.length },
    buffers,
  );
  return difference(["random"], buffers, [random], [column(4)]);
}

/**
 * Runs every kernel and its twin on this adapter over many sizes, and Threefry against its
 * published answers.
 *
 * Returns  per kernel the words compared and how many differed; expected: 0.
 */
export async function check(
  device: GPUDevice,
  kernels: Kernels,
  onProgress: (done: number, of: number) => void = () => {},
  chosen: readonly Size[] = sizes,
): Promise<KernelCheck[]> {
  const results = new Map<KernelName, KernelCheck>();
  const add = (name: KernelName, { words, different, changed, first }: Comparison) => {
    const before = results.get(name) ?? { name, words: 0, different: 0, changed: 0, first: null };
    results.set(name, {
      name,
      words: before.words + words,
      different: before.different + different,
      changed: before.changed + changed,
      first: before.first ?? first,
    });
  };
  add("encrypt", await comparePublished(device, kernels));
  const ofOwnNoise = await compilerOn(device).need(noisyKernels, false);
  for (const [done, size] of chosen.entries()) {
    onProgress(done, chosen.length);
    const { params, buffers } = scene(size);
    const more = params.commonPart === 0 && !size.skips ? Object.values(ofOwnNoise) : [];
    for (const kernel of [...Object.values(kernels), ...more]) {
      if (size.skips?.includes(kernel.name)) continue;
      add(kernel.name, await compare(device, kernel, params, buffers[kernel.name]));
    }
  }
  onProgress(chosen.length, chosen.length);
  return [...results.values()];
}
