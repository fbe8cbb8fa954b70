// count: adds Σp of a chunk, the trials in which each source was on. One entry more,
// a source that is always on, counts the trials themselves: sums that were really
// computed carry their own number of trials.
//
//   source_list   u32 [sources]          neuron of each column
//   perturbation  u32 [neurons × words]
//   low, high     u32 [sources + 1]      the sums, two words each
//
// Twin: src/model/count.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read_write> low: array<u32>;
@group(0) @binding(4) var<storage, read_write> high: array<u32>;

@compute @workgroup_size(64)
fn count(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let column = invocation(group, groups, local, 64u);
  if (column > params.sources) {
    return;
  }
  let all = column == params.sources;
  var first_word = 0u;
  if (!all) {
    first_word = source_list[column] * params.words;
  }
  var trials = 0u;
  for (var word = 0u; word < params.words; word++) {
    var bits = trial_mask(params.trial_base + 32u * word);
    if (!all) {
      bits = perturbation[first_word + word];
    }
    trials += countOneBits(bits);
  }
  let before = low[column];
  low[column] = before + trials;
  if (wraps(before, trials)) {
    high[column] += 1u;
  }
}
