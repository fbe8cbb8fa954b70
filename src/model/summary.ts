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
  return { ...judged(estimates, network, estimand), auroc: auroc(estimates, network) };
}

/** What needs no sort: all but the area, see aurocInSteps. */
export type Judged = Omit<Summary, "auroc">;

/** Errors   as summarise. */
export function judged(estimates: Estimates, network: Network, estimand: Estimand): Judged {
  const judge = new Judge(network, estimand, 0.95);
  judge.add(estimates);
  const { agreement, rmsError, coverage95, missing } = judge;
  return { agreement, rmsError, coverage95, missing };
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

/** Pairs that are compared in one step. */
const stepPairs = 2 ** 18;

/**
 * Area under the receiver operating characteristic of |effect|, see Summary; a tie counts half. It takes longer than all
 * other measures together: so it comes in steps, between which others may have their turn.
 */
export function* aurocInSteps(
  { effect, sources }: Pick<Estimates, "effect" | "sources">,
  network: Network,
): Generator<undefined, number | null> {
  const weightRow = rowReader(network, network.weight);
  const step = Math.max(1, Math.floor(stepPairs / Math.max(1, sources.length)));
  /** Of the rows of one step. */
  const eachKnown = (from: number, visit: (score: number, isArrow: boolean) => void) => {
    for (let target = from; target < Math.min(from + step, network.neurons); target++) {
      const weights = weightRow(target);
      for (let column = 0, pair = target * sources.length; column < sources.length; column++, pair++)
        if (!Number.isNaN(effect[pair])) visit(Math.abs(effect[pair]), weights[sources[column]] !== 0);
    }
  };
  const scores = new Float64Array(Math.min(effect.length, network.source.length));
  let arrows = 0;
  let others = 0;
  for (let from = 0; from < network.neurons; from += step) {
    eachKnown(from, (score, isArrow) => {
      if (isArrow) scores[arrows++] = score;
      else others++;
    });
    yield;
  }
  if (arrows === 0 || others === 0) return null;
  // The arrows are few: sorting them and looking the others up takes less than sorting all.
  const sorted = scores.subarray(0, arrows).sort();
  const below = lowerBound(sorted);
  let losses = 0;
  for (let from = 0; from < network.neurons; from += step) {
    eachKnown(from, (score, isArrow) => {
      if (isArrow) return;
      const less = below(score);
      let ties = 0;
      while (sorted[less + ties] === score) ties++;
      losses += less + ties / 2;
    });
    yield;
  }
  return (arrows * others - losses) / (arrows * others);
}

/** All steps at once. */
function auroc(estimates: Estimates, network: Network): number | null {
  const steps = aurocInSteps(estimates, network);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** How many of some sorted numbers, none below 0, are less than a given one: by a table of where to look. */
function lowerBound(sorted: Float64Array): (value: number) => number {
  const parts = 2 ** Math.min(20, Math.max(6, Math.ceil(Math.log2(sorted.length)) + 1));
  const scale = parts / (sorted[sorted.length - 1] || 1);
  const partOf = (value: number) => Math.min(parts - 1, Math.floor(value * scale));
  const start = new Uint32Array(parts + 1);
  for (const value of sorted) start[partOf(value) + 1]++;
  for (let part = 0; part < parts; part++) start[part + 1] += start[part];
  return (value) => {
    const part = partOf(value);
    let low = start[part];
    let high = start[part + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
