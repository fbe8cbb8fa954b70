import { describe, expect, test } from "vitest";
import { gaussHermite, meanOutcome, meanSquareOutcome, outcomeMoments } from "./quadrature";

/** E f(ε) by the trapezoid rule: for the sigmoid, whose poles are π away, its error at this step is below 1e-16. */
function normalMean(f: (epsilon: number) => number): number {
  const step = 0.25;
  let sum = 0;
  for (let i = -60; i <= 60; i++) sum += f(i * step) * Math.exp(-((i * step) ** 2) / 2);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe.each([1, 2, 5, 80])("Gauss–Hermite with %i points", (n) => {
  const { node, weight } = gaussHermite(n);

  test("is exact for even powers up to 2n − 1, and symmetric", () => {
    let expected = 1;
    for (let power = 0; power <= Math.min(2 * n - 1, 30); power += 2) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weight[i] * node[i] ** power;
      expect(Math.abs(sum / expected - 1)).toBeLessThan(1e-12);
      expected *= power + 1;
    }
    for (let i = 0; i < n; i++) {
      expect(Math.abs(node[i] + node[n - 1 - i])).toBe(0);
      expect(weight[i]).toBe(weight[n - 1 - i]);
      if (i > 0) expect(node[i]).toBeGreaterThan(node[i - 1]);
    }
  });
});

test("nodes and weights of 3 points in closed form", () => {
  const { node, weight } = gaussHermite(3);
  expect(node[2]).toBeCloseTo(Math.sqrt(3), 14);
  expect(node[1]).toBeCloseTo(0, 14);
  expect(weight[1]).toBeCloseTo(2 / 3, 14);
  expect(weight[2]).toBeCloseTo(1 / 6, 14);
});

test("outermost node and weight of 80 points, by SciPy's roots_hermitenorm", () => {
  const { node, weight } = gaussHermite(80);
  expect(node[79]).toBeCloseTo(16.811977874859206, 12);
  expect(weight[79] / 1.6676172424951148e-62).toBeCloseTo(1, 11);
});

test.each([-40, -8, -1.5, 0, 0.3, 1, 2.25, 5, 12, 40])(
  "moments of the outcome at drive %d, to 1e-15",
  (drive) => {
    const moments = outcomeMoments(drive);
    moments.forEach((got, index) => {
      const expected = normalMean((epsilon) => sigmoid(drive + epsilon) ** (index + 1));
      expect(Math.abs(got - expected)).toBeLessThan(1.5e-15);
    });
    expect(meanOutcome(drive)).toBe(moments[0]);
    expect(meanSquareOutcome(drive)).toBe(moments[1]);
  },
);

test("without drive the mean is ½ and the standard deviation 0.208", () => {
  expect(meanOutcome(0)).toBeCloseTo(0.5, 15);
  expect(Math.sqrt(meanSquareOutcome(0) - 0.25)).toBeCloseTo(0.20828, 5);
});
