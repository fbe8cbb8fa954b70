/** A change by less than a rounding changes nothing any more. */
const negligible = 2 ** -53;

/**
 * Chance that |T| is at least `ratio`, T of Student's t distribution: the two-sided p-value of an effect in standard
 * errors. Nothing is taken from 1 in the tail, so p keeps its digits there: right to 1e-13 of itself down to 1e-60
 * and to 1e-12 down to 1e-300, for any number of trials.
 *
 * Units    ratio: 0…∞; freedom: degrees of freedom, 1 or more.
 * Missing  NaN from NaN, and below 1 degree of freedom.
 * Source   Regularised incomplete beta function I(x; freedom / 2, ½) at x = freedom / (freedom + ratio²), DLMF 8.17:
 *          https://dlmf.nist.gov/8.17
 */
export function tailProbability(ratio: number, freedom: number): number {
  if (!(ratio >= 0 && freedom >= 1)) return Number.NaN;
  const square = ratio * ratio;
  if (square === Number.POSITIVE_INFINITY) return 0;
  return square < 3 ? 1 - centre(square, freedom) : tail(square, freedom);
}

/**
 * The ratio that |T| exceeds with probability `tail`: the inverse of tailProbability.
 *
 * Newton's steps on log p against log ratio, a curve that bends down everywhere: from the second step on they come
 * from the right and cannot overshoot.
 *
 * Units    tail: between 0 and 1, ends excluded; freedom: 1 or more.
 * Missing  NaN outside of these.
 */
export function tailQuantile(tail: number, freedom: number): number {
  if (!(tail > 0 && tail < 1 && freedom >= 1)) return Number.NaN;
  // Of a normal distribution's bound, p ≤ exp(−ratio² / 2).
  let ratio = Math.sqrt(-2 * Math.log(tail));
  const mostSteps = 100;
  for (let step = 0; step < mostSteps; step++) {
    const p = tailProbability(ratio, freedom);
    const slope = (-2 * ratio * density(ratio * ratio, freedom)) / p;
    const change = (Math.log(tail) - Math.log(p)) / slope;
    ratio *= Math.exp(change);
    if (Math.abs(change) < 8 * negligible) break;
  }
  return ratio;
}

/** P(T² < square), by the series of positive terms: DLMF 8.17.8 with 15.8.1. */
function centre(square: number, freedom: number): number {
  const x = square / (freedom + square);
  let term = 1;
  let sum = 1;
  for (let n = 0; term > negligible * sum; n++) {
    term *= (x * (freedom + 1 + 2 * n)) / (3 + 2 * n);
    sum += term;
  }
  return 2 * Math.sqrt(square) * density(square, freedom) * sum;
}

/**
 * P(T² ≥ square) by the continued fraction DLMF 8.17.22, of which every second convergent is taken, with a = freedom / 2
 * and b = ½. Its terms come near −1 where freedom is large; 1 + term is computed at once, without cancellation.
 *
 * Source   the loop is Lentz's, as modified by Thompson & Barnett (1986).
 */
function tail(square: number, freedom: number): number {
  const a = freedom / 2;
  const b = 1 / 2;
  const x = freedom / (freedom + square);
  const rest = square / (freedom + square);
  const even = (m: number) => (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  const onePlusOdd = (m: number) =>
    (a * (2 * m + 1 - b) + m * (3 * m + 2 - b) + (a + m) * (a + b + m) * rest) /
    ((a + 2 * m) * (a + 2 * m + 1));
  let odd = onePlusOdd(0);
  let c = odd;
  let d = 0;
  let fraction = 1 / c;
  for (let m = 1, change = 0; Math.abs(change - 1) > 2 * negligible; m++) {
    const top = (1 - odd) * even(m);
    odd = onePlusOdd(m);
    const bottom = even(m) + odd;
    c = bottom + top / c;
    d = 1 / (bottom + top * d);
    change = 1 / (c * d);
    fraction *= change;
  }
  return ((2 * Math.sqrt(square)) / freedom) * density(square, freedom) * fraction;
}

/** Density of T at √square. By log1p: a large freedom raises a number near 1 to a large power. */
function density(square: number, freedom: number): number {
  const fall = Math.exp((-(freedom + 1) / 2) * Math.log1p(square / freedom));
  return (gammaRatio(freedom / 2) / Math.sqrt(freedom * Math.PI)) * fall;
}

/** Γ(x + ½) / Γ(x): DLMF 5.11.13 where x is large, and from there down. */
function gammaRatio(x: number): number {
  if (x < 20) return (gammaRatio(x + 1) * x) / (x + 1 / 2);
  const series = [-1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432];
  return Math.sqrt(x) * (1 + series.reduceRight((sum, coefficient) => (sum + coefficient) / x, 0));
}
