import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { watchersThatFit } from "../../src/engine/cpu/chains";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { drive } from "../../src/engine/drive";
import type { Watcher } from "../../src/engine/engine";
import { createGpuEngine } from "../../src/engine/gpu/engine";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { watchLasting } from "../../src/engine/lasting";
import { hashPieces } from "../../src/io/sha256";
import { encodeWatchSums } from "../../src/io/watchFile";
import { connectivityOf, simulate } from "../../src/model/dynamics";
import { keyFrom } from "../../src/model/threefry";
import { laggedCorrelation, type WatchSums, type WatchTask } from "../../src/model/watch";
import { useGpuEngine } from "../support/gpu";
import { networkOf, notebookNetwork } from "../support/networks";

// A network that is only watched: the same bits on either engine and in any split of the time steps, and the same
// behaviour as the float64 model.

const gpu = useGpuEngine();
const cpu = createCpuEngine(nodeThreads());

const taskOf = (given: Partial<WatchTask> = {}): WatchTask => ({
  network: notebookNetwork(23, 42),
  key: keyFrom("watch"),
  common: 0,
  hidden: null,
  chains: 150,
  burnIn: 5,
  ...given,
});

async function watched(engine: Watcher, task: WatchTask, ...until: number[]): Promise<WatchSums> {
  const run = await engine.watch(task);
  let time = 0;
  for (const to of until) {
    await run.advance(time, to);
    time = to;
  }
  const sums = await run.sums();
  run.release();
  return sums;
}

const hash = async (sums: WatchSums) => hashPieces([encodeWatchSums(sums)]);

const someHidden = Uint8Array.from({ length: 23 }, (_, neuron) => (neuron % 5 === 2 ? 1 : 0));

test.each<[string, Partial<WatchTask>]>([
  ["every neuron for itself", {}],
  ["with noise in common", { common: 19_661 }],
  ["with hidden neurons and nothing but common noise", { common: 65_536, hidden: someHidden }],
  ["one chain, no burn-in", { chains: 1, burnIn: 0 }],
  ["chains in whole blocks", { chains: 192, burnIn: 0 }],
])("engines and splits of the time steps: %s", async (_, given) => {
  const task = taskOf(given);
  const whole = await watched(gpu.engine, task, 40);
  expect(whole.steps).toBe((40 - task.burnIn) * task.chains);
  const expected = await hash(whole);
  expect(await hash(await watched(cpu, task, 40))).toBe(expected);
  expect(await hash(await watched(cpu, task, 3, 5, 6, 39, 40))).toBe(expected);
  expect(await hash(await watched(gpu.engine, task, 1, 17, 40))).toBe(expected);
  expect(await hash(await watched(cpu, { ...task, key: keyFrom("other") }, 40))).not.toBe(expected);
});

test("within narrow limits a time step is done in slices and tiles, with the same bits", async () => {
  const task = taskOf({ network: notebookNetwork(150, 42), chains: 64 });
  const narrow = await createGpuEngine(await openNodeGpu(), { bindingBytes: 30_000, totalBytes: 2 ** 30 });
  try {
    expect(await hash(await watched(narrow, task, 12))).toBe(await hash(await watched(cpu, task, 12)));
  } finally {
    narrow.close();
  }
});

test("before burn-in is over nothing is counted", async () => {
  for (const engine of [cpu, gpu.engine]) {
    const sums = await watched(engine, taskOf(), 4);
    expect(sums.steps).toBe(0);
    expect([...sums.before, ...sums.after, ...sums.pair].every((sum) => sum === 0)).toBe(true);
    expect(laggedCorrelation(sums).every(Number.isNaN)).toBe(true);
  }
});

test("what leaves the chains after one step comes back as what they start from", async () => {
  const [short, long] = [await watched(cpu, taskOf(), 29), await watched(cpu, taskOf(), 30)];
  const first = await watched(cpu, taskOf(), 6);
  const later = long.before.map((sum, neuron) => sum - first.before[neuron]);
  expect([...later]).toEqual([...short.after]);
});

test("a cancelled run can go on, and time does not jump", async () => {
  const task = taskOf();
  const run = await gpu.engine.watch(task);
  const stop = new AbortController();
  const next = await drive(run, 0, 60, {
    grain: 1,
    signal: stop.signal,
    onProgress: (time) => time >= 7 && stop.abort(),
  });
  expect(next).toBeGreaterThanOrEqual(7);
  expect(next).toBeLessThan(60);
  await drive(run, next, 60, { grain: 1 });
  expect(await hash(await run.sums())).toBe(await hash(await watched(cpu, task, 60)));
  run.release();
  const other = await cpu.watch(task);
  await expect(other.advance(3, 4)).rejects.toThrow("the network is at time 0, not 3");
});

