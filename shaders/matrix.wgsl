// matrix: draws a pooled matrix. Colour is the effect on its scale, opacity its certainty;
// a pixel of the picture that covers several pooled ones shows the one at its middle.
//
//   pixel  Pixel [height × width]  see lib/picture.wgsl
//   ramp   u32 [514]               colours of −1 to 1 in 512 steps, and of missing; red in the lowest byte

#include "lib/picture.wgsl"
#include "lib/opacity.wgsl"
#include "lib/effect.wgsl"

@group(0) @binding(1) var<storage, read> pixel: array<Pixel>;
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
  if (pooled.count == 0u) {
    return unpack4x8unorm(ramp[513]);
  }
  var shown = vec2f(pooled.effect, pooled.certainty);
  if (picture.mean == 1u && pooled.count > 1u) {
    // As if pairs erred independently; over their number the ratio is the same.
    let ratio = min(abs(pooled.sum) / max(sqrt(pooled.squares), 1e-12), 1e6);
    let freedom = max(0.0, f32(picture.trials) - 2.0);
    shown = vec2f(pooled.sum / f32(pooled.count), certainty_of(ratio, freedom));
  }
  let step = round((clamp(shown.x / picture.scale, -1.0, 1.0) + 1.0) * 256.0);
  let colour = unpack4x8unorm(ramp[u32(step)]).rgb;
  let alpha = opacity(shown.y);
  return vec4f(colour * alpha, alpha);
}
