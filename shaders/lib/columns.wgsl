// Adds to the sums of four neighbouring columns. Needs lib/pair.wgsl.
fn add_columns(row: u32, column: u32, values: vec4u) {
  add(row, column, values.x);
  add(row, column + 1u, values.y);
  add(row, column + 2u, values.z);
  add(row, column + 3u, values.w);
}
