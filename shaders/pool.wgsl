// pool: one level of the matrix's pyramid: each pixel gets the largest effect of its block
// of pairs, and what the mean of them needs. For colours alone, so in f32.
//
//   perturbed_low … pair_high                see lib/sums.wgsl
//   pixel           Pixel [height × width]   see lib/picture.wgsl
//
// Pairs without an estimate are left out. A block that reaches into the next tile is gone on
// with there.

#include "lib/invocation.wgsl"
#include "lib/picture.wgsl"
#include "lib/sums.wgsl"

@group(0) @binding(6) var<storage, read_write> pixel: array<Pixel>;

@compute @workgroup_size(64)
fn pool(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= picture.pixel_rows * picture.width) {
    return;
  }
  let at = picture.pixel_from * picture.width + item;
  let first_row = picture.row_from + (at / picture.width) * picture.block_rows;
  let end_row = min(first_row + picture.block_rows, picture.row_from + picture.rows);
  let first_column = picture.column_from + (at % picture.width) * picture.block_columns;
  let end_column = min(first_column + picture.block_columns, picture.column_from + picture.columns);

  let tile = Tile(picture.trials, picture.sources, picture.tile_from, picture.has_high == 1u);
  let tile_end = picture.tile_from + picture.tile_rows;
  var pooled = Pixel(0.0, -1.0, 0.0, 0.0, 0u);
  if (first_row < picture.tile_from) {
    pooled = pixel[at];
  }
  for (var row = max(first_row, picture.tile_from); row < min(end_row, tile_end); row++) {
    for (var column = first_column; column < end_column; column++) {
      let found = pair_effect(tile, row, column);
      if (found.certainty < 0.0) {
        continue;
      }
      if (pooled.count == 0u || abs(found.effect) > abs(pooled.effect)) {
        pooled.effect = found.effect;
        pooled.certainty = found.certainty;
      }
      pooled.sum += found.effect;
      pooled.squares += found.error * found.error;
      pooled.count++;
    }
  }
  if (first_row < tile_end && end_row > picture.tile_from) {
    pixel[at] = pooled;
  }
}
