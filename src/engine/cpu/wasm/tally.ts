// tally: Σo and Σo² of one target; count: Σp of each source. Twins: src/model/tally.ts, src/model/count.ts

import { sourceList } from "./memory";
import { sources, trialBase, trialMask, words } from "./params";

/** at: the target's two u64; row: u8 [32 · words] */
export function tally(at: usize, row: usize): void {
  let sums = i32x4.splat(0);
  let squares = sums;
  const end = row + 32 * (<usize>words);
  for (; row < end; row += 16) {
    const bytes = v128.load(row);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
    squares = i32x4.add(squares, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
  }
  store<u64>(at, load<u64>(at) + total(sums));
  store<u64>(at, load<u64>(at, 8) + total(squares), 8);
}

/** The sum of four unsigned lanes. */
export function total(four: v128): u64 {
  return (
    <u64>(<u32>i32x4.extract_lane(four, 0)) +
    <u64>(<u32>i32x4.extract_lane(four, 1)) +
    <u64>(<u32>i32x4.extract_lane(four, 2)) +
    <u64>(<u32>i32x4.extract_lane(four, 3))
  );
}

/** bits: u32 [neurons × words]; counts: u64 [sources + 1], the last one counting the trials. */
export function count(bits: usize, counts: usize): void {
  for (let column: u32 = 0; column < sources; column++) {
    const row = bits + 4 * (<usize>load<u32>(sourceList + 4 * (<usize>column))) * words;
    let on: u64 = 0;
    for (let word: u32 = 0; word < words; word += 2) on += popcnt<u64>(load<u64>(row + 4 * (<usize>word)));
    const at = counts + 8 * (<usize>column);
    store<u64>(at, load<u64>(at) + on);
  }
  let trials: u64 = 0;
  for (let word: u32 = 0; word < words; word++) trials += popcnt<u32>(trialMask(trialBase + 32 * word));
  const at = counts + 8 * (<usize>sources);
  store<u64>(at, load<u64>(at) + trials);
}
