// respond: one step of the network for 32 trials of one target: drive + noise through
// the sigmoid, rounded at random to a whole number 0…255.
//
//   row_start       u32 [neurons + 1]        the arrows into a target
//   source, weight  u32, i32 [arrows]        weight: 20 fraction bits
//   normal_table    i32 [8193]               |z|, 20 fraction bits, 256 steps per octave
//   sigmoid_table   u32 [4097]               0…255 with 16 fraction bits over [−16, 16)
//   perturbation    u32 [neurons × words]    bit t & 31 = source on in trial t
//   outcome         u32 [targets × words·8]  4 outcomes of 0…255 per word
//
// Integers only, so that every adapter writes the same bits (DESIGN §2).
// Twin: src/model/respond.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"
#include "lib/activate.wgsl"

@group(0) @binding(1) var<storage, read> row_start: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<i32>;
@group(0) @binding(4) var<storage, read> normal_table: array<i32>;
@group(0) @binding(5) var<storage, read> sigmoid_table: array<u32>;
@group(0) @binding(6) var<storage, read> perturbation: array<u32>;
@group(0) @binding(7) var<storage, read_write> outcome: array<u32>;

// The weight for those of 4 trials in which the source was on.
fn on(weight: i32, bits: u32, first: u32) -> vec4i {
  let bit = vec4u(1u, 2u, 4u, 8u) << vec4u(first);
  return select(vec4i(), vec4i(weight), (vec4u(bits) & bit) != vec4u());
}

@compute @workgroup_size(64)
fn respond(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * params.words) {
    return;
  }
  let row = item / params.words;
  let word = item % params.words;
  let target_neuron = params.target_from + row;

  var d0 = vec4i();
  var d1 = vec4i();
  var d2 = vec4i();
  var d3 = vec4i();
  var d4 = vec4i();
  var d5 = vec4i();
  var d6 = vec4i();
  var d7 = vec4i();
  let end = row_start[target_neuron + 1u];
  for (var arrow = row_start[target_neuron]; arrow < end; arrow++) {
    let bits = perturbation[source[arrow] * params.words + word];
    let w = weight[arrow];
    d0 += on(w, bits, 0u);
    d1 += on(w, bits, 4u);
    d2 += on(w, bits, 8u);
    d3 += on(w, bits, 12u);
    d4 += on(w, bits, 16u);
    d5 += on(w, bits, 20u);
    d6 += on(w, bits, 24u);
    d7 += on(w, bits, 28u);
  }

  let draws = draws_of(target_neuron);
  let first = params.trial_base + 32u * word;
  var mask = trial_mask(first);
  for (var quad = 0u; quad < 8u; quad++) {
    outcome[item * 8u + quad] = activate(d0, draws, first + 4u * quad, mask);
    mask >>= 4u;
    // The next four move up.
    d0 = d1;
    d1 = d2;
    d2 = d3;
    d3 = d4;
    d4 = d5;
    d5 = d6;
    d6 = d7;
  }
}
