/** A part of a matrix: the rows and columns from … to − 1. */
export interface Window {
  readonly rowFrom: number;
  readonly rowTo: number;
  readonly columnFrom: number;
  readonly columnTo: number;
}

/** What a pixel shows of its pairs: the one of largest magnitude, or their mean. */
export type Pooling = "largest" | "mean";

/** What of a matrix is on show, and how; without a window all of it. */
export interface Cells {
  readonly window: Window | null;
  readonly pooling: Pooling;
}

/** All of a matrix, by the largest. */
export const allCells: Cells = Object.freeze({ window: null, pooling: "largest" });

/**
 * A matrix, or a window of it, as it is drawn: each pixel stands for rows × columns of pairs, by the one of largest
 * magnitude or by their mean.
 *
 * Shapes   value, standardError, pair [height × width], row = target; sources [columns of the whole matrix]: which
 *          neurons these are, ascending.
 * Units    targets: rows of the whole matrix; down, across: pairs of a pixel, fewer at the window's far edges;
 *          pair: target × columns + column of a pixel's pair of largest magnitude.
 * Missing  NaN in value.
 */
export interface Pixels {
  readonly targets: number;
  readonly sources: Uint32Array;
  readonly window: Window;
  readonly pooling: Pooling;
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
  { window, pooling }: Cells = allCells,
): Pixels {
  const pixels = blank(pairs, clamped(window, pairs), pooling);
  const { down, across, width } = pixels;
  const { rowFrom, rowTo, columnFrom, columnTo } = pixels.window;
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
  if (pooling === "mean" && down * across > 1) takeMeans(pixels, value, standardError);
  return pixels;
}

/** The means of the blocks instead of their largest; their errors as if pairs erred independently. */
function takeMeans(
  pixels: Pixels,
  value: ArrayLike<number>,
  standardError: ArrayLike<number> | number,
): void {
  const { window, down, across, width, height, sources } = pixels;
  const { rowFrom, rowTo, columnFrom, columnTo } = window;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const top = rowFrom + Math.floor(pixel / width) * down;
    const left = columnFrom + (pixel % width) * across;
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let row = top; row < Math.min(top + down, rowTo); row++)
      for (let column = left; column < Math.min(left + across, columnTo); column++) {
        const pair = row * sources.length + column;
        if (Number.isNaN(value[pair])) continue;
        count++;
        sum += value[pair];
        squares += (typeof standardError === "number" ? standardError : standardError[pair]) ** 2;
      }
    // Of none the mean is missing.
    pixels.value[pixel] = sum / count;
    pixels.standardError[pixel] = Math.sqrt(squares) / count;
  }
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
  { window, pooling }: Cells = allCells,
): Pixels {
  const pixels = blank(pairs, clamped(window, pairs), pooling);
  const { down, across, width, height } = pixels;
  const { rowFrom, rowTo, columnFrom, columnTo } = pixels.window;
  const sums = pooling === "mean" && down * across > 1 ? new Float64Array(width * height) : null;
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
      if (sums) sums[pixel] += found;
      if (Math.abs(found) <= Math.abs(pixels.value[pixel])) continue;
      pixels.value[pixel] = found;
      pixels.pair[pixel] = target * columns + column;
    }
  }
  for (let pixel = 0; sums && pixel < sums.length; pixel++) {
    const rows = Math.min(down, rowTo - rowFrom - Math.floor(pixel / width) * down);
    pixels.value[pixel] =
      sums[pixel] / (rows * Math.min(across, columnTo - columnFrom - (pixel % width) * across));
  }
  return pixels;
}

/** The part of a window that a matrix has; all of it where there is none. */
export function clamped(window: Window | null, pairs: Pairs): Window {
  const whole = wholeOf(pairs);
  if (window === null) return whole;
  const rowTo = Math.min(window.rowTo, whole.rowTo);
  const columnTo = Math.min(window.columnTo, whole.columnTo);
  const isThere = window.rowFrom < rowTo && window.columnFrom < columnTo;
  return isThere ? { ...window, rowTo, columnTo } : whole;
}

function blank(pairs: Pairs, window: Window, pooling: Pooling): Pixels {
  const { targets, sources } = pairs;
  const [rows, columns] = [window.rowTo - window.rowFrom, window.columnTo - window.columnFrom];
  const down = Math.max(1, Math.ceil(rows / mostPixels));
  const across = Math.max(1, Math.ceil(columns / mostPixels));
  const [height, width] = [Math.ceil(rows / down), Math.ceil(columns / across)];
  return {
    targets,
    sources,
    window,
    pooling,
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
