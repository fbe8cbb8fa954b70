import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { exactEffect } from "../../src/model/estimand";
import { Judge } from "../../src/model/judge";
import { recover } from "../../src/model/recovery";
import { summarise } from "../../src/model/summary";
import { Thinner } from "../../src/model/thin";
import { allOf, networkOf, notebookNetwork } from "../support/networks";

/** 12 × 12 pairs with ties and weights of both signs; the NumPy below builds the same. */
function tied(change: (weight: number) => number, keep = (_: number) => true) {
  const weightAt = (i: number) => (i % 3 === 0 ? (((i * 13) % 5) - 2) / 4 : 0);
  const rows = Array.from({ length: 12 }, (_, target) =>
    Array.from({ length: 12 }, (_, source) => change(weightAt(12 * target + source))),
  );
  const network = networkOf(rows);
  const effect = Float64Array.from({ length: 144 }, (_, i) =>
    keep(i) ? Math.round(((i * 7919) % 41) - 20 + 12 * weightAt(i)) / 50 : Number.NaN,
  );
  const standardError = new Float64Array(144).fill(0.1);
  return {
    network,
    estimates: {
      trials: 100,
      freedom: new Float64Array(12).fill(98),
      targets: 12,
      sources: allOf(12),
      effect,
      standardError,
    },
  };
}

describe("against SciPy", () => {
  // NumPy 2.4, SciPy 1.17: i = np.arange(144); weight = np.where(i % 3 == 0, ((i * 13) % 5 - 2) / 4, 0)
  // effect = np.round((i * 7919) % 41 - 20 + 12 * weight) / 50; score = abs(effect); arrow = weight != 0
  // spearman: stats.spearmanr(effect, weight).statistic
  // roc: stats.mannwhitneyu(score[arrow], score[~arrow]).statistic / (arrow.sum() * (~arrow).sum())
  // precision and recall by scikit-learn's definition of average_precision_score:
  // t = np.unique(score)[::-1]; tp = np.array([(score[arrow] >= x).sum() for x in t])
  // n = np.array([(score >= x).sum() for x in t]); np.sum(np.diff(np.r_[0, tp / arrow.sum()]) * tp / n)
  test.each([
    ["weights of both signs", (weight: number) => weight, 0.13930025538868093],
    ["equal weights", (weight: number) => (weight === 0 ? 0 : 0.5), -0.020682773610649845],
  ])("%s", (_, change, spearman) => {
    const { network, estimates } = tied(change);
    const found = recover(estimates, network, exactEffect(network));
    expect(found.spearman).toBeCloseTo(spearman, 13);
    expect(found.detection?.roc.area).toBeCloseTo(0.5267399267399268, 13);
    expect(found.detection?.precisionRecall.area).toBeCloseTo(0.31171449117268174, 13);
  });
});

test("missing pairs are left out of everything", () => {
  // Neuron 3 is hidden: its row and its column are missing, as if the network had 11 neurons.
  const seen = (i: number) => Math.floor(i / 12) !== 3 && i % 12 !== 3;
  const { network, estimates } = tied((weight) => weight, seen);
  const left = allOf(144).filter(seen);
  const weightAt = (i: number) => (i % 3 === 0 ? (((i * 13) % 5) - 2) / 4 : 0);
  const others = [...allOf(12)].filter((neuron) => neuron !== 3);
  const smaller = networkOf(others.map((target) => others.map((source) => weightAt(12 * target + source))));
  const fewer = {
    ...estimates,
    targets: 11,
    sources: allOf(11),
    effect: Float64Array.from(left, (i) => estimates.effect[i]),
    standardError: estimates.standardError.slice(0, 121),
  };
  const got = recover(estimates, network, exactEffect(network));
  // The exact effects differ, as the hidden neuron moves the others: coverage is another question.
  const { interval: _, ...expected } = recover(fewer, smaller, exactEffect(smaller));
  expect(got).toMatchObject(expected);
  expect(got.discoveries.tested).toBe(121);
});

