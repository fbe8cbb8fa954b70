import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { exactEffect } from "../../src/model/estimand";
import { type Estimates, estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { type Network, weightOf } from "../../src/model/network";
import { agreementWith, aurocInSteps, summarise } from "../../src/model/summary";
import { networkOf as makeNetwork } from "../../src/network";
import { allOf, networkOf, notebookNetwork } from "../support/networks";
import { sumsOf } from "../support/sums";

/** SciPy 1.17: stats.t.isf(0.025, 98), for the 100 trials below. */
const reach95 = 1.9844674545084817;

/** Every measure straight from its definition, over lists of pairs. */
function naive(estimates: Estimates, network: Network) {
  const exact = exactEffect(network);
  const pairs = [...estimates.effect.keys()]
    .map((pair) => {
      const target = Math.floor(pair / estimates.sources.length);
      const source = estimates.sources[pair % estimates.sources.length];
      const row = network.source.subarray(network.rowStart[target], network.rowStart[target + 1]);
      const at = row.indexOf(source);
      return {
        effect: estimates.effect[pair],
        error: estimates.effect[pair] - (at < 0 ? 0 : exact.effect[network.rowStart[target] + at]),
        standardError: estimates.standardError[pair],
        weight: weightOf(network, target, source),
      };
    })
    .filter(({ effect }) => !Number.isNaN(effect));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const effectMean = mean(pairs.map(({ effect }) => effect));
  const weightMean = mean(pairs.map(({ weight }) => weight));
  const covariance = mean(pairs.map(({ effect, weight }) => (effect - effectMean) * (weight - weightMean)));
  const effectVariance = mean(pairs.map(({ effect }) => (effect - effectMean) ** 2));
  const weightVariance = mean(pairs.map(({ weight }) => (weight - weightMean) ** 2));
  const arrows = pairs.filter(({ weight }) => weight !== 0);
  const others = pairs.filter(({ weight }) => weight === 0);
  const wins = arrows.flatMap((arrow) =>
    others.map((other) => {
      const lead = Math.abs(arrow.effect) - Math.abs(other.effect);
      return lead > 0 ? 1 : lead === 0 ? 0.5 : 0;
    }),
  );
  return {
    agreement: covariance / Math.sqrt(effectVariance * weightVariance),
    rmsError: Math.sqrt(mean(pairs.map(({ error }) => error ** 2))),
    coverage95: mean(
      pairs.map(({ error, standardError }) => (Math.abs(error) <= reach95 * standardError ? 1 : 0)),
    ),
    auroc: mean(wins),
    missing: estimates.effect.length - pairs.length,
  };
}

function estimatesOf(
  network: Network,
  sources: Uint32Array,
  seed: string,
  change = (value: number) => value,
) {
  const random = seedrandom(seed);
  const size = network.neurons * sources.length;
  return {
    trials: 100,
    freedom: new Float64Array(sources.length).fill(98),
    targets: network.neurons,
    sources,
    effect: Float64Array.from({ length: size }, () => change(random() - 0.45)),
    standardError: Float64Array.from({ length: size }, () => 0.3 * random()),
  };
}

const network = notebookNetwork(25, 7);

describe.each<[string, Uint32Array, ((value: number) => number)?]>([
  ["all sources", allOf(25)],
  ["chosen sources, in any order", Uint32Array.of(17, 3, 24, 8)],
  ["ties", allOf(25), (value) => Math.round(4 * value) / 4],
  ["missing pairs", allOf(25), (value) => (value > 0.3 ? Number.NaN : value)],
])("%s", (name, sources, change) => {
  const estimates = estimatesOf(network, sources, name, change);
  const got = summarise(estimates, network, exactEffect(network));
  const expected = naive(estimates, network);

  test.each(["agreement", "rmsError", "coverage95", "auroc", "missing"] as const)(
    "%s by its definition",
    (key) => {
      expect(got[key]).toBeCloseTo(expected[key], 12);
    },
  );

  test("agreement of any matrix", () => {
    expect(agreementWith(estimates.effect, sources, network)).toBe(got.agreement);
  });
});

test("the area in several steps is that of all pairs in their order, Mann & Whitney's U", () => {
  const large = makeNetwork(parseExperiment({ network: "in-degree", neurons: 5_000, inDegree: 20 }));
  const sources = Uint32Array.from({ length: 64 }, (_, column) => 70 * column);
  const estimates = estimatesOf(large, sources, "steps", (value) =>
    value > 0.5 ? Number.NaN : Math.round(1000 * value) / 1000,
  );
  const steps = aurocInSteps(estimates, large);
  let count = 0;
  let last = steps.next();
  for (; !last.done; last = steps.next()) count++;
  expect(count).toBeGreaterThanOrEqual(4);
  const pairs = [...estimates.effect]
    .map((effect, pair) => ({
      score: Math.abs(effect),
      isArrow: weightOf(large, Math.floor(pair / 64), sources[pair % 64]) !== 0,
    }))
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => a.score - b.score);
  let [ranks, arrows] = [0, 0];
  for (let from = 0; from < pairs.length; ) {
    let [to, wins] = [from, 0];
    for (; pairs[to]?.score === pairs[from].score; to++) if (pairs[to].isArrow) wins++;
    // Ties share the mean of their ranks, which begin at 1.
    ranks += (wins * (from + 1 + to)) / 2;
    arrows += wins;
    from = to;
  }
  expect(arrows).toBeGreaterThan(1000);
  const u = ranks - (arrows * (arrows + 1)) / 2;
  expect(last.value).toBeCloseTo(u / (arrows * (pairs.length - arrows)), 12);
  expect(last.value).toBe(summarise(estimates, large, exactEffect(large)).auroc);
});

