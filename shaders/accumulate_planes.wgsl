// accumulate_planes: adds Σ p·o of a chunk to the pair sums of some targets, 32 trials at once:
// bit planes of outcomes, masked by bits, are added up as numbers cut into planes.
//
//   aligned    u32 [sources × whole]     see align: a row of bits for each column
//   plane      u32 [targets × whole·8]   see slice: 8 planes for each of these words
//   pair_low   u32 [tile rows × sources] the sums, row = target − tile_from
//   pair_high  u32 [same, or 1]          second words; absent until a sum may need one
//
// For adapters where a load costs a hundred times an operation and hardly anything but AND, XOR
// and ADD is quick (SwiftShader): an invocation holds 256 trials of two targets and lets the
// sources pass by. Carry-save adders: Harley & Seal, in Warren, Hacker's Delight, 5-1.
// Twin: src/model/accumulatePlanes.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"
#include "lib/blocks.wgsl"
#include "lib/adders.wgsl"
#include "lib/pair.wgsl"

@group(0) @binding(1) var<storage, read> aligned: array<vec4u>;
@group(0) @binding(2) var<storage, read> plane: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> pair_low: array<u32>;
@group(0) @binding(4) var<storage, read_write> pair_high: array<u32>;

// Columns that pass by an invocation.
const passing = 128u;

// The planes of 8 words of a target, two vectors a word.
fn section_of(row: u32, section: u32) -> array<vec4u, 16> {
  let sections = whole_words() / 8u;
  let at = 16u * (row * sections + section);
  return array(
    plane[at], plane[at + 1u], plane[at + 2u], plane[at + 3u],
    plane[at + 4u], plane[at + 5u], plane[at + 6u], plane[at + 7u],
    plane[at + 8u], plane[at + 9u], plane[at + 10u], plane[at + 11u],
    plane[at + 12u], plane[at + 13u], plane[at + 14u], plane[at + 15u]
  );
}

fn masked(bits: u32, low: vec4u, high: vec4u) -> array<u32, 8> {
  let a = low & vec4u(bits);
  let b = high & vec4u(bits);
  return array(a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w);
}

fn four(bits: vec4u, a: array<vec4u, 8>) -> array<u32, 10> {
  return add_9(
    add_8(masked(bits.x, a[0], a[1]), masked(bits.y, a[2], a[3])),
    add_8(masked(bits.z, a[4], a[5]), masked(bits.w, a[6], a[7]))
  );
}

fn sum_of(low: vec4u, high: vec4u, a: array<vec4u, 16>) -> u32 {
  return total(add_10(
    four(low, array(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7])),
    four(high, array(a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15]))
  ));
}

@compute @workgroup_size(64)
fn accumulate_planes(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  let twos = (params.targets + 1u) / 2u;
  let row = 2u * (item % twos);
  let first = passing * (item / twos);
  if (first >= params.sources) {
    return;
  }
  let end = min(first + passing, params.sources);
  let sections = whole_words() / 8u;
  // Past the edge the last row is read again, and its sums are not added.
  let next = min(row + 1u, params.targets - 1u);
  for (var section = 0u; section < sections; section++) {
    let a = section_of(row, section);
    let b = section_of(next, section);
    for (var column = first; column < end; column++) {
      let at = 2u * (column * sections + section);
      let low = aligned[at];
      let high = aligned[at + 1u];
      add(row, column, sum_of(low, high, a));
      add(row + 1u, column, sum_of(low, high, b));
    }
  }
}
