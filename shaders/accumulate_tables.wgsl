// accumulate_tables: adds Σ p·o of a chunk to the pair sums of some targets, by looking up what four
// trials add: of the 16 sums that four outcomes can make, a source's four bits choose one. 128
// sources × 64 targets per workgroup, 16 × 2 of them per invocation.
//
//   source_list    u32 [sources]             neuron of each column
//   perturbation   u32 [neurons × words]     bit t & 31 = source on in trial t
//   outcome        u32 [targets × words·8]   4 outcomes of 0…255 per word
//   pair_low       u32 [tile rows × sources] the sums, row = target − tile_from
//   pair_high      u32 [same, or 1]          second words; absent until a sum may need one
//
// For GPUs: the tables of two targets, in the 16-bit halves of a word, lie in workgroup memory, one
// column a lane; 32 neighbours ask for the same row of them, so no two meet in a bank. The halves
// hold 8 words of trials before they are emptied. "Four Russians": Arlazarov, Dinic, Kronrod &
// Faradzev (1970).
// Twin: src/model/accumulate.ts

#include "lib/params.wgsl"
#include "lib/carry.wgsl"
#include "lib/pair.wgsl"
#include "lib/columns.wgsl"

@group(0) @binding(1) var<storage, read> source_list: array<u32>;
@group(0) @binding(2) var<storage, read> perturbation: array<u32>;
@group(0) @binding(3) var<storage, read> outcome: array<u32>;
@group(0) @binding(4) var<storage, read_write> pair_low: array<u32>;
@group(0) @binding(5) var<storage, read_write> pair_high: array<u32>;

// 8 tables, for 4 trials each, of 16 rows of 32 lanes: 16 KiB.
var<workgroup> table: array<u32, 4096>;

fn neuron_words(column: u32) -> u32 {
  return source_list[min(column, params.sources - 1u)] * params.words;
}

fn four_rows(column: u32) -> vec4u {
  return vec4u(
    neuron_words(column),
    neuron_words(column + 1u),
    neuron_words(column + 2u),
    neuron_words(column + 3u)
  );
}

fn bits_of(rows: vec4u, word: u32) -> vec4u {
  let at = rows + vec4u(word);
  return vec4u(perturbation[at.x], perturbation[at.y], perturbation[at.z], perturbation[at.w]);
}

// What four sources add in the trials of one table.
fn found(bits: vec4u, lane_of_table: u32) -> vec4u {
  let at = (bits & vec4u(15u)) * 32u + vec4u(lane_of_table);
  return vec4u(table[at.x], table[at.y], table[at.z], table[at.w]);
}

// The 16 sums of two targets' outcomes, of which each word holds four.
fn fill(at: u32, low: u32, high: u32) {
  let a = (low & 255u) | ((high & 255u) << 16u);
  let b = ((low >> 8u) & 255u) | (((high >> 8u) & 255u) << 16u);
  let c = ((low >> 16u) & 255u) | (((high >> 16u) & 255u) << 16u);
  let d = (low >> 24u) | ((high >> 24u) << 16u);
  let ab = a + b;
  let cd = c + d;
  table[at] = 0u;
  table[at + 32u] = a;
  table[at + 64u] = b;
  table[at + 96u] = ab;
  table[at + 128u] = c;
  table[at + 160u] = a + c;
  table[at + 192u] = b + c;
  table[at + 224u] = ab + c;
  table[at + 256u] = d;
  table[at + 288u] = a + d;
  table[at + 320u] = b + d;
  table[at + 352u] = ab + d;
  table[at + 384u] = cd;
  table[at + 416u] = a + cd;
  table[at + 448u] = b + cd;
  table[at + 480u] = ab + cd;
}

@compute @workgroup_size(256)
fn accumulate_tables(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let across = (params.sources + 127u) / 128u;
  let down = (params.targets + 63u) / 64u;
  let item = group.y * groups.x + group.x;
  if (item >= across * down) {
    return;
  }
  let lane = local % 32u;
  let eighth = local / 32u;
  let column = 128u * (item % across) + 16u * eighth;
  let row = 64u * (item / across) + 2u * lane;
  let words = params.words;

  // Past the edge the last row or column is read again, and its sums are not added.
  let last = params.targets - 1u;
  let low_row = 8u * min(row, last) * words + eighth;
  let high_row = 8u * min(row + 1u, last) * words + eighth;
  let fill_at = 512u * eighth + lane;
  let r0 = four_rows(column);
  let r1 = four_rows(column + 4u);
  let r2 = four_rows(column + 8u);
  let r3 = four_rows(column + 12u);

  // Sums of the even and of the odd target.
  var even0 = vec4u();
  var even1 = vec4u();
  var even2 = vec4u();
  var even3 = vec4u();
  var odd0 = vec4u();
  var odd1 = vec4u();
  var odd2 = vec4u();
  var odd3 = vec4u();
  for (var start = 0u; start < words; start += 8u) {
    var h0 = vec4u();
    var h1 = vec4u();
    var h2 = vec4u();
    var h3 = vec4u();
    let end = min(start + 8u, words);
    for (var word = start; word < end; word++) {
      fill(fill_at, outcome[low_row + 8u * word], outcome[high_row + 8u * word]);
      workgroupBarrier();
      var b0 = bits_of(r0, word);
      var b1 = bits_of(r1, word);
      var b2 = bits_of(r2, word);
      var b3 = bits_of(r3, word);
      for (var at = lane; at < 4096u; at += 512u) {
        h0 += found(b0, at);
        h1 += found(b1, at);
        h2 += found(b2, at);
        h3 += found(b3, at);
        b0 >>= vec4u(4u);
        b1 >>= vec4u(4u);
        b2 >>= vec4u(4u);
        b3 >>= vec4u(4u);
      }
      workgroupBarrier();
    }
    even0 += h0 & vec4u(0xffffu);
    even1 += h1 & vec4u(0xffffu);
    even2 += h2 & vec4u(0xffffu);
    even3 += h3 & vec4u(0xffffu);
    odd0 += h0 >> vec4u(16u);
    odd1 += h1 >> vec4u(16u);
    odd2 += h2 >> vec4u(16u);
    odd3 += h3 >> vec4u(16u);
  }
  // In a loop, since what adds to a sum is long, and a software adapter compiles it slowly.
  var sums = array(even0, even1, even2, even3, odd0, odd1, odd2, odd3);
  for (var at = 0u; at < 8u; at++) {
    add_columns(row + at / 4u, column + 4u * (at % 4u), sums[at]);
  }
}
