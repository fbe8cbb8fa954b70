import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { designOf } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { recover } from "../../src/model/recovery";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";

// Many small networks, quickly; tens of millions of pairs are for the bench.

const confidence = { level: 0.95, rate: 0.2 };

async function recoveryOf(given: Readonly<Record<string, unknown>>) {
  const experiment = parseExperiment({ network: "random", ...given });
  const { neurons, trials } = experiment;
  const network = networkOf(experiment);
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = Uint32Array.from({ length: neurons }, (_, neuron) => neuron);
  const run = await createCpuEngine(nodeThreads()).open({ network, key, sources, trials, design });
  await run.advance(0, trials);
  return recover(estimate(await run.sums()), network, exactEffect(network, design), confidence);
}

// Arms of a few trials know their own scatter badly, and outcomes are not quite normal: so a hundredth either way.
test.each([
  ["rarely on", { probability: 0.01, trials: 1000 }],
  ["rarely set and rarely on", { design: "subset", share: 0.1, probability: 0.1, trials: 1000 }],
  ["one at a time, ten trials an arm", { design: "one", trials: 500 }],
])("small arms are not believed too much: %s", async (_, given) => {
  let pairs = 0;
  let covered = 0;
  let unconnected = 0;
  let positive = 0;
  let falseShare = 0;
  const networks = 30;
  for (let seed = 0; seed < networks; seed++) {
    const found = await recoveryOf({ neurons: 25, seed: `small arms ${seed}`, ...given });
    pairs += found.discoveries.tested;
    covered += (found.interval.coverage ?? 0) * found.discoveries.tested;
    unconnected += found.falsePositives.pairs;
    positive += found.falsePositives.count;
    falseShare += (found.discoveries.falseShare ?? 0) / networks;
  }
  expect(Math.abs(covered / pairs - 0.95)).toBeLessThan(0.01);
  expect(Math.abs(positive / unconnected - 0.05)).toBeLessThan(0.01);
  // One network's share is 0 or 1 where it claims one pair; the mean of 30 has a standard error of up to 0.09.
  expect(falseShare).toBeLessThan(confidence.rate + 0.2);
});

test("intervals, false positives and false discoveries keep their promises", async () => {
  let pairs = 0;
  let covered = 0;
  let unconnected = 0;
  let positive = 0;
  // Share of false discoveries less its expectation in each network, rate × share of the pairs without an arrow:
  // Benjamini & Hochberg (1995) for independent p-values, with equality.
  const excess: number[] = [];
  for (const [neurons, density, trials] of [
    [25, 0.1, 500],
    [40, 0.2, 1000],
    [60, 0.1, 2000],
    [30, 0.1, 100],
  ]) {
    for (let seed = 0; seed < 24; seed++) {
      const found = await recoveryOf({ neurons, density, trials, seed: `${neurons} promises ${seed}` });
      const { interval, falsePositives, discoveries } = found;
      pairs += discoveries.tested;
      covered += (interval.coverage ?? 0) * discoveries.tested;
      unconnected += falsePositives.pairs;
      positive += falsePositives.count;
      const expected = (confidence.rate * falsePositives.pairs) / discoveries.tested;
      excess.push((discoveries.falseShare ?? 0) - expected);
    }
  }
  const threeErrors = (count: number) => 3 * Math.sqrt((0.95 * 0.05) / count);
  expect(pairs).toBe(24 * (25 ** 2 + 40 ** 2 + 60 ** 2 + 30 ** 2));
  expect(Math.abs(covered / pairs - 0.95)).toBeLessThan(threeErrors(pairs));
  expect(Math.abs(positive / unconnected - 0.05)).toBeLessThan(threeErrors(unconnected));
  const mean = excess.reduce((sum, value) => sum + value) / excess.length;
  const variance = excess.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (excess.length - 1);
  expect(Math.abs(mean)).toBeLessThan(3 * Math.sqrt(variance / excess.length));
}, 120_000);
