import type { Params } from "./params";

/** Words of a row that is made of whole blocks of 8, 256 trials. */
export const wholeWords = (words: number): number => 8 * Math.ceil(words / 8);

/** Where slice and align put trial 4q + b of a word: bit 8b + q. */
export const sliced = (trial: number): number => 8 * (trial & 3) + (trial >> 2);

/**
 * slice: cuts outcomes into bit planes: 32 trials of one target become 8 words, one for each bit.
 *
 * Shapes   outcome u32 [targets × words·8], 4 trials a word; plane u32 [targets × whole·8]: 8 planes a word, 0 beyond
 *          the chunk.
 * Twin     shaders/slice.wgsl
 */
export function slice(params: Params, outcome: Uint32Array, plane: Uint32Array): void {
  const { words } = params;
  const whole = wholeWords(words);
  plane.fill(0, 0, params.targets * whole * 8);
  for (let row = 0; row < params.targets; row++) {
    for (let word = 0; word < words; word++) {
      const at = 8 * (row * whole + word);
      for (let trial = 0; trial < 32; trial++) {
        const packed = outcome[8 * (row * words + word) + (trial >> 2)];
        const value = (packed >>> (8 * (trial & 3))) & 255;
        for (let bit = 0; bit < 8; bit++) plane[at + bit] |= ((value >> bit) & 1) << sliced(trial);
      }
    }
  }
}
