import { accumulate } from "./accumulate";
import type { Params } from "./params";
import { sliced, wholeWords } from "./slice";

/**
 * accumulatePlanes: adds Σ p·o of a chunk to the pair sums of some targets, from bits and bit planes in the order of
 * slice. Put back in order, they are what accumulate adds up.
 *
 * Shapes   aligned u32 [sources × whole]; plane u32 [targets × whole·8]; pairLow, pairHigh u32 [rows × sources]: see
 *          accumulate.
 * Twin     shaders/accumulate_planes.wgsl
 */
export function accumulatePlanes(
  params: Params,
  aligned: Uint32Array,
  plane: Uint32Array,
  pairLow: Uint32Array,
  pairHigh: Uint32Array,
): void {
  const words = wholeWords(params.words);
  const perturbation = new Uint32Array(params.sources * words);
  for (let at = 0; at < perturbation.length; at++) {
    for (let trial = 0; trial < 32; trial++)
      perturbation[at] |= ((aligned[at] >>> sliced(trial)) & 1) << trial;
  }
  const outcome = new Uint32Array(params.targets * words * 8);
  for (let at = 0; at < outcome.length; at += 8) {
    for (let trial = 0; trial < 32; trial++) {
      let value = 0;
      for (let bit = 0; bit < 8; bit++) value |= ((plane[at + bit] >>> sliced(trial)) & 1) << bit;
      outcome[at + (trial >> 2)] |= value << (8 * (trial & 3));
    }
  }
  const columns = Uint32Array.from({ length: params.sources }, (_, column) => column);
  accumulate({ ...params, words }, columns, perturbation, outcome, pairLow, pairHigh);
}
