import { type Params, trialMask } from "./params";
import { randomBits } from "./randomBits";

/**
 * perturb: what each trial sets each neuron to, 64 trials of a source at once.
 *
 * Shapes   perturbation u32 [neurons × words]: bit t & 31 of word t >> 5 = source on in trial t.
 * Twin     shaders/perturb.wgsl
 */
export function perturb(params: Params, perturbation: Uint32Array): void {
  const { neurons, words, trialBase, probability } = params;
  const key = [params.key0, params.key1] as const;
  for (let block = 0; block < words / 2; block++) {
    const first = trialBase + 64 * block;
    const masks = [trialMask(params, first), trialMask(params, first + 32)];
    for (let source = 0; source < neurons; source++) {
      const drawn = randomBits(probability, first / 64, source, 0, key);
      const word = source * words + 2 * block;
      perturbation[word] = drawn[0] & masks[0];
      perturbation[word + 1] = drawn[1] & masks[1];
    }
  }
}
