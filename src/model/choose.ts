import type { DesignKind } from "./design";
import { type Params, trialMask } from "./params";
import { randomBits } from "./randomBits";

/** What the kernels call the designs. */
export const designNumber: Record<DesignKind, number> = { all: 0, one: 1, subset: 2, "same-noise": 3 };

/** The turn of a neuron that is never set. */
export const never = 0xffffffff;

/**
 * choose: which neurons each trial sets; what is left of the perturbation are the trials that set a neuron to 1,
 * and beside it come those that set it to 0.
 *
 * Shapes   turn u32 [neurons]: whose turn a neuron waits for, in the designs that take turns;
 *          perturbation u32 [neurons × words], in: what a neuron would be set to, out: set to 1; off: set to 0.
 * Twin     shaders/choose.wgsl
 */
export function choose(params: Params, turn: Uint32Array, perturbation: Uint32Array, off: Uint32Array): void {
  const { neurons, words, trialBase } = params;
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let word = 0; word < words; word++) {
      const first = trialBase + 32 * word;
      const chosen = turn[neuron] === never ? 0 : chosenTrials(params, turn[neuron], neuron, first);
      const set = chosen & trialMask(params, first);
      const at = neuron * words + word;
      const values = params.design === designNumber["same-noise"] ? 0xaaaaaaaa : perturbation[at];
      perturbation[at] = set & values;
      off[at] = set & ~values;
    }
  }
}

/** Of the trials first … first + 31, those that set a neuron. */
export function chosenTrials(params: Params, mine: number, neuron: number, first: number): number {
  const { design, turns, share } = params;
  if (design === designNumber.all) return -1;
  if (design === designNumber.subset)
    return randomBits(share, first >>> 6, neuron, 16, [params.key0, params.key1])[(first >>> 5) & 1];
  let bits = 0;
  if (design === designNumber.one) {
    for (let at = (mine + turns - (first % turns)) % turns; at < 32; at += turns) bits |= 1 << at;
    return bits;
  }
  for (let at = (mine + turns - ((first >>> 1) % turns)) % turns; at < 16; at += turns) bits |= 3 << (2 * at);
  // Half a pair tells nothing.
  const mask = trialMask(params, first);
  return bits & (((mask & 0x55555555) << 1) | ((mask & 0xaaaaaaaa) >>> 1));
}
