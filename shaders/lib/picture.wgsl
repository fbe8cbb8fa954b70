// What part of the matrix of pairs a picture shows, and how coarsely: a window of targets ×
// columns, pooled in blocks, one a pixel. The host fills it by field name (engine/gpu/look.ts).

struct Picture {
  trials: u32,
  sources: u32,
  row_from: u32,
  rows: u32,
  column_from: u32,
  columns: u32,
  block_rows: u32,
  block_columns: u32,
  width: u32,
  height: u32,
  // The tile of pair sums at hand, and the rows of pixels to work on.
  tile_from: u32,
  tile_rows: u32,
  pixel_from: u32,
  pixel_rows: u32,
  has_high: u32,
  // 0: a pixel shows its largest effect; 1: the mean of its effects.
  mean: u32,
  // Effect of full colour.
  scale: f32,
}

// What a pixel's block of pairs comes to.
struct Pixel {
  // Its largest effect; certainty −1: it has none.
  effect: f32,
  certainty: f32,
  // Of all its effects, for their mean: Σ effect, Σ error², and how many there are.
  sum: f32,
  squares: f32,
  count: u32,
}

@group(0) @binding(0) var<uniform> picture: Picture;
