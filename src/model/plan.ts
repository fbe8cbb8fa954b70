import { InputError } from "./inputError";

/** What an engine can hold: the largest buffer a kernel may be given, and all of them together. */
export interface Limits {
  readonly bindingBytes: number;
  readonly totalBytes: number;
}

/**
 * What a run is to hold.
 *
 * products   sums per pair: 1, or as many as designs with arms of their own need (engine/words.ts); these also keep the
 *            state of every neuron in every trial of a chunk.
 * variances  of each arrow's arms, in the exact effect (ArmVariances); 0 where the arms have none of their own.
 */
export interface Size {
  readonly neurons: number;
  readonly sources: number;
  readonly arrows: number;
  readonly trials: number;
  readonly products?: number;
  readonly variances?: number;
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

/** Words of a sum: see wordTrials. */
const wordsOf = ({ trials }: Size) => (trials > wordTrials ? 2 : 1);

/** A pair takes this much beside the engine's own sums: read back, added up, estimated with its error, ranked. */
const resultBytesPerPair = (size: Size) => {
  const { products = 1 } = size;
  return 4 * products * wordsOf(size) + 8 * Math.min(products, 4) + 16 + 16;
};
const mostResultBytes = 8 * 2 ** 30;

const resultBytes = (size: Size): number => size.neurons * size.sources * resultBytesPerPair(size);

/** Sums of so many bytes are held once more, so that a run can go on where its engine or its page ended. */
export const mostSpareBytes = 2 ** 28;

/** Those a run goes on from, and those on their way to where they are kept. */
function spareBytes({ neurons, sources, products = 1 }: Size): number {
  const sums = 8 * Math.min(products, 4) * neurons * sources;
  return sums <= mostSpareBytes ? 2 * sums : 0;
}

/** Trials that rows of bit planes have room for: whole blocks of 256, where 64 may be skipped at the beginning. */
const planesTrials = (trials: number) => 256 * Math.ceil((trials + 64) / 256);

const format = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/**
 * Cuts a task so that no buffer exceeds the limits.
 *
 * Errors   InputError if the pair sums do not fit, with what would.
 */
export function plan(size: Size, limits: Limits): Plan {
  const { neurons, sources, arrows, trials, products = 1 } = size;
  const most = Math.min(workingBytes, limits.bindingBytes);
  const hasStates = products > 1;
  const bytesPerTrial = hasStates ? neurons : neurons / 8;
  // A chunk that begins inside a block of 64 trials takes one block more.
  const blocks = Math.floor(most / bytesPerTrial / 64) - 1;
  const chunkTrials = Math.max(64, Math.min(mostChunkTrials, 64 * blocks));
  const outcomeBytes = planesTrials(chunkTrials);
  const sliceTargets = Math.min(neurons, Math.max(1, Math.floor(most / outcomeBytes)));
  if (4 * arrows > limits.bindingBytes)
    throw new InputError(
      `${arrows.toLocaleString("en")} arrows need a buffer of ${format(4 * arrows)}; this engine has ${format(limits.bindingBytes)}`,
    );
  const rowBytes = 4 * sources;
  const tileTargets = Math.min(neurons, Math.floor(limits.bindingBytes / rowBytes));
  const tiles = Math.ceil(neurons / tileTargets);
  const words = wordsOf(size);
  const chunkHeld = Math.min(chunkTrials, 64 * Math.ceil(trials / 64));
  const pairBytes = neurons * rowBytes * words * products;
  const bytes =
    pairBytes +
    8 * arrows +
    24 * neurons +
    (hasStates ? 1.25 : 1) * bytesPerTrial * (chunkHeld + 64) +
    (hasStates ? 3 : 1) * sliceTargets * (chunkHeld + 64) +
    // The same once more in planes, and the bits of the sources beside them.
    ((hasStates ? 2 : 1) * (sources / 8) + sliceTargets) * planesTrials(chunkHeld);
  const results = resultBytes(size);
  if (tileTargets < 1 || bytes > limits.totalBytes || results > mostResultBytes) {
    const room = limits.totalBytes - (bytes - pairBytes);
    const fits = Math.min(
      Math.floor(room / (4 * words * products * neurons)),
      Math.floor(mostResultBytes / (resultBytesPerPair(size) * neurons)),
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
 * network  rows, sources and weights, what is known exactly of each arrow, and what making it takes besides
 * engine   sums and working buffers, wherever the engine has them
 * results  sums as they are read back and as they are kept, effects, errors and their ranks
 */
export interface Forecast {
  readonly network: number;
  readonly engine: number;
  readonly results: number;
}

/** Errors   InputError if it does not fit, with what would; see plan. */
export function forecast(size: Size, limits: Limits): Forecast {
  const { neurons, arrows, variances = 0 } = size;
  return {
    network: (20 + 8 * variances) * arrows + 80 * neurons,
    engine: plan(size, limits).bytes,
    results: resultBytes(size) + spareBytes(size),
  };
}

/** More sources in a tile than this bring little: the trials, which every tile runs again, take less than the pairs. */
const tileBytes = 2 * 2 ** 30;

/**
 * Sources of a tile: as many as the limits allow, but no more than bring something, in tiles of nearly one size.
 *
 * Errors   InputError if not even one source fits.
 */
export function tileOf(size: Size, limits: Limits): number {
  const { sources } = size;
  const takes = (columns: number) => {
    const { engine, results } = forecast({ ...size, sources: columns }, limits);
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
