// tally: adds Σo and Σo² of a chunk to the sums of some targets; an invocation adds up
// 64 words of one target and then shares that target's sums with others.
//
//   outcome    u32 [targets × words·8]  4 outcomes of 0…255 per word
//   low, high  u32 [neurons × 2]        Σo, Σo² of each target, two words each
//
// Twin: src/model/tally.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"

@group(0) @binding(1) var<storage, read> outcome: array<u32>;
@group(0) @binding(2) var<storage, read_write> low: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> high: array<atomic<u32>>;

fn add(entry: u32, value: u32) {
  if (wraps(atomicAdd(&low[entry], value), value)) {
    atomicAdd(&high[entry], 1u);
  }
}

@compute @workgroup_size(64)
fn tally(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let quads = params.words * 8u;
  let parts = (quads + 63u) / 64u;
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * parts) {
    return;
  }
  let row = item / parts;
  let start = (item % parts) * 64u;
  let end = min(start + 64u, quads);
  var sum = vec4u();
  var squares = vec4u();
  for (var quad = start; quad < end; quad++) {
    let values = (vec4u(outcome[row * quads + quad]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
    sum += values;
    squares += values * values;
  }
  let entry = 2u * (params.target_from + row);
  add(entry, sum.x + sum.y + sum.z + sum.w);
  add(entry + 1u, squares.x + squares.y + squares.z + squares.w);
}
