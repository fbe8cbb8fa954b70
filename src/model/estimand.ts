import { InputError } from "./inputError";
import { type Network, one } from "./network";
import { meanOutcome, meanSquareOutcome } from "./quadrature";

/** Rows of unequal weights are enumerated, 2^in-degree patterns each. */
const maxEnumerated = 16;

/**
 * What the trials estimate, known exactly: the other sources stay random, and the noise is N(0, 1).
 *
 * Shapes   effect: per arrow, aligned with network.source (a pair without an arrow has effect 0);
 *          outcomeVariance: per target, over perturbations and noise, without the rounding to 8 bits (which
 *          adds 1 / (6 · 255²), less than a ten-thousandth of it).
 * Units    effect: outcome (0…1) per perturbation; outcomeVariance: outcome².
 */
export interface Estimand {
  readonly effect: Float64Array;
  readonly outcomeVariance: Float64Array;
}

/**
 * Average causal effect of each arrow, and the variance of each target's outcome.
 *
 * Errors   InputError that names the row if its weights differ and there are more than 16 of them.
 * Source   Equal weights: the drive is binomial, so binomial × Gauss–Hermite. Unequal: every pattern.
 */
export function exactEffect(network: Network): Estimand {
  const effect = new Float64Array(network.source.length);
  const outcomeVariance = new Float64Array(network.neurons);
  const rowsOf = remembered((weight) => equalRows(weight / one));
  for (let target = 0; target < network.neurons; target++) {
    const start = network.rowStart[target];
    const weights = network.weight.subarray(start, network.rowStart[target + 1]);
    const first = weights.length > 0 ? weights[0] : 0;
    if (weights.every((weight) => weight === first)) {
      const row = rowsOf(first)(weights.length);
      effect.fill(row.effect, start, start + weights.length);
      outcomeVariance[target] = row.outcomeVariance;
    } else {
      if (weights.length > maxEnumerated)
        throw new InputError(
          `row ${target} of the network: ${weights.length} arrows of unequal weight; ` +
            `allowed for the exact effect: up to ${maxEnumerated}, or any number of equal weight`,
        );
      outcomeVariance[target] = enumerated(weights, effect.subarray(start));
    }
  }
  return { effect, outcomeVariance };
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
  readonly outcomeVariance: number;
}

/** All rows of one weight: they share the outcome at each count of active sources, and repeat in-degrees. */
function equalRows(weight: number): (inDegree: number) => EqualRow {
  const mean = remembered((active) => meanOutcome(weight * active));
  const meanSquare = remembered((active) => meanSquareOutcome(weight * active));
  return remembered((inDegree) => {
    const outcome = expectation(inDegree, mean);
    return {
      effect: inDegree === 0 ? 0 : expectation(inDegree - 1, (others) => mean(others + 1) - mean(others)),
      outcomeVariance: Math.max(0, expectation(inDegree, meanSquare) - outcome * outcome),
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
function expectation(n: number, f: (count: number) => number): number {
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

/** Fills in the effects of a row from all its patterns; returns its outcome variance. */
function enumerated(weights: Int32Array, effect: Float64Array): number {
  const patterns = 2 ** weights.length;
  const drive = new Float64Array(patterns);
  const gain = new Float64Array(weights.length);
  let sum = 0;
  let squares = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    const highest = 31 - Math.clz32(pattern);
    if (pattern > 0) drive[pattern] = drive[pattern - 2 ** highest] + weights[highest] / one;
    const outcome = meanOutcome(drive[pattern]);
    sum += outcome;
    squares += meanSquareOutcome(drive[pattern]);
    for (let i = 0; i < gain.length; i++) gain[i] += (pattern >> i) & 1 ? outcome : -outcome;
  }
  for (let i = 0; i < gain.length; i++) effect[i] = gain[i] / (patterns / 2);
  return Math.max(0, squares / patterns - (sum / patterns) ** 2);
}
