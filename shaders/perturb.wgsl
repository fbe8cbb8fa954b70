// perturb: what each trial sets each neuron to, 64 trials of a source at once.
//
//   perturbation  u32 [neurons × words]  bit t & 31 of word t >> 5 = source on in trial t
//
// Twin: src/model/perturb.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"
#include "lib/bits.wgsl"

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
  let drawn = random_bits(params.probability, first >> 6u, source, 0u);
  perturbation[2u * item] = drawn.x & trial_mask(first);
  perturbation[2u * item + 1u] = drawn.y & trial_mask(first + 32u);
}
