import { correlate } from "../../model/correlate";
import { evolve } from "../../model/evolve";
import type { Limits } from "../../model/plan";
import { normalTable, sigmoidTable } from "../../model/tables";
import { tally } from "../../model/tally";
import {
  checkTimeSteps,
  checkWatch,
  observed,
  planWatch,
  type WatchTask,
  watchParams,
} from "../../model/watch";
import type { WatchRun } from "../engine";
import { watchSumsFromWords } from "../words";

/** Watches a network with the kernels' twins. */
export function openCpuWatch(task: WatchTask, limits: Limits): WatchRun {
  checkWatch(task);
  planWatch(task, limits);
  const { neurons, rowStart, source, weight } = task.network;
  const sources = observed(task);
  const twoWords = (length: number) => [new Uint32Array(length), new Uint32Array(length)] as const;
  const before = twoWords(2 * neurons);
  const after = twoWords(2 * neurons);
  const pair = twoWords(neurons * sources.length);
  const { words } = watchParams(task, sources.length, 0);
  let state = new Uint32Array(neurons * words * 8);
  let next = new Uint32Array(state.length);
  let time = 0;

  const step = () => {
    const params = watchParams(task, sources.length, time);
    evolve(params, rowStart, source, weight, normalTable, sigmoidTable, state, next);
    if (time >= task.burnIn) {
      tally(params, state, ...before);
      tally(params, next, ...after);
      correlate(params, sources, state, next, ...pair);
    }
    [state, next] = [next, state];
    time++;
  };

  return {
    advance: async (from, to) => {
      if (from !== time) throw new RangeError(`the network is at time ${time}, not ${from}`);
      checkTimeSteps(task, to);
      while (time < to) step();
    },
    sums: async () =>
      watchSumsFromWords(Math.max(0, time - task.burnIn) * task.chains, sources, before, after, pair),
    release: () => {},
  };
}