test("area under the ROC as in the summary; the drawn curves have the areas", () => {
  const network = notebookNetwork(100, 3);
  const random = seedrandom("roc");
  const exact = exactEffect(network);
  const effect = Float64Array.from({ length: 10_000 }, () => (random() + random() + random() - 1.5) / 9);
  for (let target = 0; target < 100; target++)
    for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++)
      effect[100 * target + network.source[arrow]] += exact.effect[arrow];
  const estimates = {
    trials: 2500,
    freedom: new Float64Array(100).fill(2498),
    targets: 100,
    sources: allOf(100),
    effect,
    standardError: new Float64Array(10_000).fill(0.055),
  };
  const { detection } = recover(estimates, network, exact);
  if (!detection) throw new Error("there are arrows and others");
  const { roc, precisionRecall } = detection;
  expect(roc.area).toBeCloseTo(summarise(estimates, network, exact).auroc ?? Number.NaN, 13);
  expect(roc.truePositiveRate.length).toBeLessThanOrEqual(256);
  expect(precisionRecall.recall.length).toBeLessThanOrEqual(256);
  const area = (x: Float64Array, y: Float64Array) =>
    x.slice(1).reduce((sum, right, index) => sum + ((right - x[index]) * (y[index] + y[index + 1])) / 2, 0);
  expect(area(roc.falsePositiveRate, roc.truePositiveRate)).toBeCloseTo(roc.area, 3);
  expect(area(precisionRecall.recall, precisionRecall.precision)).toBeCloseTo(precisionRecall.area, 2);
  expect([roc.falsePositiveRate[0], roc.truePositiveRate[0]]).toEqual([0, 0]);
  expect([roc.falsePositiveRate.at(-1), roc.truePositiveRate.at(-1)]).toEqual([1, 1]);
  expect(precisionRecall.recall.at(-1)).toBe(1);
});

test("counts of intervals, false positives and discoveries", () => {
  const network = networkOf([
    [0, 0.5, 0],
    [0.5, 0, 0],
    [0, 0, 0],
  ]);
  const exact = exactEffect(network);
  const one = exact.effect[0];
  const estimates = {
    trials: 100,
    freedom: new Float64Array(3).fill(98),
    targets: 3,
    sources: allOf(3),
    effect: Float64Array.of(0.001, one, 0.03, one + 0.03, 0, Number.NaN, 0.1, 0.018, -0.019),
    standardError: Float64Array.of(0.01, 0.01, 0.01, 0.01, 0, 0.01, 0.01, 0.01, Number.NaN),
  };
  expect(recover(estimates, network, exact, { level: 0.9, rate: 0.01 })).toMatchObject({
    interval: { level: 0.9, coverage: 3 / 7 },
    falsePositives: { level: 0.9, pairs: 5, count: 3, share: 3 / 5 },
    discoveries: { tested: 7, claimed: 4, true: 2, false: 2, missed: 0, falseShare: 1 / 2 },
  });
  expect(recover(estimates, network, exact, { level: 0.95, rate: 1e-6 })).toMatchObject({
    interval: { level: 0.95, coverage: 4 / 7 },
    falsePositives: { count: 2, share: 2 / 5 },
    discoveries: { claimed: 3, true: 2, false: 1, falseShare: 1 / 3 },
  });
  // What a judge of any level says of 95 % is of 95 %.
  const judge = new Judge(network, exact, 0.9);
  judge.add(estimates);
  expect([judge.covered, judge.coverage95]).toEqual([3, 4 / 7]);
  // Neurons 1 and 2 alone: the arrow 1 → 0 stands in the first column, 0 → 1 in none.
  const some = {
    ...estimates,
    ...{ sources: Uint32Array.of(1, 2), freedom: new Float64Array(2).fill(98) },
    effect: Float64Array.of(one, 0.01, 0, Number.NaN, 0.018, -0.019),
    standardError: Float64Array.of(0.01, 0.01, 0, 0.01, 0.01, Number.NaN),
  };
  expect(recover(some, network, exact, { level: 0.9, rate: 0.01 })).toMatchObject({
    falsePositives: { pairs: 3, count: 1 },
    discoveries: { tested: 4, claimed: 1, true: 1, false: 0, missed: 0 },
  });
});

