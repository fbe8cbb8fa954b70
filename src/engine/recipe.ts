import { designNumber, never } from "../model/choose";
import { isNotebookDesign, notebookDesign, takesTurns } from "../model/design";
import { InputError } from "../model/inputError";
import { checkStateRows } from "../model/network";
import { noiseParts, type Params, trialGrid } from "../model/params";
import { checkLanes } from "../model/threefry";
import type { Task } from "./engine";
import { armProducts, type Product, plainProducts } from "./words";

/** What a task's design means for the kernels, the same for every engine. */
export interface Recipe {
  /** Some neurons are left alone, or the arms are unequal: states instead of bits, and sums of both arms. */
  readonly hasArms: boolean;
  /** Trials leave some neuron alone, so that its free step matters. */
  readonly leavesAlone: boolean;
  readonly products: readonly Product[];
  /** [neurons] see shaders/choose.wgsl */
  readonly turn: Uint32Array;
  /** A whole chunk's params: all targets, one tile. */
  paramsOf(from: number, to: number): Params;
  /** The free step from rest that comes before a trial. */
  freeStep(params: Params): Params;
}

/**
 * Errors   InputError with the row's number if the design needs states and a row's weights are too large for them;
 *          if every source is hidden; or if there are more neurons than have draws of their own.
 */
export function recipeOf({ network, key, sources, turns = sources, design = notebookDesign }: Task): Recipe {
  const { neurons } = network;
  checkLanes(neurons);
  const hasArms = !isNotebookDesign(design);
  if (hasArms) checkStateRows(network);
  const inTurns = takesTurns(design.kind);
  const turn = new Uint32Array(neurons).fill(inTurns ? never : 0);
  const observed = turns.filter((neuron) => !design.hidden?.[neuron]);
  if (observed.length === 0)
    throw new InputError("all sources are hidden; allowed: at least one that is observed");
  if (inTurns) for (const [place, neuron] of observed.entries()) turn[neuron] = place;
  design.hidden?.forEach((isHidden, neuron) => {
    if (isHidden) turn[neuron] = never;
  });
  const ofDesign = {
    design: designNumber[design.kind],
    probability: design.probability,
    share: design.share,
    turns: Math.max(1, observed.length),
    pairs: design.kind === "same-noise" ? 1 : 0,
    ...noiseParts(design.common),
  };
  return {
    hasArms,
    leavesAlone: design.kind !== "all" || design.hidden !== null,
    products: hasArms ? armProducts : plainProducts,
    turn,
    paramsOf: (from, to) => ({
      key0: key[0],
      key1: key[1],
      neurons,
      sources: sources.length,
      targetFrom: 0,
      targets: neurons,
      tileFrom: 0,
      noiseUse: 0,
      fromRest: 0,
      ...ofDesign,
      ...trialGrid(from, to),
    }),
    freeStep: (params) => ({ ...params, noiseUse: 1, fromRest: 1 }),
  };
}
