import { expect, test } from "vitest";
import { notebookDesign, whole } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { inverseArms, pairsOf } from "../../src/model/pairs";
import { allOf, networkOf } from "../support/networks";

test("the pairs of a run: hidden rows and columns are left out, and each arm's scatter is shared by its own trials", () => {
  const network = networkOf([
    [0, 0.5, 0],
    [1, 0, 1],
    [0.25, 0.25, 0],
  ]);
  // One trial in four sets a neuron to 1; neuron 1 is hidden.
  const design = { ...notebookDesign, probability: whole / 4, hidden: Uint8Array.of(0, 1, 0) };
  const exact = exactEffect(network, design);
  const pairs: number[][] = [];
  pairsOf(network, exact, allOf(3), design)((...pair) => pairs.push(pair));
  const scatter = (on: number, off: number) => (on / (1 / 4) + off / (3 / 4)) / 4;
  const { on, off } = exact.arms!;
  const free = (target: number) => scatter(exact.outcomeVariance[target], exact.outcomeVariance[target]);
  // The arrow 0 → 2 is the network's fourth.
  expect(on[3]).not.toBe(off[3]);
  expect(pairs).toEqual([
    [2, 0, 0, free(0)],
    [1, network.weight[3], exact.effect[3], scatter(on[3], off[3])],
    [1, 0, 0, free(2)],
  ]);
});

test("both arms' sizes are random: the mean of their inverses by adding up all sizes", () => {
  const design = { ...notebookDesign, probability: Math.round(whole / 3) };
  const p = design.probability / whole;
  const trials = 30;
  let [sum, chance, ways] = [0, 0, 1];
  for (let on = 0; on <= trials; on++) {
    const share = ways * p ** on * (1 - p) ** (trials - on);
    ways = (ways * (trials - on)) / (on + 1);
    // Where an arm is empty there is no effect.
    if (on === 0 || on === trials) continue;
    sum += share * (1 / on + 1 / (trials - on));
    chance += share;
  }
  const expected = (4 * sum) / chance / (1 / p + 1 / (1 - p));
  expect(inverseArms(trials, design, 3)).toBeCloseTo(expected, 13);
  // 8 trials in the smaller arm, or nothing is said.
  expect(inverseArms(23, design, 3)).toBeNaN();
});
