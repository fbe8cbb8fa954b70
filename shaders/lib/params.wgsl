// What every kernel is told about its piece of work: trials × targets.
// Mirrored by src/model/params.ts; the host fills it by field name.

struct Params {
  key0: u32,
  key1: u32,
  neurons: u32,
  sources: u32,
  target_from: u32,
  targets: u32,
  tile_from: u32,
  trial_base: u32,
  trial_from: u32,
  trial_to: u32,
  words: u32,
  noise_use: u32,
  from_rest: u32,
  pairs: u32,
  private_part: u32,
  common_part: u32,
  design: u32,
  probability: u32,
  share: u32,
  turns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

#include "invocation.wgsl"

// The trials of one word that count: bit t is set if trial first + t lies in the chunk.
fn trial_mask(first: u32) -> u32 {
  let skip = select(0u, params.trial_from - first, params.trial_from > first);
  let end = select(0u, params.trial_to - first, params.trial_to > first);
  let below = select((1u << (end & 31u)) - 1u, 0xffffffffu, end >= 32u);
  let above = select(0xffffffffu << (skip & 31u), 0u, skip >= 32u);
  return below & above;
}
