// What arrives at a target: sums of weights over 128 trials at a time, i32.

import { byteMask, spread } from "./choose";
import { counted, perturbation, rowStart, source, state, weight } from "./memory";
import { words } from "./params";

/** Past so many arrows of one weight their number would need a 17th bit. */
const mostCounted: u32 = 65532;

// @ts-ignore: decorator
@inline
function addTo(at: usize, value: v128): void {
  v128.store(at, i32x4.add(v128.load(at), value));
}

/**
 * Sixteen i16 products at a time need two halves; weights are wider. So numbers of at most 16 bits times a weight,
 * in i32.
 */
// @ts-ignore: decorator
@inline
function addTimes(drive: usize, counts: v128, w: v128): void {
  addTo(drive, i32x4.mul(i32x4.extend_low_i16x8_u(counts), w));
  addTo(drive + 16, i32x4.mul(i32x4.extend_high_i16x8_u(counts), w));
}

/** Adds Σ weight · perturbation of 128 trials, which begin `at` bytes into every row of bits, to i32 [128]. */
export function driveOfBits(target: u32, at: usize, drive: usize, planes: usize): void {
  const stride: usize = 4 * (<usize>words);
  const bits = perturbation + at;
  let arrow = load<u32>(rowStart + 4 * (<usize>target));
  const end = load<u32>(rowStart + 4 * (<usize>target), 4);
  const countedTo = load<u32>(counted + 4 * (<usize>target));
  while (arrow < countedTo) {
    const w = load<i32>(weight + 4 * (<usize>arrow));
    const from = arrow;
    const most = min(countedTo, arrow + mostCounted);
    arrow = countRun(arrow, most, w, bits, stride, planes);
    addPlanes(32 - clz(arrow - from), i32x4.splat(w), planes, drive);
  }
  for (; arrow < end; arrow++) {
    const w = i32x4.splat(load<i32>(weight + 4 * (<usize>arrow)));
    const on = bits + (<usize>load<u32>(source + 4 * (<usize>arrow))) * stride;
    const bit = i32x4(1, 2, 4, 8);
    for (let four: u32 = 0; four < 32; four++) {
      const some = i32x4.splat(load<u8>(on + (four >> 1)) >> (4 * (four & 1)));
      addTo(drive + 16 * four, v128.and(i32x4.eq(v128.and(some, bit), bit), w));
    }
  }
}

/**
 * Counts how many of a run of arrows of weight w are on, in each of 128 trials: four by four through full adders into
 * bit planes, the lowest first, as in carry-save multiplication.
 *
 * Returns  the arrow after the run
 * Source   Harley–Seal counting: Muła, Kurz & Lemire (2018), Faster population counts using AVX2 instructions.
 */
function countRun(arrow: u32, end: u32, w: i32, bits: usize, stride: usize, planes: usize): u32 {
  const none = i64x2.splat(0);
  let p0 = none;
  let p1 = none;
  let p2 = none;
  let p3 = none;
  let p4 = none;
  let p5 = none;
  let p6 = none;
  let p7 = none;
  for (let plane: usize = 8; plane < 17; plane++) v128.store(planes + 16 * plane, none);
  for (; arrow < end && load<i32>(weight + 4 * (<usize>arrow)) == w; arrow += 4) {
    const from = source + 4 * (<usize>arrow);
    let a = v128.load(bits + (<usize>load<u32>(from)) * stride);
    let b = v128.load(bits + (<usize>load<u32>(from, 4)) * stride);
    let u = v128.xor(p0, a);
    const twoA = v128.or(v128.and(p0, a), v128.and(u, b));
    p0 = v128.xor(u, b);
    a = v128.load(bits + (<usize>load<u32>(from, 8)) * stride);
    b = v128.load(bits + (<usize>load<u32>(from, 12)) * stride);
    u = v128.xor(p0, a);
    const twoB = v128.or(v128.and(p0, a), v128.and(u, b));
    p0 = v128.xor(u, b);
    u = v128.xor(p1, twoA);
    let carry = v128.or(v128.and(p1, twoA), v128.and(u, twoB));
    p1 = v128.xor(u, twoB);
    let next = v128.and(p2, carry);
    p2 = v128.xor(p2, carry);
    carry = v128.and(p3, next);
    p3 = v128.xor(p3, next);
    next = v128.and(p4, carry);
    p4 = v128.xor(p4, carry);
    carry = v128.and(p5, next);
    p5 = v128.xor(p5, next);
    next = v128.and(p6, carry);
    p6 = v128.xor(p6, carry);
    carry = v128.and(p7, next);
    p7 = v128.xor(p7, next);
    for (let plane = planes + 128; v128.any_true(carry); plane += 16) {
      const before = v128.load(plane);
      v128.store(plane, v128.xor(before, carry));
      carry = v128.and(before, carry);
    }
  }
  v128.store(planes, p0);
  v128.store(planes, p1, 16);
  v128.store(planes, p2, 32);
  v128.store(planes, p3, 48);
  v128.store(planes, p4, 64);
  v128.store(planes, p5, 80);
  v128.store(planes, p6, 96);
  v128.store(planes, p7, 112);
  return arrow;
}

