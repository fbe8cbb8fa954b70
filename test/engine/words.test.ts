import { expect, test, vi } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Engine, Task } from "../../src/engine/engine";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { addSums, type Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { useGpuEngine } from "../support/gpu";

// Second words for the sums come long after a test is over, at 16.8 million trials, and a chunk of few neurons is as long
// as 65,536; here they come at 1,000, and chunks are of 256.

vi.mock("../../src/model/plan", async (original) => {
  const real = await original<typeof import("../../src/model/plan")>();
  const plan: typeof real.plan = (...given) => ({ ...real.plan(...given), chunkTrials: 256 });
  return { ...real, plan, wordTrials: 1000 };
});

const gpu = useGpuEngine();

async function sumsOf(engine: Engine, task: Task, cuts: readonly number[]): Promise<Sums> {
  const run = await engine.open(task);
  for (const [part, from] of cuts.slice(0, -1).entries()) await run.advance(from, cuts[part + 1]);
  const sums = await run.sums();
  run.release();
  return sums;
}

const engines: [string, () => Engine][] = [
  ["GPU", () => gpu.engine],
  ["CPU", () => createCpuEngine(nodeThreads(2))],
  ["twins", createTwinEngine],
];

test.each(engines)("%s: sums in two words are those of runs that need but one", async (_, engine) => {
  for (const given of [{}, { design: "subset", share: 0.4 }]) {
    const experiment = parseExperiment({ network: "random", neurons: 40, density: 0.2, ...given });
    const key = keyFrom(experiment.seed);
    const design = designOf(experiment, key);
    const sources = Uint32Array.of(0, 3, 17, 39);
    const task = { network: networkOf(experiment), key, design, sources, trials: 3000 };
    const parts = [];
    for (const from of [0, 450, 900]) parts.push(await sumsOf(engine(), task, [from, from + 450]));
    const whole = await sumsOf(engine(), task, [0, 600, 1350]);
    expect(whole.trials).toBe(1350);
    expect(whole).toEqual(parts.reduce(addSums));
  }
});

test.each([createCpuEngine(nodeThreads(2)), createTwinEngine()])(
  "$adapter: second words are there before the first trial that could need them",
  async (engine) => {
    const experiment = parseExperiment({ network: "random", neurons: 40, density: 0.2 });
    const sources = Uint32Array.of(0, 3, 17, 39);
    const task = { network: networkOf(experiment), key: keyFrom("words"), sources, trials: 2000 };
    const run = await engine.open(task);
    await run.advance(0, 1000);
    const held = run.held();
    await run.advance(1000, 1001);
    expect(run.held() - held).toBeGreaterThanOrEqual(4 * 40 * sources.length);
    run.release();
  },
);