test("what cannot be known is null", () => {
  const none = networkOf([
    [0, 0],
    [0, 0],
  ]);
  const estimates = (effect: number[], standardError = 1, trials = 100) => ({
    trials,
    freedom: new Float64Array(2).fill(Math.max(0, trials - 2)),
    targets: 2,
    sources: allOf(2),
    effect: Float64Array.from(effect),
    standardError: new Float64Array(4).fill(standardError),
  });
  expect(recover(estimates([1, 2, 3, 4]), none, exactEffect(none))).toMatchObject({
    spearman: null,
    detection: null,
    discoveries: { true: 0, missed: 0 },
  });
  const some = networkOf([
    [0, 0.5],
    [0, 0],
  ]);
  expect(recover(estimates([1, 1, 1, 1]), some, exactEffect(some)).spearman).toBeNull();
  expect(recover(estimates([1, 2, 3, 4], Number.NaN, 2), some, exactEffect(some))).toMatchObject({
    interval: { halfWidth: null, coverage: null },
    falsePositives: { pairs: 0, count: 0, share: null },
    discoveries: { tested: 0, claimed: 0, true: 0, false: 0, missed: 0, falseShare: null },
  });
  const missing = estimates(new Array(4).fill(Number.NaN));
  expect(recover(missing, some, exactEffect(some))).toMatchObject({
    spearman: null,
    detection: null,
    interval: { coverage: null },
  });
});

test("estimates of other targets are refused", () => {
  const { estimates } = tied((weight) => weight);
  const six = notebookNetwork(6, 42);
  expect(() => recover(estimates, six, exactEffect(six))).toThrow(RangeError);
});

describe("a thinned curve", () => {
  const curve = (points: number, y: (x: number) => number) => {
    const thinner = new Thinner();
    for (let i = 0; i <= points; i++) thinner.add(i / points, y(i / points));
    return thinner.most(256);
  };

  test("is right to a quarter of a pixel at 1,000 pixels where it is smooth", () => {
    const y = (x: number) => x ** 0.2 * (0.9 + 0.1 * Math.cos(9 * x));
    const { x, y: kept } = curve(100_000, y);
    expect(x.length).toBeLessThanOrEqual(256);
    let worst = 0;
    for (let i = 0, right = 1; i <= 5000; i++) {
      const at = i / 5000;
      while (x[right] < at) right++;
      const part = (at - x[right - 1]) / (x[right] - x[right - 1]);
      const drawn = kept[right - 1] + part * (kept[right] - kept[right - 1]);
      // The error across the line, not along the steep start.
      const steep = Math.hypot(x[right] - x[right - 1], kept[right] - kept[right - 1]);
      worst = Math.max(worst, (Math.abs(drawn - y(at)) * (x[right] - x[right - 1])) / steep);
    }
    expect(worst).toBeLessThan(2.5e-4);
  });

  test("keeps ends, corners and peaks, and no point on a line", () => {
    const corner = curve(1000, (x) => Math.min(1, 4 * x));
    expect([...corner.x]).toEqual([0, 0.25, 1]);
    expect([...corner.y]).toEqual([0, 1, 1]);
    const peak = curve(100_000, (x) => (Math.abs(x - 0.12345) < 1e-9 ? 1 : 0));
    expect(Math.max(...peak.y)).toBe(1);
    expect(peak.x[0]).toBe(0);
    expect(peak.x.at(-1)).toBe(1);
  });
});
