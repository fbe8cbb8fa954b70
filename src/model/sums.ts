/**
 * Sufficient statistics of all trials so far: everything an estimate needs, and
 * nothing that depends on how the trials were cut up. Every number is a whole
 * number below 2^53, so float64 holds it exactly and adding is exact.
 *
 * Shapes   sources [S]: which neurons are the columns; perturbed [S]; outcome, outcomeSquared [targets];
 *          pair [targets × S], row = target.
 * Units    perturbed: trials with the source at 1. Outcomes are 0…255 (255 = fully active):
 *          outcome Σo, outcomeSquared Σo², pair Σ p·o.
 */
export interface Sums {
  readonly trials: number;
  readonly targets: number;
  readonly sources: Uint32Array;
  readonly perturbed: Float64Array;
  readonly outcome: Float64Array;
  readonly outcomeSquared: Float64Array;
  readonly pair: Float64Array;
}

export function emptySums(sources: Uint32Array, targets: number): Sums {
  return {
    trials: 0,
    targets,
    sources,
    perturbed: new Float64Array(sources.length),
    outcome: new Float64Array(targets),
    outcomeSquared: new Float64Array(targets),
    pair: new Float64Array(targets * sources.length),
  };
}

const sameSources = (a: Uint32Array, b: Uint32Array) =>
  a.length === b.length && a.every((v, i) => v === b[i]);

/**
 * Sums of two disjoint sets of trials of one experiment.
 *
 * Errors   RangeError if sources or targets differ.
 */
export function addSums(a: Sums, b: Sums): Sums {
  if (a.targets !== b.targets || !sameSources(a.sources, b.sources))
    throw new RangeError("sums over different sources or targets cannot be added");
  const add = (x: Float64Array, y: Float64Array) => x.map((value, index) => value + y[index]);
  return {
    trials: a.trials + b.trials,
    targets: a.targets,
    sources: a.sources,
    perturbed: add(a.perturbed, b.perturbed),
    outcome: add(a.outcome, b.outcome),
    outcomeSquared: add(a.outcomeSquared, b.outcomeSquared),
    pair: add(a.pair, b.pair),
  };
}
