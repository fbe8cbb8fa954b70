import type { Scores } from "./scores";

/**
 * Spearman's rank correlation of the effects with the weights; equal values share the mean of their ranks.
 *
 * Nearly all weights are 0 and share one rank, so only the arrows contribute to the sum of products.
 *
 * Missing  null where effects or weights are constant or none.
 */
export function spearman(scores: Scores): number | null {
  const { arrow, other, arrowEffect, arrowWeight } = scores;
  const pairs = arrow.length + other.length;
  const { ranks: effectRanks, spread: effectSpread } = rankAmong(arrow, other);
  const weight = Float64Array.from(arrowWeight).sort();
  const { ranks: weightRanks, spread: weightSpread } = rankAmong(weight, new Float64Array(other.length));
  if (!(effectSpread > 0 && weightSpread > 0)) return null;
  const rankOf = (sorted: Float64Array, ranks: Float64Array) => (value: number) =>
    ranks[countBelow(sorted, value)];
  const effectRank = rankOf(arrow, effectRanks);
  const weightRank = rankOf(weight, weightRanks);
  const mean = (pairs + 1) / 2;
  const zeroRank = countBelow(weight, 0) + (other.length + 1) / 2;
  let products = 0;
  if (weight[0] === weight[weight.length - 1]) {
    for (const rank of effectRanks) products += rank - mean;
    products *= weightRanks[0] - zeroRank;
  } else {
    // Sorted, so that the sum does not depend on the order in which the arrows came.
    const terms = arrowEffect.map(
      (effect, index) => (effectRank(effect) - mean) * (weightRank(arrowWeight[index]) - zeroRank),
    );
    for (const term of terms.sort()) products += term;
  }
  return Math.max(-1, Math.min(1, products / Math.sqrt(effectSpread * weightSpread)));
}

/**
 * Ranks, from 1, of some sorted values in the union with others.
 *
 * Returns  ranks, aligned with `some`; spread: Σ (rank − mean rank)² over the union.
 */
function rankAmong(some: Float64Array, others: Float64Array): { ranks: Float64Array; spread: number } {
  const pairs = some.length + others.length;
  const ranks = new Float64Array(some.length);
  let ties = 0;
  for (let i = 0, j = 0; i + j < pairs; ) {
    const value = Math.min(i < some.length ? some[i] : others[j], j < others.length ? others[j] : some[i]);
    const before = i + j;
    const first = i;
    while (i < some.length && some[i] === value) i++;
    while (j < others.length && others[j] === value) j++;
    const tied = i + j - before;
    ranks.fill(before + (tied + 1) / 2, first, i);
    ties += tied ** 3 - tied;
  }
  return { ranks, spread: (pairs ** 3 - pairs - ties) / 12 };
}

/** How many of some sorted values are less. */
function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
