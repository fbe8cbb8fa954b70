// square: o² of each outcome in two bytes, or of each pair's difference. Twin: src/model/square.ts

import { pairs } from "./params";

/** All three are u8 of the same length, a multiple of 16: trials along a row. */
export function square(outcome: usize, length: usize, low: usize, high: usize): void {
  const bytes = i16x8.splat(255);
  for (let at: usize = 0; at < length; at += 16) {
    const o = v128.load(outcome + at);
    let a: v128;
    let b: v128;
    if (pairs == 0) {
      a = i16x8.extmul_low_i8x16_u(o, o);
      b = i16x8.extmul_high_i8x16_u(o, o);
    } else {
      // In lanes of two trials: the later outcome less the earlier one, squared, at the later one's place.
      const difference = i16x8.sub(i16x8.shr_u(o, 8), v128.and(o, bytes));
      const squares = i16x8.mul(difference, difference);
      const none = i16x8.splat(0);
      a = i8x16.shuffle(none, squares, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
      b = i8x16.shuffle(none, squares, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    }
    v128.store(low + at, i8x16.narrow_i16x8_u(v128.and(a, bytes), v128.and(b, bytes)));
    v128.store(high + at, i8x16.narrow_i16x8_u(i16x8.shr_u(a, 8), i16x8.shr_u(b, 8)));
  }
}
