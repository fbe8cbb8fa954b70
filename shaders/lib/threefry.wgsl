// Threefry-2x32, 20 rounds (Salmon, Moraes, Dror & Shaw 2011): two random words from a
// counter, in integers only. Twin: src/model/threefry.ts

const stream_perturbation = 0u;
const stream_noise = 1u;
const stream_common_noise = 2u;

// Second counter word: what the draw is for, which use of that, and for which neuron.
fn lane(stream: u32, neuron: u32, use_of_draw: u32) -> u32 {
  return (stream << 30u) | (use_of_draw << 20u) | neuron;
}

fn mix(x: vec2u, left: u32) -> vec2u {
  let sum = x.x + x.y;
  return vec2u(sum, ((x.y << left) | (x.y >> (32u - left))) ^ sum);
}

fn four_even(x: vec2u) -> vec2u {
  return mix(mix(mix(mix(x, 13u), 15u), 26u), 6u);
}

fn four_odd(x: vec2u) -> vec2u {
  return mix(mix(mix(mix(x, 17u), 29u), 16u), 24u);
}

fn threefry2x32(counter: vec2u, key: vec2u) -> vec2u {
  let k2 = 0x1bd11bdau ^ key.x ^ key.y;
  var x = counter + key;
  x = four_even(x) + vec2u(key.y, k2 + 1u);
  x = four_odd(x) + vec2u(k2, key.x + 2u);
  x = four_even(x) + vec2u(key.x, key.y + 3u);
  x = four_odd(x) + vec2u(key.y, k2 + 4u);
  x = four_even(x) + vec2u(k2, key.x + 5u);
  return x;
}
