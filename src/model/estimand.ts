import { InputError } from "./inputError";
import { type Network, one } from "./network";
import { type Moments, outcomeMoments } from "./quadrature";

/** Rows of unequal weights are enumerated, 2^in-degree patterns each. */
const maxEnumerated = 16;

/**
 * What the trials estimate, known exactly: the other sources stay random, and the noise is N(0, 1).
 *
 * Shapes   effect: per arrow, aligned with network.source (a pair without an arrow has effect 0);
 *          outcomeVariance, outcomeFourth: per target, second and fourth central moment of one outcome over
 *          perturbations and noise, without the rounding to 8 bits (which adds 1 / (6 · 255²), less than a
 *          ten-thousandth of the variance).
 * Units    effect: outcome (0…1) per perturbation; outcomeVariance: outcome²; outcomeFourth: outcome⁴.
 */
export interface Estimand {
  readonly effect: Float64Array;
  readonly outcomeVariance: Float64Array;
  readonly outcomeFourth: Float64Array;
}

/**
 * Average causal effect of each arrow, and how each target's outcome scatters.
 *
 * Errors   InputError that names the row if its weights differ and there are more than 16 of them.
 * Source   Equal weights: the drive is binomial, so binomial × Gauss–Hermite. Unequal: every pattern.
 */
export function exactEffect(network: Network): Estimand {
  const effect = new Float64Array(network.source.length);
  const outcomeVariance = new Float64Array(network.neurons);
  const outcomeFourth = new Float64Array(network.neurons);
  const rowsOf = remembered((weight) => equalRows(weight / one));
  for (let target = 0; target < network.neurons; target++) {
    const start = network.rowStart[target];
    const weights = network.weight.subarray(start, network.rowStart[target + 1]);
    const first = weights.length > 0 ? weights[0] : 0;
    let scatter: Scatter;
    if (weights.every((weight) => weight === first)) {
      const row = rowsOf(first)(weights.length);
      effect.fill(row.effect, start, start + weights.length);
      scatter = row.scatter;
    } else {
      if (weights.length > maxEnumerated)
        throw new InputError(
          `row ${target} of the network: ${weights.length} arrows of unequal weight; ` +
            `allowed for the exact effect: up to ${maxEnumerated}, or any number of equal weight`,
        );
      scatter = enumerated(weights, effect.subarray(start));
    }
    outcomeVariance[target] = scatter.variance;
    outcomeFourth[target] = scatter.fourth;
  }
  return { effect, outcomeVariance, outcomeFourth };
}

/**
 * Average causal effect of one of `inDegree` sources of the same weight.
 *
 * Units    weight: drive per perturbation, not rounded; effect: outcome per perturbation.
 */
export const equalWeightEffect = (inDegree: number, weight: number): number =>
  equalRows(weight)(inDegree).effect;

interface EqualRow {
  readonly effect: number;
  readonly scatter: Scatter;
}

interface Scatter {
  readonly variance: number;
  readonly fourth: number;
}

/** Central moments; what rounding leaves below its bound, 0 and the variance squared, is put there. */
function scatterOf([first, second, third, fourth]: Moments): Scatter {
  const variance = Math.max(0, second - first * first);
  const central = fourth - 4 * third * first + 6 * second * first ** 2 - 3 * first ** 4;
  return { variance, fourth: Math.max(variance * variance, central) };
}

/** All rows of one weight: they share the outcome at each count of active sources, and repeat in-degrees. */
function equalRows(weight: number): (inDegree: number) => EqualRow {
  const at = remembered((active) => outcomeMoments(weight * active));
  return remembered((inDegree) => {
    const moment = (index: number) => binomialMean(inDegree, (active) => at(active)[index]);
    return {
      effect: inDegree === 0 ? 0 : binomialMean(inDegree - 1, (others) => at(others + 1)[0] - at(others)[0]),
      scatter: scatterOf([moment(0), moment(1), moment(2), moment(3)]),
    };
  });
}

function remembered<Value>(compute: (key: number) => Value): (key: number) => Value {
  const known = new Map<number, Value>();
  return (key) => {
    const already = known.get(key);
    if (already !== undefined) return already;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/**
 * E f(K) for K ~ Binomial(n, ½). Shares are taken relative to the likeliest count and followed outwards until
 * they no longer matter, so nothing over- or underflows and 100,000 sources cost a few thousand counts.
 */
export function binomialMean(n: number, f: (count: number) => number): number {
  const negligible = 1e-20;
  const likeliest = n >> 1;
  let shares = 1;
  let sum = f(likeliest);
  const visit = (count: number, share: number) => {
    shares += share;
    sum += share * f(count);
  };
  let share = 1;
  for (let count = likeliest; count < n && share > negligible; visit(++count, share))
    share *= (n - count) / (count + 1);
  share = 1;
  for (let count = likeliest; count > 0 && share > negligible; visit(--count, share))
    share *= count / (n - count + 1);
  return sum / shares;
}

/** Fills in the effects of a row from all its patterns; returns how its outcome scatters. */
function enumerated(weights: Int32Array, effect: Float64Array): Scatter {
  const patterns = 2 ** weights.length;
  const drive = new Float64Array(patterns);
  const gain = new Float64Array(weights.length);
  const sum = new Float64Array(4);
  for (let pattern = 0; pattern < patterns; pattern++) {
    const highest = 31 - Math.clz32(pattern);
    if (pattern > 0) drive[pattern] = drive[pattern - 2 ** highest] + weights[highest] / one;
    const moments = outcomeMoments(drive[pattern]);
    for (let i = 0; i < sum.length; i++) sum[i] += moments[i] / patterns;
    for (let i = 0; i < gain.length; i++) gain[i] += (pattern >> i) & 1 ? moments[0] : -moments[0];
  }
  for (let i = 0; i < gain.length; i++) effect[i] = gain[i] / (patterns / 2);
  return scatterOf([sum[0], sum[1], sum[2], sum[3]]);
}
