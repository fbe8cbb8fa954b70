// correlate: adds Σ before·after of a chunk to the pair sums of some targets: the product of
// two matrices of bytes, 4 sources × 4 targets per invocation.
//
//   source_list  u32 [sources]             neuron of each column
//   state        u32 [neurons × words·8]   4 states of 0…255 per word, before the step
//   outcome      u32 [targets × words·8]   4 outcomes of 0…255 per word, after it; masked trials are 0
//   pair_low     u32 [tile rows × sources] the sums, row = target − tile_from
//   pair_high    u32 [same]                second words
//
// Four words at a time, 16 trials, since words come in blocks of 16: a wide load costs hardly
// more than a narrow one. A chunk of 65,536 products of at most 255² just fits a u32.
// Twin: src/model/correlate.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"
#include "lib/pair.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<vec4u>;
@group(0) @binding(3) var<storage, read> outcome: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read_write> pair_high: array<u32>;

// One byte of each of four words.
fn bytes(words: vec4u, first: u32) -> vec4u {
  return (words >> vec4u(first)) & vec4u(255u);
}

fn products(s0: vec4u, s1: vec4u, s2: vec4u, s3: vec4u, after: vec4u) -> vec4u {
  return vec4u(dot(s0, after), dot(s1, after), dot(s2, after), dot(s3, after));
}

fn add_row(row: u32, column: u32, values: vec4u) {
  add(row, column, values.x);
  add(row, column + 1u, values.y);
  add(row, column + 2u, values.z);
  add(row, column + 3u, values.w);
}

@compute @workgroup_size(64)
fn correlate(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let columns = (params.sources + 3u) / 4u;
  let rows = (params.targets + 3u) / 4u;
  let item = invocation(group, groups, local, 64u);
  if (item >= columns * rows) {
    return;
  }
  let column = 4u * (item % columns);
  let row = 4u * (item / columns);
  let length = params.words * 2u;

  // Past the edge the last row or column is read again, and its sums are not added.
  let last_source = vec4u(params.sources - 1u);
  let last_row = vec4u(params.targets - 1u);
  let c = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), last_source);
  let s = vec4u(source_list[c.x], source_list[c.y], source_list[c.z], source_list[c.w]) * length;
  let o = min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), last_row) * length;

  var r0 = vec4u();
  var r1 = vec4u();
  var r2 = vec4u();
  var r3 = vec4u();
  for (var at = 0u; at < length; at++) {
    let s0 = state[s.x + at];
    let s1 = state[s.y + at];
    let s2 = state[s.z + at];
    let s3 = state[s.w + at];
    let o0 = outcome[o.x + at];
    let o1 = outcome[o.y + at];
    let o2 = outcome[o.z + at];
    let o3 = outcome[o.w + at];
    for (var first = 0u; first < 32u; first += 8u) {
      let b0 = bytes(s0, first);
      let b1 = bytes(s1, first);
      let b2 = bytes(s2, first);
      let b3 = bytes(s3, first);
      r0 += products(b0, b1, b2, b3, bytes(o0, first));
      r1 += products(b0, b1, b2, b3, bytes(o1, first));
      r2 += products(b0, b1, b2, b3, bytes(o2, first));
      r3 += products(b0, b1, b2, b3, bytes(o3, first));
    }
  }
  add_row(row, column, r0);
  add_row(row + 1u, column, r1);
  add_row(row + 2u, column, r2);
  add_row(row + 3u, column, r3);
}
