import type { Params } from "./params";
import { type Key, lane, stream, threefry2x32 } from "./threefry";

// From a drive to an outcome: noise is added, the sigmoid taken, and the result rounded at random to a whole
// number 0…255. Twin: shaders/lib/activate.wgsl

/** A standard normal from 32 random bits, 20 fraction bits: sign bit, then the tail's table. */
export function normal(word: number, normalTable: Int32Array): number {
  const m = word & 0x7fffffff;
  const zeros = Math.clz32(m);
  const digits = m << (zeros & 31);
  const knot = (32 - zeros) * 256 + ((digits >>> 23) & 255);
  const low = normalTable[knot];
  const size = low + (((normalTable[knot + 1] - low) * ((digits >>> 7) & 0xffff) + 0x8000) >> 16);
  return word < 0 ? -size : size;
}

const span = 16 * 2 ** 20;

/** sigmoid of a drive (20 fraction bits), 0…255 with 16 fraction bits. */
export function sigmoid(drive: number, sigmoidTable: Uint32Array): number {
  const place = Math.min(Math.max(drive, -span), span - 1) + span;
  const knot = place >> 13;
  const low = sigmoidTable[knot];
  return low + (((sigmoidTable[knot + 1] - low) * (place & 8191) + 4096) >> 13);
}

/** noise · part / 65,536, rounded. */
export const scaled = (noise: number, part: number): number => Math.floor((noise * part + 0x8000) / 65_536);

/**
 * The noise that all neurons share, already scaled: [words × 32], one of each trial on the grid.
 *
 * Returns  null where they share none; then nothing is drawn for it.
 */
export function commonNoise(params: Params, normalTable: Int32Array): Int32Array | null {
  const { words, trialBase, pairs, commonPart } = params;
  if (commonPart === 0) return null;
  const commonLane = lane(stream.commonNoise, 0, params.noiseUse);
  const key = [params.key0, params.key1] as const;
  return Int32Array.from({ length: 32 * words }, (_, trial) =>
    scaled(normal(threefry2x32((trialBase + trial) >>> pairs, commonLane, key)[0], normalTable), commonPart),
  );
}

/**
 * The outcome of one trial.
 *
 * Units    drive: 20 fraction bits; trial: its number; common: the noise it shares with the other neurons.
 * Returns  0…255
 */
export function activate(
  { pairs, privatePart }: Params,
  key: Key,
  drive: number,
  trial: number,
  noiseLane: number,
  common: number,
  normalTable: Int32Array,
  sigmoidTable: Uint32Array,
): number {
  const draw = threefry2x32(trial >>> pairs, noiseLane, key);
  const noise = scaled(normal(draw[0], normalTable), privatePart) + common;
  return (sigmoid(drive + noise, sigmoidTable) + (draw[1] & 0xffff)) >>> 16;
}
