import { afterAll, beforeAll, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Engine, Task } from "../../src/engine/engine";
import { createGpuEngine } from "../../src/engine/gpu/engine";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { hashSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { wordTrials } from "../../src/model/plan";
import { addSums, type Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";

// A run goes on from sums of any other: what was done before, and by whom, decides nothing.

const engines: Record<string, Engine> = {
  "the twins": createTwinEngine(),
  "threads of the CPU": createCpuEngine(nodeThreads()),
};

beforeAll(async () => {
  engines["the GPU"] = await createGpuEngine(await openNodeGpu());
  // Pair sums in several tiles.
  engines["a GPU of small buffers"] = await createGpuEngine(await openNodeGpu(), {
    bindingBytes: 20_000,
    totalBytes: 2 ** 30,
  });
});

afterAll(() => {
  for (const engine of Object.values(engines)) engine.close();
});

function taskOf(given: Record<string, unknown>): Task {
  const experiment = parseExperiment({ network: "random", neurons: 83, density: 0.1, ...given });
  const key = keyFrom(experiment.seed);
  const sources = Uint32Array.from({ length: 61 }, (_, column) => column + 20);
  const design = designOf(experiment, key);
  return { network: networkOf(experiment), key, design, sources, trials: experiment.trials };
}

async function sumsFrom(engine: Engine, task: Task, from: number, to: number, begun?: Sums): Promise<Sums> {
  const run = await engine.open(task, begun);
  await run.advance(from, to);
  const sums = await run.sums();
  run.release();
  return sums;
}

const designs: [string, Record<string, unknown>][] = [
  ["the notebook's design", {}],
  ["subsets, some neurons hidden", { design: "subset", share: 0.3, hidden: 0.2 }],
  ["the same noise in both arms", { design: "same-noise" }],
];

test.each(designs)("each engine goes on where another stopped: %s", async (_, given) => {
  const task = taskOf(given);
  const expected = hashSums(await sumsFrom(engines["the twins"], task, 0, 600));
  let sums: Sums | undefined;
  let at = 0;
  for (const engine of [...Object.values(engines), ...Object.values(engines).reverse()]) {
    const next = Math.min(600, at + 78);
    sums = await sumsFrom(engine, task, at, next, sums);
    expect(sums.trials).toBe(next);
    at = next;
  }
  expect(at).toBe(600);
  expect(hashSums(sums as Sums)).toBe(expected);
});

test.each(designs)("sums beyond one word: %s", async (_, given) => {
  const task = taskOf(given);
  const few = await sumsFrom(engines["the twins"], task, 0, 100);
  const times = (values: Float64Array) => values.map((value) => 200_000 * value);
  const { perturbed, outcome, outcomeSquared, pair, arms } = few;
  const many: Sums = {
    ...few,
    trials: 200_000 * few.trials,
    ...{ perturbed: times(perturbed), outcome: times(outcome), outcomeSquared: times(outcomeSquared) },
    pair: times(pair),
    arms: arms && {
      ...{ paired: arms.paired, off: times(arms.off), pairOff: times(arms.pairOff) },
      ...{ squaredOn: times(arms.squaredOn), squaredOff: times(arms.squaredOff) },
    },
  };
  expect(many.trials).toBeGreaterThan(wordTrials);
  const expected = hashSums(addSums(many, await sumsFrom(engines["the twins"], task, 100, 264)));
  for (const [name, engine] of Object.entries(engines))
    expect([name, hashSums(await sumsFrom(engine, task, 100, 264, many))]).toEqual([name, expected]);
});

test.each(designs)("before another trial the sums are what it was opened with: %s", async (_, given) => {
  // Of another size than the runs before it, which may have left something behind.
  const whole = taskOf(given);
  const task = { ...whole, sources: whole.sources.subarray(0, 40) };
  const sums = await sumsFrom(engines["the twins"], task, 0, 100);
  for (const [name, engine] of Object.entries(engines)) {
    const run = await engine.open(task, sums);
    expect([name, hashSums(await run.sums())]).toEqual([name, hashSums(sums)]);
    run.release();
  }
});

test("sums of something else are refused", async () => {
  const task = taskOf({});
  const sums = await sumsFrom(engines["the twins"], task, 0, 10);
  const others: Task[] = [
    { ...task, sources: task.sources.subarray(1) },
    taskOf({ neurons: 84 }),
    taskOf({ design: "one" }),
  ];
  for (const engine of Object.values(engines))
    for (const other of others) await expect(engine.open(other, sums)).rejects.toThrow(RangeError);
});
