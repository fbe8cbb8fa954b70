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
  const { effect, standardError, freedom } = estimates;
  const halfWidths = halfWidthsOf(estimates, level);
  return (pair) => {
    const column = pair % freedom.length;
    const reach = halfWidths[column] * standardError[pair];
    return {
      low: effect[pair] - reach,
      high: effect[pair] + reach,
      pValue: pValue(effect[pair], standardError[pair], freedom[column]),
    };
  };
}

/**
 * `intervalHalfWidth` of every column.
 *
 * Shapes   [sources]
 */
export const halfWidthsOf = ({ freedom }: Estimates, level: number): Float64Array =>
  eachFreedom(freedom, (value) => intervalHalfWidth(level, value));

/** A number for each column's freedom; most columns have the same. */
function eachFreedom(freedom: Float64Array, of: (freedom: number) => number): Float64Array {
  const known = new Map<number, number>();
  return freedom.map((value) => {
    const found = known.get(value) ?? of(value);
    known.set(value, found);
    return found;
  });
}

/**
 * The pairs of which an effect is claimed.
 *
 * tested    pairs with an effect and a standard error: as many questions were asked
 * claimed   how many of them are discoveries
 * largestP  a pair is a discovery if its p-value is this or less; null if none is
 */
export interface Discoveries {
  readonly rate: number;
  readonly tested: number;
  readonly claimed: number;
  readonly largestP: number | null;
}

/**
 * Chooses as many pairs as possible such that on average at most the share `rate` of them has no effect.
 *
 * The k-th smallest p-value must not exceed k / tested · rate, and the largest such k counts. No discovery has p above
 * the rate, so p-values are computed and sorted for the pairs alone whose ratio is beyond that.
 *
 * Source   Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289–300.
 */
export function discover(estimates: Estimates, rate: number): Discoveries {
  const tested = countTested(estimates);
  const candidates = pValuesUpTo(estimates, rate).sort();
  let claimed = candidates.length;
  while (claimed > 0 && candidates[claimed - 1] > (claimed / tested) * rate) claimed--;
  return { rate, tested, claimed, largestP: claimed > 0 ? candidates[claimed - 1] : null };
}

/** Whether a pair is among the discoveries, by its p-value; a missing pair is not. */
export const isDiscovery = ({ largestP }: Discoveries, p: number): boolean =>
  largestP !== null && p <= largestP;

function countTested({ effect, standardError }: Estimates): number {
  let count = 0;
  for (let pair = 0; pair < effect.length; pair++)
    if (!Number.isNaN(effect[pair]) && !Number.isNaN(standardError[pair])) count++;
  return count;
}

/** The p-values that are not above a rate, and perhaps a few a hair above it, because quantiles are rounded. */
function pValuesUpTo(estimates: Estimates, rate: number): Float64Array {
  let count = 0;
  eachUpTo(estimates, rate, () => {
    count++;
  });
  const pValues = new Float64Array(count);
  let at = 0;
  eachUpTo(estimates, rate, (_, ratio, column) => {
    pValues[at++] = tailProbability(ratio, estimates.freedom[column]);
  });
  return pValues;
}

/** Goes through the pairs whose p-value is not above a rate, or only a hair, with their ratios of effect and error. */
export function eachUpTo(
  { effect, standardError, freedom }: Estimates,
  rate: number,
  found: (pair: number, ratio: number, column: number) => void,
): void {
  const cuts = eachFreedom(freedom, (value) => (1 - 1e-9) * tailQuantile(rate, value));
  const columns = freedom.length;
  for (let pair = 0, column = 0; pair < effect.length; pair++, column = (column + 1) % columns) {
    const ratio = ratioOf(effect[pair], standardError[pair]);
    if (ratio >= cuts[column]) found(pair, ratio, column);
  }
}
