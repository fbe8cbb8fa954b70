import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { certaintyOf, correlationEstimate, estimate, ratioFor } from "../../src/model/estimate";
import type { Sums } from "../../src/model/sums";
import { sumsOf } from "../support/sums";

/** perturbation[trial][source] 0/1 and outcome[trial][target] 0…255, the textbook way. */
function naive(perturbation: number[][], outcome: number[][], target: number, column: number) {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const squares = (values: number[]) => {
    const centre = mean(values);
    return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  };
  const arm = (value: number) =>
    outcome.filter((_, trial) => perturbation[trial][column] === value).map((row) => row[target] / 255);
  const on = arm(1);
  const off = arm(0);
  const all = outcome.map((row) => row[target] / 255);
  const p = perturbation.map((row) => row[column]);
  const [share, centre] = [mean(p), mean(all)];
  const covariance = p.reduce((sum, v, trial) => sum + (v - share) * (all[trial] - centre), 0);
  const pooled = Math.sqrt((squares(on) + squares(off)) / (all.length - 2));
  return {
    effect: mean(on) - mean(off),
    standardError: pooled * Math.sqrt(1 / on.length + 1 / off.length),
    correlation: covariance / Math.sqrt(squares(p) * squares(all)),
  };
}

function draw(seed: string, trials: number, sources: number, targets: number, low = 0, high = 255) {
  const random = seedrandom(seed);
  const matrix = (columns: number, next: () => number) =>
    Array.from({ length: trials }, () => Array.from({ length: columns }, next));
  const perturbation = matrix(sources, () => (random() < 0.5 ? 1 : 0));
  const outcome = matrix(targets, () => low + Math.floor(random() * (high - low + 1)));
  return { perturbation, outcome };
}

describe.each([
  ["a few trials", 40, 0, 255],
  ["many trials", 5000, 0, 255],
  ["outcomes that hardly move, near the top", 3000, 253, 255],
])("%s", (name, trials, low, high) => {
  const { perturbation, outcome } = draw(name, trials, 3, 4, low, high);
  const sums = sumsOf(perturbation, outcome);
  const estimates = estimate(sums);
  const correlation = correlationEstimate(sums);

  test("effect, standard error and correlation are the textbook's, row = target", () => {
    expect(estimates.effect.length).toBe(12);
    expect(estimates.trials).toBe(trials);
    for (let target = 0; target < 4; target++) {
      for (let column = 0; column < 3; column++) {
        const expected = naive(perturbation, outcome, target, column);
        const pair = target * 3 + column;
        expect(Math.abs(estimates.effect[pair] - expected.effect)).toBeLessThan(1e-14);
        expect(estimates.standardError[pair] / expected.standardError).toBeCloseTo(1, 10);
        expect(Math.abs(correlation[pair] - expected.correlation)).toBeLessThan(1e-11);
      }
    }
  });
});

test("a known case by hand: arms 1, 0.8 and 0, 0.2", () => {
  const estimates = estimate(sumsOf([[1], [1], [0], [0]], [[255], [204], [0], [51]]));
  expect(estimates.effect[0]).toBeCloseTo(0.8, 15);
  // Squares within the arms 0.02 + 0.02, over 2 degrees of freedom, times ½ + ½.
  expect(estimates.standardError[0]).toBeCloseTo(Math.sqrt(0.02), 15);
});

test("arms of their own by hand: each with its own scatter, over one trial fewer than it has", () => {
  // At 1: 255, 204, 51; at 0: 0, 51. In outcomes 1, 0.8, 0.2 with scatter 0.34667 about ⅔, and 0, 0.2 with 0.02.
  const sums: Sums = {
    ...{ trials: 5, targets: 1, sources: Uint32Array.of(0), perturbed: Float64Array.of(3) },
    ...{ outcome: Float64Array.of(561), outcomeSquared: Float64Array.of(0), pair: Float64Array.of(510) },
    arms: {
      ...{ paired: false, off: Float64Array.of(2), pairOff: Float64Array.of(51) },
      squaredOn: Float64Array.of(255 ** 2 + 204 ** 2 + 51 ** 2),
      squaredOff: Float64Array.of(51 ** 2),
    },
  };
  const { effect, standardError, freedom } = estimate(sums);
  expect(effect[0]).toBeCloseTo(2 / 3 - 0.1, 14);
  const within = (1 / 9 + 0.16 / 9 + 1.96 / 9) / 2;
  expect(standardError[0]).toBeCloseTo(Math.sqrt(within / 3 + 0.02 / 2), 14);
  // Welch's, for arms that scatter alike.
  expect(freedom[0]).toBeCloseTo((1 / 3 + 1 / 2) ** 2 / (1 / (9 * 2) + 1 / (4 * 1)), 14);
});

test("pairs of trials by hand: the scatter of their differences, and as much freedom as pairs", () => {
  // On 255, 204, 51, off 0, 51, 0: differences 1, 0.6, 0.2.
  const sums: Sums = {
    ...{ trials: 6, targets: 1, sources: Uint32Array.of(0), perturbed: Float64Array.of(3) },
    ...{ outcome: Float64Array.of(561), outcomeSquared: Float64Array.of(0), pair: Float64Array.of(510) },
    arms: {
      ...{ paired: true, off: Float64Array.of(3), pairOff: Float64Array.of(51) },
      squaredOn: Float64Array.of(255 ** 2 + 153 ** 2 + 51 ** 2),
      squaredOff: Float64Array.of(0),
    },
  };
  const { effect, standardError, freedom } = estimate(sums);
  expect(effect[0]).toBeCloseTo(0.6, 14);
  expect(standardError[0]).toBeCloseTo(Math.sqrt(0.32 / 2 / 3), 14);
  expect([...freedom]).toEqual([2]);
});

