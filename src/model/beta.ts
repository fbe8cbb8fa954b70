import quantile from "@stdlib/stats-base-dists-normal-quantile";

/** Below this a shape parameter makes a tail that is a power over hundreds of orders of magnitude. */
const powerTail = 0.01;

const euler = 0.5772156649015329;

/** From here on both sides are nearly normal. */
const nearlyNormal = 1000;

/**
 * Quantiles of the Beta distribution with this mean and variance.
 *
 * Units    mean: 0…1; variance: below mean · (1 − mean), otherwise the result is 0 or 1 by chance.
 * Errors   2e-3 of the standard deviation; a fortieth of it where nearly all of the distribution is at 1.
 */
export function betaQuantile(mean: number, variance: number): (probability: number) => number {
  if (!(variance > 0)) return () => mean;
  const total = (mean * (1 - mean)) / variance - 1;
  if (!(total > 0)) return (probability) => (probability > 1 - mean ? 1 : 0);
  const alpha = mean * total;
  const beta = (1 - mean) * total;
  if (Math.min(alpha, beta) > nearlyNormal) {
    const skew = (2 * (beta - alpha) * Math.sqrt(total + 1)) / ((total + 2) * Math.sqrt(alpha * beta));
    return (probability) => {
      const z = quantile(probability, 0, 1);
      return mean + Math.sqrt(variance) * (z + (skew * (z * z - 1)) / 6);
    };
  }
  if (beta < powerTail && alpha > 1)
    // P(1 − U < x) is nearly (alpha · x)^beta / Γ(1 + beta), and ln Γ(1 + beta) nearly −Euler's constant · beta.
    return (probability) => 1 - Math.min(1, ((1 - probability) ** (1 / beta) / alpha) * Math.exp(-euler));
  return onLogits(alpha, beta);
}

/** The logit of U has a smooth density, exp(alpha · t) / (1 + exp t)^(alpha + beta): added up, and looked up. */
function onLogits(alpha: number, beta: number) {
  const tail = 30;
  const width = Math.sqrt(1 / alpha + 1 / beta);
  const low = Math.log(alpha / beta) - (tail / alpha + 12 * width);
  const high = Math.log(alpha / beta) + (tail / beta + 12 * width);
  const spacing = Math.min(1, width) / 16;
  const size = Math.ceil((high - low) / spacing);
  const softplus = (t: number) => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
  const logDensity = (t: number) => alpha * t - (alpha + beta) * softplus(t);
  const top = logDensity(Math.log(alpha / beta));
  // Midpoints: what is below the right end of each.
  const below = new Float64Array(size);
  let sum = 0;
  for (let index = 0; index < size; index++) {
    sum += Math.exp(logDensity(low + (index + 0.5) * spacing) - top);
    below[index] = sum;
  }
  return (probability: number): number => {
    const wanted = probability * sum;
    let first = 0;
    let last = size - 1;
    while (first < last) {
      const middle = (first + last) >> 1;
      if (below[middle] < wanted) first = middle + 1;
      else last = middle;
    }
    const before = first > 0 ? below[first - 1] : 0;
    const t = low + (first + (wanted - before) / (below[first] - before)) * spacing;
    return 1 / (1 + Math.exp(-t));
  };
}
