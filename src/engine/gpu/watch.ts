import { arrows } from "../../model/network";
import type { Params } from "../../model/params";
import type { Limits } from "../../model/plan";
import {
  checkTimeSteps,
  checkWatch,
  observed,
  planWatch,
  type WatchTask,
  watchParams,
} from "../../model/watch";
import type { WatchRun } from "../engine";
import { turns } from "../turns";
import { concatenate, watchSumsFromWords } from "../words";
import { attempt, inTime } from "./attempt";
import { inputTables, Snapshots, storage, uniform } from "./buffers";
import type { OpenDevice } from "./device";
import { type Compiler, paramsBytes, paramsSize } from "./kernels";
import { WatchWitness } from "./watchWitness";
import { checkKnown } from "./witness";

/** Longest time the adapter should be busy before the page is heard again, in milliseconds. */
const busyTime = 50;

/**
 * Watches a network with the kernels. A time step is done in slices of targets; slices follow one another without a
 * wait as long as they are short together.
 *
 * Errors   InputError if the network does not fit the adapter; Error if the adapter has no room.
 */
export async function openGpuWatch(
  open: OpenDevice,
  limits: Limits,
  compiler: Compiler,
  task: WatchTask,
): Promise<WatchRun> {
  checkWatch(task);
  const { device } = open;
  const { network, burnIn, chains } = task;
  const kernels = await compiler.need(["evolve", "tally", "correlate"], task.common > 0);
  const { neurons } = network;
  const sources = observed(task);
  const cut = planWatch(task, limits);
  const rowBytes = 32 * watchParams(task, sources.length, 0).words;
  const rowOf = (tile: number) => tile * cut.tileTargets;
  const tileRows = (tile: number) => Math.min(cut.tileTargets, neurons - rowOf(tile));

  const own: GPUBuffer[] = [];
  const keep = (buffer: GPUBuffer) => {
    own.push(buffer);
    return buffer;
  };
  const twoWords = (label: string, bytes: number) =>
    ["low", "high"].map((word) => keep(storage(device, `${label} ${word}`, bytes)));
  const { made, taken } = attempt(open, () => ({
    params: keep(uniform(device, "params", paramsSize)),
    allParams: keep(uniform(device, "params of all targets", paramsSize)),
    tables: inputTables(device, network, sources, keep),
    before: twoWords("before", 8 * neurons),
    after: twoWords("after", 8 * neurons),
    tiles: Array.from({ length: cut.tiles }, (_, tile) =>
      twoWords(`pair ${tile}`, 4 * tileRows(tile) * sources.length),
    ),
    first: keep(storage(device, "state", neurons * rowBytes)),
    second: keep(storage(device, "state after", neurons * rowBytes)),
  }));
  const { params, allParams, tables, before, after, tiles } = made;
  const snapshots = new Snapshots(device);
  const witness = new WatchWitness(device, network, sources);
  const release = () => {
    for (const buffer of own) buffer.destroy();
    snapshots.release();
    witness.release();
  };
  await taken.catch((error: unknown) => {
    release();
    throw error;
  });
  let state = made.first;
  let next = made.second;
  let outcome = keep(storage(device, "outcome", 0));
  /** What has been asked of the device since it was last waited for. */
  let asked: Promise<void>[] = [];

  let time = 0;
  // Cost of work is counted in products; how many fit the time is learned as it runs.
  const costOfRow = rowBytes * (sources.length + arrows(network) / neurons + 64);
  let affordable = 2 ** 22;
  let pending = 0;
  let since = 0;

  const settle = async () => {
    await Promise.all([inTime(open, device.queue.onSubmittedWorkDone()), ...asked]);
    asked = [];
    const change = Math.min(2, Math.max(0.25, busyTime / Math.max(performance.now() - since, 0.1)));
    // Little work takes little time and says nothing about much of it.
    if (change < 1 || pending > affordable / 2)
      affordable = Math.max(2 ** 16, Math.min(2 ** 36, affordable * change));
    pending = 0;
    await inTime(open, witness.check());
  };

  const submitSlice = (slice: Params, all: Params, tile: number) => {
    const counts = time >= burnIn;
    device.queue.writeBuffer(params, 0, paramsBytes(slice));
    device.queue.writeBuffer(allParams, 0, paramsBytes(all));
    const sums = { after, pairs: tiles[tile], before: slice.targetFrom === 0 ? before : [] };
    const sight = witness.slice(slice, { state, outcome, next, sums: counts ? sums : null });
    const encoder = device.createCommandEncoder();
    sight.before(encoder);
    const pass = encoder.beginComputePass();
    const { evolve, tally, correlate } = kernels;
    evolve.encode(pass, evolve.bind(params, { ...tables, state, outcome }), slice);
    if (counts) {
      const [low, high] = after;
      tally.encode(pass, tally.bind(params, { outcome, low, high }), slice);
      const [pairLow, pairHigh] = tiles[tile];
      const added = correlate.bind(params, { ...tables, state, outcome, pairLow, pairHigh });
      correlate.encode(pass, added, slice);
    }
    if (counts && slice.targetFrom === 0) {
      const [low, high] = before;
      tally.encode(pass, tally.bind(allParams, { outcome: state, low, high }), all);
    }
    pass.end();
    encoder.copyBufferToBuffer(outcome, 0, next, slice.targetFrom * rowBytes, slice.targets * rowBytes);
    sight.after(encoder);
    device.queue.submit([encoder.finish()]);
  };

  const step = async () => {
    const all = watchParams(task, sources.length, time);
    for (let first = 0; first < neurons; ) {
      if (pending === 0) since = performance.now();
      const tile = Math.floor(first / cut.tileTargets);
      const afford = Math.max(1, Math.floor(affordable / costOfRow));
      const targets = Math.min(afford, rowOf(tile) + tileRows(tile) - first);
      const submitted = attempt(open, () => {
        if (outcome.size < targets * rowBytes) {
          own.splice(own.indexOf(outcome), 1);
          outcome.destroy();
          outcome = keep(storage(device, "outcome", targets * rowBytes));
        }
        submitSlice({ ...all, targetFrom: first, targets, tileFrom: rowOf(tile) }, all, tile);
      });
      asked.push(submitted.taken);
      first += targets;
      pending += costOfRow * targets;
      if (pending >= affordable || witness.isFull) await settle();
    }
    [state, next] = [next, state];
    time++;
  };

  const inTurn = turns();
  const advance = async (from: number, to: number) => {
    if (from !== time) throw new RangeError(`the network is at time ${time}, not ${from}`);
    checkTimeSteps(task, to);
    while (time < to) await step();
    await settle();
  };

  const read = async () => {
    const steps = Math.max(0, time - burnIn) * chains;
    const buffers = [...before, ...after, ...tiles.map(([low]) => low), ...tiles.map(([, high]) => high)];
    const known = new Map(witness.known);
    const { made: words, taken } = attempt(open, () => snapshots.take(buffers));
    return async () => {
      const [copies] = await Promise.all([inTime(open, words), taken]);
      checkKnown(new Map(buffers.map((buffer, index) => [buffer, copies[index]])), known);
      const [b0, b1, a0, a1, ...pairs] = copies;
      const low = concatenate(pairs.slice(0, cut.tiles));
      const high = concatenate(pairs.slice(cut.tiles));
      return watchSumsFromWords(steps, sources, [b0, b1], [a0, a1], [low, high]);
    };
  };

  return {
    advance: (from, to) => inTurn(() => advance(from, to)),
    sums: async () => (await inTurn(read))(),
    release,
  };
}
