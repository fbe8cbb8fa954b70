// Where everything lies. The host asks for room with `reserve` and sets the addresses, which are globals like the
// params; nothing is freed before the run is over, and then all of it.

let top: usize = __heap_base;

/** Room for so many bytes, 64-byte aligned, all 0. */
export function reserve(bytes: usize): usize {
  const at = (top + 63) & ~63;
  if (at + bytes < top) unreachable();
  top = at + bytes;
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  memory.fill(at, 0, bytes);
  return at;
}

/** Another run begins: everything that was reserved is forgotten. */
export function begin(): void {
  top = __heap_base;
  pairHigh = 0;
}

/** Knots of a table beside their steps to the next one: i32 pairs. */
export let normalTable: usize = 0;
export let sigmoidTable: usize = 0;

/**
 * The arrows into this share's targets: rowStart u32 [targets + 1]; counted u32 [targets], where the row's runs of
 * equal weights end; source u32, weight i32 [arrows and padding]. Runs are whole fours, filled up with neuron number
 * `neurons`, which is never on.
 */
export let rowStart: usize = 0;
export let counted: usize = 0;
export let source: usize = 0;
export let weight: usize = 0;

/** u32 [sources] and u32 [neurons], see the twins count and choose. */
export let sourceList: usize = 0;
export let turn: usize = 0;

/** u32 [neurons + 1 × words]: set to 1, set to 0. */
export let perturbation: usize = 0;
export let off: usize = 0;
/** The same of the sources alone, u32 [words × sources], so that the pair sums read one word after the other. */
export let sourceBits: usize = 0;
export let sourceOff: usize = 0;
/** u8 [neurons + 1 × 32 · words] */
export let state: usize = 0;
/** i32 [32 · words], where neurons share noise. */
export let common: usize = 0;

/** u8 [32 targets × 32 · words], and the same trial by trial, [32 · words × 32 targets]. */
export let outcome: usize = 0;
export let byTrial: usize = 0;
export let squareLow: usize = 0;
export let squareHigh: usize = 0;

/** u64 [sources + 1], see the twin count; u64 [targets × 2], see the twin tally. */
export let perturbed: usize = 0;
export let offCounts: usize = 0;
export let outcomes: usize = 0;

/** u16 [sources × 32 targets]: the pair sums of at most 8 words. */
export let halves: usize = 0;
/** u16 [448 × 32 targets]: partial sums, see accumulate. */
export let partial: usize = 0;
/** u32 [products × targets / 32 × sources × 32 targets]; second words where they are needed, or 0. */
export let pairLow: usize = 0;
export let pairHigh: usize = 0;

/** For a network that is watched: the states after a step, like state; Σx and Σx² before, like outcomes. */
export let next: usize = 0;
export let outcomesBefore: usize = 0;
/** u64 [neurons × sources]: Σ before · after. */
export let pairBoth: usize = 0;

/** f64 [32 targets × sources], see untile. */
export let rows: usize = 0;

/** 2 KiB for what a kernel keeps for a moment. */
export let scratch: usize = 0;
