import type { Estimates } from "./estimate";
import type { Network } from "./network";
import { rowReader } from "./rows";

/**
 * The effects that are not missing, arrows and other pairs apart, each sorted once: enough for every measure that
 * compares ranks.
 *
 * Shapes   arrow, other: ascending. arrowEffect, arrowWeight: aligned with each other, in the order of the matrix.
 * Units    arrowWeight: as network.weight.
 */
export interface Scores {
  readonly arrow: Float64Array;
  readonly other: Float64Array;
  readonly arrowEffect: Float64Array;
  readonly arrowWeight: Float64Array;
}

export function scoresOf(
  { effect, sources }: Pick<Estimates, "effect" | "sources">,
  network: Network,
): Scores {
  let known = 0;
  for (let pair = 0; pair < effect.length; pair++) if (!Number.isNaN(effect[pair])) known++;
  const weightRow = rowReader(network, network.weight);
  // Arrows from the front, other pairs from the back: one copy is enough for 4,096 × 4,096.
  const scores = new Float64Array(known);
  const weight = new Float64Array(Math.min(known, network.source.length));
  let arrows = 0;
  let others = known;
  for (let target = 0, pair = 0; target < network.neurons; target++) {
    const weights = weightRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      if (Number.isNaN(effect[pair])) continue;
      const value = weights[sources[column]];
      if (value === 0) scores[--others] = effect[pair];
      else {
        weight[arrows] = value;
        scores[arrows++] = effect[pair];
      }
    }
  }
  const arrowEffect = scores.slice(0, arrows);
  return {
    arrow: scores.subarray(0, arrows).sort(),
    other: scores.subarray(arrows).sort(),
    arrowEffect,
    arrowWeight: weight.subarray(0, arrows),
  };
}
