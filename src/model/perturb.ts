import { type Params, trialMask } from "./params";
import { lane, stream, threefry2x32 } from "./threefry";

/**
 * perturb: each trial's perturbation bits, 64 trials of a source from one draw.
 *
 * Shapes   perturbation u32 [neurons × words]: bit t & 31 of word t >> 5 = source on in trial t.
 * Twin     shaders/perturb.wgsl
 */
export function perturb(params: Params, perturbation: Uint32Array): void {
  const { neurons, words, trialBase } = params;
  for (let block = 0; block < words / 2; block++) {
    const first = trialBase + 64 * block;
    const masks = [trialMask(params, first), trialMask(params, first + 32)];
    for (let source = 0; source < neurons; source++) {
      const draw = threefry2x32(first / 64, lane(stream.perturbation, source), [params.key0, params.key1]);
      const word = source * words + 2 * block;
      perturbation[word] = draw[0] & masks[0];
      perturbation[word + 1] = draw[1] & masks[1];
    }
  }
}
