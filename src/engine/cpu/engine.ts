import { accumulate } from "../../model/accumulate";
import { count } from "../../model/count";
import { arrows } from "../../model/network";
import { ownNoise, type Params, trialGrid } from "../../model/params";
import { perturb } from "../../model/perturb";
import { type Limits, plan } from "../../model/plan";
import { respond } from "../../model/respond";
import type { Sums } from "../../model/sums";
import { normalTable, sigmoidTable } from "../../model/tables";
import { tally } from "../../model/tally";
import type { Engine, Run, Task } from "../engine";
import { sumsFromWords } from "../words";

const limits: Limits = { bindingBytes: 2 ** 30, totalBytes: 4 * 2 ** 30 };

/** The kernels' twins, one after the other, on one thread: the reference for every other engine. */
export function createCpuEngine(): Engine {
  return {
    kind: "cpu",
    adapter: "CPU, 1 thread",
    open: async (task) => openRun(task),
    close: () => {},
  };
}

function openRun({ network, key, sources, trials }: Task): Run {
  const { neurons, rowStart, source, weight } = network;
  const { chunkTrials } = plan(neurons, sources.length, arrows(network), trials, limits);
  const perturbed = [new Uint32Array(sources.length + 1), new Uint32Array(sources.length + 1)] as const;
  const outcomes = [new Uint32Array(2 * neurons), new Uint32Array(2 * neurons)] as const;
  const pairs = neurons * sources.length;
  const pair = [new Uint32Array(pairs), new Uint32Array(pairs)] as const;

  const addChunk = (from: number, to: number) => {
    const params: Params = {
      key0: key[0],
      key1: key[1],
      neurons,
      sources: sources.length,
      targetFrom: 0,
      targets: neurons,
      tileFrom: 0,
      ...ownNoise,
      ...trialGrid(from, to),
    };
    const perturbation = new Uint32Array(neurons * params.words);
    const outcome = new Uint32Array(neurons * params.words * 8);
    perturb(params, perturbation);
    respond(params, rowStart, source, weight, normalTable, sigmoidTable, perturbation, outcome);
    count(params, sources, perturbation, ...perturbed);
    tally(params, outcome, ...outcomes);
    accumulate(params, sources, perturbation, outcome, ...pair);
  };

  return {
    advance: async (from, to) => {
      for (let at = from; at < to; at += chunkTrials) addChunk(at, Math.min(at + chunkTrials, to));
    },
    sums: async (): Promise<Sums> => sumsFromWords(sources, perturbed, outcomes, pair),
    release: () => {},
  };
}
