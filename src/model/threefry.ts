import seedrandom from "seedrandom";
import { InputError } from "./inputError";

/** Two 32-bit words that select one stream of random numbers: an experiment's own. */
export type Key = readonly [number, number];

/** What a random word is for. */
export const stream = { perturbation: 0, noise: 1, commonNoise: 2, network: 3 } as const;

/** Neurons that a counter can tell apart. */
export const mostLaneNeurons = 2 ** 20;

/** Trials that a counter can tell apart; the last block of 64 stays clear of the wrap. */
export const mostLaneTrials = 2 ** 32 - 64;

/**
 * Second counter word: the stream in the two top bits, then 10 bits for the use of the draw, then the neuron.
 *
 * No counter serves two draws of an experiment, and here is why. Stream < 4, use < 1024 and neuron < 2²⁰ lie in bits
 * of their own, so that two lanes are equal only where all three are; and along one lane the first counter word, the
 * number, tells the draws apart:
 *
 *     stream        use     neuron   number                    what its two words are
 *     perturbation  0–15    set      ⌊trial / 64⌋              bit plane `use` of what 64 trials set it to
 *                   16–31   set      ⌊trial / 64⌋              bit plane use − 16 of whether 64 trials set it
 *     noise         0       target   trial, or ⌊trial / 2⌋     noise and rounding of the step of a trial
 *                   1       target   trial, or ⌊trial / 2⌋     noise and rounding of the free step before it
 *                   2       target   time · slots + chain      noise and rounding of a step that is only watched
 *     commonNoise   0, 1, 2 0        as the noise of that use  noise that all neurons share; the second is unused
 *     network       0       target   0, 1, 2 … along the row   wiring: words for gaps, samples and their rejections
 *                   1       neuron   0                         rank for being hidden; the second is unused
 *                   2       neuron   0                         rank for being inhibitory; the second is unused
 *
 * No number wraps. Trials end at mostLaneTrials, which trialGrid sees to. Chains are fewer than slots, and checkTimeSteps
 * keeps time · slots + slots within the same bound. A row takes a word or two for each of its at most 2²⁰ inputs, and
 * the next one instead of one that is rejected, which is less than one in 2,000: some millions at most. No neuron
 * reaches the use: checkLanes sees to that.
 *
 * What comes twice is the same draw: chunks that meet within a block of 64, tiles, slices, threads and engines work it
 * out anew and find the same. Trials 2k and 2k + 1 share theirs in the design `same-noise` (Params.pairs), which is what
 * that design is; there the number is that of the pair. What is drawn beside the work to fill a vector, for trials or
 * neurons that are not there, is thrown away.
 *
 * Another seed is another key. Two experiments of one seed share draws as they share the network, and so do two numbers
 * of chains, whose slots lie differently; nothing adds up across experiments.
 */
export const lane = (streamNumber: number, neuron: number, use = 0): number =>
  ((streamNumber << 30) | (use << 20) | neuron) >>> 0;

/**
 * Refuses a network whose neurons do not all have draws of their own.
 *
 * Errors   InputError with what is allowed.
 */
export function checkLanes(neurons: number): void {
  if (neurons > mostLaneNeurons)
    throw new InputError(
      `the network has ${neurons.toLocaleString("en")} neurons; allowed: up to ${mostLaneNeurons.toLocaleString("en")}, so that each has random numbers of its own`,
    );
}

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
