import type { Arms, Sums } from "./sums";

/** Sums count an outcome in 255 steps. */
const steps = 255;

/**
 * Difference in means of every pair and its standard error.
 *
 * Shapes   effect, standardError: [targets × sources], row = target.
 * Units    outcome (0…1) per perturbation.
 * Missing  NaN where an arm is empty; standardError is NaN also below 3 trials.
 */
export interface Estimates {
  readonly trials: number;
  readonly targets: number;
  readonly sources: Uint32Array;
  readonly effect: Float64Array;
  readonly standardError: Float64Array;
  /** [sources] Degrees of freedom of a column's standard errors: how well these are known themselves. */
  readonly freedom: Float64Array;
}

/**
 * How many standard errors of a *known* size would be as surprising as this many of an estimated one:
 * few trials know their own error badly, and a ratio of 3 from 7 trials is nothing special.
 *
 * Units    ratio: |effect| in estimated standard errors; result: likewise, as of a normal distribution.
 * Source   Wallace (1959), bounds on normal approximations to Student's t; up to a result of 4 within
 *          0.012 from 10 degrees of freedom on, 0.05 from 5, 0.33 at 1 (against SciPy's t.sf and norm.isf).
 */
export function certaintyOf(ratio: number, freedom: number): number {
  const bend = (8 * freedom + 1) / (8 * freedom + 3);
  return freedom < 1 ? Number.NaN : bend * Math.sqrt(freedom * Math.log1p((ratio * ratio) / freedom));
}

/**
 * The ratio that is as surprising as so many standard errors of a known size: the inverse of certaintyOf.
 *
 * Missing  NaN below 1 degree of freedom.
 */
export function ratioFor(certainty: number, freedom: number): number {
  const bend = (8 * freedom + 1) / (8 * freedom + 3);
  return freedom < 1 ? Number.NaN : Math.sqrt(freedom * Math.expm1((certainty / bend) ** 2 / freedom));
}

/**
 * Difference in means and its standard error from the sums, in every design; hidden targets are missing.
 *
 * Shapes   hidden [targets]: 1 = not observed; null if all are.
 * Memory   16 bytes a pair beside the sums; 8 where these may be spent: then sums.pair becomes the effects.
 */
export function estimate(sums: Sums, hidden: Uint8Array | null = null, isSpent = false): Estimates {
  const effects = isSpent ? sums.pair : new Float64Array(sums.pair.length);
  const estimates = sums.arms ? ofArms(sums, sums.arms, effects) : pooled(sums, effects);
  const columns = sums.sources.length;
  hidden?.forEach((isHidden, target) => {
    if (!isHidden) return;
    for (const values of [estimates.effect, estimates.standardError])
      values.fill(Number.NaN, target * columns, (target + 1) * columns);
  });
  return estimates;
}

/**
 * Where every trial sets every neuron to 1 as often as to 0, pooled over the two arms.
 *
 * The scatter within the arms is the target's whole scatter less the scatter between the arms. The sums are whole
 * numbers, so the whole scatter is taken about a whole number near the mean, without rounding: a target that
 * never moves has a standard error of exactly 0.
 *
 * Shapes   see Estimates.
 * Units    outcome (0…1) per perturbation.
 * Missing  NaN in the arrays where an arm is empty, standardError also below 3 trials; writers and pictures
 *          show it as missing.
 * Source   Neyman (1923); Imbens & Rubin (2015), ch. 6.
 */
function pooled(sums: Sums, effects: Float64Array): Estimates {
  const { trials, targets, sources, perturbed } = sums;
  const effect = differenceInMeans(sums, effects);
  const standardError = new Float64Array(effect.length);
  // What belongs to a column is worked out once: a division costs as much as all the rest of a pair.
  const inverseArms = perturbed.map((on) => 1 / on + 1 / (trials - on));
  const perBetween = inverseArms.map((inverse) => 1 / inverse);
  const perWithin = inverseArms.map((inverse) => (trials < 3 ? Number.NaN : inverse / (trials - 2)));
  for (let target = 0, first = 0; target < targets; target++, first += sources.length)
    pooledErrors(scatter(sums, target), first, perBetween, perWithin, effect, standardError);
  const freedom = new Float64Array(sources.length).fill(Math.max(0, trials - 2));
  return { trials, targets, sources, effect, standardError, freedom };
}

// The arithmetic of a row stands in a function of its own: a browser makes it fast after a few rows.

function pooledErrors(
  whole: number,
  first: number,
  perBetween: Float64Array,
  perWithin: Float64Array,
  effect: Float64Array,
  standardError: Float64Array,
): void {
  for (let column = 0, index = first; column < perWithin.length; column++, index++) {
    const within = whole - effect[index] * effect[index] * perBetween[column];
    standardError[index] = Math.sqrt((within > 0 ? within : 0) * perWithin[column]);
  }
}

