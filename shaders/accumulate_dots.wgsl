// accumulate_dots: adds Σ p·o of a chunk to the pair sums of some targets, by dot products of four
// bytes: 64 sources × 64 targets per workgroup, 8 × 8 of them per invocation.
//
//   source_list    u32 [sources]             neuron of each column
//   perturbation   u32 [neurons × words]     bit t & 31 = source on in trial t
//   outcome        u32 [targets × words·8]   4 outcomes of 0…255 per word
//   pair_low       u32 [tile rows × sources] the sums, row = target − tile_from
//   pair_high      u32 [same, or 1]          second words; absent until a sum may need one
//
// For GPUs that have an instruction for such products. 32 trials at a time are brought into workgroup
// memory, bits as bytes of 0 or 1; there, neighbours read neighbouring vectors, or the same one.
// Twin: src/model/accumulate.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"
#include "lib/pair.wgsl"
#include "lib/columns.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read> outcome: array<u32>;
@group(0) @binding(4) var<storage, read_write> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read_write> pair_high: array<u32>;

// Of 8 words of outcomes: 64 sources, 64 targets, four to a vector.
var<workgroup> ones: array<array<u32, 64>, 8>;
var<workgroup> bytes: array<array<u32, 64>, 8>;

fn ones_at(quad: u32, first: u32) -> vec4u {
  return vec4u(ones[quad][first], ones[quad][first + 1u], ones[quad][first + 2u], ones[quad][first + 3u]);
}

fn bytes_at(quad: u32, first: u32) -> vec4u {
  return vec4u(bytes[quad][first], bytes[quad][first + 1u], bytes[quad][first + 2u], bytes[quad][first + 3u]);
}

fn dots(on: vec4u, outcomes: u32) -> vec4u {
  return vec4u(
    dot4U8Packed(on.x, outcomes),
    dot4U8Packed(on.y, outcomes),
    dot4U8Packed(on.z, outcomes),
    dot4U8Packed(on.w, outcomes)
  );
}

@compute @workgroup_size(64)
fn accumulate_dots(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let across = (params.sources + 63u) / 64u;
  let down = (params.targets + 63u) / 64u;
  let item = group.y * groups.x + group.x;
  if (item >= across * down) {
    return;
  }
  let first_column = 64u * (item % across);
  let first_row = 64u * (item / across);
  let words = params.words;

  // What this invocation brings: the bits of one source, and one word of outcomes of 8 targets.
  let mine = first_column + local;
  let is_there = mine < params.sources;
  let bits_from = source_list[min(mine, params.sources - 1u)] * words;
  let quad_of = local % 8u;
  let row_of = local / 8u;

  // What it adds up: rows of 8 sources for each of 8 targets, four and four.
  let column = 4u * (local % 8u);
  let row = 4u * (local / 8u);
  var s0 = vec4u();
  var s1 = vec4u();
  var s2 = vec4u();
  var s3 = vec4u();
  var s4 = vec4u();
  var s5 = vec4u();
  var s6 = vec4u();
  var s7 = vec4u();
  var t0 = vec4u();
  var t1 = vec4u();
  var t2 = vec4u();
  var t3 = vec4u();
  var t4 = vec4u();
  var t5 = vec4u();
  var t6 = vec4u();
  var t7 = vec4u();
  for (var word = 0u; word < words; word++) {
    var bits = select(0u, perturbation[bits_from + word], is_there);
    for (var quad = 0u; quad < 8u; quad++) {
      ones[quad][local] = ((bits & 15u) * 0x00204081u) & 0x01010101u;
      bits >>= 4u;
      let target_row = row_of + 8u * quad;
      // Past the edge the last target is read again, and its sums are not added.
      let at = min(first_row + target_row, params.targets - 1u) * words + word;
      bytes[quad_of][target_row] = outcome[8u * at + quad_of];
    }
    workgroupBarrier();
    for (var quad = 0u; quad < 8u; quad++) {
      let near = ones_at(quad, column);
      let far = ones_at(quad, column + 32u);
      let upper = bytes_at(quad, row);
      let lower = bytes_at(quad, row + 32u);
      s0 += dots(near, upper.x);
      s1 += dots(near, upper.y);
      s2 += dots(near, upper.z);
      s3 += dots(near, upper.w);
      s4 += dots(near, lower.x);
      s5 += dots(near, lower.y);
      s6 += dots(near, lower.z);
      s7 += dots(near, lower.w);
      t0 += dots(far, upper.x);
      t1 += dots(far, upper.y);
      t2 += dots(far, upper.z);
      t3 += dots(far, upper.w);
      t4 += dots(far, lower.x);
      t5 += dots(far, lower.y);
      t6 += dots(far, lower.z);
      t7 += dots(far, lower.w);
    }
    workgroupBarrier();
  }
  // In a loop, since what adds to a sum is long, and a software adapter compiles it slowly.
  var sums = array(s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7);
  for (var at = 0u; at < 16u; at++) {
    let to_row = first_row + row + at % 4u + 32u * ((at / 4u) % 2u);
    add_columns(to_row, first_column + column + 32u * (at / 8u), sums[at]);
  }
}