test("row is the target: the transpose agrees less", () => {
  const weights = Float64Array.from({ length: 625 }, (_, pair) =>
    weightOf(network, Math.floor(pair / 25), pair % 25),
  );
  const transpose = weights.map((_, pair) => weights[(pair % 25) * 25 + Math.floor(pair / 25)]);
  expect(agreementWith(weights, allOf(25), network)).toBeCloseTo(1, 14);
  expect(agreementWith(transpose, allOf(25), network)).toBeLessThan(0.5);
});

test("an estimate without error: agreement of the exact effect, 0.99932 for the six neurons of seed 42", () => {
  const six = notebookNetwork(6, 42);
  const exact = exactEffect(six);
  const effect = new Float64Array(36);
  for (let target = 0; target < 6; target++) {
    for (let arrow = six.rowStart[target]; arrow < six.rowStart[target + 1]; arrow++)
      effect[target * 6 + six.source[arrow]] = exact.effect[arrow];
  }
  const estimates = {
    trials: 9,
    targets: 6,
    sources: allOf(6),
    effect,
    standardError: new Float64Array(36),
    freedom: new Float64Array(6).fill(7),
  };
  const summary = summarise(estimates, six, exact);
  expect(summary.agreement).toBeCloseTo(0.99932, 5);
  expect(summary).toMatchObject({ rmsError: 0, coverage95: 1, auroc: 1, missing: 0 });
});

test("nothing to compare with is null", () => {
  const of = (rows: number[][], effect: number[]) => {
    const some = networkOf(rows);
    const estimates = { ...estimatesOf(some, allOf(rows.length), "null"), effect: Float64Array.from(effect) };
    return summarise(estimates, some, exactEffect(some));
  };
  const noArrows = [
    [0, 0],
    [0, 0],
  ];
  const oneArrow = [
    [0, 0.5],
    [0, 0],
  ];
  expect(of(noArrows, [1, 2, 3, 4])).toMatchObject({ agreement: null, auroc: null, missing: 0 });
  expect(of([[0.5]], [1])).toMatchObject({ agreement: null, auroc: null });
  // The same number three times has a mean that is off by a bit; it is constant all the same.
  expect(of(oneArrow, [0.1, 0.1, 0.1, Number.NaN])).toMatchObject({
    agreement: null,
    auroc: 0.5,
    missing: 1,
  });
  expect(of(oneArrow, [1, Number.NaN, 2, 3])).toMatchObject({ agreement: null, auroc: null, missing: 1 });
  const none = new Array<number>(4).fill(Number.NaN);
  expect(of(oneArrow, none)).toEqual({
    agreement: null,
    rmsError: null,
    coverage95: null,
    auroc: null,
    missing: 4,
  });
});

test("two trials: effects, but no interval to judge", () => {
  const estimates = estimate(
    sumsOf(
      [
        [1, 0],
        [0, 1],
      ],
      [
        [255, 0],
        [51, 3],
      ],
    ),
  );
  const two = networkOf([
    [0, 0.5],
    [0, 0],
  ]);
  const summary = summarise(estimates, two, exactEffect(two));
  expect(summary.coverage95).toBeNull();
  expect(summary.rmsError).toBeGreaterThan(0);
});

test("estimates of other targets are refused", () => {
  const six = notebookNetwork(6, 42);
  expect(() => summarise(estimatesOf(six, allOf(6), "x"), network, exactEffect(network))).toThrow(RangeError);
});
