import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import type { Estimates } from "../../src/model/estimate";
import { discover, inferrer, intervalHalfWidth, isDiscovery, pValue } from "../../src/model/inference";
import { tailQuantile } from "../../src/model/studentT";

function estimatesOf(effect: readonly number[], standardError = 1, trials = 100): Estimates {
  return {
    trials,
    freedom: new Float64Array(effect.length).fill(trials - 2),
    targets: 1,
    sources: Uint32Array.from(effect.keys()),
    effect: Float64Array.from(effect),
    standardError: new Float64Array(effect.length).fill(standardError),
  };
}

/** Benjamini & Hochberg word by word: sort all p-values, find the last that keeps below its line. */
function stepUp(pValues: readonly number[], rate: number): number {
  const sorted = pValues.toSorted((a, b) => a - b);
  return sorted.findLastIndex((p, index) => p <= ((index + 1) / sorted.length) * rate) + 1;
}

test("an interval reaches as far each way, and holds 0 just if p is above 1 − level", () => {
  const effects = [0.1, -0.2, 0.01, 0, -0.09];
  const infer = inferrer(estimatesOf(effects, 0.05), 0.9);
  for (const [pair, effect] of effects.entries()) {
    const { low, high, pValue } = infer(pair);
    // SciPy 1.17: stats.t.isf(0.05, 98)
    expect(high - effect).toBeCloseTo(1.6605512170657335 * 0.05, 12);
    expect(effect - low).toBeCloseTo(1.6605512170657335 * 0.05, 12);
    expect(low <= 0 && 0 <= high).toBe(pValue > 0.1);
  }
  // SciPy 1.17: 2 * stats.t.sf(2, 98)
  expect(infer(0).pValue).toBeCloseTo(0.04826777194936758, 14);
});

test("without scatter 0 is no effect and anything else is one; what is missing says nothing", () => {
  expect(pValue(0, 0, 98)).toBe(1);
  expect(pValue(1e-300, 0, 98)).toBe(0);
  expect(pValue(-0.1, 0, 98)).toBe(0);
  expect(pValue(0, 0.1, 98)).toBe(1);
  expect(pValue(Number.NaN, 0.1, 98)).toBeNaN();
  expect(pValue(0.1, Number.NaN, 98)).toBeNaN();
  expect(pValue(0.1, 0.1, 0)).toBeNaN();
  expect(intervalHalfWidth(0.95, 0)).toBeNaN();
  expect(inferrer(estimatesOf([Number.NaN]), 0.95)(0)).toEqual({
    low: Number.NaN,
    high: Number.NaN,
    pValue: Number.NaN,
  });
});

describe("discoveries", () => {
  // NumPy 2.4: z = np.round(default_rng(7).normal(size=40) * 1.2, 2); z[:12] += 3.2
  const ratios = [
    3.2, 3.56, 2.87, 2.13, 2.65, 2.01, 3.27, 4.81, 2.61, 2.46, 3.79, 3.63, 0.13, -1.12, -0.04, 0.83, -1.61,
    -0.55, -2.28, -1.55, -2.21, -0.28, -1.52, 0.33, 0.19, -0.22, -3.02, -0.65, -0.06, 0.14, -1.84, -0.57,
    -1.17, -0.97, 1.27, -0.97, -0.04, 1.06, -0.7, -0.13,
  ];
  // SciPy 1.17: p = 2 * stats.t.sf(abs(z), 98); found = stats.false_discovery_control(p) <= rate;
  // found.sum(), p[found].max(), abs(z)[found].min()
  test.each([
    [0.01, 4, 0.0005739837422946023, 3.56],
    [0.05, 10, 0.010474016639000442, 2.61],
    [0.1, 13, 0.029432521073403547, 2.21],
    [0.5, 22, 0.2654511357563658, 1.12],
  ])("at the rate %d as SciPy finds them", (rate, claimed, largestP, smallestRatio) => {
    const found = discover(estimatesOf(ratios), rate);
    expect(found).toMatchObject({ rate, tested: 40, claimed });
    expect(Math.abs((found.largestP ?? 0) / largestP - 1)).toBeLessThan(1e-12);
    const discoveries = ratios.filter((ratio) => isDiscovery(found, pValue(ratio, 1, 98)));
    expect(discoveries).toHaveLength(claimed);
    expect(Math.min(...discoveries.map(Math.abs))).toBe(smallestRatio);
    // Missing pairs are no questions.
    expect(discover(estimatesOf([Number.NaN, ...ratios, Number.NaN]), rate)).toEqual(found);
  });

  const withP = (pValues: readonly number[]) =>
    estimatesOf(pValues.map((p) => (p < 1 ? tailQuantile(p, 98) : 0)));

  test("the example of Benjamini & Hochberg (1995): 4 of 15", () => {
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(discover(withP(pValues), 0.05)).toMatchObject({ tested: 15, claimed: 4 });
  });

  test("a late one takes along those before it that alone would not do", () => {
    expect(discover(withP([0.03, 0.035, 0.04, 0.045]), 0.05).claimed).toBe(4);
    expect(discover(withP([0.03, 0.035, 0.04, 0.051]), 0.05).claimed).toBe(0);
  });

  test("any p-values, many of them equal, as word by word", () => {
    const random = seedrandom("step up");
    for (let round = 0; round < 300; round++) {
      const effect = Array.from({ length: 1 + Math.floor(60 * random()) }, () =>
        random() < 0.3 ? 2 + 3 * random() : Math.round(40 * (random() - 0.5)) / 10,
      );
      const rate = [0.01, 0.05, 0.2, 0.5][round % 4];
      const pValues = effect.map((value) => pValue(value, 1, 98));
      expect(discover(estimatesOf(effect), rate).claimed).toBe(stepUp(pValues, rate));
    }
  });

  test("columns whose errors are known by few trials need larger ratios for the same p-value", () => {
    // SciPy 1.17: 2 * stats.t.sf(4, [2, 200]) = 0.0572, 0.0000894
    const two = { ...estimatesOf([4, 4]), freedom: Float64Array.of(2, 200) };
    expect(discover(two, 0.05)).toMatchObject({ tested: 2, claimed: 1 });
    expect(discover(two, 0.06).claimed).toBe(2);
    const [wide, narrow] = [0, 1].map(inferrer(two, 0.95));
    expect(wide.low).toBeLessThan(0);
    expect(narrow.low).toBeGreaterThan(2);
  });

  test("none, all, without scatter, and too few trials", () => {
    const none = discover(estimatesOf([0.1, 0.2]), 0.05);
    expect(none).toEqual({
      rate: 0.05,
      tested: 2,
      claimed: 0,
      largestP: null,
    });
    expect(isDiscovery(none, 0)).toBe(false);
    expect(discover(estimatesOf([9, -8]), 0.05).claimed).toBe(2);
    const still = discover(estimatesOf([0, 0, 0.1, 0], 0), 0.05);
    expect(still).toMatchObject({ tested: 4, claimed: 1, largestP: 0 });
    expect([isDiscovery(still, 1), isDiscovery(still, 0)]).toEqual([false, true]);
    expect(discover(estimatesOf([9, 9], Number.NaN, 2), 0.05)).toMatchObject({ tested: 0, claimed: 0 });
    expect(discover(estimatesOf([]), 0.05)).toMatchObject({ tested: 0, claimed: 0 });
  });
});
