import { expect, test } from "vitest";
import { betaQuantile } from "../../src/model/beta";

// SciPy: beta.ppf([0.025, 0.5, 0.975], alpha, beta).
test.each([
  [1840, 0.4, 0.9987914488899717, 0.9999211434365762, 0.9999999601656567],
  [8, 5, 0.34887550641881554, 0.621471375754798, 0.8483477701915698],
  [0.7, 0.4, 0.014955932259258585, 0.7324400716750135, 0.9998406513277163],
  [3000, 1500, 0.6528255923169365, 0.6666913600566269, 0.6803674213589772],
  [40_000, 2.5, 0.9998396095964901, 0.9999456092466843, 0.9999896101036168],
  [1.2, 30, 0.0017029392730404018, 0.02906949109615074, 0.12727351155186634],
  [500, 0.05, 0.9988652184649826, 0.9999999988841645, 1],
  // A tail that is taken for a power.
  [500, 0.009, 0.9999296522828123, 1, 1],
])("quantiles with shapes %d and %d", (alpha, beta, low, middle, high) => {
  const mean = alpha / (alpha + beta);
  const variance = (mean * (1 - mean)) / (alpha + beta + 1);
  const at = betaQuantile(mean, variance);
  const error = (beta < 0.01 ? 1 / 40 : 2e-3) * Math.sqrt(variance);
  expect(Math.abs(at(0.025) - low)).toBeLessThan(error);
  expect(Math.abs(at(0.5) - middle)).toBeLessThan(error);
  expect(Math.abs(at(0.975) - high)).toBeLessThan(error);
});

test("without variance, and with more than there can be", () => {
  expect(betaQuantile(0.7, 0)(0.1)).toBe(0.7);
  expect([0.2, 0.5].map(betaQuantile(0.7, 0.3))).toEqual([0, 1]);
});
