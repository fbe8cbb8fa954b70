// The sums of a run, as the kernels of pictures read them: bindings 1 to 5.
//
//   perturbed_low              u32 [sources + 1]          trials with the source at 1, below 2^32
//   outcome_low, outcome_high  u32 [targets × 2]          Σo, Σo²
//   pair_low, pair_high        u32 [tile rows × sources]  Σ p·o; pair_high [1] if it is not needed

#include "effect.wgsl"

@group(0) @binding(1) var<storage, read> perturbed_low: array<u32>;
@group(0) @binding(2) var<storage, read> outcome_low: array<u32>;
@group(0) @binding(3) var<storage, read> outcome_high: array<u32>;
@group(0) @binding(4) var<storage, read> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read> pair_high: array<u32>;

// What a tile of the sums needs beside them.
struct Tile {
  trials: u32,
  sources: u32,
  row_from: u32,
  has_high: bool,
}

fn pair_effect(tile: Tile, row: u32, column: u32) -> Effect {
  let entry = (row - tile.row_from) * tile.sources + column;
  var pair = vec2u(pair_low[entry], 0u);
  if (tile.has_high) {
    pair.y = pair_high[entry];
  }
  let outcome = vec2u(outcome_low[2u * row], outcome_high[2u * row]);
  let squares = vec2u(outcome_low[2u * row + 1u], outcome_high[2u * row + 1u]);
  return effect_of(tile.trials, perturbed_low[column], pair, outcome, squares);
}