function meansApart(
  trials: number,
  all: number,
  first: number,
  perturbed: Float64Array,
  share: Float64Array,
  pair: Float64Array,
  effect: Float64Array,
): void {
  for (let column = 0, index = first; column < perturbed.length; column++, index++)
    effect[index] = (pair[index] * trials - all * perturbed[column]) * share[column];
}

/**
 * Where a source's arms are trials of their own: each arm with its own scatter, √(s₁²/n₁ + s₀²/n₀), or, where they
 * share their noise, the scatter of the paired differences.
 *
 * Missing  NaN where an arm is empty, standardError also below 2 trials an arm.
 * Source   Neyman (1923); Imbens & Rubin (2015), ch. 6 and, for pairs, ch. 10; Welch (1947) for the freedom.
 */
function ofArms(
  { trials, targets, sources, perturbed, pair }: Sums,
  arms: Arms,
  effect: Float64Array,
): Estimates {
  const { paired, off, pairOff, squaredOn, squaredOff } = arms;
  const standardError = new Float64Array(pair.length);
  for (let target = 0, index = 0; target < targets; target++) {
    for (let column = 0; column < sources.length; column++, index++) {
      const [n1, n0] = [perturbed[column], off[column]];
      // Read first: where the sums are spent, the effect takes its place.
      const on = pair[index];
      effect[index] = (on / n1 - pairOff[index] / n0) / steps;
      const variance = paired
        ? varianceOfMean(n1, on - pairOff[index], squaredOn[index])
        : varianceOfMean(n1, on, squaredOn[index]) + varianceOfMean(n0, pairOff[index], squaredOff[index]);
      standardError[index] = Math.sqrt(variance) / steps;
    }
  }
  const freedom = perturbed.map((n1, column) => armsFreedom(n1, off[column], paired));
  return { trials, targets, sources, effect, standardError, freedom };
}

/**
 * Welch's degrees of freedom for arms of n₁ and n₀ trials that scatter alike: where one arm is small, its own scatter
 * is most of the error and is known by few trials. From the arms' sizes alone, because the scatter that two trials
 * happen to show can be nearly none, and would be believed. Paired arms have their pairs.
 */
export function armsFreedom(n1: number, n0: number, paired: boolean): number {
  if (n1 < 2 || n0 < 2) return 0;
  if (paired) return n1 - 1;
  return (1 / n1 + 1 / n0) ** 2 / (1 / (n1 ** 2 * (n1 - 1)) + 1 / (n0 ** 2 * (n0 - 1)));
}

/** Variance of a mean from n, Σo and Σo²; the sums are whole numbers, so the scatter is taken without rounding. */
function varianceOfMean(n: number, sum: number, squares: number): number {
  return n < 2 ? Number.NaN : scatterAbout(n, sum, squares) / (n - 1) / n;
}

/**
 * Pearson correlation of perturbation and outcome, the notebook's R for all neurons.
 *
 * Shapes   [targets × sources], row = target (the notebook's own R is the transpose).
 * Missing  NaN where an arm is empty or the target never moves.
 * Errors   RangeError for sums with arms: it is defined for the notebook's design alone.
 */
export function correlationEstimate(sums: Sums): Float64Array {
  const { trials, targets, sources } = sums;
  if (sums.arms) throw new RangeError("the correlation estimate needs trials that set every neuron");
  const correlation = differenceInMeans(sums, new Float64Array(sums.pair.length));
  for (let target = 0, pair = 0; target < targets; target++) {
    const whole = scatter(sums, target);
    for (let column = 0; column < sources.length; column++, pair++) {
      const on = sums.perturbed[column];
      correlation[pair] *= Math.sqrt((on * (trials - on)) / (trials * whole));
      if (whole === 0) correlation[pair] = NaN;
    }
  }
  return correlation;
}

/**
 * The effects alone, in designs that set every neuron to 1 as often as to 0: both means over one denominator,
 * (on · T − all · n₁) / (n₁ · n₀), so that a target that never moves has an effect of exactly 0.
 *
 * effect   where they go, [targets × sources]; may be the pair sums themselves
 * Missing  NaN where an arm is empty.
 */
export function differenceInMeans(
  { trials, targets, sources, perturbed, outcome, pair }: Sums,
  effect: Float64Array,
): Float64Array {
  const share = perturbed.map((on) => 1 / (on * (trials - on) * steps));
  for (let target = 0, first = 0; target < targets; target++, first += sources.length)
    meansApart(trials, outcome[target], first, perturbed, share, pair, effect);
  return effect;
}

/** Σ (outcome − mean)² of a target, in outcome² (0…1). */
const scatter = ({ trials, outcome, outcomeSquared }: Sums, target: number): number =>
  scatterAbout(trials, outcome[target], outcomeSquared[target]) / steps ** 2;

/** Σ (o − mean)² from n, Σo and Σo², taken about a whole number near the mean, so that nothing is rounded away. */
function scatterAbout(n: number, sum: number, squares: number): number {
  const near = Math.round(sum / n);
  const rest = sum - near * n;
  return Math.max(0, squares - 2 * near * sum + near * near * n - (rest * rest) / n);
}
