/** A part of a matrix: the rows and columns from … to − 1. */
export interface Window {
  readonly rowFrom: number;
  readonly rowTo: number;
  readonly columnFrom: number;
  readonly columnTo: number;
}

/**
 * A matrix, or a window of it, as it is drawn: each pixel stands for rows × columns of pairs, by the one of largest
 * magnitude.
 *
 * Shapes   value, standardError, pair [height × width], row = target; sources [columns of the whole matrix]: which
 *          neurons these are, ascending.
 * Units    targets: rows of the whole matrix; down, across: pairs of a pixel, fewer at the window's far edges;
 *          pair: target × columns + column of the pair a pixel shows.
 * Missing  NaN in value.
 */
export interface Pixels {
  readonly targets: number;
  readonly sources: Uint32Array;
  readonly window: Window;
  readonly down: number;
  readonly across: number;
  readonly height: number;
  readonly width: number;
  readonly value: Float32Array;
  readonly standardError: Float32Array;
  readonly pair: Uint32Array;
}

/** A matrix of pairs: which it is, without its values. */
export type Pairs = Pick<Pixels, "targets" | "sources">;

export const mostPixels = 512;

export const wholeOf = ({ targets, sources }: Pairs): Window => ({
  rowFrom: 0,
  rowTo: targets,
  columnFrom: 0,
  columnTo: sources.length,
});

/**
 * Pools a window of a matrix to at most 512 × 512 pixels, in time for the window's pairs.
 *
 * Shapes   value, standardError [targets × sources]; a number is the same for all pairs.
 * Missing  NaN in value; a pixel is missing only if all of its pairs are.
 */
export function pool(
  pairs: Pairs,
  value: ArrayLike<number>,
  standardError: ArrayLike<number> | number = 0,
  window: Window = wholeOf(pairs),
): Pixels {
  const pixels = blank(pairs, window);
  const { down, across, width } = pixels;
  const { rowFrom, rowTo, columnFrom, columnTo } = window;
  const columns = pairs.sources.length;
  for (let target = rowFrom; target < rowTo; target++) {
    const row = Math.floor((target - rowFrom) / down) * width;
    for (let first = columnFrom, pixel = row; first < columnTo; first += across, pixel++) {
      const end = target * columns + Math.min(first + across, columnTo);
      let best = pixels.value[pixel];
      for (let pair = target * columns + first; pair < end; pair++) {
        // The pixel holds 32 bits of what it was given, and is compared as that.
        const found = Math.fround(value[pair]);
        if (!(Math.abs(found) > Math.abs(best)) && !Number.isNaN(best)) continue;
        best = found;
        pixels.value[pixel] = found;
        pixels.standardError[pixel] = typeof standardError === "number" ? standardError : standardError[pair];
        pixels.pair[pixel] = pair;
      }
    }
  }
  return pixels;
}

/** Sparse rows: what there is, an arrow each; every other pair is 0. */
export interface Arrows {
  readonly rowStart: Uint32Array;
  readonly source: Uint32Array;
}

/** The same for a matrix of which only the arrows are not 0, in time for the window's rows and their arrows. */
export function poolArrows(
  { rowStart, source }: Arrows,
  valueAt: (arrow: number) => number,
  pairs: Pairs,
  window: Window = wholeOf(pairs),
): Pixels {
  const pixels = blank(pairs, window);
  const { down, across, width, height } = pixels;
  const { rowFrom, rowTo, columnFrom, columnTo } = window;
  const columns = pairs.sources.length;
  pixels.value.fill(0);
  pixels.standardError.fill(0);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    pixels.pair[pixel] = (rowFrom + row * down) * columns + columnFrom + column * across;
  }
  const columnOf = new Int32Array(pairs.targets).fill(-1);
  for (let column = columnFrom; column < columnTo; column++) columnOf[pairs.sources[column]] = column;
  for (let target = rowFrom; target < rowTo; target++) {
    const row = Math.floor((target - rowFrom) / down) * width;
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
      const column = columnOf[source[arrow]];
      if (column < 0) continue;
      const pixel = row + Math.floor((column - columnFrom) / across);
      const found = Math.fround(valueAt(arrow));
      if (Math.abs(found) <= Math.abs(pixels.value[pixel])) continue;
      pixels.value[pixel] = found;
      pixels.pair[pixel] = target * columns + column;
    }
  }
  return pixels;
}

function blank(pairs: Pairs, window: Window): Pixels {
  const { targets, sources } = pairs;
  const [rows, columns] = [window.rowTo - window.rowFrom, window.columnTo - window.columnFrom];
  const down = Math.max(1, Math.ceil(rows / mostPixels));
  const across = Math.max(1, Math.ceil(columns / mostPixels));
  const [height, width] = [Math.ceil(rows / down), Math.ceil(columns / across)];
  return {
    targets,
    sources,
    window,
    down,
    across,
    height,
    width,
    value: new Float32Array(height * width).fill(Number.NaN),
    standardError: new Float32Array(height * width).fill(Number.NaN),
    pair: new Uint32Array(height * width),
  };
}

/** The column of a neuron, or −1 where it is none of the sources; these ascend. */
export function columnOf(sources: Uint32Array, neuron: number): number {
  let low = 0;
  let high = sources.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (sources[middle] === neuron) return middle;
    if (sources[middle] < neuron) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Which neurons a pair of a matrix joins. */
export const endsOf = ({ sources }: Pairs, pair: number): { source: number; target: number } => ({
  source: sources[pair % sources.length],
  target: Math.floor(pair / sources.length),
});

/** The pixel that stands for a pair, or −1 outside the window. */
export function pixelAt({ window, down, across, width }: Pixels, target: number, column: number): number {
  const { rowFrom, rowTo, columnFrom, columnTo } = window;
  if (target < rowFrom || target >= rowTo || column < columnFrom || column >= columnTo) return -1;
  return Math.floor((target - rowFrom) / down) * width + Math.floor((column - columnFrom) / across);
}
