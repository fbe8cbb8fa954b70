import { expect, test } from "vitest";
import { binomialMean } from "../../src/model/binomial";

test.each([
  [1, 0.5],
  [10, 0.3],
  [37, 0.99],
  [100_000, 0.5],
  [100_000, 0.001],
])("means over a binomial number of %i with chance %f are those of the textbook", (n, p) => {
  expect(binomialMean(n, () => 1, p)).toBeCloseTo(1, 14);
  expect(binomialMean(n, (count) => count, p) / (n * p)).toBeCloseTo(1, 12);
  const square = n * p * (1 - p) + (n * p) ** 2;
  expect(binomialMean(n, (count) => count ** 2, p) / square).toBeCloseTo(1, 12);
  // E 1 / (K + 1) = (1 − (1 − p)^(n + 1)) / ((n + 1) p)
  const inverse = -Math.expm1((n + 1) * Math.log1p(-p)) / ((n + 1) * p);
  expect(binomialMean(n, (count) => 1 / (count + 1), p) / inverse).toBeCloseTo(1, 11);
});
