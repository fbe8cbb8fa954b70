import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { type Design, notebookDesign, whole } from "../../src/model/design";
import { type Estimand, exactEffect } from "../../src/model/estimand";
import { type Estimates, estimate } from "../../src/model/estimate";
import type { Network } from "../../src/model/network";
import { type Band, type Prediction, predict } from "../../src/model/predict";
import { summarise } from "../../src/model/summary";
import { keyFrom } from "../../src/model/threefry";
import { allOf, notebookNetwork } from "../support/networks";
import { effectsOfTrials } from "../support/trials";

const measures = ["agreement", "rmsError", "auroc"] as const;

/** Shares of runs inside each band. */
class Coverage {
  private runs = 0;
  private readonly inside = { agreement: 0, rmsError: 0, auroc: 0 };

  constructor(
    private readonly prediction: Prediction,
    private readonly network: Network,
    private readonly estimand: Estimand,
  ) {}

  add(estimates: Estimates): void {
    const summary = summarise(estimates, this.network, this.estimand);
    this.runs++;
    for (const measure of measures) {
      const { low, high } = this.prediction[measure] as Band;
      const value = summary[measure] as number;
      if (low <= value && value <= high) this.inside[measure]++;
    }
  }

  /** Within three binomial standard errors; the area may cover more, because it moves in steps. */
  expectGood(): void {
    const three = 3 * Math.sqrt((0.95 * 0.05) / this.runs);
    for (const measure of measures) {
      const share = this.inside[measure] / this.runs;
      expect(share, measure).toBeGreaterThan(0.95 - three);
      if (measure !== "auroc") expect(share, measure).toBeLessThan(0.95 + three);
    }
  }
}

describe("95 % of the engine's runs lie in the bands: agreement, RMS error, area under the ROC", () => {
  test.each([
    [6, 20, 400],
    [6, 60, 400],
    [6, 300, 400],
    [25, 300, 150],
    [25, 2500, 60],
    [100, 1000, 60],
    [400, 2500, 8],
  ])(
    "%i neurons, %i trials, %i runs",
    async (neurons, trials, runs) => {
      const network = notebookNetwork(neurons, 42);
      const estimand = exactEffect(network);
      const sources = allOf(neurons);
      const coverage = new Coverage(predict(trials, network, estimand, sources), network, estimand);
      for (let index = 0; index < runs; index++) {
        const run = await createCpuEngine(nodeThreads()).open({
          network,
          key: keyFrom(`run ${index}`),
          sources,
          trials,
        });
        await run.advance(0, trials);
        coverage.add(estimate(await run.sums()));
        run.release();
      }
      coverage.expectGood();
    },
    60_000,
  );
});

const designed = (changes: Partial<Design>): Design => ({ ...notebookDesign, ...changes });

describe("likewise for trials of other designs", () => {
  test.each<[string, Design, number, number, number]>([
    ["one", designed({ kind: "one" }), 6, 120, 400],
    ["one", designed({ kind: "one" }), 25, 2500, 60],
    ["one, mostly off", designed({ kind: "one", probability: whole / 4 }), 6, 600, 300],
    ["mostly off", designed({ probability: whole / 4 }), 6, 60, 400],
    ["a subset", designed({ kind: "subset", share: whole / 4 }), 6, 600, 300],
    ["a subset", designed({ kind: "subset", share: whole / 4 }), 25, 6000, 50],
    ["two hidden", designed({ hidden: Uint8Array.of(0, 1, 0, 0, 1, 0) }), 6, 60, 400],
    ["the same noise", designed({ kind: "same-noise" }), 6, 120, 400],
    ["the same noise", designed({ kind: "same-noise" }), 25, 1250, 60],
  ])("%s", (name, design, neurons, trials, runs) => {
    const network = notebookNetwork(neurons, 42);
    const estimand = exactEffect(network, design);
    const sources = allOf(neurons);
    const coverage = new Coverage(predict(trials, network, estimand, sources, design), network, estimand);
    const random = seedrandom(`${name}, ${neurons} neurons`);
    for (let index = 0; index < runs; index++) {
      const effect = effectsOfTrials(network, design, trials, random);
      const standardError = new Float64Array(effect.length).fill(Number.NaN);
      coverage.add({
        trials,
        targets: neurons,
        sources,
        effect,
        standardError,
        freedom: new Float64Array(neurons).fill(1),
      });
    }
    coverage.expectGood();
  });
});

test("without a band: too few trials in an arm, and noise that neurons share", () => {
  const network = notebookNetwork(6, 42);
  const at = (trials: number, changes: Partial<Design>) => {
    const design = designed(changes);
    return predict(trials, network, exactEffect(network, design), allOf(6), design);
  };
  expect(at(95, { kind: "one" }).agreement).toBeNull();
  expect(at(96, { kind: "one" }).agreement).not.toBeNull();
  expect(at(1e6, { common: whole / 2 })).toEqual({
    trials: 1e6,
    agreement: null,
    rmsError: { expected: NaN, low: NaN, high: NaN },
    auroc: null,
  });
});
