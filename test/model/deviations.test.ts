import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { deviation, deviations, normalPart } from "../../src/model/deviations";
import { certaintyOf } from "../../src/model/estimate";

const zeros = (length: number) => ({
  effect: new Float64Array(length),
  standardError: new Float64Array(length),
});
const known = (effect: number[]) => ({ effect, standardError: effect.map(() => 1) });

describe("deviations", () => {
  test("are differences in units of both errors together", () => {
    expect(deviation(5, 3, 1, 4)).toBeCloseTo(0.8, 15);
    expect(deviation(1, 4, 5, 3)).toBeCloseTo(-0.8, 15);
    expect(deviation(1, 0, 2, 0)).toBeNaN();
    expect(deviation(1, Number.NaN, 2, 1)).toBeNaN();
  });

  test("are summed up over the pairs that have one", () => {
    const found = deviations(known([3, -4, Number.NaN, 0, 1.95, 9]), zeros(6));
    expect(found.pairs).toBe(5);
    expect(found.rms).toBeCloseTo(Math.sqrt((9 + 16 + 1.95 ** 2 + 81) / 5), 12);
    expect(found.outside).toBeCloseTo(3 / 5, 12);
    expect([...found.count].reduce((sum, count) => sum + count)).toBe(5);
    // What lies beyond the ends is in the last bars.
    expect(found.count.at(-1)).toBe(1);
    expect(found.count[(-4 - found.low) / found.width]).toBe(1);
  });

  test("have no numbers without any pair", () => {
    const none = deviations(known([Number.NaN]), zeros(1));
    expect([none.pairs, none.rms, none.outside]).toEqual([0, Number.NaN, Number.NaN]);
  });

  test("by errors that few trials tell are as of a normal distribution, too", () => {
    const random = seedrandom("student");
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const pairs = 40_000;
    const freedom = 12;
    // An estimate of 0 with an error of 1, and that error as 12 squares tell it: Student's t.
    const effect = Float64Array.from({ length: pairs }, normal);
    const standardError = Float64Array.from({ length: pairs }, () => {
      let squares = 0;
      for (let draw = 0; draw < freedom; draw++) squares += normal() ** 2;
      return Math.sqrt(squares / freedom);
    });
    const known = deviations({ effect, standardError }, zeros(pairs));
    expect(known.rms).toBeGreaterThan(1.08);
    expect(known.outside).toBeGreaterThan(0.065);
    const judged = deviations({ effect, standardError, freedom: [freedom] }, zeros(pairs));
    expect(Math.abs(judged.rms - 1)).toBeLessThan(0.015);
    expect(Math.abs(judged.outside - 0.05)).toBeLessThan(0.0035);
  });

  test("are doubted by the freedom of their own column", () => {
    // Two sources, of which the second has no effects.
    const effect = [3, Number.NaN, 3, Number.NaN];
    const judged = deviations({ effect, standardError: [1, 1, 1, 1], freedom: [2, 1000] }, zeros(4));
    expect(judged.pairs).toBe(2);
    expect(judged.rms).toBeCloseTo(certaintyOf(3, 2), 14);
  });

  test("of two right estimates are standard normal, of a wrong error they are not", () => {
    const random = seedrandom("deviations");
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const pairs = 40_000;
    const drawn = (error: number, claimed: number) => ({
      effect: Float64Array.from({ length: pairs }, () => 0.3 + error * normal()),
      standardError: new Float64Array(pairs).fill(claimed),
    });
    const right = deviations(drawn(0.03, 0.03), drawn(0.04, 0.04));
    expect(Math.abs(right.rms - 1)).toBeLessThan(4 / Math.sqrt(2 * pairs));
    expect(Math.abs(right.outside - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / pairs));
    const chi = [...right.count].reduce((sum, count, bin) => {
      const expected = pairs * normalPart(right.low + bin * right.width, right.low + (bin + 1) * right.width);
      return sum + (count - expected) ** 2 / Math.max(expected, 1);
    }, 0);
    // 40 bars: χ² of 39, whose 99.99 % quantile is 80.6 (scipy.stats.chi2.ppf(0.9999, 39)).
    expect(right.count.length).toBe(40);
    expect(chi).toBeLessThan(80.6);
    expect(deviations(drawn(0.03, 0.02), drawn(0.04, 0.04)).rms).toBeGreaterThan(1.05);
  });
});

// scipy.stats.norm.cdf(high) − scipy.stats.norm.cdf(low), SciPy 1.17.
test.each([
  [-1.959963984540054, 1.959963984540054, 0.95],
  [-0.25, 0.25, 0.1974126513658474],
  [0.25, 0.5, 0.09275613559108942],
  [4.5, 5, 3.111021552815174e-6],
  [-40, -3, 0.0013498980316300933],
  [-40, 40, 1],
])("the normal distribution between %d and %d has %d", (low, high, part) => {
  expect(Math.abs(normalPart(low, high) - part)).toBeLessThan(1e-8);
});
