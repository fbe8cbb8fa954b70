import type { Params } from "./params";

/**
 * square: what the scatter within an arm is made of, o² of each outcome, in two bytes of which each is added up like
 * an outcome. Where trials 2k and 2k + 1 share their noise (params.pairs), it is their difference that scatters: its
 * square stands at 2k + 1, and 0 at 2k.
 *
 * Shapes   outcome, squareLow, squareHigh u32 [targets × words·8]: 4 outcomes or bytes per word.
 * Twin     shaders/square.wgsl
 */
export function square(
  { targets, words, pairs }: Params,
  outcome: Uint32Array,
  squareLow: Uint32Array,
  squareHigh: Uint32Array,
): void {
  for (let item = 0; item < targets * words * 8; item++) {
    let low = 0;
    let high = 0;
    for (let byte = 0; byte < 4; byte++) {
      const at = (index: number) => (outcome[item] >>> (8 * index)) & 255;
      const value = pairs === 0 ? at(byte) : byte & 1 ? at(byte) - at(byte - 1) : 0;
      low |= ((value * value) & 255) << (8 * byte);
      high |= ((value * value) >> 8) << (8 * byte);
    }
    squareLow[item] = low;
    squareHigh[item] = high;
  }
}
