// encrypt: Threefry alone, for its known answers: counter and key in, two words out.
//
//   counter  u32 [draws × 2]
//   key      u32 [draws × 2]
//   random   u32 [draws × 2]
//
// Twin: src/model/encrypt.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"

@group(0) @binding(1) var<storage, read> counter: array<vec2u>;
@group(0) @binding(2) var<storage, read> key: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> random: array<vec2u>;

@compute @workgroup_size(64)
fn encrypt(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let draw = invocation(group, groups, local, 64u);
  if (draw >= params.sources) {
    return;
  }
  random[draw] = threefry2x32(counter[draw], key[draw]);
}
