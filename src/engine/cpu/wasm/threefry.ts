// Threefry-2x32 with 20 rounds, four counters at a time. Twin: src/model/threefry.ts

const parity: u32 = 0x1bd11bda;

/** Second counter word: stream, use, neuron. */
// @ts-ignore: decorator
@inline
export function lane(stream: u32, neuron: u32, use: u32): u32 {
  return (stream << 30) | (use << 20) | neuron;
}

// @ts-ignore: decorator
@inline
function rotl(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** Rotations by whole bytes are one instruction. */
// @ts-ignore: decorator
@inline
function rotlBy16(x: v128): v128 {
  return i8x16.shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}
// @ts-ignore: decorator
@inline
function rotlBy24(x: v128): v128 {
  return i8x16.shuffle(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
}

/** The third word of a key. */
// @ts-ignore: decorator
@inline
export function thirdOf(key0: u32, key1: u32): u32 {
  return parity ^ key0 ^ key1;
}

/**
 * Two random words for each of four counters; k0, k1, k2 are the key's words in all lanes.
 *
 * second   where the second words are written, 16 bytes
 * Returns  the first words
 */
// @ts-ignore: decorator
@inline
export function threefry(x: v128, y: v128, k0: v128, k1: v128, k2: v128, second: usize): v128 {
  x = i32x4.add(x, k0);
  y = i32x4.add(y, k1);

  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 13), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 15), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 26), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 6), x);
  x = i32x4.add(x, k1);
  y = i32x4.add(y, i32x4.add(k2, i32x4.splat(1)));

  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 17), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 29), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotlBy16(y), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotlBy24(y), x);
  x = i32x4.add(x, k2);
  y = i32x4.add(y, i32x4.add(k0, i32x4.splat(2)));

  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 13), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 15), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 26), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 6), x);
  x = i32x4.add(x, k0);
  y = i32x4.add(y, i32x4.add(k1, i32x4.splat(3)));

  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 17), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 29), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotlBy16(y), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotlBy24(y), x);
  x = i32x4.add(x, k1);
  y = i32x4.add(y, i32x4.add(k2, i32x4.splat(4)));

  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 13), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 15), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 26), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotl(y, 6), x);

  v128.store(second, i32x4.add(y, i32x4.add(k0, i32x4.splat(5))));
  return i32x4.add(x, k2);
}
