// The fast CPU engine's kernels, one share of the targets at a time. Compiled by AssemblyScript to WebAssembly with
// 128-bit vectors; every kernel writes the same bits as its twin in src/model/.

import { accumulate } from "./accumulate";
import { choose, impose } from "./choose";
import {
  byTrial,
  off,
  offCounts,
  outcome,
  outcomes,
  pairHigh,
  pairLow,
  perturbation,
  perturbed,
  scratch,
  sourceBits,
  sourceList,
  sourceOff,
  squareHigh,
  squareLow,
  state,
} from "./memory";
import { fromRest, neurons, sources, targetFrom, targets, words } from "./params";
import { perturb } from "./perturb";
import { respond, shareNoise } from "./respond";
import { square } from "./square";
import { count, tally } from "./tally";

export * from "./memory";
export * from "./params";
export { untile } from "./untile";
export { watch } from "./watch";

/** Targets whose outcomes are worked on together: the lanes of the pair sums. */
const tileTargets: u32 = 32;

/** What trials do to the neurons, and to whom: everything of a chunk that all targets have in common. */
export function prepare(hasArms: bool): void {
  perturb(scratch);
  if (hasArms) choose(scratch);
  count(perturbation, perturbed);
  gather(perturbation, sourceBits);
  if (hasArms) {
    count(off, offCounts);
    gather(off, sourceOff);
  }
}

/** The states of all neurons after the free step from rest. */
export function rest(): void {
  shareNoise();
  for (let word: u32 = 0; word < words; word += 4)
    for (let neuron: u32 = 0; neuron < neurons; neuron++)
      respond(0, neuron, word, true, state + 32 * ((<usize>words) * neuron + word));
}

/** Sets the states of those that trials set. */
export function set(): void {
  impose();
}

/** The step itself, and its sums. */
export function advance(hasArms: bool): void {
  shareNoise();
  const row: usize = 32 * (<usize>words);
  const tiles = (targets + tileTargets - 1) / tileTargets;
  for (let tile: u32 = 0; tile < tiles; tile++) {
    const first = tileTargets * tile;
    const rows = min(tileTargets, targets - first);
    // Trials before targets: what the arrows read of 128 trials stays in the cache for all targets of the tile.
    for (let word: u32 = 0; word < words; word += 4)
      for (let at: u32 = 0; at < rows; at++)
        respond(first + at, targetFrom + first + at, word, hasArms, outcome + row * at + 32 * (<usize>word));
    for (let at: u32 = 0; at < rows; at++) tally(outcomes + 16 * (<usize>(first + at)), outcome + row * at);
    if (hasArms) square(outcome, row * rows, squareLow, squareHigh);
    turnOver(outcome);
    add(0, tile, false);
    if (!hasArms) continue;
    add(1, tile, true);
    turnOver(squareLow);
    add(2, tile, false);
    add(4, tile, true);
    turnOver(squareHigh);
    add(3, tile, false);
    add(5, tile, true);
  }
}

/** Adds what lies in byTrial to the sums of a product, see armProducts of the host. */
export function add(product: u32, tile: u32, isOff: bool): void {
  const tiles = (targets + tileTargets - 1) / tileTargets;
  const at: usize = 128 * (<usize>sources) * (product * tiles + tile);
  accumulate(isOff ? sourceOff : sourceBits, byTrial, pairLow + at, pairHigh == 0 ? 0 : pairHigh + at);
}

/** Bits of the sources alone, word by word. */
function gather(bits: usize, to: usize): void {
  for (let column: u32 = 0; column < sources; column++) {
    const from: usize = bits + 4 * (<usize>load<u32>(sourceList + 4 * (<usize>column))) * words;
    for (let word: u32 = 0; word < words; word++)
      store<u32>(to + 4 * ((<usize>word) * sources + column), load<u32>(from + 4 * (<usize>word)));
  }
}

/** u8 [32 targets × trials] as u8 [trials × 32 targets]: squares of 16 × 16, in four rounds of interleaving. */
function turnOver(rows: usize): void {
  const length: usize = 32 * (<usize>words);
  for (let half: usize = 0; half < 2; half++) {
    for (let trial: usize = 0; trial < length; trial += 16) {
      for (let at: usize = 0; at < 16; at++)
        v128.store(scratch + 16 * at, v128.load(rows + (16 * half + at) * length + trial));
      interleave(scratch, scratch + 256);
      interleave(scratch + 256, scratch);
      interleave(scratch, scratch + 256);
      interleave(scratch + 256, scratch);
      for (let at: usize = 0; at < 16; at++)
        v128.store(byTrial + 32 * (trial + at) + 16 * half, v128.load(scratch + 16 * at));
    }
  }
}

/** Rows k and k + 8 of 16, byte by byte: row 2k and row 2k + 1. */
// @ts-ignore: decorator
@inline
function interleave(from: usize, to: usize): void {
  for (let at: usize = 0; at < 8; at++) {
    const a = v128.load(from + 16 * at);
    const b = v128.load(from + 16 * at, 128);
    v128.store(to + 32 * at, i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(
      to + 32 * at,
      i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      16,
    );
  }
}
