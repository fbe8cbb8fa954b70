// pool: one level of the matrix's pyramid: each pixel gets the largest effect of its block
// of pairs, and what the mean of them needs. For colours alone, so in f32.
//
//   perturbed_low                  u32 [sources + 1]         trials with the source at 1, below 2^32
//   outcome_low, outcome_high      u32 [targets × 2]         Σo, Σo²
//   pair_low, pair_high            u32 [tile rows × sources] Σ p·o; pair_high [1] if has_high is 0
//   pixel                          vec4f [height × width]    effect, certainty, Σ effect, Σ error²
//
// Certainty −1 marks a pixel without any estimate. A block that reaches into the next tile
// is gone on with there.

#include "lib/picture.wgsl"
#include "lib/effect.wgsl"

@group(0) @binding(1) var<storage, read> perturbed_low: array<u32>;
@group(0) @binding(2) var<storage, read> outcome_low: array<u32>;
@group(0) @binding(3) var<storage, read> outcome_high: array<u32>;
@group(0) @binding(4) var<storage, read> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read> pair_high: array<u32>;
@group(0) @binding(6) var<storage, read_write> pixel: array<vec4f>;

@compute @workgroup_size(64)
fn pool(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * 64u + local;
  if (item >= picture.pixel_rows * picture.width) {
    return;
  }
  let at = picture.pixel_from * picture.width + item;
  let first_row = picture.row_from + (at / picture.width) * picture.block_rows;
  let end_row = min(first_row + picture.block_rows, picture.row_from + picture.rows);
  let first_column = picture.column_from + (at % picture.width) * picture.block_columns;
  let end_column = min(first_column + picture.block_columns, picture.column_from + picture.columns);

  let tile_end = picture.tile_from + picture.tile_rows;
  var best = vec4f(0.0, -1.0, 0.0, 0.0);
  if (first_row < picture.tile_from) {
    best = pixel[at];
  }
  for (var row = max(first_row, picture.tile_from); row < min(end_row, tile_end); row++) {
    let outcome = vec2u(outcome_low[2u * row], outcome_high[2u * row]);
    let squares = vec2u(outcome_low[2u * row + 1u], outcome_high[2u * row + 1u]);
    for (var column = first_column; column < end_column; column++) {
      let entry = (row - picture.tile_from) * picture.sources + column;
      var sum = vec2u(pair_low[entry], 0u);
      if (picture.has_high == 1u) {
        sum.y = pair_high[entry];
      }
      let found = effect_of(picture.trials, perturbed_low[column], sum, outcome, squares);
      if (found.certainty < 0.0) {
        continue;
      }
      if (best.y < 0.0 || abs(found.effect) > abs(best.x)) {
        best = vec4f(found.effect, found.certainty, best.zw);
      }
      best += vec4f(0.0, 0.0, found.effect, found.error * found.error);
    }
  }
  if (first_row < tile_end && end_row > picture.tile_from) {
    pixel[at] = best;
  }
}
