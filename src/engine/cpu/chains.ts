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
import { cpuLimits } from "./limits";
import { rowsOf } from "./rows";
import { filled, numbersOf, onVectors, room, tables } from "./steps";
import type { Step, Thread } from "./threads";

/** Chains that a thread takes are whole blocks of draws. */
const block = 64;

/** What the pair sums of all threads together may take, where one thread's own do not take more. */
const mostBytes = 2 ** 28;

const pairBytes = (task: WatchTask): number => 8 * task.network.neurons * observed(task).length;

/** Every thread has sums of all pairs: where these are large, more threads would only fill the memory. */
export const watchersThatFit = (task: WatchTask): number =>
  Math.max(1, Math.floor(mostBytes / pairBytes(task)));

/**
 * Watches a network in threads, each with some of the chains: these know nothing of each other, and what was added up
 * of them is added.
 *
 * number   of the first share in its thread
 * Errors   InputError as checkWatch and planWatch say.
 */
export async function openThreadWatch(
  task: WatchTask,
  module: WebAssembly.Module,
  threads: readonly Thread[],
  number: number,
): Promise<WatchRun> {
  checkWatch(task);
  planWatch(task, cpuLimits);
  const { network, chains, burnIn } = task;
  const { neurons } = network;
  const sources = observed(task);
  const rows = rowsOf(network, 0, neurons, false);
  const blocks = Math.ceil(chains / block);
  const cut = (index: number) => Math.min(chains, block * Math.round((index * blocks) / threads.length));
  const shares = threads
    .map((thread, index) => ({ thread, share: number + index, from: cut(index), to: cut(index + 1) }))
    .filter(({ from, to }) => to > from);
  const all = (steps: (share: (typeof shares)[number]) => readonly Step[]) =>
    Promise.all(shares.map((each) => each.thread.does(each.share, steps(each))));

  /** The step from a time on, of a share's own chains. */
  const paramsAt = (time: number, { from, to }: { readonly from: number; readonly to: number }) => {
    const params = watchParams(task, sources.length, time);
    const [trialBase, trialFrom, trialTo] = [from, from, to].map((chain) => params.trialBase + chain);
    return onVectors({ ...params, trialBase, trialFrom, trialTo, words: 2 * Math.ceil((to - from) / block) });
  };

  await all((share) => {
    const { words } = paramsAt(0, share);
    const states = 32 * words * neurons;
    return [
      ["open", module],
      ...tables,
      filled("rowStart", rows.rowStart),
      filled("source", rows.source),
      filled("weight", rows.weight),
      filled("sourceList", sources),
      room("common", 128 * words),
      room("state", states),
      room("next", states),
      room("outcomesBefore", 16 * neurons),
      room("outcomes", 16 * neurons),
      room("pairBoth", pairBytes(task)),
    ];
  });
  let time = 0;
  const inTurn = turns();

  return {
    advance: (from, to) =>
      inTurn(async () => {
        if (from !== time) throw new RangeError(`the network is at time ${time}, not ${from}`);
        checkTimeSteps(task, to);
        await all((share) =>
          Array.from({ length: to - from }, (_, step): Step[] => [
            ["set", paramsAt(from + step, share)],
            ["call", "watch", from + step >= burnIn ? 1 : 0],
          ]).flat(),
        );
        time = to;
      }),
    sums: () =>
      inTurn(async () => {
        const parts = await all(() => [
          ["read", "outcomesBefore", 16 * neurons],
          ["read", "outcomes", 16 * neurons],
          ["read", "pairBoth", pairBytes(task)],
        ]);
        const [before, after, pair] = [0, 1, 2].map((array) =>
          parts.map((part) => numbersOf(part[array])).reduce((a, b) => a.map((value, at) => value + b[at])),
        );
        const every = (numbers: Float64Array, first: number) =>
          Float64Array.from({ length: neurons }, (_, neuron) => numbers[2 * neuron + first]);
        return {
          steps: Math.max(0, time - burnIn) * chains,
          ...{ neurons, sources, pair },
          ...{ before: every(before, 0), beforeSquared: every(before, 1) },
          ...{ after: every(after, 0), afterSquared: every(after, 1) },
        };
      }),
    release: () => {
      for (const { thread, share } of shares) thread.does(share, [["close"]]).catch(() => {});
    },
  };
}