test("what cannot be watched is refused in one sentence", async () => {
  await expect(cpu.watch(taskOf({ chains: 0 }))).rejects.toThrow(
    "chains is 0; allowed: a whole number from 1 to 65,536",
  );
  await expect(gpu.engine.watch(taskOf({ burnIn: -1 }))).rejects.toThrow(/burn-in is -1; allowed: .* 0 to/);
  await expect(cpu.watch(taskOf({ network: networkOf([[9]]) }))).rejects.toThrow(/row 0 .* 9\.00; allowed/);
  const run = await cpu.watch(taskOf({ chains: 1000 }));
  // (2^32 − 1) / 1,024 time steps, 5 of them not counted.
  await expect(run.advance(0, 2 ** 22 + 1)).rejects.toThrow(
    "4,194,300,000 steps are more than there are draws for; allowed with 1,000 chains: up to 4,194,298,000",
  );
});

test("hidden neurons act, but have neither row nor column", async () => {
  const task = taskOf({ hidden: someHidden });
  const [partly, wholly] = [await watched(cpu, task, 40), await watched(cpu, taskOf(), 40)];
  const [some, all] = [laggedCorrelation(partly), laggedCorrelation(wholly)];
  some.forEach((value, pair) => {
    const isHidden = someHidden[Math.floor(pair / 23)] || someHidden[pair % 23];
    expect(value).toBe(isHidden ? Number.NaN : all[pair]);
  });
});

describe.each([0, 0.5])(
  "integers against the float64 model, a part of %d of the noise in common",
  async (common) => {
    // Row = target: 0 → 1 → 2, and 3 talks to itself.
    const network = networkOf([
      [0, 0, 0, 0],
      [3, 0, 0, 0],
      [0, -3, 0, 1],
      [0, 0, 0, 2],
    ]);
    const steps = 100_000;
    const task = taskOf({ network, common: common * 65_536, chains: 500, burnIn: 30 });
    const integers = laggedCorrelation(await watched(cpu, task, 30 + steps / 500));

    const random = seedrandom("float64");
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let draw = 0;
    let shared = 0;
    const normal = () => {
      if (draw++ % 4 === 0) shared = gauss();
      return Math.sqrt(1 - common) * gauss() + Math.sqrt(common) * shared;
    };
    const { state, timesteps } = simulate(connectivityOf(network), steps + 30, { normal, bit: () => 0 });
    const row = (neuron: number, from: number) =>
      state.subarray(neuron * timesteps + 29 + from, neuron * timesteps + 29 + from + steps);
    const floats = Float64Array.from({ length: 16 }, (_, pair) =>
      pearson(row(pair % 4, 0), row(Math.floor(pair / 4), 1)),
    );

    test("the lagged correlations differ by chance alone", () => {
      // Each has an error of about 1 / √steps; correlation in time and between neurons widens it a little.
      floats.forEach((value, pair) => {
        expect(Math.abs(value - integers[pair])).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(steps));
      });
    });

    test("arrows stand in the row of their target", () => {
      expect(integers[1 * 4 + 0]).toBeGreaterThan(0.3);
      expect(integers[2 * 4 + 1]).toBeLessThan(-0.2);
      expect(Math.abs(integers[0 * 4 + 1])).toBeLessThan(5 / Math.sqrt(steps));
    });
  },
);

test("a device that is lost while it watches: another one takes all time steps again", async () => {
  const lost = await createGpuEngine(await openNodeGpu());
  const reasons: string[] = [];
  const run = await watchLasting<Watcher>(
    lost,
    async ({ reason }) => {
      reasons.push(reason);
      return gpu.engine;
    },
    taskOf(),
  );
  await run.advance(0, 11);
  const advancing = run.advance(11, 31);
  lost.device.destroy();
  await advancing;
  await run.advance(31, 40);
  const sums = await run.sums();
  run.release();
  expect(await hash(sums)).toBe(await hash(await watched(cpu, taskOf(), 40)));
  expect(reasons).toEqual([expect.stringMatching(/^the GPU was lost/)]);
});

function pearson(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(x), mean(y)];
  const covariance = (u: Float64Array, v: Float64Array, p: number, q: number) =>
    u.reduce((sum, value, at) => sum + (value - p) * (v[at] - q), 0);
  return covariance(x, y, a, b) / Math.sqrt(covariance(x, x, a, a) * covariance(y, y, b, b));
}

test("many threads take no more memory for pair sums than a few: each of them has sums of all pairs", () => {
  const bytes = (neurons: number) => {
    const network = { neurons, rowStart: new Uint32Array(neurons + 1), source: noArrows, weight: noWeights };
    return [watchersThatFit(taskOf({ network })), 8 * neurons ** 2] as const;
  };
  expect(bytes(500)[0]).toBeGreaterThan(16);
  for (const neurons of [2000, 3000, 5000, 20_000]) {
    const [threads, each] = bytes(neurons);
    expect(threads).toBeGreaterThanOrEqual(1);
    expect(threads * each).toBeLessThanOrEqual(Math.max(each, 2 ** 28));
  }
});

const noArrows = new Uint32Array(0);
const noWeights = new Int32Array(0);
