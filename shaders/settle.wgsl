// settle: one step of a force layout: neurons that an arrow joins pull each other, and all
// neurons push each other apart. For pictures alone, so in f32.
//
//   row_start, source          u32 [neurons + 1], [arrows]  the arrows into a neuron
//   target_start, target_list  u32 [neurons + 1], [arrows]  the arrows out of it
//   before, after              vec2f [neurons]              places; the network has a size of about 1
//
// The push of all others is that of a few, drawn anew at every step, times their number: so a
// step costs neurons + arrows, not pairs. Each neuron goes a part of the way to where the
// forces on it would balance (Jacobi), so that a hub with ten thousand arrows does not jump.

#include "lib/invocation.wgsl"

struct Settling {
  neurons: u32,
  // Neurons to work on.
  first: u32,
  count: u32,
  step: u32,
  // Arrows per neuron, both ways, on average.
  degree: f32,
  // Part of the way, 0…1.
  stride: f32,
}

@group(0) @binding(0) var<uniform> settling: Settling;
@group(0) @binding(1) var<storage, read> row_start: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> target_start: array<u32>;
@group(0) @binding(4) var<storage, read> target_list: array<u32>;
@group(0) @binding(5) var<storage, read> before: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> after: array<vec2f>;

const pushers = 24u;

// Mixes a number well (Jarzynski & Olano 2020, pcg).
fn scrambled(number: u32) -> u32 {
  let state = number * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

@compute @workgroup_size(64)
fn settle(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let item = invocation(group, groups, local, 64u);
  if (item >= settling.count) {
    return;
  }
  let neuron = settling.first + item;
  let here = before[neuron];

  var pull = vec2f();
  for (var arrow = row_start[neuron]; arrow < row_start[neuron + 1u]; arrow++) {
    pull += before[source[arrow]] - here;
  }
  for (var arrow = target_start[neuron]; arrow < target_start[neuron + 1u]; arrow++) {
    pull += before[target_list[arrow]] - here;
  }
  let degree = f32(row_start[neuron + 1u] - row_start[neuron] + target_start[neuron + 1u] - target_start[neuron]);

  // All others together push as much as the arrows pull when the network has its size.
  var push = vec2f();
  for (var pusher = 0u; pusher < pushers; pusher++) {
    let other = scrambled(scrambled(settling.step * pushers + pusher) ^ neuron) % settling.neurons;
    let apart = here - before[other];
    push += apart / (dot(apart, apart) + 1e-4);
  }
  let own = 0.5 * (degree + settling.degree);
  push *= own / f32(pushers);

  // A weak pull to the middle holds what no arrow holds.
  let middle = -0.1 * settling.degree * here;
  let way = (pull + push + middle) / (degree + 1.1 * settling.degree);
  let reach = length(way);
  after[neuron] = here + way * (settling.stride * min(1.0, 0.3 / max(reach, 1e-6)));
}
