import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { cpuLimits } from "../../src/engine/cpu/limits";
import { nodeThreads } from "../../src/engine/cpu/node";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import { drive } from "../../src/engine/drive";
import type { Engine, Task, Watcher } from "../../src/engine/engine";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { arrows, one } from "../../src/model/network";
import { plan, wordTrials } from "../../src/model/plan";
import { addSums, type Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { networkOf as networkOfRows } from "../support/networks";

// The CPU engine's WebAssembly writes the same bits as the twins, whatever the threads.

const twins = createTwinEngine();
const fast = createCpuEngine(nodeThreads(3));

function taskOf(given: Record<string, unknown>, every = 1): Task {
  const experiment = parseExperiment({ network: "random", ...given });
  const length = Math.ceil(experiment.neurons / every);
  return {
    network: networkOf(experiment),
    key: keyFrom(experiment.seed),
    design: designOf(experiment, keyFrom(experiment.seed)),
    trials: experiment.trials,
    sources: Uint32Array.from({ length }, (_, column) => column * every),
  };
}

async function sumsOf(engine: Engine, task: Task, from: number, to: number): Promise<Sums> {
  const run = await engine.open(task);
  await run.advance(from, to);
  const sums = await run.sums();
  run.release();
  return sums;
}

test("it names itself, so that no test compares the twins with themselves", () => {
  expect(fast.adapter).toBe("CPU, 3 threads, WASM");
  expect(twins.adapter).toBe("CPU, 1 thread, no WASM");
});

test.each([
  ["the notebook's network", { network: "notebook", neurons: 6, networkSeed: 42 }, 1, 0, 2500],
  ["one neuron, one trial", { neurons: 1, density: 1 }, 1, 77, 78],
  ["one past a tile, chunks of chunks", { neurons: 33, density: 0.5 }, 1, 100, 3333],
  ["every arrow of 300 neurons: eight planes count", { neurons: 300, density: 1 }, 7, 63, 700],
  ["every arrow of 1,100 neurons: more than nine planes count", { neurons: 1100, density: 1 }, 250, 63, 130],
  ["no arrow", { neurons: 40, density: 0 }, 3, 0, 300],
  ["many targets of a few sources", { neurons: 1100, density: 0.01 }, 250, 0, 64],
  ["weights of either sign", { neurons: 90, inhibitory: 0.3, inhibition: 2.7 }, 1, 0, 1000],
  ["one at a time", { neurons: 37, density: 0.2, design: "one" }, 2, 10, 1900],
  [
    "subsets, some hidden",
    { neurons: 37, density: 0.2, design: "subset", share: 0.3, hidden: 0.2 },
    2,
    10,
    1900,
  ],
  ["pairs of the same noise", { neurons: 37, density: 0.2, design: "same-noise" }, 2, 10, 1900],
  ["rarely on", { neurons: 37, density: 0.2, probability: 0.1 }, 2, 10, 1900],
  ["always on", { neurons: 7, density: 0.2, probability: 0.99 }, 1, 0, 500],
  ["shared noise", { neurons: 37, density: 0.2, common: 0.7 }, 2, 10, 1900],
  ["all noise shared, one at a time", { neurons: 20, density: 0.2, common: 1, design: "one" }, 1, 0, 400],
])("the twins' sums: %s", async (_, given, every, from, to) => {
  const task = taskOf(given, every);
  const sums = await sumsOf(fast, task, from, to);
  expect(sums.trials).toBe(to - from);
  expect(sums).toEqual(await sumsOf(twins, task, from, to));
  expect(sums).not.toEqual(await sumsOf(fast, task, from + 1, to + 1));
});

const top = 2 ** 32;
test.each(["all", "one", "subset", "same-noise"])(
  "the twins' sums wherever a chunk begins and ends: %s",
  async (design) => {
    for (const common of [0, 0.3]) {
      const task = taskOf({ neurons: 37, density: 0.2, design, common, trials: 2 ** 31 });
      for (const cuts of [
        [top - 192, top - 64],
        [top - 100, top - 64],
        [32, 64],
        [34, 50],
        [0, 34, 500],
        [0, 10, 20, 4500],
      ]) {
        const sums = await Promise.all(
          [fast, twins].map(async (engine) => {
            const run = await engine.open(task);
            for (const [part, from] of cuts.slice(0, -1).entries()) await run.advance(from, cuts[part + 1]);
            return run.sums();
          }),
        );
        expect(sums[0], `${cuts}`).toEqual(sums[1]);
      }
    }
  },
);

test("memory stays within what is forecast, however many the threads", async () => {
  const many = createCpuEngine(nodeThreads(16));
  for (const given of [
    { neurons: 50_000 },
    { neurons: 50_000, design: "one" },
    { neurons: 2000, design: "one" },
  ]) {
    const task = taskOf({ network: "in-degree", inDegree: 5, trials: 10_000, ...given }, given.neurons / 20);
    const run = await many.open(task);
    const products = given.design ? 6 : 1;
    const size = { neurons: given.neurons, sources: task.sources.length, arrows: arrows(task.network) };
    const { bytes } = plan({ ...size, trials: task.trials, products }, cpuLimits);
    expect(run.held()).toBeLessThan(1.5 * bytes);
    run.release();
  }
});

test("the twins' sums: arrows of many weights, so large that outcomes saturate", async () => {
  const size = 150;
  const weightAt = (at: number) => (at % 3 ? (((at * 37) % 101) - 50) / 4 : 0.5);
  const network = networkOfRows(
    Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => weightAt(row * size + column)),
    ),
  );
  expect(Math.max(...network.weight)).toBeGreaterThan(12 * one);
  const task = { ...taskOf({ neurons: size }), network };
  expect(await sumsOf(fast, task, 0, 600)).toEqual(await sumsOf(twins, task, 0, 600));
});

