// square: what the scatter within an arm is made of, o² of each outcome, in two bytes of
// which each is added up like an outcome.
//
//   outcome      u32 [targets × words·8]  4 outcomes of 0…255 per word
//   square_low   u32 [targets × words·8]  the lower bytes of their squares
//   square_high  u32 [targets × words·8]  the upper bytes
//
// Where trials 2k and 2k + 1 share their noise (params.pairs), it is their difference that
// scatters: its square stands at 2k + 1, and 0 at 2k.
// Twin: src/model/square.ts

#include "lib/params.wgsl"

@group(0) @binding(1) var<storage, read> outcome: array<u32>;
@group(0) @binding(2) var<storage, read_write> square_low: array<u32>;
@group(0) @binding(3) var<storage, read_write> square_high: array<u32>;

@compute @workgroup_size(64)
fn square(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * params.words * 8u) {
    return;
  }
  let packed = outcome[item];
  var values = vec4i(vec4u(packed, packed >> 8u, packed >> 16u, packed >> 24u) & vec4u(255u));
  if (params.pairs == 1u) {
    values = vec4i(0, values.y - values.x, 0, values.w - values.z);
  }
  let squares = vec4u(values * values);
  square_low[item] = pack(squares & vec4u(255u));
  square_high[item] = pack(squares >> vec4u(8u));
}

fn pack(bytes: vec4u) -> u32 {
  return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}
