import { accumulate } from "../../model/accumulate";
import { choose } from "../../model/choose";
import { count } from "../../model/count";
import { notebookDesign } from "../../model/design";
import { evolve } from "../../model/evolve";
import { impose } from "../../model/impose";
import { arrows } from "../../model/network";
import { perturb } from "../../model/perturb";
import { type Limits, plan } from "../../model/plan";
import { respond } from "../../model/respond";
import { square } from "../../model/square";
import type { Sums } from "../../model/sums";
import { normalTable, sigmoidTable } from "../../model/tables";
import { tally } from "../../model/tally";
import type { Run, Task, Watcher } from "../engine";
import { recipeOf } from "../recipe";
import { sumsFromWords } from "../words";
import { openCpuWatch } from "./watch";

const limits: Limits = { bindingBytes: 2 ** 30, totalBytes: 4 * 2 ** 30 };

/** The kernels' twins, one after the other, on one thread: the reference for every other engine. */
export function createCpuEngine(): Watcher {
  return {
    kind: "cpu",
    adapter: "CPU, 1 thread",
    open: async (task) => openRun(task),
    watch: async (task) => openCpuWatch(task, limits),
    close: () => {},
  };
}

function openRun(task: Task): Run {
  const { network, sources, trials, design = notebookDesign } = task;
  const { neurons, rowStart, source, weight } = network;
  const recipe = recipeOf(task);
  const { products, hasArms } = recipe;
  const { chunkTrials } = plan(neurons, sources.length, arrows(network), trials, limits, products.length);
  const twoWords = (length: number) => [new Uint32Array(length), new Uint32Array(length)] as const;
  const perturbed = twoWords(sources.length + 1);
  const counted = hasArms ? twoWords(sources.length + 1) : null;
  const outcomes = twoWords(2 * neurons);
  const pairs = products.map(() => twoWords(neurons * sources.length));

  const addChunk = (from: number, to: number) => {
    const params = recipe.paramsOf(from, to);
    const bits = neurons * params.words;
    const perturbation = new Uint32Array(bits);
    const outcome = new Uint32Array(8 * bits);
    const chunk = { perturbation, outcome, off: noWords, squareLow: noWords, squareHigh: noWords };
    perturb(params, perturbation);
    if (hasArms) {
      chunk.off = new Uint32Array(bits);
      const state = new Uint32Array(8 * bits);
      choose(params, recipe.turn, perturbation, chunk.off);
      if (recipe.leavesAlone) {
        const free = recipe.freeStep(params);
        evolve(free, rowStart, source, weight, normalTable, sigmoidTable, state, state);
      }
      impose(params, perturbation, chunk.off, state);
      evolve(params, rowStart, source, weight, normalTable, sigmoidTable, state, outcome);
      chunk.squareLow = new Uint32Array(8 * bits);
      chunk.squareHigh = new Uint32Array(8 * bits);
      square(params, outcome, chunk.squareLow, chunk.squareHigh);
    } else {
      respond(params, rowStart, source, weight, normalTable, sigmoidTable, perturbation, outcome);
    }
    count(params, sources, perturbation, ...perturbed);
    if (counted) count(params, sources, chunk.off, ...counted);
    tally(params, outcome, ...outcomes);
    products.forEach(([set, bytes], product) => {
      accumulate(params, sources, chunk[set], chunk[bytes], ...pairs[product]);
    });
  };

  return {
    advance: async (from, to) => {
      for (let at = from; at < to; at += chunkTrials) addChunk(at, Math.min(at + chunkTrials, to));
    },
    sums: async (): Promise<Sums> =>
      sumsFromWords(sources, { perturbed, off: counted, outcomes, pairs }, design.kind === "same-noise"),
    release: () => {},
  };
}

const noWords = new Uint32Array(0);
