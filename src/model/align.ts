import type { Params } from "./params";
import { sliced, wholeWords } from "./slice";

/**
 * align: the perturbation bits of the sources, one row for each column, in whole blocks of words and with the trials
 * in the order of slice.
 *
 * Shapes   sourceList [sources]: neuron of each column; perturbation u32 [neurons × words];
 *          aligned u32 [sources × whole], 0 beyond the chunk.
 * Twin     shaders/align.wgsl
 */
export function align(
  params: Params,
  sourceList: Uint32Array,
  perturbation: Uint32Array,
  aligned: Uint32Array,
): void {
  const { sources, words } = params;
  const whole = wholeWords(words);
  aligned.fill(0, 0, sources * whole);
  for (let column = 0; column < sources; column++) {
    for (let word = 0; word < words; word++) {
      const bits = perturbation[sourceList[column] * words + word];
      for (let trial = 0; trial < 32; trial++)
        aligned[column * whole + word] |= ((bits >>> trial) & 1) << sliced(trial);
    }
  }
}
