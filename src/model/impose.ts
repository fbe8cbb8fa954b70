import type { Params } from "./params";

/** 0xff in every byte whose bit is set, of the four lowest bits. */
const byteMask = (bits: number): number => Math.imul(Math.imul(bits & 15, 0x00204081) & 0x01010101, 255);

/**
 * impose: sets the states of the neurons that each trial sets: 255 where on, 0 where off; the others keep the state
 * of their free step.
 *
 * Shapes   perturbation, off u32 [neurons × words]: bit t & 31 = set to 1, to 0 in trial t;
 *          state u32 [neurons × words·8]: 4 states of 0…255 per word.
 * Twin     shaders/impose.wgsl
 */
export function impose(
  { neurons, words }: Params,
  perturbation: Uint32Array,
  off: Uint32Array,
  state: Uint32Array,
): void {
  for (let item = 0; item < neurons * words; item++) {
    for (let quad = 0; quad < 8; quad++) {
      const at = 8 * item + quad;
      const up = byteMask(perturbation[item] >>> (4 * quad));
      const down = byteMask(off[item] >>> (4 * quad));
      state[at] = (state[at] & ~down) | up;
    }
  }
}
