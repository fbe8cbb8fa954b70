// From drives to outcomes: noise is added, the sigmoid taken, the result rounded at random. Four trials at a time.
// Twin: src/model/activate.ts

import { normalTable, sigmoidTable } from "./memory";

/** Even and odd words of two vectors: the knots, and their steps to the next. */
// @ts-ignore: decorator
@inline
function even(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}
// @ts-ignore: decorator
@inline
function odd(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/** Linear between the knots of a table: knot + step · part / 2^bits, rounded. place: of the knot, in bytes. */
// @ts-ignore: decorator
@inline
function interpolate(table: usize, place: v128, part: v128, bits: i32): v128 {
  const a = v128.load64_lane(
    table + <usize>i32x4.extract_lane(place, 1),
    v128.load64_zero(table + <usize>i32x4.extract_lane(place, 0)),
    1,
  );
  const b = v128.load64_lane(
    table + <usize>i32x4.extract_lane(place, 3),
    v128.load64_zero(table + <usize>i32x4.extract_lane(place, 2)),
    1,
  );
  const rounded = i32x4.add(i32x4.mul(odd(a, b), part), i32x4.splat(1 << (bits - 1)));
  return i32x4.add(even(a, b), i32x4.shr_s(rounded, bits));
}

/** Exponent of a float64 as the lab counts bit lengths, times 256. */
const exponentBias: i32 = 1022 * 256;

/**
 * Standard normals, 20 fraction bits. The table goes by bit length and the eight bits after the first: a float64 of
 * the same number has both side by side.
 */
// @ts-ignore: decorator
@inline
export function normal(word: v128): v128 {
  const m = v128.and(word, i32x4.splat(0x7fffffff));
  const a = f64x2.convert_low_i32x4_s(m);
  const b = f64x2.convert_low_i32x4_s(
    i8x16.shuffle(m, m, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15),
  );
  const knot = i32x4.sub(i32x4.shr_u(odd(a, b), 12), i32x4.splat(exponentBias));
  const place = i32x4.shl(i32x4.max_s(knot, i32x4.splat(0)), 3);
  const part = v128.and(even(i64x2.shr_u(a, 28), i64x2.shr_u(b, 28)), i32x4.splat(0xffff));
  const size = interpolate(normalTable, place, part, 16);
  const sign = i32x4.shr_s(word, 31);
  return i32x4.sub(v128.xor(size, sign), sign);
}

const span: i32 = 16 << 20;

/** Sigmoids of drives, 0…255 with 16 fraction bits. */
// @ts-ignore: decorator
@inline
export function sigmoid(drive: v128): v128 {
  const within = i32x4.min_s(i32x4.max_s(drive, i32x4.splat(-span)), i32x4.splat(span - 1));
  const above = i32x4.add(within, i32x4.splat(span));
  const place = i32x4.shl(i32x4.shr_u(above, 13), 3);
  return interpolate(sigmoidTable, place, v128.and(above, i32x4.splat(8191)), 13);
}

/** noise · part / 65,536, rounded; part in all lanes. */
// @ts-ignore: decorator
@inline
export function scaled(noise: v128, part: v128): v128 {
  const half = i64x2.splat(0x8000);
  const a = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_s(noise, part), half), 16);
  const b = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_s(noise, part), half), 16);
  return even(a, b);
}
