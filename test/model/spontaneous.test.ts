import { describe, expect, test } from "vitest";
import { stateShares, stateTransform } from "../../src/model/spontaneous";

// SciPy: quad over each step of (m + 1 − 255 · expit(ε)) · norm.pdf(ε), the rest to the step above.
test.each([
  [0, 2.236017277515657e-9],
  [1, 2.040051927781047e-7],
  [100, 0.005962199926970565],
  [127, 0.006257757723203472],
])("share of state %i", (state, expected) => {
  const shares = stateShares(0, 1);
  expect(Math.abs(shares[state] - expected)).toBeLessThan(1e-15);
  expect(Math.abs(shares[255 - state] - expected)).toBeLessThan(1e-15);
});

describe.each([
  [0, 1],
  [-1.3, 0.6],
  [0.4, 0.01],
  [1, 0],
])("centre %d, spread %d", (centre, spread) => {
  const shares = stateShares(centre, spread);

  test("shares are shares, and random rounding keeps the mean", () => {
    const mean = shares.reduce((sum, share, state) => sum + (share * state) / 255, 0);
    const sigmoid = (epsilon: number) => 1 / (1 + Math.exp(-centre - spread * epsilon));
    let expected = 0;
    for (let e = -9; e <= 9; e += 0.125)
      expected += (0.125 * sigmoid(e) * Math.exp((-e * e) / 2)) / Math.sqrt(2 * Math.PI);
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-14);
    expect(Math.abs(mean - expected)).toBeLessThan(1e-14);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  });

  test.each([0, 0.2, -0.25, 3.7, -11, 400, -1200, 12_000])("characteristic function at %d", (theta) => {
    const got = new Float64Array(2);
    stateTransform(shares)(theta, got);
    const at = (wave: (x: number) => number) =>
      shares.reduce((sum, share, state) => sum + share * wave((theta * (state - 127.5)) / 255), 0);
    expect(Math.abs(got[0] - at(Math.cos))).toBeLessThan(1e-12);
    expect(Math.abs(got[1] - at(Math.sin))).toBeLessThan(1e-12);
  });
});
