// 64 random bits at once, each 1 with a probability in 65,536ths.
// Needs lib/params.wgsl and lib/threefry.wgsl. Twin: src/model/randomBits.ts

const whole = 65536u;

// Bit planes of a 16-bit random fraction, compared with the probability from its last
// place up: a 1 there is "or", a 0 is "and". So ½ takes the first plane alone.
fn random_bits(probability: u32, block64: u32, neuron: u32, first_use: u32) -> vec2u {
  if (probability >= whole) {
    return vec2u(0xffffffffu);
  }
  var bits = vec2u();
  for (var place = countTrailingZeros(probability); place < 16u; place++) {
    let counter = vec2u(block64, lane(stream_perturbation, neuron, first_use + 15u - place));
    let plane = threefry2x32(counter, vec2u(params.key0, params.key1));
    bits = select(bits & plane, bits | plane, ((probability >> place) & 1u) == 1u);
  }
  return bits;
}
