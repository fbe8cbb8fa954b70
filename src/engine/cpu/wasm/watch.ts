// watch: one time step of a network that is left alone, in many chains, and what is added up of it.
// Twins: src/model/evolve.ts, src/model/tally.ts, src/model/correlate.ts

import { next, outcomes, outcomesBefore, pairBoth, sourceList, state } from "./memory";
import { neurons, sources, words } from "./params";
import { respond, shareNoise } from "./respond";
import { tally, total } from "./tally";

/** From the states to the next ones, and to be these; isCounted: both are added to the sums. */
export function watch(isCounted: bool): void {
  const row: usize = 32 * (<usize>words);
  shareNoise();
  for (let word: u32 = 0; word < words; word += 4)
    for (let neuron: u32 = 0; neuron < neurons; neuron++)
      respond(neuron, neuron, word, true, next + row * neuron + 32 * word);
  for (let neuron: u32 = 0; isCounted && neuron < neurons; neuron++) {
    tally(outcomesBefore + 16 * neuron, state + row * neuron);
    tally(outcomes + 16 * neuron, next + row * neuron);
    correlate(next + row * neuron, pairBoth + 8 * (<usize>sources) * neuron);
  }
  // Few bytes beside what was just computed: simpler than two addresses that trade places.
  memory.copy(state, next, row * neurons);
}

/** Adds Σ before · after of a target with every source, u64 [sources]. */
function correlate(after: usize, sums: usize): void {
  const row: usize = 32 * (<usize>words);
  for (let column: u32 = 0; column < sources; column++) {
    const before = state + row * load<u32>(sourceList + 4 * column);
    // At most 65,536 chains: a lane's quarter of their products stays below 2^31.
    let both = i32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const a = v128.load(after + at);
      const b = v128.load(before + at);
      const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b));
      const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b));
      both = i32x4.add(both, i32x4.add(low, high));
    }
    const at = sums + 8 * column;
    store<u64>(at, load<u64>(at) + total(both));
  }
}
