// choose: which neurons each trial sets; what is left of the perturbation are the trials
// that set a neuron to 1, and beside it come those that set it to 0.
//
//   turn          u32 [neurons]          whose turn a neuron waits for; never: it is never set
//   perturbation  u32 [neurons × words]  in: what a neuron would be set to; out: set to 1
//   off           u32 [neurons × words]  set to 0
//
// Designs (params.design): 0 all, 1 one source a trial in turn, 2 subset, each neuron with
// params.share, 3 as 1, but two trials a turn, the first off, the second on.
// Twin: src/model/choose.ts

#include "lib/params.wgsl"
#include "lib/threefry.wgsl"
#include "lib/bits.wgsl"

@group(0) @binding(1) var<storage, read> turn: array<u32>;
@group(0) @binding(2) var<storage, read_write> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read_write> off: array<u32>;

const never = 0xffffffffu;

// The trials first … first + 31 in which it is this neuron's turn.
fn in_turn(mine: u32, first: u32) -> u32 {
  let turns = params.turns;
  var bits = 0u;
  for (var at = (mine + turns - first % turns) % turns; at < 32u; at += turns) {
    bits |= 1u << at;
  }
  return bits;
}

// The same where a turn takes two trials.
fn in_pair_turn(mine: u32, first: u32) -> u32 {
  let turns = params.turns;
  var bits = 0u;
  for (var at = (mine + turns - (first >> 1u) % turns) % turns; at < 16u; at += turns) {
    bits |= 3u << (2u * at);
  }
  // Half a pair tells nothing.
  let mask = trial_mask(first);
  return bits & (((mask & 0x55555555u) << 1u) | ((mask & 0xaaaaaaaau) >> 1u));
}

@compute @workgroup_size(64)
fn choose(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let blocks = params.words / 2u;
  let item = invocation(group, groups, local, 64u);
  if (item >= params.neurons * blocks) {
    return;
  }
  let neuron = item / blocks;
  let first = params.trial_base + 64u * (item % blocks);
  let mine = turn[neuron];
  var chosen = vec2u();
  var values = vec2u(perturbation[2u * item], perturbation[2u * item + 1u]);
  if (mine != never) {
    if (params.design == 0u) {
      chosen = vec2u(0xffffffffu);
    } else if (params.design == 1u) {
      chosen = vec2u(in_turn(mine, first), in_turn(mine, first + 32u));
    } else if (params.design == 2u) {
      chosen = random_bits(params.share, first >> 6u, neuron, 16u);
    } else {
      chosen = vec2u(in_pair_turn(mine, first), in_pair_turn(mine, first + 32u));
      values = vec2u(0xaaaaaaaau);
    }
  }
  chosen &= vec2u(trial_mask(first), trial_mask(first + 32u));
  perturbation[2u * item] = chosen.x & values.x;
  perturbation[2u * item + 1u] = chosen.y & values.y;
  off[2u * item] = chosen.x & ~values.x;
  off[2u * item + 1u] = chosen.y & ~values.y;
}
