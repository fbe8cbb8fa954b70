import { expect, test } from "vitest";
import { nodeHash } from "../../src/cli/hash";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { drive } from "../../src/engine/drive";
import type { Engine, Task } from "../../src/engine/engine";
import { hashSums } from "../../src/io/sumsFile";
import { memorySpill } from "../../src/model/candidates";
import { designOf, trialsTogether } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { inferrer, isDiscovery } from "../../src/model/inference";
import { findArrow } from "../../src/model/network";
import { recover } from "../../src/model/recovery";
import { resolveSources } from "../../src/model/sources";
import { summarise } from "../../src/model/summary";
import type { Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { runTiles, type TileOptions } from "../../src/tiles";
import { useGpuEngine } from "../support/gpu";

// Sources in tiles, one after the other, are all sources at once: same bits, same discoveries, same measures.

const gpu = useGpuEngine();
const cpu = createCpuEngine(nodeThreads());
const confidence = { level: 0.9, rate: 0.1 };

function taskOf(given: Record<string, unknown>): Task {
  const experiment = parseExperiment({ network: "random", ...given });
  const key = keyFrom(experiment.seed);
  const network = networkOf(experiment);
  const design = designOf(experiment, key);
  const sources = resolveSources(experiment.sources, network, design.hidden);
  return { network, key, design, sources, trials: experiment.trials };
}

async function atOnce(engine: Engine, task: Task): Promise<Sums> {
  const run = await engine.open(task);
  await drive(run, 0, task.trials, { unit: trialsTogether(task.design?.kind ?? "all") });
  const sums = await run.sums();
  run.release();
  return sums;
}

async function inTiles(engine: Engine, task: Task, tileSources: number, more: Partial<TileOptions> = {}) {
  const hash = nodeHash();
  let edges = "";
  const sink = {
    sums: hash.add,
    edges: (lines: string) => {
      edges += lines;
    },
    spill: memorySpill,
  };
  const estimand = exactEffect(task.network, task.design);
  const options = { ...confidence, tileSources, from: 0, to: task.trials, ...more };
  const found = await runTiles(engine, task, estimand, sink, options);
  return { ...found, hash: hash.hex(), edges };
}

const designs: [string, Record<string, unknown>][] = [
  ["the notebook's design", {}],
  ["some sources of them", { sources: "top:31" }],
  ["one at a time", { design: "one", neurons: 31 }],
  ["the same noise in both arms", { design: "same-noise", neurons: 31 }],
  ["subsets, some neurons hidden", { design: "subset", share: 0.3, hidden: 0.2 }],
  ["rarely on", { probability: 0.02, trials: 200 }],
];

test.each(designs)("%s", async (_, given) => {
  const task = taskOf({ neurons: 83, density: 0.06, trials: 1500, ...given });
  const { network, design } = task;
  const whole = await atOnce(cpu, task);
  const expected = hashSums(whole);
  const estimates = estimate(whole, design?.hidden);
  const estimand = exactEffect(network, design);
  const recovery = recover(estimates, network, estimand, confidence);
  const summary = summarise(estimates, network, estimand);
  const infer = inferrer(estimates, 0.95);
  const tiles: [Engine, number][] = [
    [cpu, 1000],
    [cpu, 30],
    [cpu, 7],
    [gpu.engine, 30],
  ];
  let lines = "";
  for (const [engine, tileSources] of tiles) {
    const found = await inTiles(engine, task, tileSources);
    expect(found.hash).toBe(expected);
    expect(found.sources).toEqual(task.sources);
    expect(found.tiles).toBe(Math.ceil(task.sources.length / tileSources));
    expect(found.recovery).toEqual(recovery);
    expect(found.summary).toEqual(summary);
    if (lines !== "") expect(found.edges).toBe(lines);
    lines = found.edges;
  }
  const [header, ...edges] = lines.trimEnd().split("\n");
  expect(header).toBe("source,target,effect,standard_error,p_value,weight,exact_effect");
  expect(edges).toHaveLength(recovery.discoveries.claimed);
  for (const line of edges) {
    const [source, target, effect, error, p, weight, exact] = line.split(",").map(Number);
    const pair = target * task.sources.length + task.sources.indexOf(source);
    expect([effect, error]).toEqual([estimates.effect[pair], estimates.standardError[pair]]);
    expect(p).toBe(infer(pair).pValue);
    expect(isDiscovery(recovery.discoveries, p)).toBe(true);
    const arrow = findArrow(network, target, source);
    expect([weight, exact]).toEqual(
      arrow < 0 ? [0, 0] : [network.weight[arrow] / 2 ** 20, estimand.effect[arrow]],
    );
  }
});

test("stopped, it keeps the tiles that are done, as if no more had been asked for", async () => {
  const task = taskOf({ neurons: 60, trials: 640 });
  const stop = new AbortController();
  const seen: number[] = [];
  const found = await inTiles(cpu, task, 25, {
    chunk: 64,
    signal: stop.signal,
    onProgress: (done, total) => {
      expect(total).toBe(3 * 640);
      seen.push(done);
      if (done === 960) stop.abort();
    },
  });
  expect(seen.slice(0, 3)).toEqual([64, 128, 192]);
  expect(found.tiles).toBe(1);
  const part = { ...task, sources: task.sources.slice(0, 25) };
  expect(found.sources).toEqual(part.sources);
  const sums = await atOnce(cpu, part);
  expect(found.hash).toBe(hashSums(sums));
  const exact = exactEffect(task.network);
  expect(found.recovery).toEqual(recover(estimate(sums), task.network, exact, confidence));
});

test("3,000 neurons: all × all at once on one engine, in tiles on the other", async () => {
  const task = taskOf({ neurons: 3000, density: 0.003, trials: 64 });
  const expected = hashSums(await atOnce(cpu, task), nodeHash());
  expect((await inTiles(gpu.engine, task, 1100)).hash).toBe(expected);
}, 120_000);
