// matrix: draws a pooled matrix. Colour is the effect on its scale, opacity its certainty;
// a pixel of the picture that covers several pooled ones shows the one at its middle.
//
//   pixel  vec4f [height × width]  see shaders/pool.wgsl
//   ramp   u32 [514]               colours of −1 to 1 in 512 steps, and of missing; red in the lowest byte

#include "lib/picture.wgsl"
#include "lib/opacity.wgsl"

@group(0) @binding(1) var<storage, read> pixel: array<vec4f>;
@group(0) @binding(2) var<storage, read> ramp: array<u32>;

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) place: vec2f,
}

// One triangle that covers all of the canvas; place: 0…1 across and down.
@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
  let place = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return Corner(vec4f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0), place);
}

@fragment
fn matrix(corner: Corner) -> @location(0) vec4f {
  let size = vec2u(picture.width, picture.height);
  let cell = min(vec2u(corner.place * vec2f(size)), size - 1u);
  let pooled = pixel[cell.y * picture.width + cell.x];
  if (pooled.y < 0.0) {
    return unpack4x8unorm(ramp[513]);
  }
  var shown = pooled.xy;
  if (picture.mean == 1u) {
    let across = min(picture.block_columns, picture.columns - cell.x * picture.block_columns);
    let down = min(picture.block_rows, picture.rows - cell.y * picture.block_rows);
    let error = max(sqrt(pooled.w), 1e-12);
    shown = vec2f(pooled.z / f32(across * down), min(abs(pooled.z) / error, 1e6));
  }
  let step = round((clamp(shown.x / picture.scale, -1.0, 1.0) + 1.0) * 256.0);
  let colour = unpack4x8unorm(ramp[u32(step)]).rgb;
  let alpha = opacity(shown.y);
  return vec4f(colour * alpha, alpha);
}
