// align: the perturbation bits of the sources, one row for each column, in whole blocks of words
// and with the trials in the order of slice.
//
//   source_list   u32 [sources]          neuron of each column
//   perturbation  u32 [neurons × words]  bit t & 31 = source on in trial t
//   aligned       u32 [sources × whole]  bit 8b + q = source on in trial 4q + b of the word
//
// What is beyond the chunk is 0.
// Twin: src/model/align.ts

#include "lib/params.wgsl"
#include "lib/blocks.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read_write> aligned: array<u32>;

fn exchanged(x: u32, apart: u32, mask: u32) -> u32 {
  let differ = ((x >> apart) ^ x) & mask;
  return x ^ differ ^ (differ << apart);
}

// Even bits below, odd bits above.
fn parted(x: u32) -> u32 {
  let pairs = exchanged(x, 1u, 0x22222222u);
  let nibbles = exchanged(pairs, 2u, 0x0c0c0c0cu);
  let bytes = exchanged(nibbles, 4u, 0x00f000f0u);
  return exchanged(bytes, 8u, 0x0000ff00u);
}

@compute @workgroup_size(64)
fn align(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let whole = whole_words();
  let item = invocation(group, groups, local, 64u);
  if (item >= params.sources * whole) {
    return;
  }
  let word = item % whole;
  var bits = 0u;
  if (word < params.words) {
    bits = perturbation[source_list[item / whole] * params.words + word];
  }
  aligned[item] = parted(parted(bits));
}
