import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import { halfWidthsOf } from "./inference";
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
  const { sources, targets, effect, standardError } = estimates;
  if (targets !== network.neurons)
    throw new RangeError(
      `estimates of ${targets} targets do not fit a network of ${network.neurons} neurons`,
    );
  const exactRow = rowReader(network, estimand.effect);
  const halfWidths = halfWidthsOf(estimates, 0.95);
  let known = 0;
  let squares = 0;
  let intervals = 0;
  let covering = 0;
  for (let target = 0, pair = 0; target < targets; target++) {
    const exact = exactRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      if (Number.isNaN(effect[pair])) continue;
      const error = effect[pair] - exact[sources[column]];
      known++;
      squares += error * error;
      if (Number.isNaN(standardError[pair])) continue;
      intervals++;
      if (Math.abs(error) <= halfWidths[column] * standardError[pair]) covering++;
    }
  }
  return {
    agreement: agreementWith(effect, sources, network),
    rmsError: known > 0 ? Math.sqrt(squares / known) : null,
    coverage95: intervals > 0 ? covering / intervals : null,
    auroc: auroc(effect, sources, network, known),
    missing: effect.length - known,
  };
}

/**
 * Pearson correlation of a matrix of effects, of any kind, with the connectivity.
 *
 * Shapes   effects: [neurons × sources], row = target; sources: which neurons the columns are.
 * Missing  NaN among the effects is left out; null if the rest, or their weights, are constant or none.
 */
export function agreementWith(effects: Float64Array, sources: Uint32Array, network: Network): number | null {
  const weightRow = rowReader(network, network.weight);
  const effect = new Spread();
  const weight = new Spread();
  for (let target = 0, pair = 0; target < network.neurons; target++) {
    const weights = weightRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      if (Number.isNaN(effects[pair])) continue;
      effect.add(effects[pair]);
      weight.add(weights[sources[column]]);
    }
  }
  if (effect.isConstant || weight.isConstant) return null;
  const effectMean = effect.mean;
  const weightMean = weight.mean;
  let both = 0;
  let effectSquares = 0;
  let weightSquares = 0;
  for (let target = 0, pair = 0; target < network.neurons; target++) {
    const weights = weightRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      if (Number.isNaN(effects[pair])) continue;
      const x = effects[pair] - effectMean;
      const y = weights[sources[column]] - weightMean;
      both += x * y;
      effectSquares += x * x;
      weightSquares += y * y;
    }
  }
  return Math.max(-1, Math.min(1, both / Math.sqrt(effectSquares * weightSquares)));
}

class Spread {
  private count = 0;
  private sum = 0;
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
  }

  get mean(): number {
    return this.sum / this.count;
  }

  /** Also where there is nothing. By the range, because rounding leaves equal numbers a variance. */
  get isConstant(): boolean {
    return this.low >= this.high;
  }
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
