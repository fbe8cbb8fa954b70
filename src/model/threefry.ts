import seedrandom from "seedrandom";

/** Two 32-bit words that select one stream of random numbers: an experiment's own. */
export type Key = readonly [number, number];

/**
 * What a random word is for. The stream and the neuron fill one word of the
 * counter, so no two purposes ever share a draw (DESIGN §2).
 */
export const stream = { perturbation: 0, noise: 1, commonNoise: 2, network: 3 } as const;

/** Neurons that a counter can tell apart. */
export const mostLaneNeurons = 2 ** 20;

/**
 * Second counter word: the stream in the two top bits, then 10 bits for the use of the draw, then the neuron.
 *
 * Uses     perturbation: 0–15 bit planes of what neurons are set to, 16–31 of whether they are set;
 *          noise and commonNoise: 0 the step of a trial, 1 the free step before it, 2 a network that is only watched;
 *          network: see networkUse.
 */
export const lane = (streamNumber: number, neuron: number, use = 0): number =>
  ((streamNumber << 30) | (use << 20) | neuron) >>> 0;

/** What the network's draws are for. */
export const networkUse = { wiring: 0, hidden: 1, inhibitory: 2 } as const;

/** The key of an experiment, from its seed text. */
export function keyFrom(seed: string): Key {
  const random = seedrandom(seed);
  return [random.int32() >>> 0, random.int32() >>> 0];
}

const parity = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds: two random words from a counter, in integers only.
 * The words are returned in a reused pair, so read them before the next call.
 *
 * Source   Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
 * Twin     shaders/lib/threefry.wgsl
 */
export function threefry2x32(counter0: number, counter1: number, key: Key): Int32Array {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const k2 = parity ^ k0 ^ k1;
  let x = (counter0 + k0) | 0;
  let y = (counter1 + k1) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k1) | 0;
  y = (y + k2 + 1) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k2) | 0;
  y = (y + k0 + 2) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k0) | 0;
  y = (y + k1 + 3) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k1) | 0;
  y = (y + k2 + 4) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;

  words[0] = x + k2;
  words[1] = y + k0 + 5;
  return words;
}

const words = new Int32Array(2);
