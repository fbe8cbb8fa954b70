// tint: colours the graph's arrows by the sums at hand, and gives them their widths. For
// pictures alone, so in f32.
//
//   perturbed_low … pair_high                see lib/sums.wgsl
//   drawn           vec4u [arrows]           source, target, the source's column or none, 0
//   ramp            u32 [514]                see shaders/matrix.wgsl
//   arrows          vec4f [arrows × 4]       curve (2), width and head, colour and opacity
//
// Colour and width are the effect, opacity its certainty, as in src/view/graphPainter.ts.

#include "lib/graph.wgsl"
#include "lib/sums.wgsl"
#include "lib/opacity.wgsl"

@group(0) @binding(6) var<storage, read> drawn: array<vec4u>;
@group(0) @binding(7) var<storage, read> ramp: array<u32>;
@group(0) @binding(8) var<storage, read_write> arrows: array<vec4f>;

fn is_lit(source: u32, target_neuron: u32) -> bool {
  let from_focus = source == graph.focus_source;
  let to_focus = target_neuron == graph.focus_target;
  return select(from_focus && to_focus, from_focus || to_focus, graph.focus != 2u) || graph.focus == 0u;
}

@compute @workgroup_size(64)
fn tint(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= graph.count) {
    return;
  }
  let arrow = drawn[item];
  if (arrow.z == none || arrow.y < graph.tile_from || arrow.y >= graph.tile_from + graph.tile_rows) {
    return;
  }
  let found = pair_effect(tile_at_hand(), arrow.y, arrow.z);

  let at = 4u * (graph.first + item);
  if (found.certainty < 0.0) {
    arrows[at + 3u] = vec4f();
    return;
  }
  let width = graph.thinnest + (graph.widest - graph.thinnest) * min(1.8, abs(found.effect) / graph.scale);
  let head = min(1.0, graph.disc / 9.0);
  arrows[at + 2u] = vec4f(width, (7.0 + 1.3 * width) * head, (6.0 + 1.7 * width) * head, 0.0);
  let seen = graph.veil * opacity(found.certainty);
  var alpha = select(0.12 * seen, seen, is_lit(arrow.x, arrow.y));
  if (graph.focus != 0u && is_lit(arrow.x, arrow.y)) {
    alpha = max(seen, 0.3);
  }
  arrows[at + 3u] = vec4f(unpack4x8unorm(ramp[ramp_step(found.effect)]).rgb, alpha);
}
