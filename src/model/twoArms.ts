// What the lessons' pictures measure beyond the lab's own estimates: pure functions of numbers.

/** Mean of the first so many values and its standard error. */
export interface MeanOf {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * Two arms of a trial and what lies between them; the arms may have spreads of their own.
 *
 * Shapes   off, on: outcomes, of which the first `trials` of each count.
 * Missing  NaN: means of no trial, standard errors below 2.
 */
export function twoArms(off: ArrayLike<number>, on: ArrayLike<number>, trials = Number.POSITIVE_INFINITY) {
  const arms = {
    off: meanOf(off, Math.min(trials, off.length)),
    on: meanOf(on, Math.min(trials, on.length)),
  };
  return {
    ...arms,
    difference: arms.on.mean - arms.off.mean,
    standardError: Math.hypot(arms.on.standardError, arms.off.standardError),
  };
}

function meanOf(values: ArrayLike<number>, trials: number): MeanOf {
  let mean = Number.NaN;
  let squares = 0;
  // Welford (1962): the squares never get large enough to lose the spread.
  for (let trial = 0; trial < trials; trial++) {
    const before = trial === 0 ? 0 : mean;
    const step = values[trial] - before;
    mean = before + step / (trial + 1);
    squares += step * (values[trial] - mean);
  }
  return { mean, standardError: trials < 2 ? Number.NaN : Math.sqrt(squares / (trials - 1) / trials) };
}

/**
 * The straight line through points by least squares, and their correlation.
 *
 * Missing  points with a NaN are left out; null if fewer than 2 are left or all have one x or one y.
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>) {
  let count = 0;
  let xMean = 0;
  let yMean = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let index = 0; index < x.length; index++) {
    if (Number.isNaN(x[index]) || Number.isNaN(y[index])) continue;
    count++;
    const dx = x[index] - xMean;
    const dy = y[index] - yMean;
    xMean += dx / count;
    yMean += dy / count;
    xx += dx * (x[index] - xMean);
    yy += dy * (y[index] - yMean);
    xy += dx * (y[index] - yMean);
  }
  if (count < 2 || !(xx > 0) || !(yy > 0)) return null;
  const slope = xy / xx;
  return { slope, intercept: yMean - slope * xMean, r: Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) };
}
