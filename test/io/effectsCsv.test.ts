import { expect, test } from "vitest";
import { csvLines } from "../../src/io/effectsCsv";
import { exactEffect } from "../../src/model/estimand";
import { networkFrom } from "../../src/model/network";

// One arrow, 5 → 1: it stands in row 1 of the matrix and says so.
const network = networkFrom(
  { neurons: 6, rowStart: Uint32Array.of(0, 0, 1, 1, 1, 1, 1), source: Uint32Array.of(5) },
  0.7,
);
const estimates = {
  trials: 100,
  targets: 6,
  sources: Uint32Array.of(1, 5),
  effect: Float64Array.of(0.01, 0.02, -0.03, 0.14, 0.05, 0.06, 0.07, Number.NaN, 0.09, 0.1, 0.11, 0.12),
  standardError: new Float64Array(12).fill(0.04),
  freedom: Float64Array.of(98, 98, 98),
};

test("a line a pair, from source to target, with what is known and what is missing", () => {
  const estimand = exactEffect(network);
  const lines = [...csvLines(estimates, network, estimand)];
  expect(lines).toHaveLength(13);
  expect(lines.slice(0, 3)).toEqual([
    "source,target,effect,standard_error,exact_effect,weight,interval_low,interval_high,p_value,discovery",
    expect.stringMatching(/^1,0,0\.01,0\.04,0,0,-/),
    expect.stringMatching(/^5,0,0\.02,0\.04,0,0,-/),
  ]);
  expect(lines[3]).toMatch(/^1,1,-0\.03,0\.04,0,0,-/);
  expect(lines[4].split(",").slice(0, 6).join()).toBe(
    `5,1,0.14,0.04,${estimand.effect[0]},${network.weight[0] / 2 ** 20}`,
  );
  expect(estimand.effect[0]).toBeGreaterThan(0.1);
  // Its way back, 1 → 5, has nothing.
  expect(lines[11]).toMatch(/^1,5,0\.11,0\.04,0,0,0\./);
  expect(lines[8]).toBe("5,3,,0.04,0,0,,,,");
});

test("interval, p-value and discovery at a chosen level and rate", () => {
  const line = (rate: number) =>
    [...csvLines(estimates, network, exactEffect(network), { level: 0.9, rate })][4].split(",").slice(6);
  // SciPy 1.17: stats.t.isf(0.05, 98), 2 * stats.t.sf(0.14 / 0.04, 98)
  const [low, high, p, discovery] = line(0.1).map(Number);
  expect(low).toBeCloseTo(0.14 - 1.6605512170657335 * 0.04, 13);
  expect(high).toBeCloseTo(0.14 + 1.6605512170657335 * 0.04, 13);
  expect(p).toBeCloseTo(0.0007017617707197116, 13);
  expect(discovery).toBe(1);
  // Of 11 pairs the first must have p ≤ 0.005 / 11.
  expect(line(0.005).at(-1)).toBe("0");
});
