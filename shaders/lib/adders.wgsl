// Numbers cut into bit planes: bit j of plane k is bit k of the j-th of 32 numbers, so that 32
// additions are one of their planes. Adders grow by a plane, since a sum of two takes one more.

// The sum of three bits, and what is carried.
fn full(x: u32, y: u32, z: u32) -> vec2u {
  let differ = x ^ y;
  return vec2u(differ ^ z, (x & y) | (differ & z));
}

fn add_8(x: array<u32, 8>, y: array<u32, 8>) -> array<u32, 9> {
  let a = vec2u(x[0] ^ y[0], x[0] & y[0]);
  let b = full(x[1], y[1], a.y);
  let c = full(x[2], y[2], b.y);
  let d = full(x[3], y[3], c.y);
  let e = full(x[4], y[4], d.y);
  let f = full(x[5], y[5], e.y);
  let g = full(x[6], y[6], f.y);
  let h = full(x[7], y[7], g.y);
  return array(a.x, b.x, c.x, d.x, e.x, f.x, g.x, h.x, h.y);
}

fn add_9(x: array<u32, 9>, y: array<u32, 9>) -> array<u32, 10> {
  let a = vec2u(x[0] ^ y[0], x[0] & y[0]);
  let b = full(x[1], y[1], a.y);
  let c = full(x[2], y[2], b.y);
  let d = full(x[3], y[3], c.y);
  let e = full(x[4], y[4], d.y);
  let f = full(x[5], y[5], e.y);
  let g = full(x[6], y[6], f.y);
  let h = full(x[7], y[7], g.y);
  let i = full(x[8], y[8], h.y);
  return array(a.x, b.x, c.x, d.x, e.x, f.x, g.x, h.x, i.x, i.y);
}

fn add_10(x: array<u32, 10>, y: array<u32, 10>) -> array<u32, 11> {
  let a = vec2u(x[0] ^ y[0], x[0] & y[0]);
  let b = full(x[1], y[1], a.y);
  let c = full(x[2], y[2], b.y);
  let d = full(x[3], y[3], c.y);
  let e = full(x[4], y[4], d.y);
  let f = full(x[5], y[5], e.y);
  let g = full(x[6], y[6], f.y);
  let h = full(x[7], y[7], g.y);
  let i = full(x[8], y[8], h.y);
  let j = full(x[9], y[9], i.y);
  return array(a.x, b.x, c.x, d.x, e.x, f.x, g.x, h.x, i.x, j.x, j.y);
}

// The sum of all 32 numbers.
fn total(x: array<u32, 11>) -> u32 {
  let units = vec4u(countOneBits(x[0]), countOneBits(x[1]), countOneBits(x[2]), countOneBits(x[3]));
  let more = vec4u(countOneBits(x[4]), countOneBits(x[5]), countOneBits(x[6]), countOneBits(x[7]));
  let most = vec3u(countOneBits(x[8]), countOneBits(x[9]), countOneBits(x[10]));
  return dot(units, vec4u(1u, 2u, 4u, 8u)) + dot(more, vec4u(16u, 32u, 64u, 128u)) +
    dot(most, vec3u(256u, 512u, 1024u));
}
