// tint: colours the graph's arrows by the sums at hand, and gives them their widths. For
// pictures alone, so in f32.
//
//   drawn          vec4u [arrows]             source, target, the source's column or none, 0
//   perturbed_low  u32 [sources + 1]          trials with the source at 1, below 2^32
//   outcome_low, outcome_high  u32 [targets × 2]          Σo, Σo²
//   pair_low, pair_high        u32 [tile rows × sources]  Σ p·o; pair_high [1] if has_high is 0
//   ramp           u32 [514]                  see shaders/matrix.wgsl
//   arrows         vec4f [arrows × 4]         curve (2), width and head, colour and opacity
//
// Colour and width are the effect, opacity its certainty, as in src/view/graphPainter.ts.

#include "lib/graph.wgsl"
#include "lib/effect.wgsl"
#include "lib/opacity.wgsl"

@group(0) @binding(1) var<storage, read> drawn: array<vec4u>;
@group(0) @binding(2) var<storage, read> perturbed_low: array<u32>;
@group(0) @binding(3) var<storage, read> outcome_low: array<u32>;
@group(0) @binding(4) var<storage, read> outcome_high: array<u32>;
@group(0) @binding(5) var<storage, read> pair_low: array<u32>;
@group(0) @binding(6) var<storage, read> pair_high: array<u32>;
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
  let row = arrow.y - graph.tile_from;
  if (arrow.z == none || arrow.y < graph.tile_from || row >= graph.tile_rows) {
    return;
  }
  let entry = row * graph.sources + arrow.z;
  var sum = vec2u(pair_low[entry], 0u);
  if (graph.has_high == 1u) {
    sum.y = pair_high[entry];
  }
  let outcome = vec2u(outcome_low[2u * arrow.y], outcome_high[2u * arrow.y]);
  let squares = vec2u(outcome_low[2u * arrow.y + 1u], outcome_high[2u * arrow.y + 1u]);
  let found = effect_of(graph.trials, perturbed_low[arrow.z], sum, outcome, squares);

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
