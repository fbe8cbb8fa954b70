import { describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { type Design, notebookDesign, whole } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { InputError } from "../../src/model/inputError";
import { arrowNeeds, bytesFor, secondsFor, trialsNeeded } from "../../src/model/needed";
import { findArrow } from "../../src/model/network";
import { keyFrom } from "../../src/model/threefry";
import { typicalNeeds, typicalOf } from "../../src/model/typical";
import { allOf, networkOf, notebookNetwork } from "../support/networks";

const designed = (changes: Partial<Design>): Design => ({ ...notebookDesign, ...changes });

const typical = (neurons: number) => typicalOf(parseExperiment(), neurons)!;

describe("the curve for networks of the notebook's kind, against its own networks", () => {
  test.each([
    [25, 0.11],
    [50, 0.05],
    [100, 0.07],
    [400, 0.03],
    [1000, 0.001],
  ])("%i neurons: within %d", (neurons, error) => {
    const network = notebookNetwork(neurons, 42);
    const needs = trialsNeeded(network, exactEffect(network), allOf(neurons));
    expect(needs.arrows).toBe(network.source.length);
    for (const share of [0.5, 0.95])
      expect(Math.abs(typicalNeeds(typical(neurons), share)! / needs.of(share)! - 1)).toBeLessThan(error);
  });

  test("trials grow like the square of the neurons", () => {
    expect(typicalNeeds(typical(10_000), 0.5)! / typicalNeeds(typical(1000), 0.5)! / 100).toBeCloseTo(1, 1);
  });
});

// Many trials, so that they know their error well (pairs of the same noise need few). A ratio's mean is z within 1 / √arrows; arrows of one network share little.
describe.each<[string, Design, number, number]>([
  ["the notebook's design", notebookDesign, 60, 10],
  ["one at a time", designed({ kind: "one" }), 25, 10],
  ["mostly off", designed({ probability: whole / 4 }), 60, 10],
  ["a subset", designed({ kind: "subset", share: whole / 4 }), 40, 10],
  [
    "hidden neurons",
    designed({ hidden: Uint8Array.from(allOf(40), (neuron) => (neuron % 4 === 0 ? 1 : 0)) }),
    40,
    10,
  ],
  ["the same noise", designed({ kind: "same-noise" }), 40, 40],
])("%s: after so many trials the arrows stand out", (_, design, neurons, z) => {
  test("by z standard errors on average", async () => {
    const network = notebookNetwork(neurons, 42);
    const sources = allOf(neurons);
    const exact = exactEffect(network, design);
    const trials = trialsNeeded(network, exact, sources, design, z).of(0.5)!;
    const run = await createCpuEngine(nodeThreads()).open({
      network,
      key: keyFrom("needed"),
      sources,
      trials,
      design,
    });
    await run.advance(0, trials);
    const { effect, standardError } = estimate(await run.sums(), design.hidden);
    let sum = 0;
    let arrows = 0;
    for (let target = 0; target < neurons; target++)
      for (let source = 0; source < neurons; source++) {
        const pair = target * neurons + source;
        if (findArrow(network, target, source) < 0 || Number.isNaN(effect[pair])) continue;
        sum += effect[pair] / standardError[pair];
        arrows++;
      }
    // The median of the arrows is not their mean.
    expect(Math.abs(sum / arrows - z)).toBeLessThan(3 / Math.sqrt(arrows) + 0.03 * z);
  }, 60_000);
});

test("an arrow's own needs, and the needs of all by hand", () => {
  const two = networkOf([
    [0, 0.9],
    [0.3, 0],
  ]);
  const exact = exactEffect(two);
  const byHand = [0, 1].map((arrow) =>
    Math.ceil(
      (36 * (exact.outcomeVariance[arrow] - exact.effect[arrow] ** 2 / 4)) / exact.effect[arrow] ** 2,
    ),
  );
  const needs = trialsNeeded(two, exact, allOf(2));
  expect([needs.of(0.5), needs.of(1)]).toEqual([byHand[0], byHand[1]]);
  expect(arrowNeeds(two, exact, 1, 0, allOf(2))).toEqual({
    source: 1,
    target: 0,
    effect: exact.effect[0],
    trials: byHand[0],
  });
  expect(arrowNeeds(two, exact, 0, 1, allOf(2)).trials).toBe(byHand[1]);
  const design = designed({ probability: whole / 4, hidden: Uint8Array.of(0, 0) });
  const other = exactEffect(two, design);
  expect(arrowNeeds(two, other, 0, 1, allOf(2), design).trials).toBe(
    trialsNeeded(two, other, allOf(2), design).of(1),
  );
});

test("no arrow, a hidden end, an effect of 0", () => {
  const two = networkOf([
    [0, 0.9],
    [0, 0],
  ]);
  expect(() => arrowNeeds(two, exactEffect(two), 0, 1, allOf(2))).toThrow(
    new InputError("there is no arrow 0-1 in this network"),
  );
  const design = designed({ hidden: Uint8Array.of(0, 1) });
  expect(() => arrowNeeds(two, exactEffect(two, design), 1, 0, allOf(2), design)).toThrow("has a hidden end");
  const none = networkOf([[0]]);
  expect(trialsNeeded(none, exactEffect(none), allOf(1)).of(0.5)).toBeNull();
  const silent = { ...two, weight: Int32Array.of(0) };
  expect(arrowNeeds(silent, exactEffect(silent), 1, 0, allOf(2)).trials).toBeNull();
});

test("time is outcomes and pair updates, memory what the plan says", () => {
  const speeds = { drivesPerSecond: 1e6, pairUpdatesPerSecond: 1e7 };
  expect(secondsFor(100, 50, 1000, 2000, speeds)).toBeCloseTo(
    (2000 * (1000 + 3000)) / 1e6 + (100 * 50 * 2000) / 1e7,
  );
  const bytes = (neurons: number, trials: number) =>
    bytesFor({ neurons, sources: neurons, arrows: 1000, trials, products: 1 });
  expect((bytes(100, 1e8) ?? 0) - (bytes(100, 1e6) ?? 0)).toBe(4 * 100 * 100);
  expect(bytes(50_000, 1e6)).toBeNull();
});
