// slice: cuts outcomes into bit planes: 32 trials of one target become 8 words, one for each bit.
//
//   outcome  u32 [targets × words·8]  4 outcomes of 0…255 per word
//   plane    u32 [targets × whole·8]  bit 8b + q of word k = bit k of the outcome of trial 4q + b
//
// Rows of planes are whole blocks of 8 words of trials; what is beyond the chunk is 0. The trials
// lie in the order in which eight words of four bytes fall apart; align orders bits the same way.
// Twin: src/model/slice.ts

#include "lib/params.wgsl"
#include "lib/blocks.wgsl"

@group(0) @binding(1) var<storage, read> outcome: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> plane: array<vec4u>;

// Exchanges the upper bits of each part of x with the lower bits of that part of y.
fn exchanged(x: vec4u, y: vec4u, apart: u32, mask: u32) -> array<vec4u, 2> {
  let differ = ((x >> vec4u(apart)) ^ y) & vec4u(mask);
  return array(x ^ (differ << vec4u(apart)), y ^ differ);
}

@compute @workgroup_size(64)
fn slice(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let whole = whole_words();
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * whole) {
    return;
  }
  let word = item % whole;
  var a = vec4u();
  var b = vec4u();
  if (word < params.words) {
    let at = 2u * ((item / whole) * params.words + word);
    a = outcome[at];
    b = outcome[at + 1u];
  }
  // Eight words of bytes, transposed: nibbles, then pairs of bits, then bits.
  let nibbles = exchanged(a, b, 4u, 0x0f0f0f0fu);
  let pairs = exchanged(
    vec4u(nibbles[0].xy, nibbles[1].xy),
    vec4u(nibbles[0].zw, nibbles[1].zw),
    2u,
    0x33333333u
  );
  let bits = exchanged(
    vec4u(pairs[0].x, pairs[1].x, pairs[0].z, pairs[1].z),
    vec4u(pairs[0].y, pairs[1].y, pairs[0].w, pairs[1].w),
    1u,
    0x55555555u
  );
  plane[2u * item] = vec4u(bits[0].x, bits[1].x, bits[0].y, bits[1].y);
  plane[2u * item + 1u] = vec4u(bits[0].z, bits[1].z, bits[0].w, bits[1].w);
}
