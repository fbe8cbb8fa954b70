import type { Task } from "../engine/engine";
import { recipeOf } from "../engine/recipe";
import { choose } from "../model/choose";
import { perturb } from "../model/perturb";

/** Which neurons one trial sets to 1 (the others are set to 0 or left alone): the bits the kernels draw. */
export function pokesOf(trial: number, task: Task): Uint8Array {
  const recipe = recipeOf(task);
  const params = recipe.paramsOf(trial, trial + 1);
  const { neurons, words } = params;
  const perturbation = new Uint32Array(neurons * words);
  perturb(params, perturbation);
  // Half a pair counts for nothing, yet its neuron is poked.
  if (recipe.hasArms)
    choose(
      { ...params, trialFrom: params.trialBase, trialTo: params.trialBase + 64 },
      recipe.turn,
      perturbation,
      perturbation.slice(),
    );
  const word = (trial - params.trialBase) >> 5;
  return Uint8Array.from(
    { length: neurons },
    (_, neuron) => (perturbation[neuron * words + word] >>> (trial & 31)) & 1,
  );
}
