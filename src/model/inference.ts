import type { Estimates } from "./estimate";
import { tailProbability, tailQuantile } from "./studentT";

/**
 * How sure to be.
 *
 * Units    level: probability that an interval holds the exact effect, 0.5…0.9999; rate: share of false discoveries
 *          among all discoveries that is put up with on average, 0.000001…0.5.
 */
export interface Confidence {
  readonly level: number;
  readonly rate: number;
}

export const defaultConfidence: Confidence = Object.freeze({ level: 0.95, rate: 0.05 });

/** What a level and a rate may be: for options and controls. */
export const confidenceRanges = {
  level: { min: 0.5, max: 0.9999 },
  rate: { min: 1e-6, max: 0.5 },
} as const satisfies Record<keyof Confidence, { min: number; max: number }>;

/** Degrees of freedom of the pairs' standard errors. */
export const freedomOf = ({ freedom }: Estimates): number => freedom;

/**
 * Half the width of an interval that holds the exact effect with probability `level`.
 *
 * Units    level: 0…1; result: standard errors.
 * Missing  NaN below 1 degree of freedom.
 * Source   Student's t distribution: the standard error is estimated too.
 */
export const intervalHalfWidth = (level: number, freedom: number): number => tailQuantile(1 - level, freedom);

/**
 * |effect| in standard errors.
 *
 * A standard error of exactly 0 belongs to a target that never moves, or to two arms with the same noise: an effect
 * of 0 is then no evidence of an effect (0), any other one certain (Infinity).
 *
 * Missing  NaN where effect or standard error is.
 */
export const ratioOf = (effect: number, standardError: number): number =>
  effect === 0 && standardError === 0 ? 0 : Math.abs(effect) / standardError;

/**
 * Probability of an effect as large as this one, or larger, if there were none.
 *
 * Missing  NaN where effect or standard error is; 1 for 0 ± 0 and 0 for any other effect ± 0, see ratioOf.
 */
export const pValue = (effect: number, standardError: number, freedom: number): number =>
  tailProbability(ratioOf(effect, standardError), freedom);

/** What one pair says: the interval's ends in outcome per perturbation, and the p-value of "no effect". */
export interface PairInference {
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
}

/**
 * Reads the pairs of a matrix of estimates one by one.
 *
 * Missing  NaN, where the pair has no effect or no standard error.
 */
export function inferrer(estimates: Estimates, level: number): (pair: number) => PairInference {
  const { effect, standardError } = estimates;
  const freedom = freedomOf(estimates);
  const halfWidth = intervalHalfWidth(level, freedom);
  return (pair) => {
    const reach = halfWidth * standardError[pair];
    return {
      low: effect[pair] - reach,
      high: effect[pair] + reach,
      pValue: pValue(effect[pair], standardError[pair], freedom),
    };
  };
}

/**
 * The pairs of which an effect is claimed.
 *
 * tested         pairs with an effect and a standard error: as many questions were asked
 * claimed        how many of them are discoveries
 * smallestRatio  a pair is a discovery if its |effect| / standard error is this or more; Infinity if none is
 * largestP       the largest p-value of a discovery; 0 if there is none
 */
export interface Discoveries {
  readonly rate: number;
  readonly tested: number;
  readonly claimed: number;
  readonly smallestRatio: number;
  readonly largestP: number;
}

/**
 * Chooses as many pairs as possible such that on average at most the share `rate` of them has no effect.
 *
 * The k-th smallest p-value must not exceed k / tested · rate, and the largest such k counts. No discovery has p above
 * the rate, so only the pairs beyond that are sorted, by their ratios; p-values are computed for those alone that a
 * search among them looks at. Starting with k = tested, k becomes the number of pairs with p ≤ k / tested · rate, again
 * and again, until it stays: it falls to the largest such k and cannot fall below it.
 *
 * Source   Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289–300.
 */
export function discover(estimates: Estimates, rate: number): Discoveries {
  const freedom = freedomOf(estimates);
  // A hair below, because the quantile is rounded.
  const ratios = sortedRatiosFrom(estimates, (1 - 1e-9) * tailQuantile(rate, freedom));
  const tested = countTested(estimates);
  let claimed = 0;
  for (let limit = tested; limit > 0; limit = claimed) {
    const largest = (limit / tested) * rate;
    claimed = ratios.length - firstThat(ratios, (ratio) => tailProbability(ratio, freedom) <= largest);
    if (claimed === limit) break;
  }
  if (claimed === 0) return { rate, tested, claimed, smallestRatio: Number.POSITIVE_INFINITY, largestP: 0 };
  const smallestRatio = ratios[ratios.length - claimed];
  return { rate, tested, claimed, smallestRatio, largestP: tailProbability(smallestRatio, freedom) };
}

/** Whether a pair is among the discoveries; a missing pair is not. */
export const isDiscovery = ({ smallestRatio }: Discoveries, effect: number, standardError: number): boolean =>
  ratioOf(effect, standardError) >= smallestRatio;

function countTested({ effect, standardError }: Estimates): number {
  let count = 0;
  for (let pair = 0; pair < effect.length; pair++)
    if (!Number.isNaN(effect[pair]) && !Number.isNaN(standardError[pair])) count++;
  return count;
}

/** Ratios of `cut` and above, ascending; none where the cut is NaN. */
function sortedRatiosFrom({ effect, standardError }: Estimates, cut: number): Float64Array {
  let count = 0;
  for (let pair = 0; pair < effect.length; pair++)
    if (ratioOf(effect[pair], standardError[pair]) >= cut) count++;
  const ratios = new Float64Array(count);
  for (let pair = 0, at = 0; at < count; pair++) {
    const ratio = ratioOf(effect[pair], standardError[pair]);
    if (ratio >= cut) ratios[at++] = ratio;
  }
  return ratios.sort();
}

/** Index of the first value for which a condition holds that, once true, stays true; their number if there is none. */
function firstThat(values: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
