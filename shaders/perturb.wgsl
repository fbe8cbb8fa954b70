// perturb: each trial's perturbation bits, 64 trials of a source from one draw.
//
//   perturbation  u32 [neurons × words]  bit t & 31 of word t >> 5 = source on in trial t
//
// Twin: src/model/perturb.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"

@group(0) @binding(1) var<storage, read_write> perturbation: array<u32>;

@compute @workgroup_size(64)
fn perturb(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let blocks = params.words / 2u;
  let item = invocation(group, groups, local, 64u);
  if (item >= params.neurons * blocks) {
    return;
  }
  let source = item / blocks;
  let pair = item % blocks;
  let first = params.trial_base + 64u * pair;
  let draw = threefry2x32(
    vec2u(first >> 6u, lane(stream_perturbation, source, 0u)),
    vec2u(params.key0, params.key1),
  );
  perturbation[2u * item] = draw.x & trial_mask(first);
  perturbation[2u * item + 1u] = draw.y & trial_mask(first + 32u);
}
