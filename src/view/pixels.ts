/**
 * A matrix as it is drawn: each pixel stands for block × block pairs, by the one of largest magnitude.
 *
 * Shapes   value, standardError, pair [side × side], row = target.
 * Units    pair: target × neurons + source of the pair a pixel shows.
 * Missing  NaN in value.
 */
export interface Pixels {
  readonly neurons: number;
  readonly block: number;
  readonly side: number;
  readonly value: Float32Array;
  readonly standardError: Float32Array;
  readonly pair: Uint32Array;
}

export const mostPixels = 512;

/** Pools a matrix given by a function of (target, source) to at most 512 × 512 pixels. */
export function pool(
  neurons: number,
  value: (pair: number) => number,
  standardError: (pair: number) => number = () => 0,
): Pixels {
  const block = Math.ceil(neurons / mostPixels);
  const side = Math.ceil(neurons / block);
  const pixels: Pixels = {
    neurons,
    block,
    side,
    value: new Float32Array(side * side).fill(Number.NaN),
    standardError: new Float32Array(side * side).fill(Number.NaN),
    pair: new Uint32Array(side * side),
  };
  for (let target = 0; target < neurons; target++) {
    const row = Math.floor(target / block) * side;
    for (let source = 0; source < neurons; source++) {
      const pixel = row + Math.floor(source / block);
      const pair = target * neurons + source;
      const found = value(pair);
      const held = pixels.value[pixel];
      if (Number.isNaN(held) || Math.abs(found) > Math.abs(held)) {
        pixels.value[pixel] = found;
        pixels.standardError[pixel] = standardError(pair);
        pixels.pair[pixel] = pair;
      }
    }
  }
  return pixels;
}
