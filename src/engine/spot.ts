import { chosenTrials, designNumber, never } from "../model/choose";
import { evolve } from "../model/evolve";
import { impose } from "../model/impose";
import type { Network } from "../model/network";
import { type Params, trialMask } from "../model/params";
import { randomBits } from "../model/randomBits";
import { respond } from "../model/respond";
import { normalTable, sigmoidTable } from "../model/tables";
import type { Recipe } from "./recipe";

/** One neuron's part of 64 trials, from the counters and the network alone, by the kernels' twins. */
export interface Spot {
  /** Trials that set a neuron to 1, and those that set it to 0: u32 [2] each. */
  bitsOf(whole: Params, block: number, neuron: number): readonly [on: Uint32Array, off: Uint32Array];
  /** States before the step, in designs with arms of their own: u32 [16], 4 states a word; `rest`: of trials that set none. */
  stateOf(whole: Params, block: number, neuron: number, rest?: Uint32Array): Uint32Array;
  /** Outcomes: u32 [16], 4 outcomes a word. */
  outcomeOf(whole: Params, block: number, target: number): Uint32Array;
}

/** whole: the params of a chunk; block: the place of the 64 trials in it. */
export function spotOf({ neurons, rowStart, source, weight }: Network, recipe: Recipe): Spot {
  const { hasArms, leavesAlone, turn } = recipe;
  // As the twins take them, filled for one target's inputs at a time.
  const perturbation = new Uint32Array(hasArms ? 0 : 2 * neurons);
  const state = new Uint32Array(hasArms ? 16 * neurons : 0);
  const tables = [normalTable, sigmoidTable] as const;
  const blockOf = (whole: Params, block: number, target: number): Params => ({
    ...whole,
    trialBase: whole.trialBase + 64 * block,
    words: 2,
    targetFrom: target,
    targets: 1,
  });
  const spot: Spot = {
    bitsOf(whole, block, neuron) {
      const { trialBase, probability, key0, key1, design } = whole;
      const first = trialBase + 64 * block;
      const drawn = Uint32Array.from(randomBits(probability, first / 64, neuron, 0, [key0, key1]));
      const on = new Uint32Array(2);
      const off = new Uint32Array(2);
      for (let word = 0; word < 2; word++) {
        const start = first + 32 * word;
        const chosen = turn[neuron] === never ? 0 : chosenTrials(whole, turn[neuron], neuron, start);
        const set = trialMask(whole, start) & chosen;
        const values = design === designNumber["same-noise"] ? 0xaaaaaaaa : drawn[word];
        on[word] = set & values;
        off[word] = set & ~values;
      }
      return [on, off];
    },
    stateOf(whole, block, neuron, rest = nothing) {
      const before = rest.slice();
      const params = blockOf(whole, block, neuron);
      if (leavesAlone) evolve(recipe.freeStep(params), rowStart, source, weight, ...tables, noWords, before);
      impose({ ...params, neurons: 1 }, ...spot.bitsOf(whole, block, neuron), before);
      return before;
    },
    outcomeOf(whole, block, target) {
      const outcome = new Uint32Array(16);
      for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
        const neuron = source[arrow];
        if (hasArms) state.set(spot.stateOf(whole, block, neuron), 16 * neuron);
        else perturbation.set(spot.bitsOf(whole, block, neuron)[0], 2 * neuron);
      }
      const params = blockOf(whole, block, target);
      if (hasArms) evolve(params, rowStart, source, weight, ...tables, state, outcome);
      else respond(params, rowStart, source, weight, ...tables, perturbation, outcome);
      return outcome;
    },
  };
  return spot;
}

const nothing = new Uint32Array(16);
const noWords = new Uint32Array(0);
