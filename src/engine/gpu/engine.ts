import { arrows } from "../../model/network";
import { ownNoise, type Params, trialGrid } from "../../model/params";
import { type Limits, type Plan, plan, wordTrials } from "../../model/plan";
import type { Sums } from "../../model/sums";
import { normalTable, sigmoidTable } from "../../model/tables";
import type { Engine, Run, Task } from "../engine";
import { sumsFromWords } from "../words";
import { snapshot, storage, uniform, upload } from "./buffers";
import { type OpenDevice, openDevice } from "./device";
import { compileAll, type Kernels, paramsBytes, paramsSize } from "./kernels";

/** The GPU engine lends its device, so that pictures can be drawn without copies. */
export interface GpuEngine extends Engine {
  readonly device: GPUDevice;
  /** Resolves when the device is lost, with the reason; the engine is of no use then. */
  readonly lost: Promise<string>;
}

/**
 * The WGSL kernels on an adapter; the same code in a browser and in Node. It works within the
 * adapter's own limits, or within narrower ones.
 *
 * Errors   NoAdapter with one sentence for a person; Error with line and column if a kernel does
 *          not compile.
 */
export async function createGpuEngine(gpu: GPU, narrower?: Limits): Promise<GpuEngine> {
  const open = await openDevice(gpu);
  const { device, adapter } = open;
  const limits = narrower ?? open.limits;
  const kernels = await compileAll(device);
  return {
    kind: "gpu",
    adapter,
    device,
    lost: device.lost.then(({ message }) => message),
    open: async (task) => openRun(open, limits, kernels, task),
    close: () => device.destroy(),
  };
}

/** Longest time one submission should keep the adapter busy, in milliseconds. */
const submissionTime = 50;

