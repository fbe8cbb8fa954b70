import { describe, expect, test } from "vitest";
import { createConnectivity } from "../../src/replay/connectivity";
import { knownAnswers } from "../support/kat";

interface Notebook {
  readonly n: number;
  readonly seed: number;
  readonly largest_singular_value: number;
  readonly connectivity: number[][];
}

const relative = (got: number, expected: number) => Math.abs(got / expected - 1);

test.each(["notebook_n6", "notebook_n25_seed7"])("%s: every arrow, and its weight to 1e-12", (name) => {
  const notebook = knownAnswers<Notebook>(name);
  const { wiring, weight, largestSingularValue } = createConnectivity(notebook.n, notebook.seed);
  const dense = Array.from({ length: notebook.n }, () => new Array<number>(notebook.n).fill(0));
  for (let target = 0; target < notebook.n; target++) {
    for (const source of wiring.source.subarray(wiring.rowStart[target], wiring.rowStart[target + 1]))
      dense[target][source] = 1;
  }
  expect(dense).toEqual(notebook.connectivity.map((row) => row.map((value) => (value > 0 ? 1 : 0))));
  const weights = notebook.connectivity.flat().filter((value) => value > 0);
  expect(weights.length).toBeGreaterThan(0);
  for (const expected of weights) expect(relative(weight, expected)).toBeLessThan(1e-12);
  expect(relative(largestSingularValue, notebook.largest_singular_value)).toBeLessThan(1e-12);
});

interface Singular {
  readonly n: number;
  readonly seed: number;
  readonly arrows: number;
  readonly largest: number;
}

describe("NumPy's singular values", () => {
  const { networks } = knownAnswers<{ networks: Singular[] }>("singular_values");
  test.each(networks)("$n neurons, seed $seed", ({ n, seed, arrows, largest }) => {
    const connectivity = createConnectivity(n, seed);
    expect(connectivity.wiring.source.length).toBe(arrows);
    expect(connectivity.wiring.rowStart[n]).toBe(arrows);
    if (largest === 0) expect(connectivity.largestSingularValue).toBe(0);
    else expect(relative(connectivity.largestSingularValue, largest)).toBeLessThan(1e-12);
  });
});

test("no arrow drawn: a network of weight 0, not 0/0", () => {
  const { wiring, weight } = createConnectivity(3, 1);
  expect(wiring.source.length).toBe(0);
  expect([...wiring.rowStart]).toEqual([0, 0, 0, 0]);
  expect(weight).toBe(0);
});

test("2.3 % of the seeds at 6 neurons draw no arrow", () => {
  const seeds = 4000;
  let empty = 0;
  for (let seed = 0; seed < seeds; seed++) if (createConnectivity(6, seed).weight === 0) empty++;
  const expected = 0.9 ** 36;
  expect(Math.abs(empty / seeds - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / seeds));
});

test("one neuron, with and without its self-connection", () => {
  const all = Array.from({ length: 100 }, (_, seed) => createConnectivity(1, seed));
  expect(all.some(({ wiring }) => wiring.source.length === 1)).toBe(true);
  for (const { wiring, weight } of all) expect(weight).toBe(wiring.source.length === 1 ? 1 / 1.01 : 0);
});
