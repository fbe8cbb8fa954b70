import { InputError } from "./inputError";

/** What an engine can hold: the largest buffer a kernel may be given, and all of them together. */
export interface Limits {
  readonly bindingBytes: number;
  readonly totalBytes: number;
}

/**
 * How a task is cut up. A *chunk* is a range of trials; within it a *slice* of targets
 * is worked on at a time; the pair sums lie in *tiles* of whole rows, one buffer each.
 *
 * Units    counts of trials and targets; bytes.
 */
export interface Plan {
  readonly chunkTrials: number;
  readonly sliceTargets: number;
  readonly tileTargets: number;
  readonly tiles: number;
  /** Most memory the engine holds at any time, with second words once they are needed. */
  readonly bytes: number;
}

/** A chunk's Σo² must fit an unsigned word: 255² · 65,536 < 2^32. */
export const mostChunkTrials = 65_536;

/** So many trials can be summed before Σ p·o may pass 2^32 and needs its second word. */
export const wordTrials = Math.floor((2 ** 32 - 1) / 255);

/** Working buffers beyond this bring nothing: they only stop being cached. */
const workingBytes = 64 * 2 ** 20;

/** A pair takes this much beside the engine's own sums: read back, added up, estimated with its error, ranked. */
const resultBytesPerPair = (products: number) => 4 * products + 8 * Math.min(products, 4) + 16 + 16;
const mostResultBytes = 8 * 2 ** 30;

/** What results take beside an engine's own sums. */
export const resultBytes = (neurons: number, sources: number, products: number): number =>
  neurons * sources * resultBytesPerPair(products);

const format = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/**
 * Cuts a task so that no buffer exceeds the limits.
 *
 * products  sums per pair: 1, or as many as designs with arms of their own need (engine/words.ts); these also keep the
 *           state of every neuron in every trial of a chunk.
 * Errors    InputError if the pair sums do not fit, with what would.
 */
export function plan(
  neurons: number,
  sources: number,
  arrows: number,
  trials: number,
  limits: Limits,
  products = 1,
): Plan {
  const most = Math.min(workingBytes, limits.bindingBytes);
  const hasStates = products > 1;
  const bytesPerTrial = hasStates ? neurons : neurons / 8;
  // A chunk that begins inside a block of 64 trials takes one block more.
  const blocks = Math.floor(most / bytesPerTrial / 64) - 1;
  const chunkTrials = Math.max(64, Math.min(mostChunkTrials, 64 * blocks));
  const outcomeBytes = chunkTrials + 64;
  const sliceTargets = Math.min(neurons, Math.max(1, Math.floor(most / outcomeBytes)));
  if (4 * arrows > limits.bindingBytes)
    throw new InputError(
      `${arrows.toLocaleString("en")} arrows need a buffer of ${format(4 * arrows)}; this engine has ${format(limits.bindingBytes)}`,
    );
  const rowBytes = 4 * sources;
  const tileTargets = Math.min(neurons, Math.floor(limits.bindingBytes / rowBytes));
  const tiles = Math.ceil(neurons / tileTargets);
  const words = trials > wordTrials ? 2 : 1;
  const chunkHeld = Math.min(chunkTrials, 64 * Math.ceil(trials / 64));
  const pairBytes = neurons * rowBytes * words * products;
  const bytes =
    pairBytes +
    8 * arrows +
    24 * neurons +
    (hasStates ? 1.25 : 1) * bytesPerTrial * (chunkHeld + 64) +
    (hasStates ? 3 : 1) * sliceTargets * (chunkHeld + 64);
  const results = resultBytes(neurons, sources, products);
  if (tileTargets < 1 || bytes > limits.totalBytes || results > mostResultBytes) {
    const room = limits.totalBytes - (bytes - pairBytes);
    const fits = Math.min(
      Math.floor(room / (4 * words * products * neurons)),
      Math.floor(mostResultBytes / (resultBytesPerPair(products) * neurons)),
    );
    throw new InputError(
      `${neurons.toLocaleString("en")} targets × ${sources.toLocaleString("en")} sources need ${format(bytes)} ` +
        `for the sums and ${format(results)} for the results; ` +
        `there is room for ${format(limits.totalBytes)} and ${format(mostResultBytes)}` +
        (fits > 0 ? `, which fits ${fits.toLocaleString("en")} sources` : ""),
    );
  }
  return { chunkTrials, sliceTargets, tileTargets, tiles, bytes };
}

/**
 * Memory of a run, in bytes.
 *
 * network  rows, sources and weights, the exact effect of each arrow, and what making it takes besides
 * engine   sums and working buffers, wherever the engine has them
 * results  sums as they are read back, effects, errors and their ranks
 */
export interface Forecast {
  readonly network: number;
  readonly engine: number;
  readonly results: number;
}

/** Errors   InputError if it does not fit, with what would; see plan. */
export function forecast(
  neurons: number,
  sources: number,
  arrows: number,
  trials: number,
  limits: Limits,
  products = 1,
): Forecast {
  const { bytes } = plan(neurons, sources, arrows, trials, limits, products);
  return {
    network: 20 * arrows + (products > 1 ? 16 * arrows : 0) + 80 * neurons,
    engine: bytes,
    results: resultBytes(neurons, sources, products),
  };
}

/** More sources in a tile than this bring little: the trials, which every tile runs again, take less than the pairs. */
const tileBytes = 2 * 2 ** 30;

/**
 * Sources of a tile: as many as the limits allow, but no more than bring something, in tiles of nearly one size.
 *
 * Errors   InputError if not even one source fits.
 */
export function tileOf(
  neurons: number,
  sources: number,
  arrows: number,
  trials: number,
  limits: Limits,
  products = 1,
): number {
  const takes = (columns: number) => {
    const { engine, results } = forecast(neurons, columns, arrows, trials, limits, products);
    return engine + results;
  };
  const fits = (columns: number) => {
    try {
      return columns === 1 || takes(columns) <= tileBytes + takes(1);
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  };
  // One source that does not fit is refused here, with the reason.
  takes(1);
  let low = 1;
  let high = sources;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.ceil(sources / Math.ceil(sources / low));
}
