import { betaQuantile } from "./beta";
import type { pairsOf } from "./pairs";
import type { Band } from "./predict";

/** Pairs whose scores have nearly one distribution. */
interface PairClass {
  count: number;
  /** |effect| and scatter, sums over the class until it is complete, then means. */
  effect: number;
  scatter: number;
}

/** Arrows are sorted into so many sizes of effect, and all pairs into so many scatters. */
const sizes = 64;
const scatters = 6;

/**
 * Area under the receiver operating characteristic of |effect|, before the trials are run: the chance that a random
 * arrow's |effect| is above a random other pair's.
 *
 * Errors of the effects are taken as independent and normal. The mean is that of P(|X| > |Y|), X an arrow's effect
 * and Y another's; the variance over runs, with the wiring fixed, follows from what each effect does to the area
 * (projections on one effect at a time, and what two of them do together). The distribution is then taken as Beta,
 * widened by half a step: the area moves by 1 / (arrows × others).
 *
 * Returns  a function of `inverseArms`; null without arrows, or without other pairs.
 * Errors   below 1e-3 in the mean: pairs are counted in classes, and scores on a grid.
 * Source   Hanley & McNeil (1982) for the variance; Hájek (1968) for projections.
 */
export function areaPredictor(eachPair: ReturnType<typeof pairsOf>): (inverseArms: number) => Band | null {
  const { arrows, others } = classesOf(eachPair);
  if (arrows.length === 0 || others.length === 0) return () => null;
  return (inverseArms) => {
    const { mean, variance, step } = others.every(({ scatter }) => scatter === 0)
      ? silentOthers(arrows, others, inverseArms)
      : areaMoments(arrows, others, inverseArms);
    const quantile = betaQuantile(mean, variance);
    const inside = (value: number) => Math.max(0, Math.min(1, value));
    return {
      expected: inside(quantile(0.5)),
      low: inside(quantile(0.025) - step / 2),
      high: inside(quantile(0.975) + step / 2),
    };
  };
}

const numberOf = (classes: readonly PairClass[]) => classes.reduce((sum, { count }) => sum + count, 0);

function classesOf(eachPair: ReturnType<typeof pairsOf>) {
  let largest = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  eachPair((_, weight, effect, scatter) => {
    if (weight !== 0) largest = Math.max(largest, Math.abs(effect));
    low = Math.min(low, scatter);
    high = Math.max(high, scatter);
  });
  const part = (value: number, from: number, to: number, parts: number) =>
    to > from ? Math.min(parts - 1, Math.floor(((value - from) / (to - from)) * parts)) : 0;
  const arrows = new Map<number, PairClass>();
  const others = new Map<number, PairClass>();
  eachPair((count, weight, effect, scatter) => {
    const classes = weight === 0 ? others : arrows;
    const size = Math.abs(effect);
    const key = part(size, 0, largest, sizes) * scatters + part(scatter, low, high, scatters);
    const found = classes.get(key) ?? { count: 0, effect: 0, scatter: 0 };
    found.count += count;
    found.effect += count * size;
    found.scatter += count * scatter;
    classes.set(key, found);
  });
  const complete = (classes: Map<number, PairClass>): PairClass[] =>
    [...classes.values()].map(({ count, effect, scatter }) => ({
      count,
      effect: effect / count,
      scatter: scatter / count,
    }));
  return { arrows: complete(arrows), others: complete(others) };
}

/** Φ to 1e-7. Source: Abramowitz & Stegun 26.2.17. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return z < 0 ? tail : 1 - tail;
}

/** Scores are tabulated up to so many of the largest standard errors, that finely. */
const reach = 8;
const perError = 40;

/** Standard errors of an effect from its middle, and how likely: midpoints, so that the ends do not matter. */
const errors = (() => {
  const spacing = 0.1;
  const at = Array.from({ length: 100 }, (_, index) => (index - 49.5) * spacing);
  const density = at.map((epsilon) => Math.exp((-epsilon * epsilon) / 2));
  const all = density.reduce((sum, value) => sum + value, 0);
  return at.map((epsilon, index) => ({ epsilon, share: density[index] / all }));
})();

function areaMoments(arrows: readonly PairClass[], others: readonly PairClass[], inverseArms: number) {
  const deviation = ({ scatter }: PairClass) => Math.sqrt(inverseArms * scatter);
  const scale = Math.max(...arrows.map(deviation), ...others.map(deviation));
  const spacing = scale / perError;
  const arrowCount = numberOf(arrows);
  const otherCount = numberOf(others);

  const tabulate = (classes: readonly PairClass[], all: number) =>
    Float64Array.from({ length: reach * perError + 1 }, (_, index) => {
      const score = index * spacing;
      let below = 0;
      for (const one of classes) {
        const error = deviation(one);
        const share = one.count / all;
        if (error > 0)
          below +=
            share * (normalBelow((score - one.effect) / error) - normalBelow((-score - one.effect) / error));
        else if (one.effect < score) below += share;
        else if (one.effect === score) below += share / 2;
      }
      return below;
    });
  const read = (table: Float64Array, score: number) => {
    const place = score / spacing;
    const knot = Math.floor(place);
    if (knot >= table.length - 1) return 1;
    return table[knot] + (place - knot) * (table[knot + 1] - table[knot]);
  };
  const othersBelow = tabulate(others, otherCount);
  const arrowsBelow = tabulate(arrows, arrowCount);

  /** Of a class: mean, and variance over the error of one effect, of the share of others that are below it. */
  const projection = (one: PairClass, table: Float64Array) => {
    const error = deviation(one);
    let mean = 0;
    let square = 0;
    for (const { epsilon, share } of errors) {
      const below = read(table, Math.abs(one.effect + error * epsilon));
      mean += share * below;
      square += share * below * below;
    }
    return { mean, variance: Math.max(0, square - mean * mean) };
  };
  let mean = 0;
  let chance = 0;
  let fromArrows = 0;
  for (const one of arrows) {
    const share = one.count / arrowCount;
    const below = projection(one, othersBelow);
    mean += share * below.mean;
    chance += share * below.mean * (1 - below.mean);
    fromArrows += share * below.variance;
  }
  let fromOthers = 0;
  for (const one of others) fromOthers += (one.count / otherCount) * projection(one, arrowsBelow).variance;
  const together = Math.max(0, chance - fromArrows - fromOthers);
  const step = 1 / (arrowCount * otherCount);
  return { mean, variance: fromArrows / arrowCount + fromOthers / otherCount + step * together, step };
}

/**
 * In the design `same-noise` other pairs have an effect of exactly 0, and an arrow is above them all unless rounding
 * has swallowed every one of its differences: one of less than a step is swallowed with the chance that it lacks.
 */
function silentOthers(arrows: readonly PairClass[], others: readonly PairClass[], inverseArms: number) {
  const pairsOfTrials = Math.max(1, 4 / inverseArms / 2);
  const arrowCount = numberOf(arrows);
  let lost = 0;
  let variance = 0;
  for (const { count, effect } of arrows) {
    const swallowed = Math.max(0, 1 - 255 * effect) ** pairsOfTrials;
    lost += (count / arrowCount) * swallowed;
    variance += (count / arrowCount ** 2) * (swallowed * (1 - swallowed)) * 0.25;
  }
  return { mean: 1 - lost / 2, variance, step: 1 / (arrowCount * numberOf(others)) };
}
