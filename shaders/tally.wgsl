// tally: adds Σo and Σo² of a chunk to the sums of some targets, a workgroup per target.
//
//   outcome    u32 [targets × words·8]  4 outcomes of 0…255 per word
//   low, high  u32 [neurons × 2]        Σo, Σo² of each target, two words each
//
// Twin: src/model/tally.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"

@group(0) @binding(1) var<storage, read> outcome: array<u32>;
@group(0) @binding(2) var<storage, read_write> low: array<u32>;
@group(0) @binding(3) var<storage, read_write> high: array<u32>;

var<workgroup> parts: array<vec2u, 64>;

@compute @workgroup_size(64)
fn tally(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = group.y * groups.x + group.x;
  let quads = params.words * 8u;
  var sums = vec2u();
  if (row < params.targets) {
    for (var quad = local; quad < quads; quad += 64u) {
      let values = (vec4u(outcome[row * quads + quad]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
      sums += vec2u(dot(values, vec4u(1u)), dot(values, values));
    }
  }
  parts[local] = sums;
  for (var half = 32u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (local < half) {
      parts[local] += parts[local + half];
    }
  }
  workgroupBarrier();
  if (local < 2u && row < params.targets) {
    let value = parts[0][local];
    let entry = 2u * (params.target_from + row) + local;
    let before = low[entry];
    low[entry] = before + value;
    if (wraps(before, value)) {
      high[entry] += 1u;
    }
  }
}
