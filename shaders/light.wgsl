// light: colours the graph's neurons. With a source selected, by its effect on each of them,
// as far as that is certain; otherwise those stand out that the last trial set to 1. For
// pictures alone, so in f32.
//
//   perturbed_low … pair_high                see lib/sums.wgsl
//   perturbation    u32 [neurons × words]    bit of word: set to 1 in the trial shown
//   ramp            u32 [514]                see shaders/matrix.wgsl
//   discs           vec4u [neurons]          z: red, green, blue of the filling; its highest byte is not ours

#include "lib/graph.wgsl"
#include "lib/sums.wgsl"
#include "lib/opacity.wgsl"

@group(0) @binding(6) var<storage, read> perturbation: array<u32>;
@group(0) @binding(7) var<storage, read> ramp: array<u32>;
@group(0) @binding(8) var<storage, read_write> discs: array<vec4u>;

@compute @workgroup_size(64)
fn light(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= graph.tile_rows) {
    return;
  }
  let neuron = graph.tile_from + item;
  var colour = graph.neuron_colour;
  if (graph.column == none) {
    let word = perturbation[neuron * graph.words + graph.word];
    if (graph.bit < 32u && ((word >> (graph.bit & 31u)) & 1u) == 1u) {
      colour = graph.poked_colour;
    }
  } else {
    let found = pair_effect(tile_at_hand(), neuron, graph.column);
    if (found.certainty >= 0.0) {
      let shown = unpack4x8unorm(ramp[ramp_step(found.effect)]);
      colour = pack4x8unorm(mix(unpack4x8unorm(colour), shown, opacity(found.certainty)));
    }
  }
  let disc = discs[neuron];
  discs[neuron].z = (disc.z & 0xff000000u) | (colour & 0xffffffu);
}
