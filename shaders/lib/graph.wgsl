// What the kernels of the graph are told: the sums at hand, what is looked at, and how an
// effect looks. The host fills it by field name (engine/gpu/graphLook.ts). Needs lib/sums.wgsl.

struct Graph {
  trials: u32,
  sources: u32,
  // The tile of pair sums at hand.
  tile_from: u32,
  tile_rows: u32,
  has_high: u32,
  // Arrows or neurons to work on.
  first: u32,
  count: u32,
  // Where the last trial's perturbations lie: bit of word, of so many words a neuron.
  words: u32,
  word: u32,
  bit: u32,
  // What is looked at: 0 nothing, 1 a neuron (named twice), 2 a pair.
  focus: u32,
  focus_source: u32,
  focus_target: u32,
  // The column whose effects colour the neurons, or none.
  column: u32,
  // Effect of full colour and width.
  scale: f32,
  thinnest: f32,
  widest: f32,
  disc: f32,
  // Opacity of all arrows together.
  veil: f32,
  // Colours of a neuron and of one that is poked; red in the lowest byte.
  neuron_colour: u32,
  poked_colour: u32,
}

const none = 0xffffffffu;

@group(0) @binding(0) var<uniform> graph: Graph;

#include "invocation.wgsl"

// Step of the ramp that an effect has.
fn ramp_step(effect: f32) -> u32 {
  return u32(round((clamp(effect / graph.scale, -1.0, 1.0) + 1.0) * 256.0));
}

fn tile_at_hand() -> Tile {
  return Tile(graph.trials, graph.sources, graph.tile_from, graph.has_high == 1u);
}
