// accumulate: adds Σ p·o of a chunk to the pair sums of 32 targets. Twin: src/model/accumulate.ts
//
// A word of 32 trials is cut into runs of 6, 6, 6, 7 and 7. For each run the partial sums of all its subsets of trials
// are made once, 64 or 128 of them for 32 targets side by side, and every source looks up the one that its bits name:
// five additions of 16-bit lanes do the work of 32. Sums of 16 bits hold 8 words and are emptied then.
//
// Source  Arlazarov, Dinic, Kronrod & Faradžev (1970), known as the method of four Russians.

import { halves, partial } from "./memory";
import { sources, words } from "./params";

/** Words of trials that 16-bit sums hold: 8 · 32 · 255 < 2^16. */
const mostWords: u32 = 8;
/** Sources worked on together, so that their sums stay in a cache. */
const blockSources: u32 = 1024;

/** Sums of all subsets of so many trials, u16 [2^trials × 32 targets]; bytes: u8 [trials × 32 targets]. */
// @ts-ignore: decorator
@inline
function sumSubsets(to: usize, bytes: usize, trials: u32): void {
  memory.fill(to, 0, 64);
  for (let trial: u32 = 0; trial < trials; trial++) {
    const a = v128.load(bytes + 32 * trial);
    const b = v128.load(bytes + 32 * trial, 16);
    const v0 = i16x8.extend_low_i8x16_u(a);
    const v1 = i16x8.extend_high_i8x16_u(a);
    const v2 = i16x8.extend_low_i8x16_u(b);
    const v3 = i16x8.extend_high_i8x16_u(b);
    const size: usize = (<usize>64) << trial;
    const end = to + size;
    for (let without = to; without < end; without += 64) {
      const within = without + size;
      v128.store(within, i16x8.add(v128.load(without), v0));
      v128.store(within, i16x8.add(v128.load(without, 16), v1), 16);
      v128.store(within, i16x8.add(v128.load(without, 32), v2), 32);
      v128.store(within, i16x8.add(v128.load(without, 48), v3), 48);
    }
  }
}

/**
 * What 32 targets gain in a word, by the bits of one source. The parts of the table lie one after the other; their
 * places are written into the loads, which costs nothing there.
 */
// @ts-ignore: decorator
@inline
function gain(word: u32, at: usize, isFirst: bool): void {
  const p0 = partial + ((word << 6) & 0xfc0);
  const p1 = partial + (word & 0xfc0);
  const p2 = partial + ((word >> 6) & 0xfc0);
  const p3 = partial + ((word >> 12) & 0x1fc0);
  const p4 = partial + ((word >> 19) & 0x1fc0);
  const a = i16x8.add(
    i16x8.add(v128.load(p0), v128.load(p1, 4096)),
    i16x8.add(i16x8.add(v128.load(p2, 8192), v128.load(p3, 12288)), v128.load(p4, 20480)),
  );
  v128.store(at, isFirst ? a : i16x8.add(v128.load(at), a));
  const b = i16x8.add(
    i16x8.add(v128.load(p0, 16), v128.load(p1, 4112)),
    i16x8.add(i16x8.add(v128.load(p2, 8208), v128.load(p3, 12304)), v128.load(p4, 20496)),
  );
  v128.store(at, isFirst ? b : i16x8.add(v128.load(at, 16), b), 16);
  const c = i16x8.add(
    i16x8.add(v128.load(p0, 32), v128.load(p1, 4128)),
    i16x8.add(i16x8.add(v128.load(p2, 8224), v128.load(p3, 12320)), v128.load(p4, 20512)),
  );
  v128.store(at, isFirst ? c : i16x8.add(v128.load(at, 32), c), 32);
  const d = i16x8.add(
    i16x8.add(v128.load(p0, 48), v128.load(p1, 4144)),
    i16x8.add(i16x8.add(v128.load(p2, 8240), v128.load(p3, 12336)), v128.load(p4, 20528)),
  );
  v128.store(at, isFirst ? d : i16x8.add(v128.load(at, 48), d), 48);
}

/**
 * bits    u32 [words × sources]
 * bytes   u8 [32 · words × 32 targets]
 * low     u32 [sources × 32 targets]; high: second words, or 0 where none is needed
 */
export function accumulate(bits: usize, bytes: usize, low: usize, high: usize): void {
  for (let from: u32 = 0; from < sources; from += blockSources) {
    const block = min(blockSources, sources - from);
    for (let word: u32 = 0; word < words; word++) {
      const place = word % mostWords;
      addWord(bits + 4 * ((<usize>word) * sources + from), block, bytes + 1024 * (<usize>word), place == 0);
      if (place == mostWords - 1 || word == words - 1) {
        const at: usize = 128 * (<usize>from);
        if (high == 0) empty(block, low + at);
        else emptyWithCarry(block, low + at, high + at);
      }
    }
  }
}

/** isFirst: what was in the 16-bit sums is forgotten. */
function addWord(bits: usize, block: u32, bytes: usize, isFirst: bool): void {
  sumSubsets(partial, bytes, 6);
  sumSubsets(partial + 4096, bytes + 192, 6);
  sumSubsets(partial + 8192, bytes + 384, 6);
  sumSubsets(partial + 12288, bytes + 576, 7);
  sumSubsets(partial + 20480, bytes + 800, 7);
  const end = halves + 64 * (<usize>block);
  if (isFirst) for (let at = halves; at < end; at += 64, bits += 4) gain(load<u32>(bits), at, true);
  else for (let at = halves; at < end; at += 64, bits += 4) gain(load<u32>(bits), at, false);
}

/** Adds the 16-bit sums to the 32-bit ones. */
function empty(block: u32, low: usize): void {
  const end = halves + 64 * (<usize>block);
  for (let at = halves; at < end; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    v128.store(low, i32x4.add(v128.load(low), i32x4.extend_low_i16x8_u(a)));
    v128.store(low, i32x4.add(v128.load(low, 16), i32x4.extend_high_i16x8_u(a)), 16);
    v128.store(low, i32x4.add(v128.load(low, 32), i32x4.extend_low_i16x8_u(b)), 32);
    v128.store(low, i32x4.add(v128.load(low, 48), i32x4.extend_high_i16x8_u(b)), 48);
    low += 64;
  }
}

/** The same, and what wraps is carried into the second words. */
function emptyWithCarry(block: u32, low: usize, high: usize): void {
  const end = halves + 64 * (<usize>block);
  for (let at = halves; at < end; at += 8) {
    const value = v128.load16x4_u(at);
    const sum = i32x4.add(v128.load(low), value);
    v128.store(low, sum);
    v128.store(high, i32x4.sub(v128.load(high), i32x4.lt_u(sum, value)));
    low += 16;
    high += 16;
  }
}
