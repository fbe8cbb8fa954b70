import type { DesignKind } from "../model/design";
import type { Size } from "../model/plan";
import type { Arms, Sums } from "../model/sums";
import type { WatchSums } from "../model/watch";

/** Unsigned 64-bit numbers as two words each: low and high. */
export type Words = readonly [low: Uint32Array, high: Uint32Array];

const join = ([low, high]: Words, index: number) => low[index] + high[index] * 2 ** 32;

/** Their high words are absent as long as none was needed. */
export type PairWords = readonly [low: Uint32Array, high: Uint32Array | null];

/** What an engine adds up per pair: bits of a source × bytes of a target, by the names of their buffers. */
export type Product = readonly [bits: "perturbation" | "off", bytes: "outcome" | "squareLow" | "squareHigh"];

/** For sums without arms. */
export const plainProducts: readonly Product[] = [["perturbation", "outcome"]];

/** For sums with arms: the order in which `sumsFromWords` takes them. */
export const armProducts: readonly Product[] = [
  ["perturbation", "outcome"],
  ["off", "outcome"],
  ["perturbation", "squareLow"],
  ["perturbation", "squareHigh"],
  ["off", "squareLow"],
  ["off", "squareHigh"],
];

/** What a design adds to a run's size; `isPlain`: it has no arms of its own. */
export function numbersOf(
  isPlain: boolean,
  kind: DesignKind,
): Pick<Required<Size>, "products" | "variances"> {
  if (isPlain) return { products: plainProducts.length, variances: 0 };
  return { products: armProducts.length, variances: kind === "same-noise" ? 3 : 2 };
}

/** An engine's accumulators. */
export interface SumWords {
  /** [sources + 1], the last one counting the trials. */
  readonly perturbed: Words;
  /** The same of the trials off; absent without arms. */
  readonly off: Words | null;
  /** [targets × 2]: Σo, Σo² */
  readonly outcomes: Words;
  /** [targets × sources] of each product, as joined words. */
  readonly pairs: readonly Float64Array[];
}

/** Sums from an engine's accumulators; `paired` says that the arms share their noise. */
export function sumsFromWords(sources: Uint32Array, words: SumWords, paired: boolean): Sums {
  const { perturbed, off, outcomes } = words;
  const targets = outcomes[0].length / 2;
  const [pair, ...rest] = words.pairs;
  const ofSources = (counts: Words) =>
    Float64Array.from({ length: sources.length }, (_, column) => join(counts, column));
  const armsOf = (counts: Words): Arms => {
    const [pairOff, onLow, onHigh, offLow, offHigh] = rest;
    const bytes = (low: Float64Array, high: Float64Array) => low.map((value, at) => value + 256 * high[at]);
    return {
      paired,
      off: ofSources(counts),
      pairOff,
      squaredOn: bytes(onLow, onHigh),
      squaredOff: bytes(offLow, offHigh),
    };
  };
  return {
    trials: join(perturbed, sources.length),
    targets,
    sources,
    perturbed: ofSources(perturbed),
    outcome: Float64Array.from({ length: targets }, (_, target) => join(outcomes, 2 * target)),
    outcomeSquared: Float64Array.from({ length: targets }, (_, target) => join(outcomes, 2 * target + 1)),
    pair,
    arms: off && armsOf(off),
  };
}

/**
 * The other way round: accumulators that hold these sums, so that a run can go on where another one ended.
 *
 * Errors   RangeError if the sums are over other sources or targets, or of a design that sums up other things.
 */
export function wordsFromSums(sums: Sums, sources: Uint32Array, targets: number, hasArms: boolean): SumWords {
  const { trials, perturbed, outcome, outcomeSquared, pair, arms } = sums;
  const isOver = sums.sources.length === sources.length && sums.sources.every((s, at) => s === sources[at]);
  if (!isOver || sums.targets !== targets || (arms !== null) !== hasArms)
    throw new RangeError("a run goes on from sums over its own sources, targets and design alone");
  const perTarget = new Float64Array(2 * targets);
  for (let target = 0; target < targets; target++)
    perTarget.set([outcome[target], outcomeSquared[target]], 2 * target);
  // The last entry counts the trials.
  const counted = (counts: Float64Array) => {
    const all = new Float64Array(sources.length + 1).fill(trials);
    all.set(counts);
    return all;
  };
  const high = (squares: Float64Array) => squares.map((value) => Math.floor(value / 256));
  const low = (squares: Float64Array) => squares.map((value) => value % 256);
  return {
    perturbed: split(counted(perturbed)),
    off: arms && split(counted(arms.off)),
    outcomes: split(perTarget),
    pairs: arms
      ? [
          ...[pair, arms.pairOff],
          ...[low(arms.squaredOn), high(arms.squaredOn), low(arms.squaredOff), high(arms.squaredOff)],
        ]
      : [pair],
  };
}

/** Whole numbers below 2^53 as low and high words. */
export const split = (numbers: Float64Array): Words => [
  Uint32Array.from(numbers, (value) => value % 2 ** 32),
  Uint32Array.from(numbers, (value) => Math.floor(value / 2 ** 32)),
];

/** Pair sums as numbers. */
export function joinAll([low, high]: PairWords): Float64Array {
  const sums = new Float64Array(low);
  if (high) for (let index = 0; index < sums.length; index++) sums[index] += high[index] * 2 ** 32;
  return sums;
}

/**
 * What was watched, from an engine's accumulators.
 *
 * Shapes   before, after [neurons × 2]: Σx, Σx²; pair [neurons × sources].
 */
export function watchSumsFromWords(
  steps: number,
  sources: Uint32Array,
  before: Words,
  after: Words,
  pair: Words,
): WatchSums {
  const neurons = before[0].length / 2;
  const every = (words: Words, first: number) =>
    Float64Array.from({ length: neurons }, (_, neuron) => join(words, 2 * neuron + first));
  return {
    steps,
    neurons,
    sources,
    before: every(before, 0),
    beforeSquared: every(before, 1),
    after: every(after, 0),
    afterSquared: every(after, 1),
    pair: joinAll(pair),
  };
}

/** Parts of one array, joined again. */
export function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
