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
};

test("a line a pair, from source to target, with what is known and what is missing", () => {
  const estimand = exactEffect(network);
  const lines = [...csvLines(estimates, network, estimand)];
  expect(lines).toHaveLength(13);
  expect(lines.slice(0, 3)).toEqual([
    "source,target,effect,standard_error,exact_effect,weight",
    "1,0,0.01,0.04,0,0",
    "5,0,0.02,0.04,0,0",
  ]);
  expect(lines[3]).toBe("1,1,-0.03,0.04,0,0");
  expect(lines[4]).toBe(`5,1,0.14,0.04,${estimand.effect[0]},${network.weight[0] / 2 ** 20}`);
  expect(estimand.effect[0]).toBeGreaterThan(0.1);
  // Its way back, 1 → 5, has nothing.
  expect(lines[11]).toBe("1,5,0.11,0.04,0,0");
  expect(lines[8]).toBe("5,3,,0.04,0,0");
});
