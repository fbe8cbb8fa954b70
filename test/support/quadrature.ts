const points = 80;

/**
 * Gauss–Hermite quadrature for a standard normal: E f(ε) ≈ Σ weight · f(node).
 *
 * The orthonormal Hermite polynomials h₀…hₙ change sign as often between neighbours as hₙ has zeros above x;
 * bisecting that count finds each node. A weight is 1 / Σ h², a sum without cancellation.
 *
 * Shapes   node ascending, weight: [points].
 * Source   Golub & Welsch (1969); Szegő, Orthogonal Polynomials, ch. 3.
 */
export function gaussHermite(n: number): { node: Float64Array; weight: Float64Array } {
  const node = new Float64Array(n);
  const weight = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let low = -2 * Math.sqrt(n);
    let high = 2 * Math.sqrt(n);
    for (;;) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (hermite(n, middle).zerosAbove >= n - i) low = middle;
      else high = middle;
    }
    node[i] = high;
    weight[i] = 1 / hermite(n, high).squares;
  }
  // The rule is symmetric; bisection leaves the last bit of that to chance.
  for (let i = 0; i < n; i++) {
    const mirror = n - 1 - i;
    if (mirror < i) break;
    node[mirror] = (node[mirror] - node[i]) / 2;
    node[i] = -node[mirror];
    weight[i] = (weight[i] + weight[mirror]) / 2;
    weight[mirror] = weight[i];
  }
  return { node, weight };
}

function hermite(n: number, x: number) {
  let before = 0;
  let here = 1;
  let squares = 0;
  let zerosAbove = 0;
  for (let k = 0; k < n; k++) {
    squares += here * here;
    const next = (x * here - Math.sqrt(k) * before) / Math.sqrt(k + 1);
    if (next < 0 !== here < 0) zerosAbove++;
    before = here;
    here = next;
  }
  return { squares, zerosAbove };
}

const { node, weight } = gaussHermite(points);

/** Means of o, o², o³ and o⁴, where o = sigmoid(drive + ε), ε ~ N(0, 1); each to 1e-15. */
export function outcomeMoments(drive: number): Moments {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < points; i++) {
    const outcome = 1 / (1 + Math.exp(-drive - node[i]));
    const squared = outcome * outcome;
    first += weight[i] * outcome;
    second += weight[i] * squared;
    third += weight[i] * squared * outcome;
    fourth += weight[i] * squared * squared;
  }
  return [first, second, third, fourth];
}

export type Moments = readonly [number, number, number, number];

/** Mean of sigmoid(drive + ε), ε ~ N(0, 1). */
export const meanOutcome = (drive: number): number => outcomeMoments(drive)[0];

/** Mean of sigmoid(drive + ε)², ε ~ N(0, 1). */
export const meanSquareOutcome = (drive: number): number => outcomeMoments(drive)[1];