/** Adds counts, given in so many bit planes of 128 trials, times a weight. */
function addPlanes(used: u32, w: v128, planes: usize, drive: usize): void {
  for (let group: usize = 0; group < 8; group++) {
    let low = i64x2.splat(0);
    const lowPlanes = min<u32>(used, 8);
    for (let plane: u32 = 0; plane < lowPlanes; plane++)
      low = v128.or(low, v128.and(byteMask(spread(planes + 16 * plane + 2 * group)), i8x16.splat(<i8>(<i32>1 << <i32>plane))));
    let high = i64x2.splat(0);
    for (let plane: u32 = 8; plane < used; plane++)
      high = v128.or(
        high,
        v128.and(byteMask(spread(planes + 16 * plane + 2 * group)), i8x16.splat(<i8>(<i32>1 << <i32>(plane - 8)))),
      );
    const to = drive + 64 * group;
    const first = i8x16.shuffle(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const second = i8x16.shuffle(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    addTimes(to, first, w);
    addTimes(to + 32, second, w);
  }
}

/**
 * Adds Σ weight · state / 255, cut off towards 0, of 128 trials, which begin `at` bytes into every row of states.
 * That Σ weight · state fits an i32 is for the host to see to.
 */
export function driveOfStates(target: u32, at: usize, drive: usize): void {
  const stride: usize = 32 * (<usize>words);
  const begin = load<u32>(rowStart + 4 * (<usize>target));
  const end = load<u32>(rowStart + 4 * (<usize>target), 4);
  for (let group: usize = 0; group < 8; group++) {
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let arrow = begin; arrow < end; arrow++) {
      const w = i32x4.splat(load<i32>(weight + 4 * (<usize>arrow)));
      const x = v128.load(state + (<usize>load<u32>(source + 4 * (<usize>arrow))) * stride + at + 16 * group);
      const low = i16x8.extend_low_i8x16_u(x);
      const high = i16x8.extend_high_i8x16_u(x);
      s0 = i32x4.add(s0, i32x4.mul(i32x4.extend_low_i16x8_u(low), w));
      s1 = i32x4.add(s1, i32x4.mul(i32x4.extend_high_i16x8_u(low), w));
      s2 = i32x4.add(s2, i32x4.mul(i32x4.extend_low_i16x8_u(high), w));
      s3 = i32x4.add(s3, i32x4.mul(i32x4.extend_high_i16x8_u(high), w));
    }
    const to = drive + 64 * group;
    v128.store(to, inStates(s0));
    v128.store(to, inStates(s1), 16);
    v128.store(to, inStates(s2), 32);
    v128.store(to, inStates(s3), 48);
  }
}

/** x / 255, cut off towards 0: exact, since no quotient of an i32 lies within a float64's error of a whole number. */
// @ts-ignore: decorator
@inline
function inStates(x: v128): v128 {
  const byte = f64x2.splat(255);
  const a = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.convert_low_i32x4_s(x), byte));
  const upper = i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  const b = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.convert_low_i32x4_s(upper), byte));
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
