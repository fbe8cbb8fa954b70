// impose: sets the states of the neurons that each trial sets: 255 where on, 0 where off;
// the others keep the state of their free step.
//
//   perturbation  u32 [neurons × words]    bit t & 31 = set to 1 in trial t
//   off           u32 [neurons × words]    bit t & 31 = set to 0
//   state         u32 [neurons × words·8]  4 states of 0…255 per word
//
// Twin: src/model/impose.ts

#include "lib/params.wgsl"
#include "lib/bytes.wgsl"

@group(0) @binding(1) var<storage, read> perturbation: array<u32>;
@group(0) @binding(2) var<storage, read> off: array<u32>;
@group(0) @binding(3) var<storage, read_write> state: array<u32>;

@compute @workgroup_size(64)
fn impose(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= params.neurons * params.words) {
    return;
  }
  let on = perturbation[item];
  let set_off = off[item];
  for (var quad = 0u; quad < 8u; quad++) {
    let at = 8u * item + quad;
    let up = byte_mask(on >> (4u * quad));
    let down = byte_mask(set_off >> (4u * quad));
    state[at] = (state[at] & ~down) | up;
  }
}
