import type { Sums } from "../model/sums";

/** Unsigned 64-bit numbers as two words each: low and high. */
export type Words = readonly [low: Uint32Array, high: Uint32Array];

const join = ([low, high]: Words, index: number) => low[index] + high[index] * 2 ** 32;

/**
 * Sums from an engine's accumulators.
 *
 * Shapes   perturbed [sources + 1], the last one counting the trials; outcomes [targets × 2]: Σo, Σo²;
 *          pair [targets × sources], its high words absent as long as none was needed.
 */
export function sumsFromWords(
  sources: Uint32Array,
  perturbed: Words,
  outcomes: Words,
  pair: readonly [Uint32Array, Uint32Array | null],
): Sums {
  const targets = outcomes[0].length / 2;
  const sums = new Float64Array(pair[0]);
  const high = pair[1];
  if (high) for (let index = 0; index < sums.length; index++) sums[index] += high[index] * 2 ** 32;
  return {
    trials: join(perturbed, sources.length),
    targets,
    sources,
    perturbed: Float64Array.from({ length: sources.length }, (_, column) => join(perturbed, column)),
    outcome: Float64Array.from({ length: targets }, (_, target) => join(outcomes, 2 * target)),
    outcomeSquared: Float64Array.from({ length: targets }, (_, target) => join(outcomes, 2 * target + 1)),
    pair: sums,
  };
}
