// evolve: one step of the network from the neurons' states, for 4 trials of one target:
// drive + noise through the sigmoid, rounded at random to a whole number 0…255.
//
//   row_start       u32 [neurons + 1]        the arrows into a target
//   source, weight  u32, i32 [arrows]        weight: 20 fraction bits
//   normal_table    i32 [8193]               |z|, 20 fraction bits, 256 steps per octave
//   sigmoid_table   u32 [4097]               0…255 with 16 fraction bits over [−16, 16)
//   state           u32 [neurons × words·8]  4 states of 0…255 per word, 255 = fully active
//   outcome         u32 [targets × words·8]  4 outcomes of 0…255 per word
//
// Integers only, so that every adapter writes the same bits (DESIGN §2). Σ weight · state
// fits an i32 because no row's weights sum to more than ±8 (checkStateRows).
// Twin: src/model/evolve.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"
#include "lib/activate.wgsl"

@group(0) @binding(1) var<storage, read> row_start: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<i32>;
@group(0) @binding(4) var<storage, read> normal_table: array<i32>;
@group(0) @binding(5) var<storage, read> sigmoid_table: array<u32>;
@group(0) @binding(6) var<storage, read> state: array<u32>;
@group(0) @binding(7) var<storage, read_write> outcome: array<u32>;

@compute @workgroup_size(64)
fn evolve(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let quads = params.words * 8u;
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * quads) {
    return;
  }
  let quad = item % quads;
  let target_neuron = params.target_from + item / quads;

  var sum = vec4i();
  if (params.from_rest == 0u) {
    let end = row_start[target_neuron + 1u];
    for (var arrow = row_start[target_neuron]; arrow < end; arrow++) {
      let states = vec4u(state[source[arrow] * quads + quad]);
      sum += weight[arrow] * vec4i((states >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
    }
  }

  let first = params.trial_base + 4u * quad;
  outcome[item] = activate(sum / 255, draws_of(target_neuron), first, trial_mask(first));
}