async function openRun(open: OpenDevice, limits: Limits, kernels: Kernels, task: Task): Promise<Run> {
  const { device } = open;
  const { network, key, sources } = task;
  const { neurons } = network;
  const cut: Plan = plan(neurons, sources.length, arrows(network), task.trials, limits);
  const rowOf = (tile: number) => tile * cut.tileTargets;
  const tileRows = (tile: number) => Math.min(cut.tileTargets, neurons - rowOf(tile));

  device.pushErrorScope("out-of-memory");
  const own: GPUBuffer[] = [];
  const keep = (buffer: GPUBuffer) => {
    own.push(buffer);
    return buffer;
  };
  const params = keep(uniform(device, "params", paramsSize));
  const tables = {
    rowStart: keep(upload(device, "row_start", network.rowStart)),
    source: keep(upload(device, "source", network.source)),
    weight: keep(upload(device, "weight", network.weight)),
    normalTable: keep(upload(device, "normal_table", normalTable)),
    sigmoidTable: keep(upload(device, "sigmoid_table", sigmoidTable)),
    sourceList: keep(upload(device, "source_list", sources)),
  };
  const makePair = (label: string) =>
    Array.from({ length: cut.tiles }, (_, tile) =>
      keep(storage(device, `${label} ${tile}`, 4 * tileRows(tile) * sources.length)),
    );
  const sums = {
    perturbed: ["low", "high"].map((word) =>
      keep(storage(device, `perturbed ${word}`, 4 * sources.length + 4)),
    ),
    outcomes: ["low", "high"].map((word) => keep(storage(device, `outcomes ${word}`, 8 * neurons))),
    pairLow: makePair("pair_low"),
    pairHigh: null as GPUBuffer[] | null,
  };
  const noHigh = keep(storage(device, "no pair_high", 4));
  const outOfMemory = await device.popErrorScope();
  if (outOfMemory) {
    for (const buffer of own) buffer.destroy();
    throw new Error(`the adapter has no room for the sums: ${outOfMemory.message}`);
  }

  // Working buffers grow with the chunks; bind groups follow them.
  let perturbation = keep(storage(device, "perturbation", 0));
  let outcome = keep(storage(device, "outcome", 0));
  const grown = (buffer: GPUBuffer, bytes: number) => {
    if (buffer.size >= bytes) return buffer;
    own.splice(own.indexOf(buffer), 1);
    buffer.destroy();
    return keep(storage(device, buffer.label, bytes));
  };

  let trials = 0;
  let failure: unknown = null;

  /** Cost of work is counted in pair-updates; how many fit a submission is learned as it runs. */
  let affordable = 2 ** 20;
  const costOfRow = (words: number) => 32 * words * (sources.length + arrows(network) / neurons + 64);

  const submit = (given: Params, encode: (pass: GPUComputePassEncoder) => void) => {
    device.queue.writeBuffer(params, 0, paramsBytes(given));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };

  const addChunk = async (from: number, to: number) => {
    const grid = trialGrid(from, to);
    const { words } = grid;
    const whole: Params = {
      key0: key[0],
      key1: key[1],
      neurons,
      sources: sources.length,
      targetFrom: 0,
      targets: neurons,
      tileFrom: 0,
      ...ownNoise,
      ...grid,
    };
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    perturbation = grown(perturbation, 4 * neurons * words);
    if (!sums.pairHigh && trials + to - from > wordTrials) sums.pairHigh = makePair("pair_high");

    submit(whole, (pass) => {
      const { perturb, count } = kernels;
      perturb.encode(pass, perturb.bind(params, { perturbation }), whole);
      const [low, high] = sums.perturbed;
      const counted = count.bind(params, { sourceList: tables.sourceList, perturbation, low, high });
      count.encode(pass, counted, whole);
    });

    for (let first = 0; first < neurons; ) {
      const tile = Math.floor(first / cut.tileTargets);
      const afford = Math.max(1, Math.floor(affordable / costOfRow(words)));
      const targets = Math.min(afford, cut.sliceTargets, rowOf(tile) + tileRows(tile) - first);
      const slice: Params = { ...whole, targetFrom: first, targets, tileFrom: rowOf(tile) };
      outcome = grown(outcome, 32 * targets * words);
      const start = performance.now();
      submit(slice, (pass) => {
        const { respond, tally, accumulate } = kernels;
        respond.encode(pass, respond.bind(params, { ...tables, perturbation, outcome }), slice);
        const [low, high] = sums.outcomes;
        tally.encode(pass, tally.bind(params, { outcome, low, high }), slice);
        const pairs = { pairLow: sums.pairLow[tile], pairHigh: sums.pairHigh?.[tile] ?? noHigh };
        const added = accumulate.bind(params, { ...tables, perturbation, outcome, ...pairs });
        accumulate.encode(pass, added, slice);
      });
      await device.queue.onSubmittedWorkDone();
      const time = Math.max(performance.now() - start, 0.1);
      const change = Math.min(2, Math.max(0.25, submissionTime / time));
      affordable = Math.max(2 ** 16, Math.min(2 ** 36, costOfRow(words) * targets * change));
      first += targets;
    }

    const problems = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    const problem = problems.find((error) => error !== null);
    if (open.lost !== null) throw new Error(`the GPU was lost: ${open.lost}`);
    if (problem) throw new Error(`the GPU refused the work: ${problem.message}`);
    trials += to - from;
  };

  // Chunks and snapshots take turns, so that a snapshot never sees half a chunk.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => {
      if (failure !== null) throw failure;
      return work();
    });
    turn = mine.catch((error: unknown) => {
      failure ??= error;
    });
    return mine;
  };

  const read = async (): Promise<() => Promise<Sums>> => {
    const expected = trials;
    const { perturbed, outcomes, pairLow, pairHigh } = sums;
    const words = snapshot(device, [...perturbed, ...outcomes, ...pairLow, ...(pairHigh ?? [])]);
    return async () => {
      const [p0, p1, o0, o1, ...tiles] = await words;
      const low = concatenate(tiles.slice(0, cut.tiles));
      const high = pairHigh ? concatenate(tiles.slice(cut.tiles)) : null;
      const result = sumsFromWords(sources, [p0, p1], [o0, o1], [low, high]);
      if (result.trials !== expected)
        throw new Error(`the GPU counted ${result.trials} trials where ${expected} were run`);
      return result;
    };
  };

  return {
    advance: (from, to) =>
      inTurn(async () => {
        for (let at = from; at < to; at += cut.chunkTrials)
          await addChunk(at, Math.min(at + cut.chunkTrials, to));
      }),
    sums: async () => (await inTurn(read))(),
    release: () => {
      for (const buffer of own) buffer.destroy();
    },
  };
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