test("a hidden target is missing from its first source to its last, and nobody else is", () => {
  const { perturbation, outcome } = draw("hidden", 50, 3, 3);
  const sums = sumsOf(perturbation, outcome);
  const { effect, standardError } = estimate(sums, Uint8Array.of(0, 1, 0));
  for (const values of [effect, standardError])
    expect([...values].map(Number.isNaN)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((pair) => pair >= 3 && pair < 6),
    );
});

test("an empty arm is missing, and only its column", () => {
  const sums = sumsOf(
    [
      [1, 0, 1],
      [1, 0, 0],
      [1, 0, 1],
    ],
    [[10], [20], [40]],
  );
  const { effect, standardError } = estimate(sums);
  expect([...effect].map(Number.isNaN)).toEqual([true, true, false]);
  expect([...standardError].map(Number.isNaN)).toEqual([true, true, false]);
  expect([...correlationEstimate(sums)].map(Number.isNaN)).toEqual([true, true, false]);
});

test("below 3 trials there is an effect but no standard error; without trials nothing", () => {
  const two = estimate(sumsOf([[1], [0]], [[255], [51]]));
  expect(two.effect[0]).toBeCloseTo(0.8, 15);
  expect(two.standardError[0]).toBeNaN();
  const none = { ...sumsOf([[1], [0]], [[255], [51]]), trials: 0 };
  none.perturbed.fill(0);
  none.outcome.fill(0);
  none.outcomeSquared.fill(0);
  none.pair.fill(0);
  expect(estimate(none).effect[0]).toBeNaN();
  expect(estimate(none).standardError[0]).toBeNaN();
});

describe("four billion trials", () => {
  // The square of 157 × trials does not fit into float64, and rounding it would leave some scatter.
  const trials = 3_999_999_937;
  const on = 2_000_012_345;

  test("a target that never moves: effect and standard error exactly 0, no correlation", () => {
    const sums = {
      trials,
      targets: 1,
      sources: Uint32Array.of(0),
      perturbed: Float64Array.of(on),
      outcome: Float64Array.of(157 * trials),
      outcomeSquared: Float64Array.of(157 * 157 * trials),
      pair: Float64Array.of(157 * on),
      arms: null,
    };
    expect(estimate(sums).effect[0]).toBe(0);
    expect(estimate(sums).standardError[0]).toBe(0);
    expect(correlationEstimate(sums)[0]).toBeNaN();
  });

  test("a target that left 254 once keeps the digits of its standard error", () => {
    const sums = {
      trials,
      targets: 1,
      sources: Uint32Array.of(0),
      perturbed: Float64Array.of(on),
      outcome: Float64Array.of(254 * trials + 1),
      outcomeSquared: Float64Array.of(254 * 254 * trials + 255 ** 2 - 254 ** 2),
      pair: Float64Array.of(254 * on + 1),
      arms: null,
    };
    const within = (1 - 1 / on) / 255 ** 2;
    const expected = Math.sqrt((within / (trials - 2)) * (1 / on + 1 / (trials - on)));
    expect(estimate(sums).standardError[0] / expected).toBeCloseTo(1, 6);
  });
});

test("a ratio from few trials is worth less than one from many", () => {
  // SciPy: norm.isf(t.sf(ratio, trials - 2)).
  expect(certaintyOf(3, 5)).toBeCloseTo(2.1687818754192185, 1);
  expect(certaintyOf(2, 10)).toBeCloseTo(1.790409932268829, 1);
  expect(certaintyOf(3, 2498)).toBeCloseTo(2.997003233593032, 4);
  expect(certaintyOf(5, 28)).toBeCloseTo(4.191321652684628, 2);
  expect(certaintyOf(3, 0)).toBeNaN();
  expect(certaintyOf(Number.POSITIVE_INFINITY, 100)).toBe(Number.POSITIVE_INFINITY);
});

test("a ratio is as surprising as the certainty it was found for", () => {
  for (const freedom of [1, 2, 7.5, 40, 1e9])
    for (const certainty of [0, 0.5, 3, 12]) {
      const ratio = ratioFor(certainty, freedom);
      expect(Math.abs(certaintyOf(ratio, freedom) - certainty)).toBeLessThan(1e-6 * (1 + certainty));
    }
  expect(ratioFor(3, 0.5)).toBeNaN();
});

test("sums that may be spent give the same estimates, in the place of the sums", () => {
  for (const arms of [false, true]) {
    const pair = Float64Array.of(300, 500, 100, 900);
    const sums: Sums = {
      trials: 10,
      targets: 2,
      sources: Uint32Array.of(0, 1),
      perturbed: Float64Array.of(4, 6),
      outcome: Float64Array.of(900, 1100),
      outcomeSquared: Float64Array.of(110_000, 180_000),
      pair,
      arms: arms
        ? {
            paired: false,
            off: Float64Array.of(6, 4),
            pairOff: Float64Array.of(600, 400, 1000, 200),
            squaredOn: Float64Array.of(40_000, 60_000, 8000, 170_000),
            squaredOff: Float64Array.of(80_000, 60_000, 190_000, 30_000),
          }
        : null,
    };
    const kept = estimate(sums);
    expect([...sums.pair]).toEqual([300, 500, 100, 900]);
    const spent = estimate(sums, null, true);
    expect(spent).toEqual(kept);
    expect(spent.effect.buffer).toBe(pair.buffer);
  }
});
