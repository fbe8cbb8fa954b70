import { accumulate } from "../../model/accumulate";
import { choose } from "../../model/choose";
import { count } from "../../model/count";
import { notebookDesign } from "../../model/design";
import { evolve } from "../../model/evolve";
import { impose } from "../../model/impose";
import { arrows } from "../../model/network";
import { perturb } from "../../model/perturb";
import { plan, wordTrials } from "../../model/plan";
import { respond } from "../../model/respond";
import { square } from "../../model/square";
import type { Sums } from "../../model/sums";
import { normalTable, sigmoidTable } from "../../model/tables";
import { tally } from "../../model/tally";
import type { Run, Task, Watcher } from "../engine";
import { recipeOf } from "../recipe";
import { joinAll, split, sumsFromWords, wordsFromSums } from "../words";
import { cpuLimits } from "./limits";
import { openCpuWatch } from "./watch";

/** A run that knows what it holds. */
export interface CpuRun extends Run {
  /** What computes it, for a person. */
  readonly adapter: string;
  /** Bytes of sums and working arrays, as they are now. */
  held(): number;
}

export interface CpuEngine extends Watcher {
  open(task: Task, begun?: Sums | null): Promise<CpuRun>;
}

/** The kernels' twins, one after the other, on one thread: slow, and the reference for every other engine. */
export function createTwinEngine(): CpuEngine {
  return {
    kind: "cpu",
    adapter: twinsAdapter,
    limits: cpuLimits,
    open: async (task, begun) => openRun(task, begun ?? null),
    watch: async (task) => openCpuWatch(task, cpuLimits),
    close: () => {},
  };
}

const twinsAdapter = "CPU, 1 thread, no WASM";

function openRun(task: Task, begun: Sums | null): CpuRun {
  const { network, sources, trials, design = notebookDesign } = task;
  const { neurons, rowStart, source, weight } = network;
  const recipe = recipeOf(task);
  const { products, hasArms } = recipe;
  const { chunkTrials, sliceTargets } = plan(
    { neurons, sources: sources.length, arrows: arrows(network), trials, products: products.length },
    cpuLimits,
  );
  const before = begun && wordsFromSums(begun, sources, neurons, hasArms);
  const twoWords = (length: number) => [new Uint32Array(length), new Uint32Array(length)] as const;
  const perturbed = before?.perturbed ?? twoWords(sources.length + 1);
  const counted = hasArms ? (before?.off ?? twoWords(sources.length + 1)) : null;
  const outcomes = before?.outcomes ?? twoWords(2 * neurons);
  const pairs = before?.pairs.map(split) ?? null;
  const pairsLow = products.map(
    (_, product) => pairs?.[product][0] ?? new Uint32Array(neurons * sources.length),
  );
  let done = begun?.trials ?? 0;
  let pairsHigh = pairs && done > wordTrials ? pairs.map(([, high]) => high) : null;

  // A chunk's own arrays, kept for the next one: they are large, and what is thrown away is not free at once.
  const words = new Map<string, Uint32Array>();
  const array = (name: string, length: number): Uint32Array => {
    const known = words.get(name);
    const found = known && known.length >= length ? known : new Uint32Array(length);
    words.set(name, found);
    return found.subarray(0, length);
  };

  const addChunk = (from: number, to: number) => {
    const params = recipe.paramsOf(from, to);
    const bits = neurons * params.words;
    const perturbation = array("perturbation", bits);
    const off = hasArms ? array("off", bits) : noWords;
    const state = hasArms ? array("state", 8 * bits) : noWords;
    if (done + to - from > wordTrials) pairsHigh ??= pairsLow.map((low) => new Uint32Array(low.length));
    done += to - from;
    perturb(params, perturbation);
    if (hasArms) {
      choose(params, recipe.turn, perturbation, off);
      if (recipe.leavesAlone) {
        const free = recipe.freeStep(params);
        evolve(free, rowStart, source, weight, normalTable, sigmoidTable, noWords, state);
      }
      impose(params, perturbation, off, state);
    }
    count(params, sources, perturbation, ...perturbed);
    if (counted) count(params, sources, off, ...counted);
    for (let targetFrom = 0; targetFrom < neurons; targetFrom += sliceTargets) {
      const targets = Math.min(sliceTargets, neurons - targetFrom);
      const slice = { ...params, targetFrom, targets };
      const bytes = (name: string) => array(name, 8 * targets * params.words);
      const outcome = bytes("outcome");
      const squareLow = hasArms ? bytes("squareLow") : noWords;
      const squareHigh = hasArms ? bytes("squareHigh") : noWords;
      const chunk = { perturbation, off, outcome, squareLow, squareHigh };
      if (hasArms) {
        evolve(slice, rowStart, source, weight, normalTable, sigmoidTable, state, outcome);
        square(slice, outcome, squareLow, squareHigh);
      } else {
        respond(slice, rowStart, source, weight, normalTable, sigmoidTable, perturbation, outcome);
      }
      tally(slice, outcome, ...outcomes);
      products.forEach(([set, of], product) => {
        // Without second words none is needed: nothing is carried then.
        const high = pairsHigh?.[product] ?? noWords;
        accumulate(slice, sources, chunk[set], chunk[of], pairsLow[product], high);
      });
    }
  };

  return {
    adapter: twinsAdapter,
    advance: async (from, to) => {
      for (let at = from; at < to; at += chunkTrials) addChunk(at, Math.min(at + chunkTrials, to));
    },
    sums: async (): Promise<Sums> =>
      sumsFromWords(
        sources,
        {
          ...{ perturbed, off: counted, outcomes },
          pairs: pairsLow.map((low, product) => joinAll([low, pairsHigh?.[product] ?? null])),
        },
        design.kind === "same-noise",
      ),
    held() {
      const all = [
        ...perturbed,
        ...(counted ?? []),
        ...outcomes,
        ...pairsLow,
        ...(pairsHigh ?? []),
        ...words.values(),
      ];
      return all.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
    },
    release: () => {},
  };
}

const noWords: Uint32Array = new Uint32Array(0);
