import { addWithCarry } from "./accumulate";
import type { Params } from "./params";

/**
 * tally: adds Σo and Σo² of a chunk to the sums of some targets.
 *
 * Shapes   outcome u32 [targets × words·8]; low, high u32 [neurons × 2]: Σo, Σo² of each target.
 * Twin     shaders/tally.wgsl
 */
export function tally(params: Params, outcome: Uint32Array, low: Uint32Array, high: Uint32Array): void {
  const quads = params.words * 8;
  for (let row = 0; row < params.targets; row++) {
    let sum = 0;
    let squares = 0;
    for (let quad = 0; quad < quads; quad++) {
      const packed = outcome[row * quads + quad];
      for (let shift = 0; shift < 32; shift += 8) {
        const value = (packed >>> shift) & 255;
        sum += value;
        squares += value * value;
      }
    }
    const target = params.targetFrom + row;
    addWithCarry(low, high, 2 * target, sum);
    addWithCarry(low, high, 2 * target + 1, squares);
  }
}
