/** Arrows of larger weight than this have no series. */
export const largestInSeries = 0.25;

/** Highest power of the weight: what is left out is below (weight / π)^17 · 10³, 4e-16 at the largest weight. */
export const powers = 16;

/**
 * What an arrow does to a mean over its target's drive, as power series in z = weight · d/d drive.
 *
 * With X the source's state, an arrow multiplies the characteristic function by φ(θ) = E exp(iθX), z = iθ. Series are
 * in z, so all coefficients are real; they converge for |z| < π whatever the state's distribution on 0…1, because
 * the real part of E exp(z (X − ½)) has no zero before.
 *
 * Shapes   [powers + 1], from the power 0.
 */
export interface ArrowSeries {
  /** log φ: independent arrows add up. */
  readonly logarithm: Float64Array;
  /** 1 / φ takes the arrow's source out, which leaves it at 0. */
  readonly off: Float64Array;
  /** (exp z − 1) / φ: at 1 less at 0. */
  readonly effect: Float64Array;
}

/**
 * Of an arrow whose source is set with the chance `share`, to 1 with `probability`, and has one of its spontaneous
 * states otherwise.
 *
 * Shapes   states: shares of the spontaneous states, evenly spaced from 0 to 1.
 */
export function arrowSeries(probability: number, share: number, states: Float64Array): ArrowSeries {
  const one = Float64Array.from({ length: powers + 1 }, (_, power) => (power === 0 ? 1 : 0));
  // Told from the middle of the state's range, which keeps the powers small.
  const about = (place: number) => {
    const series = one.slice();
    for (let power = 1; power <= powers; power++) series[power] = (series[power - 1] * place) / power;
    return series;
  };
  const [low, high] = [about(-0.5), about(0.5)];
  const state = Float64Array.from(
    one,
    (_, power) => share * (probability * high[power] + (1 - probability) * low[power]),
  );
  if (share < 1) {
    states.forEach((part, step) => {
      const at = about(step / (states.length - 1) - 0.5);
      for (let power = 0; power <= powers; power++) state[power] += (1 - share) * part * at[power];
    });
  }
  const logarithm = logarithmOf(state);
  logarithm[1] += 0.5;
  return {
    logarithm,
    off: quotient(low, state),
    effect: quotient(
      high.map((value, power) => value - low[power]),
      state,
    ),
  };
}

/** The coefficients of a / b; of b, the first is 1. */
function quotient(a: Float64Array, b: Float64Array): Float64Array {
  const result = a.slice();
  for (let power = 1; power <= powers; power++)
    for (let lower = 0; lower < power; lower++) result[power] -= result[lower] * b[power - lower];
  return result;
}

/** From b′ = b · (log b)′; of b, the first coefficient is 1. */
function logarithmOf(b: Float64Array): Float64Array {
  const result = new Float64Array(powers + 1);
  for (let power = 1; power <= powers; power++) {
    let sum = power * b[power];
    for (let lower = 1; lower < power; lower++) sum -= lower * result[lower] * b[power - lower];
    result[power] = sum / power;
  }
  return result;
}
