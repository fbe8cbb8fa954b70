import { describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { choose, never } from "../../src/model/choose";
import { type Design, designOf, hiddenNeurons, notebookDesign, whole } from "../../src/model/design";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { everyNeuronSet, ownNoise, type Params, trialGrid } from "../../src/model/params";
import { perturb } from "../../src/model/perturb";
import { keyFrom } from "../../src/model/threefry";
import { networkOf as networkOfRows } from "../support/networks";
import { gaussHermite, meanOutcome } from "../support/quadrature";

const paramsOf = (neurons: number, from: number, to: number, design: Partial<Params>): Params => ({
  ...{ key0: 11, key1: 22, neurons, sources: neurons, targetFrom: 0, targets: neurons, tileFrom: 0 },
  ...ownNoise,
  ...everyNeuronSet,
  ...design,
  ...trialGrid(from, to),
});

/** Which trials of a chunk set a neuron on or off, as lists. */
function chosen(neurons: number, from: number, to: number, turn: Uint32Array, design: Partial<Params>) {
  const params = paramsOf(neurons, from, to, design);
  const on = new Uint32Array(neurons * params.words);
  const off = new Uint32Array(neurons * params.words);
  perturb(params, on);
  choose(params, turn, on, off);
  const list = (bits: Uint32Array, neuron: number) => {
    const trials: number[] = [];
    for (let trial = from; trial < to; trial++) {
      const at = trial - params.trialBase;
      if ((bits[neuron * params.words + (at >> 5)] >>> (at & 31)) & 1) trials.push(trial);
    }
    return trials;
  };
  return { on: (neuron: number) => list(on, neuron), off: (neuron: number) => list(off, neuron) };
}

const sorted = (trials: number[]) => trials.sort((a, b) => a - b);

describe("which neurons a trial sets", () => {
  test("to 1 with the probability that was asked for, rounded to a 65,536th", () => {
    for (const probability of [1, 655, 16_384, 32_768, 43_691, 60_001]) {
      const params = paramsOf(64, 0, 65_536, { probability });
      const bits = new Uint32Array(64 * params.words);
      perturb(params, bits);
      const ones = bits.reduce((sum, word) => sum + (word.toString(2).match(/1/g)?.length ?? 0), 0);
      const draws = 64 * 65_536;
      const p = probability / whole;
      expect(Math.abs(ones - p * draws)).toBeLessThan(4.5 * Math.sqrt(p * (1 - p) * draws));
    }
  });

  test("one at a time: each source in its turn, on or off, and nobody else", () => {
    const turn = Uint32Array.of(0, never, 1, 2);
    const { on, off } = chosen(4, 100, 400, turn, { design: 1, turns: 3 });
    for (const neuron of [0, 2, 3]) {
      const trials = sorted([...on(neuron), ...off(neuron)]);
      expect(trials).toEqual(
        Array.from({ length: 300 }, (_, at) => 100 + at).filter((trial) => trial % 3 === turn[neuron]),
      );
      expect(Math.abs(on(neuron).length - 50)).toBeLessThan(22);
    }
    expect([...on(1), ...off(1)]).toEqual([]);
  });

  test("the same noise: two trials a turn, off and then on; half a pair does not count", () => {
    const { on, off } = chosen(2, 3, 21, Uint32Array.of(0, 1), { design: 3, turns: 2, pairs: 1 });
    expect(off(0)).toEqual([4, 8, 12, 16]);
    expect(on(0)).toEqual([5, 9, 13, 17]);
    expect(off(1)).toEqual([6, 10, 14, 18]);
    expect(on(1)).toEqual([7, 11, 15, 19]);
  });

  test("a subset: each with its share, whether it is on or off", () => {
    const { on, off } = chosen(40, 0, 10_000, new Uint32Array(40), {
      design: 2,
      share: 16_384,
      probability: 6_554,
    });
    let [ons, offs] = [0, 0];
    for (let neuron = 0; neuron < 40; neuron++) {
      ons += on(neuron).length;
      offs += off(neuron).length;
    }
    const draws = 400_000;
    expect(Math.abs(ons + offs - draws / 4)).toBeLessThan(4.5 * Math.sqrt((draws * 3) / 16));
    expect(Math.abs(ons / (ons + offs) - 0.1)).toBeLessThan(4.5 * Math.sqrt(0.09 / (draws / 4)));
  });

  test("hidden neurons are as many as asked for, others for another seed, never all", () => {
    const hidden = hiddenNeurons(200, 0.25, keyFrom("a"));
    expect(hidden?.reduce((sum, one) => sum + one, 0)).toBe(50);
    expect(hiddenNeurons(200, 0.25, keyFrom("a"))).toEqual(hidden);
    expect(hiddenNeurons(200, 0.25, keyFrom("b"))).not.toEqual(hidden);
    expect(hiddenNeurons(200, 0, keyFrom("a"))).toBeNull();
    expect(hiddenNeurons(2, 0.9, keyFrom("a"))?.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  test("an experiment's design is in whole numbers; what does not apply is left out", () => {
    const design = designOf(parseExperiment({ probability: 0.1, share: 0.5, common: 0.3 }), [1, 2]);
    expect(design).toEqual({ kind: "all", probability: 6_554, share: whole, common: 19_661, hidden: null });
    expect(designOf(parseExperiment(), [1, 2])).toEqual(notebookDesign);
  });
});

/** Mean of f over a state that is left alone: sigmoid(ε). Its rounding to 255 steps moves nothing that shows here. */
const { node, weight } = gaussHermite(60);
const overFreeState = (f: (state: number) => number) =>
  node.reduce((sum, z, at) => sum + weight[at] * f(1 / (1 + Math.exp(-z))), 0);

describe("effects of each design against an independent formula", () => {
  // Neuron 0 listens to 0, 1 and 2, neuron 1 to 2 alone, neuron 2 to nobody.
  const rows = [
    [0.5, 1.5, -0.8],
    [0, 0, 2],
    [0, 0, 0],
  ];
  const network = networkOfRows(rows);
  const trials = 240_000;

  /** Effect of a source on a target, the other states being drawn from so many values with their chances. */
  function expected(
    target: number,
    source: number,
    states: [value: number, chance: number][] | "free",
  ): number {
    const others = [0, 1, 2].filter((other) => other !== source);
    const mean = (at: number, drive: number): number => {
      if (at === others.length) return meanOutcome(drive + rows[target][source]) - meanOutcome(drive);
      const next = (state: number) => mean(at + 1, drive + rows[target][others[at]] * state);
      if (rows[target][others[at]] === 0) return next(0);
      return states === "free"
        ? overFreeState(next)
        : states.reduce((sum, [value, chance]) => sum + chance * next(value), 0);
    };
    return mean(0, 0);
  }

  const cases: [string, Partial<Design>, [number, number][] | "free"][] = [
    ["one", { kind: "one", share: whole }, "free"],
    ["same noise", { kind: "same-noise" }, "free"],
    [
      "all, rarely on",
      { kind: "all", probability: 6_554 },
      [
        [1, 6_554 / whole],
        [0, 1 - 6_554 / whole],
      ],
    ],
    ["one, shared noise", { kind: "one", common: 30_000 }, "free"],
  ];
  test.each(cases)("%s", async (_, given, states) => {
    const design = { ...notebookDesign, ...given };
    const sources = Uint32Array.of(0, 1, 2);
    const run = await createCpuEngine(nodeThreads()).open({
      network,
      key: keyFrom("designs"),
      sources,
      trials,
      design,
    });
    await run.advance(0, trials);
    const { effect, standardError, freedom } = estimate(await run.sums());
    // A tenth of the trials, 24,000, are on: they know their scatter so much worse that (10/9)² of them count. A third
    // of the trials are a source's own, in two arms or in half as many pairs.
    const known = { all: (10 / 9) ** 2 * 24_000, one: 80_000, subset: 0, "same-noise": 40_000 }[design.kind];
    for (const value of freedom) expect(value / known).toBeCloseTo(1, 1);
    for (let target = 0; target < 3; target++) {
      for (let source = 0; source < 3; source++) {
        const pair = 3 * target + source;
        const exact = expected(target, source, states);
        if (exact === 0 && design.kind === "same-noise") {
          expect([effect[pair], standardError[pair]]).toEqual([0, 0]);
          continue;
        }
        expect(standardError[pair]).toBeGreaterThan(0);
        expect(Math.abs(effect[pair] - exact) / standardError[pair]).toBeLessThan(4);
      }
    }
    // The same trials for the same budget: sharing the noise is what makes the difference.
    if (design.kind === "same-noise") expect(standardError[5]).toBeLessThan(0.0006);
    if (given.kind === "one" && !given.common) expect(standardError[5]).toBeGreaterThan(0.0012);
  });

  test("a subset: the others are set in their share of the trials and free in the rest", async () => {
    const design = { ...notebookDesign, kind: "subset", share: 16_384 } as const;
    const sources = Uint32Array.of(0, 1, 2);
    const run = await createCpuEngine(nodeThreads()).open({
      network,
      key: keyFrom("subset"),
      sources,
      trials,
      design,
    });
    await run.advance(0, trials);
    const { effect, standardError } = estimate(await run.sums());
    const free = expected(0, 1, "free");
    // Of neuron 0's others, 0 and 2, each is set in a quarter of the trials; by the formula over both kinds of states.
    const mixed = (f: (state: number) => number) => 0.75 * overFreeState(f) + 0.125 * (f(0) + f(1));
    const exact = mixed((a) =>
      mixed((c) => meanOutcome(0.5 * a + 1.5 - 0.8 * c) - meanOutcome(0.5 * a - 0.8 * c)),
    );
    expect(Math.abs(effect[1] - exact) / standardError[1]).toBeLessThan(4);
    expect(Math.abs(exact - free)).toBeLessThan(0.01);
  });

  test("hidden neurons: rows and columns are missing, the others' effects are those with them left alone", async () => {
    const design = { ...notebookDesign, hidden: Uint8Array.of(0, 0, 1) };
    const sources = Uint32Array.of(0, 1, 2);
    const run = await createCpuEngine(nodeThreads()).open({
      network,
      key: keyFrom("hidden"),
      sources,
      trials,
      design,
    });
    await run.advance(0, trials);
    const { effect, standardError } = estimate(await run.sums(), design.hidden);
    const hiddenPairs = [2, 5, 6, 7, 8];
    for (const pair of hiddenPairs) expect(effect[pair]).toBeNaN();
    const exact =
      (1 / 2) *
      [0, 1].reduce(
        (sum, a) =>
          sum + overFreeState((c) => meanOutcome(0.5 * a + 1.5 - 0.8 * c) - meanOutcome(0.5 * a - 0.8 * c)),
        0,
      );
    expect(Math.abs(effect[1] - exact) / standardError[1]).toBeLessThan(4);
  });
});

test("shared noise: each effect alone is as before, where everybody is set", async () => {
  const rows = [
    [0, 0.5],
    [0.5, 0],
  ];
  const network = networkOfRows(rows);
  const sources = Uint32Array.of(0, 1);
  const trials = 100_000;
  for (const common of [0, 0.5, 1]) {
    const design = { ...notebookDesign, common: Math.round(common * whole) };
    const run = await createCpuEngine(nodeThreads()).open({
      network,
      key: keyFrom("common"),
      sources,
      trials,
      design,
    });
    await run.advance(0, trials);
    const { effect, standardError } = estimate(await run.sums());
    const exact = meanOutcome(0.5) - meanOutcome(0);
    for (const pair of [1, 2]) expect(Math.abs(effect[pair] - exact) / standardError[pair]).toBeLessThan(4);
  }
});
