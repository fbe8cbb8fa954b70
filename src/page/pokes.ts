import { ownNoise, type Params, trialGrid } from "../model/params";
import { perturb } from "../model/perturb";
import type { Key } from "../model/threefry";

/** Which neurons one trial sets to 1 (the others are set to 0): the bits the kernels draw. */
export function pokesOf(trial: number, neurons: number, key: Key): Uint8Array {
  const params: Params = {
    key0: key[0],
    key1: key[1],
    neurons,
    sources: neurons,
    targetFrom: 0,
    targets: neurons,
    tileFrom: 0,
    ...ownNoise,
    ...trialGrid(trial, trial + 1),
  };
  const perturbation = new Uint32Array(neurons * params.words);
  perturb(params, perturbation);
  const word = (trial - params.trialBase) >> 5;
  return Uint8Array.from(
    { length: neurons },
    (_, neuron) => (perturbation[neuron * params.words + word] >>> (trial & 31)) & 1,
  );
}