test("sums past 2^32 are carried", async () => {
  const network = networkOfRows([
    [9, 9],
    [0, 0],
  ]);
  const task = { ...taskOf({ neurons: 2, density: 1 }), network };
  const cuts = [0, wordTrials, 2 * wordTrials, Math.round(2.1 * wordTrials)];
  const parts = [];
  for (const [part, from] of cuts.slice(0, -1).entries())
    parts.push(await sumsOf(fast, task, from, cuts[part + 1]));
  const together = await sumsOf(fast, task, 0, cuts[3]);
  expect(together.pair[0]).toBeGreaterThan(2 ** 32);
  expect(together).toEqual(parts.reduce(addSums));
});

test.each([
  ["one chain", 1, 0, false],
  ["more threads than blocks", 100, 0.3, false],
  ["an odd number, some hidden", 301, 1, true],
])("the twins' sums of a watched network: %s", async (_, chains, common, hides) => {
  const { network, key } = taskOf({ neurons: 40, density: 0.2 });
  const hidden = hides ? Uint8Array.from({ length: 40 }, (_, neuron) => (neuron % 7 === 3 ? 1 : 0)) : null;
  const task = { network, key, hidden, chains, common: Math.round(65_536 * common), burnIn: 3 };
  const watched = async (engine: Watcher, to: number) => {
    const run = await engine.watch(task);
    await run.advance(0, 4);
    await run.advance(4, to);
    const sums = await run.sums();
    run.release();
    return sums;
  };
  const sums = await watched(fast, 12);
  expect(sums.steps).toBe(9 * chains);
  expect(sums).toEqual(await watched(twins, 12));
  expect(sums).not.toEqual(await watched(fast, 13));
});

test("sums asked for while trials go on hold whole chunks", async () => {
  const task = taskOf({ neurons: 50 });
  const run = await fast.open(task);
  const [, early] = await Promise.all([run.advance(0, 500), run.sums(), run.advance(500, 900)]);
  expect(early).toEqual(await sumsOf(twins, task, 0, 500));
  expect(await run.sums()).toEqual(await sumsOf(twins, task, 0, 900));
  run.release();
});

test("a thread that fails says so, and the next run has another one", async () => {
  const task = taskOf({ neurons: 20 });
  let breaks = true;
  const { threads, ...hiring } = nodeThreads(1);
  const engine = createCpuEngine({
    threads,
    hire: (code) =>
      hiring.hire(breaks ? `${code}; port.on("message", () => { throw new Error("out of luck") });` : code),
  });
  await expect(sumsOf(engine, task, 0, 100)).rejects.toThrow("out of luck");
  breaks = false;
  expect(await sumsOf(engine, task, 0, 100)).toEqual(await sumsOf(twins, task, 0, 100));
});

test("chunks that adapt are whole grains of the run, however slow it is", async () => {
  const chunks: number[] = [];
  const slow = {
    grain: 256,
    async advance(from: number, to: number) {
      chunks.push(to - from);
      await new Promise((resolve) => setTimeout(resolve, 60));
    },
  };
  expect(await drive(slow, 0, 1000)).toBe(1000);
  expect(chunks).toEqual([256, 256, 256, 232]);
});

test("chunks do not part trials that belong together", async () => {
  const ends: number[] = [];
  const run = { advance: async (_: number, to: number) => void ends.push(to) };
  expect(await drive(run, 0, 40, { chunk: 13, unit: 2 })).toBe(40);
  expect(ends).toEqual([14, 28, 40]);
});
