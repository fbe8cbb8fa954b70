import { describe, expect, test } from "vitest";
import { type Design, notebookDesign, whole } from "../../src/model/design";
import { deviations } from "../../src/model/deviations";
import { exactEffect } from "../../src/model/estimand";
import { floatTrials } from "../../src/model/floatTrials";
import { findArrow, type Network } from "../../src/model/network";
import { LegacyRandom } from "../../src/replay/mt19937";
import { networkOf } from "../support/networks";

// Arrows of several weights and signs, a row without any, one to itself.
const network = networkOf([
  [0, 0.7, 0, 0, -1.2],
  [0, 0, 0, 0, 0],
  [2, 0, 0.5, 0, 0.3],
  [0, 0, 0, 0, 1.1],
  [-0.6, 0.4, 0, 0.9, 0],
]);
const pairs = network.neurons ** 2;

const run = (design: Design, trials: number, seed = 1) => {
  const model = floatTrials(network, design, new LegacyRandom(seed));
  model.advance(trials);
  return model.estimates();
};

function exactOf(of: Network, design: Design) {
  const { effect } = exactEffect(of, design);
  const all = Float64Array.from({ length: of.neurons ** 2 }, (_, pair) => {
    const arrow = findArrow(of, Math.floor(pair / of.neurons), pair % of.neurons);
    return arrow < 0 ? 0 : effect[arrow];
  });
  return { effect: all, standardError: new Float64Array(all.length) };
}

const designs: readonly (readonly [string, Design, number])[] = [
  ["all", notebookDesign, 20_000],
  ["all, probability 0.2", { ...notebookDesign, probability: 0.2 * whole }, 20_000],
  ["all, shared noise", { ...notebookDesign, common: 0.7 * whole }, 20_000],
  ["one", { ...notebookDesign, kind: "one", share: whole }, 60_000],
  ["a subset", { ...notebookDesign, kind: "subset", share: 0.4 * whole }, 40_000],
  [
    "a subset, shared noise",
    { ...notebookDesign, kind: "subset", share: 0.4 * whole, common: 0.5 * whole },
    40_000,
  ],
];

describe("float64 trials estimate the exact effect, and know their error", () => {
  test.each(designs)("%s", (_, design, trials) => {
    const z = Array.from({ length: 8 }, (_, seed) =>
      deviations(run(design, trials, seed), exactOf(network, design)),
    );
    expect(z.every((one) => one.pairs === pairs)).toBe(true);
    // 8 × 25 pairs; those of a target share its outcomes, so there is a little less freedom than pairs.
    const rms = Math.sqrt(z.reduce((sum, one) => sum + one.rms ** 2, 0) / z.length);
    expect(Math.abs(rms - 1)).toBeLessThan(4 / Math.sqrt(2 * 8 * pairs));
  });

  test.each(designs)("some sources alone: %s", (_, design, trials) => {
    const sources = Uint32Array.of(1, 4);
    const all = run(design, trials, 5);
    const model = floatTrials(network, design, new LegacyRandom(5), sources);
    model.advance(trials);
    const some = model.estimates();
    expect(some.effect).toHaveLength(2 * network.neurons);
    expect(some.freedom).toHaveLength(2);
    const columns = (of: ArrayLike<number>) =>
      Array.from({ length: some.effect.length }, (_, pair) => of[5 * (pair >> 1) + sources[pair & 1]]);
    // Who takes turns decides the trials; otherwise they are those of all sources.
    if (design.kind !== "one") {
      expect([...some.effect]).toEqual(columns(all.effect));
      expect([...some.standardError]).toEqual(columns(all.standardError));
      expect([...some.freedom]).toEqual([all.freedom[1], all.freedom[4]]);
    }
    const exact = { effect: columns(exactOf(network, design).effect), standardError: new Float64Array(10) };
    expect(deviations(some, exact).rms).toBeLessThan(1 + 4 / Math.sqrt(2 * 10));
    expect(deviations(some, exact).pairs).toBe(10);
  });

  test("same noise in both arms: far smaller errors, and no error where there is no arrow", () => {
    const design: Design = { ...notebookDesign, kind: "same-noise" };
    const found = run(design, 20_000);
    const exact = exactOf(network, design).effect;
    for (let pair = 0; pair < pairs; pair++) {
      const error = Math.abs(found.effect[pair] - exact[pair]);
      if (exact[pair] === 0) expect(error).toBe(0);
      else expect(error).toBeLessThan(5 * found.standardError[pair]);
    }
    const one = run({ ...notebookDesign, kind: "one", share: whole }, 20_000);
    expect(found.standardError[4]).toBeLessThan(one.standardError[4] / 4);
  });
});

test("neurons that a trial leaves alone are spontaneously active: half on, not off and not as they were", () => {
  // With neuron 2 half on, 0 is nearly saturated, and 1 does little to it.
  const strong = networkOf([
    [0, 1, 6],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const design: Design = { ...notebookDesign, kind: "one", share: whole };
  const model = floatTrials(strong, design, new LegacyRandom(4));
  model.advance(30_000);
  const { effect, standardError } = model.estimates();
  const exact = exactOf(strong, design).effect;
  expect(exact[1]).toBeLessThan(0.1);
  expect(Math.abs(effect[1] - exact[1])).toBeLessThan(4 * standardError[1]);
  expect(standardError[1]).toBeLessThan(0.005);
});

test("hidden neurons are missing as sources and as targets, and the others' effects are those of all", () => {
  const design: Design = { ...notebookDesign, hidden: Uint8Array.of(0, 1, 0, 0, 0) };
  const found = run(design, 20_000);
  for (let pair = 0; pair < pairs; pair++) {
    const isHidden = pair % 5 === 1 || Math.floor(pair / 5) === 1;
    expect(Number.isNaN(found.effect[pair]), `pair ${pair}`).toBe(isHidden);
  }
  const z = deviations(found, exactOf(network, design));
  expect(z.pairs).toBe(16);
  expect(z.rms).toBeLessThan(1.7);
});

test("trials may come in any split, and too few leave their pairs missing", () => {
  const model = floatTrials(network, notebookDesign, new LegacyRandom(3));
  for (const more of [1, 62, 37]) model.advance(more);
  expect(model.estimates()).toEqual(run(notebookDesign, 100, 3));
  const one = run(notebookDesign, 1);
  expect(one.effect.every(Number.isNaN)).toBe(true);
  expect(run(notebookDesign, 2).standardError.every(Number.isNaN)).toBe(true);
});
