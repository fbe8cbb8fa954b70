// accumulate: adds Σ p·o of a chunk to the pair sums of some targets: the product of a
// matrix of bits and a matrix of bytes, 4 sources × 4 targets per invocation.
//
//   source_list    u32 [sources]             neuron of each column
//   perturbation   u32 [neurons × words]     bit t & 31 = source on in trial t
//   outcome        u32 [targets × words·8]   4 outcomes of 0…255 per word
//   pair_low       u32 [tile rows × sources] the sums, row = target − tile_from
//   pair_high      u32 [same, or 1]          second words; absent until a sum may need one
//
// Four outcomes are masked by four perturbation bits at once and added in 16-bit halves,
// which hold 128 words of them before they are emptied.
// Twin: src/model/accumulate.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"
#include "lib/pair.wgsl"
#include "lib/bytes.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read> outcome: array<u32>;
@group(0) @binding(4) var<storage, read_write> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read_write> pair_high: array<u32>;

fn halves(outcomes: vec4u, mask: u32) -> vec4u {
  let masked = outcomes & vec4u(mask);
  return (masked & vec4u(0x00ff00ffu)) + ((masked >> vec4u(8u)) & vec4u(0x00ff00ffu));
}

fn emptied(half_sums: vec4u) -> vec4u {
  return (half_sums & vec4u(0xffffu)) + (half_sums >> vec4u(16u));
}

fn add_column(row: u32, column: u32, values: vec4u) {
  add(row, column, values.x);
  add(row + 1u, column, values.y);
  add(row + 2u, column, values.z);
  add(row + 3u, column, values.w);
}

@compute @workgroup_size(64)
fn accumulate(
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
  let words = params.words;

  // Past the edge the last row or column is read again, and its sums are not added.
  let last_source = vec4u(params.sources - 1u);
  let last_row = vec4u(params.targets - 1u);
  let c = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), last_source);
  let p = vec4u(source_list[c.x], source_list[c.y], source_list[c.z], source_list[c.w]) * words;
  let o = min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), last_row) * (words * 8u);

  var s0 = vec4u();
  var s1 = vec4u();
  var s2 = vec4u();
  var s3 = vec4u();
  for (var start = 0u; start < words; start += 16u) {
    var h0 = vec4u();
    var h1 = vec4u();
    var h2 = vec4u();
    var h3 = vec4u();
    let end = min(start + 16u, words);
    for (var word = start; word < end; word++) {
      var p0 = perturbation[p.x + word];
      var p1 = perturbation[p.y + word];
      var p2 = perturbation[p.z + word];
      var p3 = perturbation[p.w + word];
      let base = o + vec4u(word * 8u);
      for (var quad = 0u; quad < 8u; quad++) {
        let at = base + vec4u(quad);
        let outcomes = vec4u(outcome[at.x], outcome[at.y], outcome[at.z], outcome[at.w]);
        h0 += halves(outcomes, byte_mask(p0));
        h1 += halves(outcomes, byte_mask(p1));
        h2 += halves(outcomes, byte_mask(p2));
        h3 += halves(outcomes, byte_mask(p3));
        p0 >>= 4u;
        p1 >>= 4u;
        p2 >>= 4u;
        p3 >>= 4u;
      }
    }
    s0 += emptied(h0);
    s1 += emptied(h1);
    s2 += emptied(h2);
    s3 += emptied(h3);
  }
  add_column(row, column, s0);
  add_column(row, column + 1u, s1);
  add_column(row, column + 2u, s2);
  add_column(row, column + 3u, s3);
}
