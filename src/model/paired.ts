import type { Group, RowOutcome } from "./row";

const steps = 255;

/** Standard deviation of a neuron's spontaneous state, sigmoid(ε), rounded to its steps. */
const spontaneousDeviation = 0.2082825;

/**
 * Variance of the difference of two trials that share the other sources, the noise and the rounding, one with the
 * source at 1 and one at 0. With d = sigmoid(y + w) − sigmoid(y), y the others' drive and the noise, d² follows from
 * the means in the arms, because the product of the two is a mixture of them; the shared rounding adds f (1 − f)
 * steps², f what d has beyond whole steps.
 *
 * Units    outcome².
 * Errors   below 1e-14 / weight, but for the rounding's part (itself below 4e-6): it takes y for normal.
 */
export function pairedVariance(groups: readonly Group[], group: number, row: RowOutcome): number {
  const { weight } = groups[group];
  if (weight === 0) return 0;
  const [low, high] = weight > 0 ? [row.off[group], row.on[group]] : [row.on[group], row.off[group]];
  const size = Math.abs(weight);
  // 1 / ((1 + u)(1 + uv)) = (1 / (1 + u) − v / (1 + uv)) / (1 − v), with u = exp(−y), v = exp(−|w|).
  const product = (low.mean - Math.exp(-size) * high.mean) / -Math.expm1(-size);
  const squares = low.square + high.square - 2 * product;
  const effect = row.effect[group];
  return Math.max(0, squares - effect * effect) + roundingPart(groups, group, size);
}

/** The noise's density, times a constant, from −8 to 8. */
const spacing = 1 / 16;
const density = Float64Array.from({ length: 16 / spacing + 1 }, (_, at) =>
  Math.exp(-((at * spacing - 8) ** 2) / 2),
);

function roundingPart(groups: readonly Group[], group: number, size: number): number {
  let mean = Math.min(0, groups[group].weight);
  let variance = 1;
  groups.forEach(({ weight, count }, index) => {
    const others = index === group ? count - 1 : count;
    mean += (weight * others) / 2;
    variance += others * (weight * spontaneousDeviation) ** 2;
  });
  const deviation = Math.sqrt(variance);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let sum = 0;
  for (let at = 0; at < density.length; at++) {
    const low = mean + deviation * (at * spacing - 8);
    const difference = steps * (sigmoid(low + size) - sigmoid(low));
    const beyond = difference - Math.floor(difference);
    sum += beyond * (1 - beyond) * density[at];
  }
  return (sum * spacing) / Math.sqrt(2 * Math.PI) / steps ** 2;
}
