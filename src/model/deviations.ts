import { certaintyOf } from "./estimate";
import { standardErrors95 } from "./summary";

/**
 * Two independent estimates of the same effects.
 *
 * Shapes   effect, standardError: aligned with each other, one a pair; freedom: degrees of, of a column's standard
 *          errors; without it these are known.
 * Missing  NaN.
 */
export interface Estimated {
  readonly effect: ArrayLike<number>;
  readonly standardError: ArrayLike<number>;
  readonly freedom?: ArrayLike<number>;
}

/**
 * How far two estimates of the same effects lie apart, z = (a − b) / √(SEa² + SEb²), and standard normal if both are
 * right, and right about their errors: errors that few trials tell are taken for what they are (`certaintyOf`, with
 * Welch's freedom of both together).
 *
 * Shapes   count [bins]: pairs with z from low + bin · width on; the two ends hold what lies beyond, too.
 * Units    rms, low, width: standard errors; outside: share of pairs beyond ±1.96.
 * Missing  pairs without an effect or an error in either are in none of the numbers; rms and outside are NaN
 *          without any pair.
 */
export interface Deviations {
  readonly pairs: number;
  readonly rms: number;
  readonly outside: number;
  readonly low: number;
  readonly width: number;
  readonly count: Uint32Array;
}

/** z of one pair; NaN where it is missing or both estimates know their effect exactly. */
export const deviation = (effectA: number, errorA: number, effectB: number, errorB: number): number => {
  const error = Math.hypot(errorA, errorB);
  return error > 0 ? (effectA - effectB) / error : NaN;
};

export function deviations(a: Estimated, b: Estimated): Deviations {
  const all = a.effect.length;
  const width = widthFor(all);
  const bins = Math.round((2 * reach) / width);
  const count = new Uint32Array(bins);
  let pairs = 0;
  let squares = 0;
  let beyond = 0;
  for (let pair = 0; pair < all; pair++) {
    const raw = deviation(a.effect[pair], a.standardError[pair], b.effect[pair], b.standardError[pair]);
    const freedom = freedomOfBoth(a, b, pair);
    const z =
      freedom === Number.POSITIVE_INFINITY ? raw : Math.sign(raw) * certaintyOf(Math.abs(raw), freedom);
    if (Number.isNaN(z)) continue;
    pairs++;
    squares += z * z;
    if (Math.abs(z) > standardErrors95) beyond++;
    count[Math.min(bins - 1, Math.max(0, Math.floor((z + reach) / width)))]++;
  }
  return { pairs, rms: Math.sqrt(squares / pairs), outside: beyond / pairs, low: -reach, width, count };
}

/** Welch (1947): two standard errors together are known at least as well as the worse of them. */
function freedomOfBoth(a: Estimated, b: Estimated, pair: number): number {
  const part = ({ standardError, freedom }: Estimated) => {
    const square = standardError[pair] ** 2;
    return [square, freedom ? square ** 2 / freedom[pair % freedom.length] : 0];
  };
  const [squareA, doubtA] = part(a);
  const [squareB, doubtB] = part(b);
  return (squareA + squareB) ** 2 / (doubtA + doubtB);
}

/** Standard errors to either side that a histogram shows. */
const reach = 5;

/** Narrow bins for many pairs, wide ones for few, so that a histogram is neither ragged nor coarse. */
const widthFor = (pairs: number): number => (pairs < 1000 ? 0.5 : pairs < 50_000 ? 0.25 : 0.125);

/**
 * Probability that a standard normal number lies between two.
 *
 * Source   composite Simpson's rule of the density, 40 pieces: to 1e-9 for a bar, and for a tail to its end at 8.
 */
export function normalPart(low: number, high: number): number {
  const [from, to] = [Math.max(-8, low), Math.min(8, high)];
  if (to <= from) return 0;
  const pieces = 2 * Math.ceil(Math.max(20, 10 * (to - from)));
  const width = (to - from) / pieces;
  let sum = 0;
  for (let piece = 0; piece <= pieces; piece++) {
    const weight = piece === 0 || piece === pieces ? 1 : piece % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((from + piece * width) ** 2) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
