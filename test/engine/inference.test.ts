import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { recover } from "../../src/model/recovery";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";

// Many small networks, quickly; tens of millions of pairs are for the bench.

const confidence = { level: 0.95, rate: 0.2 };

async function recoveryOf(neurons: number, density: number, trials: number, seed: string) {
  const network = networkOf(parseExperiment({ network: "random", neurons, density, seed }));
  const sources = Uint32Array.from({ length: neurons }, (_, neuron) => neuron);
  const run = await createCpuEngine().open({ network, key: keyFrom(seed), sources, trials });
  await run.advance(0, trials);
  return recover(estimate(await run.sums()), network, exactEffect(network), confidence);
}

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
      const found = await recoveryOf(neurons, density, trials, `${neurons} promises ${seed}`);
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
