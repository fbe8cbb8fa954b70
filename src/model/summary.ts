import { Agreement } from "./agreement";
import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import { Judge } from "./judge";
import type { Network } from "./network";
import { rowReader } from "./rows";

/** Standard deviations each way that hold 95 % of a normal distribution. */
export const standardErrors95 = 1.959963984540054;

/**
 * A matrix of estimates in five numbers, self-connections included.
 *
 * Units    agreement, coverage95, auroc: shares of 1; rmsError: outcome per perturbation; missing: pairs.
 * Missing  null where nothing can be said; `missing` counts the pairs with an empty arm, which the others leave out.
 */
export interface Summary {
  /** Pearson correlation of the effects with the connectivity; null where either is constant. */
  readonly agreement: number | null;
  /** Root mean square of effect − exact effect. */
  readonly rmsError: number | null;
  /** Share of pairs whose 95 % interval, by Student's t, holds the exact effect. */
  readonly coverage95: number | null;
  /** Chance that |effect| of a random arrow is above that of a random other pair; null without either kind. */
  readonly auroc: number | null;
  readonly missing: number;
}

/**
 * How the estimates compare with the wiring and with the exact effect.
 *
 * Errors   RangeError if estimates and network differ in targets.
 */
export function summarise(estimates: Estimates, network: Network, estimand: Estimand): Summary {
  const judge = new Judge(network, estimand, 0.95);
  judge.add(estimates);
  const { agreement, rmsError, coverage95, missing } = judge;
  return {
    agreement,
    rmsError,
    coverage95,
    auroc: auroc(estimates.effect, estimates.sources, network, judge.known),
    missing,
  };
}

/**
 * Pearson correlation of a matrix of effects, of any kind, with the connectivity.
 *
 * Shapes   effects: [neurons × sources], row = target; sources: which neurons the columns are.
 * Missing  NaN among the effects is left out; null if the rest, or their weights, are constant or none.
 */
export function agreementWith(effects: Float64Array, sources: Uint32Array, network: Network): number | null {
  const agreement = new Agreement();
  agreement.add(effects, sources, network);
  return agreement.value;
}

/** Area under the receiver operating characteristic of |effect|; a tie counts half. */
function auroc(effect: Float64Array, sources: Uint32Array, network: Network, known: number): number | null {
  const weightRow = rowReader(network, network.weight);
  // Arrows from the front, other pairs from the back: one copy is enough for 4,096 × 4,096.
  const scores = new Float64Array(known);
  let arrows = 0;
  let others = known;
  for (let target = 0, pair = 0; target < network.neurons; target++) {
    const weights = weightRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      if (Number.isNaN(effect[pair])) continue;
      const at = weights[sources[column]] !== 0 ? arrows++ : --others;
      scores[at] = Math.abs(effect[pair]);
    }
  }
  if (arrows === 0 || arrows === known) return null;
  const arrow = scores.subarray(0, arrows).sort();
  const other = scores.subarray(arrows).sort();
  let below = 0;
  let notAbove = 0;
  let wins = 0;
  for (const score of arrow) {
    while (below < other.length && other[below] < score) below++;
    while (notAbove < other.length && other[notAbove] <= score) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / (arrow.length * other.length);
}
