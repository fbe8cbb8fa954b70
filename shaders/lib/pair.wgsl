// Adds to the sum of a pair, and carries. Rows and columns past the edge are left alone.
// Who includes this has pair_low and pair_high, lib/params.wgsl and lib/carry.wgsl.
fn add(row: u32, column: u32, value: u32) {
  if (row >= params.targets || column >= params.sources) {
    return;
  }
  let entry = (params.target_from + row - params.tile_from) * params.sources + column;
  let before = pair_low[entry];
  pair_low[entry] = before + value;
  if (wraps(before, value)) {
    pair_high[entry] += 1u;
  }
}
