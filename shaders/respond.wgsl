// respond: one step of the network for 32 trials of one target: drive + noise through
// the sigmoid, rounded at random to a whole number 0…255.
//
//   row_start       u32 [neurons + 1]        the arrows into a target
//   source, weight  u32, i32 [arrows]        weight: 20 fraction bits
//   normal_table    i32 [8193]               |z|, 20 fraction bits, 256 steps per octave
//   sigmoid_table   u32 [4097]               0…255 with 16 fraction bits over [−16, 16)
//   perturbation    u32 [neurons × words]    bit t & 31 = source on in trial t
//   outcome         u32 [targets × words·8]  4 outcomes of 0…255 per word
//
// Integers only, so that every adapter writes the same bits (DESIGN §2).
// Twin: src/model/respond.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"

@group(0) @binding(1) var<storage, read> row_start: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<i32>;
@group(0) @binding(4) var<storage, read> normal_table: array<i32>;
@group(0) @binding(5) var<storage, read> sigmoid_table: array<u32>;
@group(0) @binding(6) var<storage, read> perturbation: array<u32>;
@group(0) @binding(7) var<storage, read_write> outcome: array<u32>;

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

// 4 trials: their drives in, their outcomes packed into a word out.
fn quad(drives: vec4i, target_lane: u32, first: u32, mask: u32) -> u32 {
  var drive = drives;
  var packed = 0u;
  for (var t = 0u; t < 4u; t++) {
    let draw = threefry2x32(vec2u(first + t, target_lane), vec2u(params.key0, params.key1));
    let value = (sigmoid(drive.x + normal(draw.x)) + (draw.y & 0xffffu)) >> 16u;
    packed |= select(0u, value << (8u * t), ((mask >> t) & 1u) == 1u);
    drive = drive.yzwx;
  }
  return packed;
}

// The weight for those of 4 trials in which the source was on.
fn on(weight: i32, bits: u32, first: u32) -> vec4i {
  let bit = vec4u(1u, 2u, 4u, 8u) << vec4u(first);
  return select(vec4i(), vec4i(weight), (vec4u(bits) & bit) != vec4u());
}

@compute @workgroup_size(64)
fn respond(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= params.targets * params.words) {
    return;
  }
  let row = item / params.words;
  let word = item % params.words;
  let target_neuron = params.target_from + row;

  var d0 = vec4i();
  var d1 = vec4i();
  var d2 = vec4i();
  var d3 = vec4i();
  var d4 = vec4i();
  var d5 = vec4i();
  var d6 = vec4i();
  var d7 = vec4i();
  let end = row_start[target_neuron + 1u];
  for (var arrow = row_start[target_neuron]; arrow < end; arrow++) {
    let bits = perturbation[source[arrow] * params.words + word];
    let w = weight[arrow];
    d0 += on(w, bits, 0u);
    d1 += on(w, bits, 4u);
    d2 += on(w, bits, 8u);
    d3 += on(w, bits, 12u);
    d4 += on(w, bits, 16u);
    d5 += on(w, bits, 20u);
    d6 += on(w, bits, 24u);
    d7 += on(w, bits, 28u);
  }

  let noise = lane(stream_noise, target_neuron);
  let first = params.trial_base + 32u * word;
  let mask = trial_mask(first);
  let at = item * 8u;
  outcome[at] = quad(d0, noise, first, mask);
  outcome[at + 1u] = quad(d1, noise, first + 4u, mask >> 4u);
  outcome[at + 2u] = quad(d2, noise, first + 8u, mask >> 8u);
  outcome[at + 3u] = quad(d3, noise, first + 12u, mask >> 12u);
  outcome[at + 4u] = quad(d4, noise, first + 16u, mask >> 16u);
  outcome[at + 5u] = quad(d5, noise, first + 20u, mask >> 20u);
  outcome[at + 6u] = quad(d6, noise, first + 24u, mask >> 24u);
  outcome[at + 7u] = quad(d7, noise, first + 28u, mask >> 28u);
}
