import { expect, test } from "vitest";
import { centred, correlation, mean, pairwiseSum } from "../../src/replay/statistics";

// Values made with NumPy 2.4.6: v = [((i * 2654435761) % 2**32) / 2**32 - 0.1 for i in range(5001)], v[:n].sum(), and
// w = [((i * 40503) % 2**16) / 2**16 for i in range(5001)], np.corrcoef(v, w)[0, 1].
const v = Float64Array.from({ length: 5001 }, (_, i) => ((i * 2654435761) % 2 ** 32) / 2 ** 32 - 0.1);
const w = Float64Array.from({ length: 5001 }, (_, i) => ((i * 40503) % 2 ** 16) / 2 ** 16);

test.each([
  [0, 0],
  [1, -0.1],
  [7, 2.278713722201064],
  [8, 2.504951629601419],
  [9, 3.349223523773253],
  [15, 5.393568611005322],
  [128, 50.58024447858335],
  [129, 50.58859478533268],
  [136, 53.951998562179504],
  [1000, 399.976392353885],
  [5000, 1999.7496765619144],
  [5001, 1999.8196104193107],
])("the sum of %i numbers is NumPy's to the last bit", (count, sum) => {
  expect(pairwiseSum(v, 0, count)).toBe(sum);
  const shifted = new Float64Array(count + 3);
  shifted.set(v.subarray(0, count), 3);
  expect(pairwiseSum(shifted, 3, count)).toBe(sum);
  expect(mean(v, 0, count)).toBe(sum / count);
});

test("adding one after the other would be seen", () => {
  const inOrder = (count: number) => v.subarray(0, count).reduce((sum, value) => sum + value, 0);
  const counts = [8, 129, 1000, 5000];
  expect(counts.filter((count) => inOrder(count) === pairwiseSum(v, 0, count))).toEqual([]);
});

test("correlations are NumPy's", () => {
  const of = (count: number) => correlation(centred(v.subarray(0, count)), centred(w.subarray(0, count)));
  expect(Math.abs(of(5001) - 0.8947170460858465)).toBeLessThan(1e-14);
  expect(Math.abs(of(3) - 0.9999999997682818)).toBeLessThan(1e-14);
});

test("a correlation never leaves −1…1", () => {
  const x = Float64Array.of(0.1, 0.2, 0.4);
  const scaled = (factor: number) => x.map((value) => value * factor);
  for (let factor = 1; factor < 50; factor++) {
    expect(correlation(centred(x), centred(scaled(factor)))).toBeLessThanOrEqual(1);
    expect(correlation(centred(x), centred(scaled(-factor)))).toBeGreaterThanOrEqual(-1);
  }
});

test("what is constant, empty or not a number correlates with nothing", () => {
  // Twelve times 0.1 has a mean beside 0.1: the variance that rounding leaves is none, though NumPy makes it a 0.
  const numbers = centred(v.subarray(0, 12));
  expect(mean(new Float64Array(12).fill(0.1))).not.toBe(0.1);
  for (const values of [
    new Float64Array(12).fill(0.1),
    new Float64Array(12),
    Float64Array.from(v.subarray(0, 12)).fill(Number.NaN, 11),
  ])
    expect(correlation(numbers, centred(values))).toBeNaN();
  expect(correlation(centred(new Float64Array(0)), centred(new Float64Array(0)))).toBeNaN();
  expect(mean(new Float64Array(0))).toBeNaN();
});
