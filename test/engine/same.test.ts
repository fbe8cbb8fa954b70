import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { drive } from "../../src/engine/drive";
import type { Engine, Task } from "../../src/engine/engine";
import { createGpuEngine } from "../../src/engine/gpu/engine";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { variantNames, variants } from "../../src/engine/gpu/variants";
import { hashSums } from "../../src/io/sumsFile";
import { designOf, notebookDesign } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { plan } from "../../src/model/plan";
import { addSums, type Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { useGpuEngine } from "../support/gpu";

// The same trials give the same bits on either engine, in any chunks, in any order, in any split.

const gpu = useGpuEngine();
const cpu = createCpuEngine(nodeThreads());

function taskOf(given: Record<string, unknown>, every = 1): Task {
  const experiment = parseExperiment(given);
  const length = Math.ceil(experiment.neurons / every);
  return {
    network: networkOf(experiment),
    key: keyFrom(experiment.seed),
    design: designOf(experiment, keyFrom(experiment.seed)),
    trials: experiment.trials,
    sources: Uint32Array.from({ length }, (_, column) => column * every),
  };
}

async function sumsOf(engine: Engine, task: Task, from: number, to: number, chunk?: number): Promise<Sums> {
  const run = await engine.open(task);
  await drive(run, from, to, chunk === undefined ? {} : { chunk });
  const sums = await run.sums();
  run.release();
  return sums;
}

const hash = async (sums: Sums) => hashSums(sums);

const notebook = { network: "notebook", neurons: 6, networkSeed: 42, seed: "lecture" };

test("engines, chunks and halves of the notebook's network", async () => {
  const task = taskOf(notebook);
  const whole = await sumsOf(gpu.engine, task, 0, 2500);
  expect(whole.trials).toBe(2500);
  expect(whole.perturbed.every((on) => on > 1000 && on < 1500)).toBe(true);
  const expected = await hash(whole);
  expect(await hash(await sumsOf(cpu, task, 0, 2500))).toBe(expected);
  for (const chunk of [13, 64, 1000]) {
    expect(await hash(await sumsOf(gpu.engine, task, 0, 2500, chunk))).toBe(expected);
    expect(await hash(await sumsOf(cpu, task, 0, 2500, chunk))).toBe(expected);
  }
  const halves = [await sumsOf(gpu.engine, task, 1250, 2500), await sumsOf(cpu, task, 0, 1250)];
  expect(await hash(halves.reduce(addSums))).toBe(expected);
});

test("another seed and other trials give other sums", async () => {
  const task = taskOf(notebook);
  const expected = await hash(await sumsOf(gpu.engine, task, 0, 2500));
  const reseeded = taskOf({ ...notebook, seed: "lecture 2" });
  expect(await hash(await sumsOf(gpu.engine, reseeded, 0, 2500))).not.toBe(expected);
  expect(await hash(await sumsOf(gpu.engine, task, 1, 2501))).not.toBe(expected);
});

test.each([
  ["200 neurons, 20,000 trials", { network: "random", neurons: 200, trials: 20_000 }, 1],
  ["1,000 neurons, 1,024 trials", { network: "random", neurons: 1000, trials: 1024 }, 1],
  [
    "every 7th of 1,500 neurons a source",
    { network: "random", neurons: 1500, density: 0.02, trials: 700 },
    7,
  ],
])("GPU and CPU: %s", async (_, given, every) => {
  const task = taskOf(given, every);
  const fromGpu = await sumsOf(gpu.engine, task, 0, given.trials);
  const fromCpu = await sumsOf(cpu, task, 0, given.trials, 512);
  expect(await hash(fromGpu)).toBe(await hash(fromCpu));
});

test.each([
  ["one neuron that listens to itself", { neurons: 1, density: 1 }, 1],
  ["one neuron alone", { neurons: 1, density: 0 }, 100],
  ["every arrow there is", { neurons: 9, density: 1 }, 65],
  ["an all-zero notebook network", { network: "notebook", neurons: 3, networkSeed: 1 }, 300],
  ["a single trial", { neurons: 6 }, 1],
])("small and odd: %s", async (_, given, trials) => {
  const task = taskOf({ network: "random", ...given });
  const whole = await sumsOf(gpu.engine, task, 0, trials);
  expect(whole.trials).toBe(trials);
  expect(await hash(whole)).toBe(await hash(await sumsOf(cpu, task, 0, trials)));
});

const designs: [string, Record<string, unknown>][] = [
  ["one at a time", { design: "one" }],
  ["subsets, some neurons hidden", { design: "subset", share: 0.3, hidden: 0.2 }],
  ["the same noise in both arms", { design: "same-noise" }],
  ["rarely on", { probability: 0.1 }],
  ["shared noise", { common: 0.7 }],
  ["shared noise, one at a time", { design: "one", common: 1, probability: 0.8 }],
];

test.each(designs)("designs: %s", async (_, given) => {
  const task = taskOf({ network: "random", neurons: 37, density: 0.2, ...given }, 2);
  const whole = await sumsOf(gpu.engine, task, 0, 3000);
  const expected = await hash(whole);
  expect(whole.trials).toBe(3000);
  expect(await hash(await sumsOf(cpu, task, 0, 3000))).toBe(expected);
  expect(await hash(await sumsOf(gpu.engine, task, 0, 3000, 250))).toBe(expected);
  const parts = [await sumsOf(gpu.engine, task, 1234, 3000), await sumsOf(cpu, task, 0, 1234)];
  expect(await hash(parts.reduce(addSums))).toBe(expected);
  const plain = await sumsOf(cpu, taskOf({ network: "random", neurons: 37, density: 0.2 }, 2), 0, 3000);
  expect(await hash(plain)).not.toBe(expected);
});

test("whatever adds up the pair sums, it gives the same", async () => {
  const { kernel, adapter } = gpu.engine;
  expect(variantNames).toContain(kernel);
  expect(adapter).toContain(variants[kernel].inWords);
  const other = await createGpuEngine(
    await openNodeGpu(),
    undefined,
    kernel === "accumulate" ? "accumulatePlanes" : "accumulate",
  );
  for (const given of [{}, { design: "subset", share: 0.4 }]) {
    const task = taskOf({ network: "random", neurons: 70, density: 0.1, ...given }, 3);
    const expected = await hash(await sumsOf(gpu.engine, task, 0, 1000));
    expect(await hash(await sumsOf(other, task, 0, 1000))).toBe(expected);
    expect(await hash(await sumsOf(cpu, task, 0, 1000))).toBe(expected);
  }
  other.close();
});

test("setting every neuron by way of states is the notebook's design, bit for bit", async () => {
  const task = taskOf({ network: "random", neurons: 70, density: 0.1 });
  const nobody = new Uint8Array(70);
  const throughStates = { ...task, design: { ...notebookDesign, hidden: nobody } };
  for (const engine of [gpu.engine, cpu]) {
    const { arms, ...sums } = await sumsOf(engine, throughStates, 0, 1000);
    const { arms: none, ...plain } = await sumsOf(engine, task, 0, 1000);
    expect(none).toBeNull();
    expect(sums).toEqual(plain);
    expect(arms?.off).toEqual(plain.perturbed.map((on) => 1000 - on));
    const total = arms?.pairOff.map((off, pair) => off + plain.pair[pair]);
    expect(total?.every((sum, pair) => sum === plain.outcome[Math.floor(pair / 70)])).toBe(true);
    const squares = arms?.squaredOn.map((on, pair) => on + arms.squaredOff[pair]);
    expect(squares?.every((sum, pair) => sum === plain.outcomeSquared[Math.floor(pair / 70)])).toBe(true);
  }
});

test("sums can be read while trials go on, and are never half a chunk", async () => {
  const task = taskOf({ network: "random", neurons: 40 });
  const run = await gpu.engine.open(task);
  const advancing = [run.advance(0, 500), run.advance(500, 900)];
  const early = run.sums();
  await Promise.all(advancing);
  const sums = await early;
  expect([500, 900]).toContain(sums.trials);
  expect(await hash(sums)).toBe(await hash(await sumsOf(cpu, task, 0, sums.trials)));
  run.release();
});

test("a cancelled run keeps what is done and can go on", async () => {
  const task = taskOf({ network: "random", neurons: 30 });
  const run = await gpu.engine.open(task);
  const stop = new AbortController();
  const next = await drive(run, 0, 4000, {
    chunk: 100,
    signal: stop.signal,
    onProgress: (done) => done === 1200 && stop.abort(),
  });
  expect(next).toBe(1200);
  expect((await run.sums()).trials).toBe(1200);
  await drive(run, next, 4000);
  expect(await hash(await run.sums())).toBe(await hash(await sumsOf(cpu, task, 0, 4000)));
  run.release();
});

test("within narrow limits the sums lie in tiles and the targets are done in slices, with the same bits", async () => {
  const task = taskOf({ network: "random", neurons: 230, density: 0.05 }, 2);
  const limits = { bindingBytes: 20_000, totalBytes: 2 ** 30 };
  const cut = plan(
    { neurons: 230, sources: task.sources.length, arrows: task.network.source.length, trials: 0 },
    limits,
  );
  expect(cut.tiles).toBeGreaterThan(3);
  expect(cut.sliceTargets).toBeLessThan(cut.tileTargets);
  expect(cut.chunkTrials).toBeLessThan(1500);
  const narrow = await createGpuEngine(await openNodeGpu(), limits);
  try {
    const whole = await sumsOf(narrow, task, 10, 1510, 1500);
    expect(await hash(whole)).toBe(await hash(await sumsOf(cpu, task, 10, 1510)));
    const leaving = taskOf({ network: "random", neurons: 230, density: 0.05, design: "one" }, 2);
    const arms = await sumsOf(narrow, leaving, 10, 310, 300);
    expect(await hash(arms)).toBe(await hash(await sumsOf(cpu, leaving, 10, 310)));
  } finally {
    narrow.close();
  }
});

test("a run whose device is lost says so, and stays failed", async () => {
  const engine = await createGpuEngine(await openNodeGpu());
  const run = await engine.open(taskOf(notebook));
  await run.advance(0, 100);
  engine.close();
  await expect(run.advance(100, 200)).rejects.toThrow(/lost|destroyed/i);
  await expect(run.sums()).rejects.toThrow();
});
