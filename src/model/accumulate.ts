import type { Params } from "./params";

/** Adds to a u32; a wrap is carried into the second word. */
export function addWithCarry(low: Uint32Array, high: Uint32Array, index: number, value: number): void {
  const before = low[index];
  low[index] = before + value;
  if (low[index] < before) high[index]++;
}

/**
 * accumulate: adds Σ p·o of a chunk to the pair sums of some targets.
 *
 * Four trials share a word of outcomes, so their 16 possible subset sums are
 * made once per word and looked up by each source's four perturbation bits.
 *
 * Shapes   sourceList [sources]: neuron of each column; perturbation u32 [neurons × words];
 *          outcome u32 [targets × words·8]; pairLow, pairHigh u32 [rows × sources]: the tile's
 *          sums, whose first row is target params.tileFrom.
 * Twin     shaders/accumulate.wgsl
 */
export function accumulate(
  params: Params,
  sourceList: Uint32Array,
  perturbation: Uint32Array,
  outcome: Uint32Array,
  pairLow: Uint32Array,
  pairHigh: Uint32Array,
): void {
  const { sources, words } = params;
  const subset = new Uint32Array(16);
  const chunk = new Uint32Array(sources);
  for (let row = 0; row < params.targets; row++) {
    chunk.fill(0);
    for (let quad = 0; quad < words * 8; quad++) {
      const packed = outcome[row * words * 8 + quad];
      if (packed === 0) continue;
      for (let byte = 0; byte < 4; byte++) {
        const size = 1 << byte;
        const value = (packed >>> (8 * byte)) & 255;
        for (let part = 0; part < size; part++) subset[size + part] = subset[part] + value;
      }
      const shift = 4 * (quad & 7);
      const word = quad >> 3;
      for (let column = 0; column < sources; column++)
        chunk[column] += subset[(perturbation[sourceList[column] * words + word] >>> shift) & 15];
    }
    const first = (params.targetFrom + row - params.tileFrom) * sources;
    for (let column = 0; column < sources; column++)
      addWithCarry(pairLow, pairHigh, first + column, chunk[column]);
  }
}
