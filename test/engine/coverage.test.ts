import { expect, test } from "vitest";
import { drive } from "../../src/engine/drive";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { summarise } from "../../src/model/summary";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { useGpuEngine } from "../support/gpu";

const gpu = useGpuEngine();

test("95 % intervals cover the exact effect in 95 % of the pairs, within three standard errors", async () => {
  let pairs = 0;
  let covered = 0;
  let squares = 0;
  for (const [neurons, seed] of [
    [25, "a"],
    [100, "b"],
    [256, "c"],
    [300, "d"],
  ] as const) {
    const network = networkOf(parseExperiment({ network: "random", neurons, seed }));
    const sources = Uint32Array.from({ length: neurons }, (_, neuron) => neuron);
    const run = await gpu.engine.open({ network, key: keyFrom(seed), sources, trials: 4000 });
    await drive(run, 0, 4000);
    const estimates = estimate(await run.sums());
    const { coverage95, missing } = summarise(estimates, network, exactEffect(network));
    run.release();
    expect(missing).toBe(0);
    pairs += neurons ** 2;
    covered += (coverage95 ?? 0) * neurons ** 2;
    const exact = exactEffect(network);
    for (let target = 0; target < neurons; target++)
      for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++) {
        const pair = target * neurons + network.source[arrow];
        squares += ((estimates.effect[pair] - exact.effect[arrow]) / estimates.standardError[pair]) ** 2;
      }
  }
  expect(pairs).toBeGreaterThan(100_000);
  const three = 3 * Math.sqrt((0.95 * 0.05) / pairs);
  expect(Math.abs(covered / pairs - 0.95)).toBeLessThan(three);
  // The arrows alone, whose exact effect is not 0: errors in standard errors have mean square 1.
  const arrows = pairs / 10;
  expect(Math.abs(squares / arrows - 1)).toBeLessThan(0.05);
}, 120_000);
