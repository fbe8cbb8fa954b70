/** NumPy adds blocks of up to so many numbers with eight running sums; longer arrays are halved first. */
const block = 128;

/**
 * `np.sum` of a contiguous run of numbers, rounded as NumPy rounds it.
 *
 * Source   NumPy's DOUBLE_pairwise_sum; Higham (1993), The accuracy of floating point summation.
 */
export function pairwiseSum(values: Float64Array, from = 0, count = values.length): number {
  if (count > block) {
    const half = Math.floor(count / 2);
    const first = half - (half % 8);
    return pairwiseSum(values, from, first) + pairwiseSum(values, from + first, count - first);
  }
  const end = from + count;
  let sum = 0;
  let at = from;
  if (count >= 8) {
    let s0 = values[at];
    let s1 = values[at + 1];
    let s2 = values[at + 2];
    let s3 = values[at + 3];
    let s4 = values[at + 4];
    let s5 = values[at + 5];
    let s6 = values[at + 6];
    let s7 = values[at + 7];
    for (at += 8; at + 8 <= end; at += 8) {
      s0 += values[at];
      s1 += values[at + 1];
      s2 += values[at + 2];
      s3 += values[at + 3];
      s4 += values[at + 4];
      s5 += values[at + 5];
      s6 += values[at + 6];
      s7 += values[at + 7];
    }
    sum = s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
  }
  for (; at < end; at++) sum += values[at];
  return sum;
}

/** `np.mean` of the same; NaN of nothing. */
export const mean = (values: Float64Array, from = 0, count = values.length): number =>
  pairwiseSum(values, from, count) / count;

/** Deviations from the mean, as one term of correlations. */
export interface Centred {
  readonly deviation: Float64Array;
  /** Root of the sum of their squares; NaN for numbers that are all equal. */
  readonly length: number;
}

/** By their range, because rounding can leave equal numbers a variance, which NumPy then takes for one. */
export function centred(values: Float64Array): Centred {
  const centre = mean(values);
  const deviation = values.map((value) => value - centre);
  const isConstant = values.every((value) => value === values[0]);
  return { deviation, length: isConstant ? Number.NaN : Math.sqrt(dot(deviation, deviation)) };
}

/**
 * `np.corrcoef(a, b)[0, 1]`, to rounding: NumPy leaves the order of its sums to the machine's BLAS.
 *
 * Missing  NaN if either is constant or holds a NaN.
 */
export const correlation = (a: Centred, b: Centred): number =>
  Math.max(-1, Math.min(1, dot(a.deviation, b.deviation) / a.length / b.length));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
