// From drives to outcomes: noise is added, the sigmoid taken, and the result rounded at
// random to a whole number 0…255; four trials at a time. Who includes this has normal_table
// and sigmoid_table, and lib/threefry.wgsl. Twin: src/model/activate.ts

// Where it is false, all noise is each neuron's own: parts of 1 and 0. Set when the kernel is
// compiled, since a software adapter goes through both ways of any other "if".
override has_common_noise = true;

// What the noise of a target is drawn from. Read once: on a software adapter a param costs
// a quarter of a draw.
struct Draws {
  key: vec2u,
  lane: u32,
  common_lane: u32,
  private_part: i32,
  common_part: i32,
  pairs: bool,
}

fn draws_of(target_neuron: u32) -> Draws {
  let noise_use = params.noise_use;
  return Draws(
    vec2u(params.key0, params.key1),
    lane(stream_noise, target_neuron, noise_use),
    lane(stream_common_noise, 0u, noise_use),
    i32(params.private_part),
    i32(params.common_part),
    params.pairs == 1u
  );
}

// The two random words of four trials; one after the other, which compiles four times as fast.
fn drawn(counters: vec4u, lane: u32, key: vec2u) -> array<vec4u, 2> {
  var counter = counters;
  var first = vec4u();
  var second = vec4u();
  for (var t = 0u; t < 4u; t++) {
    let words = threefry2x32(vec2u(counter.x, lane), key);
    counter = counter.yzwx;
    first = vec4u(first.yzw, words.x);
    second = vec4u(second.yzw, words.y);
  }
  return array(first, second);
}

// Standard normals from 32 random bits each: sign bit, then the tail's table.
fn normal(words: vec4u) -> vec4i {
  let m = words & vec4u(0x7fffffffu);
  let zeros = countLeadingZeros(m);
  let digits = m << (zeros & vec4u(31u));
  let k = (vec4u(32u) - zeros) * 256u + ((digits >> vec4u(23u)) & vec4u(255u));
  let low = vec4i(normal_table[k.x], normal_table[k.y], normal_table[k.z], normal_table[k.w]);
  let n = k + vec4u(1u);
  let next = vec4i(normal_table[n.x], normal_table[n.y], normal_table[n.z], normal_table[n.w]);
  let part = vec4i((digits >> vec4u(7u)) & vec4u(0xffffu));
  let size = low + (((next - low) * part + vec4i(0x8000)) >> vec4u(16u));
  return select(size, -size, words >= vec4u(0x80000000u));
}

fn sigmoid(drives: vec4i) -> vec4u {
  let place = vec4u(clamp(drives, vec4i(-16777216), vec4i(16777215)) + vec4i(16777216));
  let k = place >> vec4u(13u);
  let low = vec4u(sigmoid_table[k.x], sigmoid_table[k.y], sigmoid_table[k.z], sigmoid_table[k.w]);
  let n = k + vec4u(1u);
  let next = vec4u(sigmoid_table[n.x], sigmoid_table[n.y], sigmoid_table[n.z], sigmoid_table[n.w]);
  return low + (((next - low) * (place & vec4u(8191u)) + vec4u(4096u)) >> vec4u(13u));
}

// noise · part / 65,536, rounded; in two halves because the product has up to 40 bits.
fn scaled(noise: vec4i, part: i32) -> vec4i {
  let high = (noise >> vec4u(12u)) * part;
  let low = (noise & vec4i(4095)) * part;
  return (high >> vec4u(4u)) + ((((high & vec4i(15)) << vec4u(12u)) + low + vec4i(0x8000)) >> vec4u(16u));
}

// The drives of trials first … first + 3 in, their outcomes packed into a word out; 0 where the
// mask is.
fn activate(drives: vec4i, draws: Draws, first: u32, mask: u32) -> u32 {
  let trial = vec4u(first) + vec4u(0u, 1u, 2u, 3u);
  let counter = select(trial, trial >> vec4u(1u), draws.pairs);
  let own = drawn(counter, draws.lane, draws.key);
  var noise = normal(own[0]);
  if (has_common_noise) {
    let shared_words = drawn(counter, draws.common_lane, draws.key);
    noise = scaled(noise, draws.private_part) + scaled(normal(shared_words[0]), draws.common_part);
  }
  let values = (sigmoid(drives + noise) + (own[1] & vec4u(0xffffu))) >> vec4u(16u);
  let kept = select(vec4u(), values, (vec4u(mask) & vec4u(1u, 2u, 4u, 8u)) != vec4u());
  return dot(kept, vec4u(1u, 0x100u, 0x10000u, 0x1000000u));
}
