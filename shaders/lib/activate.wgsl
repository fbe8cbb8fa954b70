// From a drive to an outcome: noise is added, the sigmoid taken, and the result rounded at
// random to a whole number 0…255. Who includes this has normal_table and sigmoid_table, and
// lib/threefry.wgsl. Twin: src/model/activate.ts

// A standard normal from 32 random bits: sign bit, then the tail's table.
fn normal(word: u32) -> i32 {
  let m = word & 0x7fffffffu;
  let zeros = countLeadingZeros(m);
  let digits = m << (zeros & 31u);
  let knot = (32u - zeros) * 256u + ((digits >> 23u) & 255u);
  let low = normal_table[knot];
  let part = i32((digits >> 7u) & 0xffffu);
  let size = low + (((normal_table[knot + 1u] - low) * part + 0x8000) >> 16u);
  return select(size, -size, word >= 0x80000000u);
}

fn sigmoid(drive: i32) -> u32 {
  let place = u32(clamp(drive, -16777216, 16777215) + 16777216);
  let knot = place >> 13u;
  let low = sigmoid_table[knot];
  return low + (((sigmoid_table[knot + 1u] - low) * (place & 8191u) + 4096u) >> 13u);
}

// noise · part / 65,536, rounded; in two halves because the product has up to 40 bits.
fn scaled(noise: i32, part: u32) -> i32 {
  let high = (noise >> 12u) * i32(part);
  let low = (noise & 4095) * i32(part);
  return (high >> 4u) + ((((high & 15) << 12u) + low + 0x8000) >> 16u);
}

// The trial's noise that all neurons share.
fn common_noise(counter: u32) -> i32 {
  if (params.common_part == 0u) {
    return 0;
  }
  let common_lane = lane(stream_common_noise, 0u, params.noise_use);
  let draw = threefry2x32(vec2u(counter, common_lane), vec2u(params.key0, params.key1));
  return scaled(normal(draw.x), params.common_part);
}

// 4 trials: their drives in, their outcomes packed into a word out; 0 where the mask is.
fn activate(drives: vec4i, target_lane: u32, first: u32, mask: u32) -> u32 {
  var drive = drives;
  var packed = 0u;
  for (var t = 0u; t < 4u; t++) {
    let counter = (first + t) >> params.pairs;
    let draw = threefry2x32(vec2u(counter, target_lane), vec2u(params.key0, params.key1));
    let noise = scaled(normal(draw.x), params.private_part) + common_noise(counter);
    let value = (sigmoid(drive.x + noise) + (draw.y & 0xffffu)) >> 16u;
    packed |= select(0u, value << (8u * t), ((mask >> t) & 1u) == 1u);
    drive = drive.yzwx;
  }
  return packed;
}
