import { describe, expect, test } from "vitest";
import { equalWeightEffect, exactEffect } from "../../src/model/estimand";
import { InputError } from "../../src/model/inputError";
import { type Network, one } from "../../src/model/network";
import { createConnectivity } from "../../src/replay/connectivity";
import { knownAnswers } from "../support/kat";
import { networkOf, notebookNetwork } from "../support/networks";

interface Exact {
  readonly n: number;
  readonly seed: number;
  readonly scale: number;
  readonly edges_target_source_effect: [number, number, number][];
}

describe("the oracle's exact effects", () => {
  const { networks } = knownAnswers<{ networks: Exact[] }>("exact_effect");

  test.each(networks)("$n neurons, seed $seed: to 1e-9 at the weight before rounding", (exact) => {
    const { wiring, weight } = createConnectivity(exact.n, exact.seed);
    expect(Math.abs(weight / exact.scale - 1)).toBeLessThan(1e-12);
    expect(exact.edges_target_source_effect.length).toBe(wiring.source.length);
    exact.edges_target_source_effect.forEach(([target, source, effect], arrow) => {
      expect(wiring.source[arrow]).toBe(source);
      expect(arrow).toBeGreaterThanOrEqual(wiring.rowStart[target]);
      expect(arrow).toBeLessThan(wiring.rowStart[target + 1]);
      const got = equalWeightEffect(wiring.rowStart[target + 1] - wiring.rowStart[target], weight);
      expect(Math.abs(got - effect)).toBeLessThan(1e-9);
    });
  });

  test.each(networks)(
    "$n neurons, seed $seed: arrow by arrow, as near as the rounded weight allows",
    (exact) => {
      const { effect } = exactEffect(notebookNetwork(exact.n, exact.seed));
      // The outcome rises by at most ¼ per drive, and the weight is off by half a step of the grid at most.
      exact.edges_target_source_effect.forEach(([, , expected], arrow) => {
        expect(Math.abs(effect[arrow] - expected)).toBeLessThan(0.25 * (0.5 / one));
      });
    },
  );
});

/** Every pattern of a row's sources, the noise by the trapezoid rule: shares nothing with the code under test. */
function bruteForce(weights: readonly number[]) {
  const step = 0.25;
  const mean = (drive: number, power: number) => {
    let sum = 0;
    for (let e = -12; e <= 12; e += step) sum += Math.exp(-e * e * 0.5) / (1 + Math.exp(-drive - e)) ** power;
    return (sum * step) / Math.sqrt(2 * Math.PI);
  };
  const patterns = 2 ** weights.length;
  const bit = (pattern: number, i: number) => Math.floor(pattern / 2 ** i) % 2;
  const average = (power: number, kept: (pattern: number) => boolean) => {
    let sum = 0;
    let count = 0;
    for (let pattern = 0; pattern < patterns; pattern++) {
      if (!kept(pattern)) continue;
      count++;
      sum += mean(
        weights.reduce((drive, weight, i) => drive + weight * bit(pattern, i), 0),
        power,
      );
    }
    return sum / count;
  };
  const raw = [1, 2, 3, 4].map((power) => average(power, () => true));
  return {
    effect: weights.map(
      (_, i) =>
        average(1, (pattern) => bit(pattern, i) === 1) - average(1, (pattern) => bit(pattern, i) === 0),
    ),
    variance: raw[1] - raw[0] ** 2,
    fourth: raw[3] - 4 * raw[2] * raw[0] + 6 * raw[1] * raw[0] ** 2 - 3 * raw[0] ** 4,
  };
}

describe.each<[string, number[]]>([
  ["no arrows", []],
  ["one", [0.75]],
  ["equal", [0.5, 0.5, 0.5, 0.5, 0.5]],
  ["equal and negative", [-0.5, -0.5, -0.5]],
  ["unequal", [0.5, -1.25, 2, 0.125]],
  ["one of them without weight", [0.5, 0.5, -0.5, 0.5]],
  ["nearly saturated", [3, 3, 3, 3]],
])("a row of %s", (_, weights) => {
  test("is what all its patterns say", () => {
    const neurons = Math.max(1, weights.length);
    const rows = Array.from({ length: neurons }, (_, target) => (target === 0 ? weights : []));
    const got = exactEffect(networkOf(rows));
    const expected = bruteForce(weights);
    expect(got.effect.length).toBe(weights.length);
    expected.effect.forEach((effect, i) => {
      expect(Math.abs(got.effect[i] - effect)).toBeLessThan(1e-14);
    });
    expect(Math.abs(got.outcomeVariance[0] - expected.variance)).toBeLessThan(1e-14);
    expect(Math.abs(got.outcomeFourth[0] - expected.fourth)).toBeLessThan(1e-14);
  });
});

test("a source of weight 0 among unequal ones has no effect, and the rest are as without it", () => {
  const silent: Network = {
    neurons: 3,
    rowStart: Uint32Array.of(0, 3, 3, 3),
    source: Uint32Array.of(0, 1, 2),
    weight: Int32Array.of(one / 2, 0, one / 2),
  };
  const { effect } = exactEffect(silent);
  expect(effect[1]).toBeCloseTo(0, 15);
  expect(effect[0]).toBeCloseTo(equalWeightEffect(2, 0.5), 14);
});

test.each([1000, 100_000])("in-degree %i: as a normal drive of the same mean and variance", (inDegree) => {
  const weight = 1 / (1.01 * inDegree);
  const others = inDegree - 1;
  const deviation = Math.sqrt(1 + (weight * weight * others) / 4);
  const step = 0.1;
  let expected = 0;
  for (let i = -100; i <= 100; i++) {
    const drive = (weight * others) / 2 + deviation * i * step;
    const gain = 1 / (1 + Math.exp(-drive - weight)) - 1 / (1 + Math.exp(-drive));
    expected += (gain * step * Math.exp(-((i * step) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  }
  expect(equalWeightEffect(inDegree, weight) / expected).toBeCloseTo(1, 9);
});

test("no arrows: nothing, and the variance of noise alone", () => {
  expect(equalWeightEffect(0, 0.5)).toBe(0);
  expect(equalWeightEffect(5, 0)).toBe(0);
});

test("more unequal weights than can be enumerated are refused by row", () => {
  const rows = [[], Array.from({ length: 17 }, (_, i) => (i + 1) / 32), ...new Array<number[]>(15).fill([])];
  const refused = () => exactEffect(networkOf(rows));
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(
    "row 1 of the network: 17 arrows of unequal weight; allowed for the exact effect: up to 16",
  );
});
