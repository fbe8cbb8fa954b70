import type { Sums } from "./sums";

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
}

/**
 * How many standard errors of a *known* size would be as surprising as this many of an estimated one:
 * few trials know their own error badly, and a ratio of 3 from 7 trials is nothing special.
 *
 * Units    ratio: |effect| in estimated standard errors; result: likewise, as of a normal distribution.
 * Source   Wallace (1959), bounds on normal approximations to Student's t; up to a result of 4 within
 *          0.012 from 12 trials on, 0.05 from 7, 0.33 at 3 (against SciPy's t.sf and norm.isf).
 */
export function certaintyOf(ratio: number, trials: number): number {
  const freedom = trials - 2;
  const bend = (8 * freedom + 1) / (8 * freedom + 3);
  return freedom < 1 ? Number.NaN : bend * Math.sqrt(freedom * Math.log1p((ratio * ratio) / freedom));
}

/**
 * Difference in means and its standard error, pooled over the two arms, from the sums.
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
export function estimate(sums: Sums): Estimates {
  const { trials, targets, sources } = sums;
  const effect = differenceInMeans(sums);
  const standardError = new Float64Array(effect.length);
  const inverseArms = Float64Array.from(sums.perturbed, (on) => 1 / on + 1 / (trials - on));
  for (let target = 0, pair = 0; target < targets; target++) {
    const whole = scatter(sums, target);
    for (let column = 0; column < sources.length; column++, pair++) {
      const between = effect[pair] ** 2 / inverseArms[column];
      const within = Math.max(0, whole - between);
      standardError[pair] = trials < 3 ? NaN : Math.sqrt((within / (trials - 2)) * inverseArms[column]);
    }
  }
  return { trials, targets, sources, effect, standardError };
}

/**
 * Pearson correlation of perturbation and outcome, the notebook's R for all neurons.
 *
 * Shapes   [targets × sources], row = target (the notebook's own R is the transpose).
 * Missing  NaN where an arm is empty or the target never moves.
 */
export function correlationEstimate(sums: Sums): Float64Array {
  const { trials, targets, sources } = sums;
  const correlation = differenceInMeans(sums);
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

function differenceInMeans({ trials, targets, sources, perturbed, outcome, pair }: Sums): Float64Array {
  const effect = new Float64Array(pair.length);
  for (let target = 0, index = 0; target < targets; target++) {
    for (let column = 0; column < sources.length; column++, index++) {
      const on = perturbed[column];
      effect[index] = (pair[index] / on - (outcome[target] - pair[index]) / (trials - on)) / steps;
    }
  }
  return effect;
}

/** Σ (outcome − mean)² of a target, in outcome² (0…1). */
function scatter({ trials, outcome, outcomeSquared }: Sums, target: number): number {
  const near = Math.round(outcome[target] / trials);
  const sum = outcome[target] - near * trials;
  const squares = outcomeSquared[target] - 2 * near * outcome[target] + near * near * trials;
  return Math.max(0, squares - (sum * sum) / trials) / steps ** 2;
}
