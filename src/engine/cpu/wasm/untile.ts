// untile: the pair sums of 32 targets as rows of float64, one after the other, for whoever reads them.

import { pairHigh, pairLow, rows } from "./memory";
import { sources } from "./params";

/** Four sources' sums of the same four targets, turned over: sums of one target, f64, at `to` and three rows on. */
// @ts-ignore: decorator
@inline
function turn(a: v128, b: v128, c: v128, d: v128, to: usize, stride: usize): void {
  const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const upperAb = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const upperCd = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(to, f64x2.convert_low_i32x4_u(ab));
  v128.store(to, f64x2.convert_low_i32x4_u(cd), 16);
  v128.store(to + stride, f64x2.convert_low_i32x4_u(upperHalf(ab)));
  v128.store(to + stride, f64x2.convert_low_i32x4_u(upperHalf(cd)), 16);
  v128.store(to + 2 * stride, f64x2.convert_low_i32x4_u(upperAb));
  v128.store(to + 2 * stride, f64x2.convert_low_i32x4_u(upperCd), 16);
  v128.store(to + 3 * stride, f64x2.convert_low_i32x4_u(upperHalf(upperAb)));
  v128.store(to + 3 * stride, f64x2.convert_low_i32x4_u(upperHalf(upperCd)), 16);
}

// @ts-ignore: decorator
@inline
function upperHalf(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Writes f64 [32 targets × sources] to rows; tile: counted through all products. */
export function untile(tile: u32): void {
  const from: usize = 128 * (<usize>sources) * tile;
  const low = pairLow + from;
  const stride: usize = 8 * (<usize>sources);
  const fours = sources & ~3;
  for (let column: u32 = 0; column < fours; column += 4)
    for (let target: usize = 0; target < 32; target += 4) {
      const at = low + 128 * (<usize>column) + 4 * target;
      const to = rows + stride * target + 8 * (<usize>column);
      turn(v128.load(at), v128.load(at, 128), v128.load(at, 256), v128.load(at, 384), to, stride);
    }
  for (let column = fours; column < sources; column++)
    for (let target: usize = 0; target < 32; target++)
      store<f64>(
        rows + stride * target + 8 * (<usize>column),
        <f64>load<u32>(low + 128 * (<usize>column) + 4 * target),
      );
  if (pairHigh == 0) return;
  const high = pairHigh + from;
  for (let column: u32 = 0; column < sources; column++)
    for (let target: usize = 0; target < 32; target++) {
      const to = rows + stride * target + 8 * (<usize>column);
      const second = <f64>load<u32>(high + 128 * (<usize>column) + 4 * target);
      store<f64>(to, load<f64>(to) + 4294967296.0 * second);
    }
}
