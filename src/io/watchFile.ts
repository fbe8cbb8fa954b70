import type { WatchSums } from "../model/watch";
import { encodeNumbers } from "./sumsFile";

/**
 * What was watched, in its one canonical order, 64-bit little-endian whole numbers: steps, neurons, sources; then the
 * source list, Σx and Σx² before and after the steps per neuron, and Σ x·x per pair, row by row. `hashPieces` of
 * it names the sums.
 */
export const encodeWatchSums = (sums: WatchSums): Uint8Array<ArrayBuffer> =>
  encodeNumbers([
    [sums.steps, sums.neurons, sums.sources.length],
    ...[sums.sources, sums.before, sums.beforeSquared, sums.after, sums.afterSquared, sums.pair],
  ]);
