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
  /** null where every trial sets every neuron, to 1 as often as to 0: then what is above says it all. */
  readonly arms: Arms | null;
}

/**
 * The rest of both arms, for designs in which a source's arms are not simply all trials.
 *
 * Shapes   off [S]; pairOff, squaredOn, squaredOff [targets × S], row = target.
 * Units    off: trials that set the source to 0. pairOff: Σo over these; squaredOn, squaredOff: Σo² of either arm.
 *          Where the arms share their noise (`paired`), squaredOn is Σ (o on − o off)² and squaredOff is 0.
 */
export interface Arms {
  readonly paired: boolean;
  readonly off: Float64Array;
  readonly pairOff: Float64Array;
  readonly squaredOn: Float64Array;
  readonly squaredOff: Float64Array;
}

const sameSources = (a: Uint32Array, b: Uint32Array) =>
  a.length === b.length && a.every((v, i) => v === b[i]);

/**
 * Sums of two disjoint sets of trials of one experiment.
 *
 * Errors   RangeError if sources, targets or what was summed differ.
 */
export function addSums(a: Sums, b: Sums): Sums {
  if (a.targets !== b.targets || !sameSources(a.sources, b.sources) || a.arms?.paired !== b.arms?.paired)
    throw new RangeError("sums over different sources, targets or designs cannot be added");
  return {
    trials: a.trials + b.trials,
    targets: a.targets,
    sources: a.sources,
    perturbed: add(a.perturbed, b.perturbed),
    outcome: add(a.outcome, b.outcome),
    outcomeSquared: add(a.outcomeSquared, b.outcomeSquared),
    pair: add(a.pair, b.pair),
    arms: a.arms && b.arms && addArms(a.arms, b.arms),
  };
}

const add = (x: Float64Array, y: Float64Array) => x.map((value, index) => value + y[index]);

const addArms = (a: Arms, b: Arms): Arms => ({
  paired: a.paired,
  off: add(a.off, b.off),
  pairOff: add(a.pairOff, b.pairOff),
  squaredOn: add(a.squaredOn, b.squaredOn),
  squaredOff: add(a.squaredOff, b.squaredOff),
});

/**
 * Sums of one set of trials over different sources, as columns side by side, the sources ascending.
 *
 * Errors   RangeError if the trials, what was summed, or the outcomes are not the same, or a source comes twice.
 */
export function joinSums(parts: readonly Sums[]): Sums {
  const [first] = parts;
  const equal = (a: Float64Array, b: Float64Array) => a.every((value, index) => value === b[index]);
  for (const part of parts)
    if (
      part.trials !== first.trials ||
      part.targets !== first.targets ||
      part.arms?.paired !== first.arms?.paired ||
      !equal(part.outcome, first.outcome) ||
      !equal(part.outcomeSquared, first.outcomeSquared)
    )
      throw new RangeError("sums of different trials cannot stand side by side");
  const columns = parts
    .flatMap((part) => Array.from(part.sources, (source, column) => ({ source, part, column })))
    .sort((a, b) => a.source - b.source);
  for (const [index, { source }] of columns.entries())
    if (index > 0 && source === columns[index - 1].source)
      throw new RangeError(`source ${source} comes twice`);
  const perSource = (of: (part: Sums) => Float64Array) =>
    Float64Array.from(columns, ({ part, column }) => of(part)[column]);
  const perPair = (of: (part: Sums) => Float64Array) => {
    const matrix = new Float64Array(first.targets * columns.length);
    for (let target = 0, pair = 0; target < first.targets; target++)
      for (const { part, column } of columns)
        matrix[pair++] = of(part)[target * part.sources.length + column];
    return matrix;
  };
  const arm = (part: Sums): Arms => part.arms ?? noArms;
  return {
    ...first,
    sources: Uint32Array.from(columns, ({ source }) => source),
    perturbed: perSource((part) => part.perturbed),
    pair: perPair((part) => part.pair),
    arms: first.arms && {
      paired: first.arms.paired,
      off: perSource((part) => arm(part).off),
      pairOff: perPair((part) => arm(part).pairOff),
      squaredOn: perPair((part) => arm(part).squaredOn),
      squaredOff: perPair((part) => arm(part).squaredOff),
    },
  };
}

const none = new Float64Array(0);
const noArms: Arms = { paired: false, off: none, pairOff: none, squaredOn: none, squaredOff: none };
