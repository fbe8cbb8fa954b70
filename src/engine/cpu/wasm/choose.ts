// choose: which neurons each trial sets; impose: their states. Twins: src/model/choose.ts, src/model/impose.ts

import { off, perturbation, state, turn } from "./memory";
import { design, neurons, share, trialBase, trialMask, turns, words } from "./params";
import { randomBits } from "./perturb";

const one: u32 = 1;
const subset: u32 = 2;
const sameNoise: u32 = 3;
const never: u32 = 0xffffffff;

export function choose(scratch: usize): void {
  for (let neuron: u32 = 0; neuron < neurons; neuron++) {
    const mine = load<u32>(turn + 4 * (<usize>neuron));
    for (let word: u32 = 0; word < words; word++) {
      const first = trialBase + 32 * word;
      const mask = trialMask(first);
      // A subset draws both words of a block with the first one, even where no trial of that one counts.
      const isNobody = mine == never || (mask == 0 && design != subset);
      const chosen = isNobody ? 0 : chosenTrials(mine, neuron, first, scratch) & mask;
      const at: usize = 4 * ((<usize>neuron) * words + word);
      const values: u32 = design == sameNoise ? 0xaaaaaaaa : load<u32>(perturbation + at);
      store<u32>(perturbation + at, chosen & values);
      store<u32>(off + at, chosen & ~values);
    }
  }
}

/** Of the trials first … first + 31, those that set a neuron. */
function chosenTrials(mine: u32, neuron: u32, first: u32, scratch: usize): u32 {
  if (design == subset) {
    if (((first >> 5) & 1) == 0) randomBits(share, first >> 6, neuron, 16, scratch);
    return load<u32>(scratch + 16 * ((first >> 5) & 1));
  }
  let bits: u32 = 0;
  if (design == one) {
    for (let at = (mine + turns - (first % turns)) % turns; at < 32; at += turns) bits |= 1 << at;
    return bits;
  }
  if (design == sameNoise) {
    for (let at = (mine + turns - ((first >> 1) % turns)) % turns; at < 16; at += turns) bits |= 3 << (2 * at);
    // Half a pair tells nothing.
    const mask = trialMask(first);
    return bits & (((mask & 0x55555555) << 1) | ((mask & 0xaaaaaaaa) >> 1));
  }
  return 0xffffffff;
}

/** 0xff in every byte whose bit is set, of 16 bits. */
// @ts-ignore: decorator
@inline
export function byteMask(bits: v128): v128 {
  const bit = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return i8x16.eq(v128.and(bits, bit), bit);
}

/** Two bytes of bits as they lie, the first one in the first eight lanes. */
// @ts-ignore: decorator
@inline
export function spread(bits: usize): v128 {
  const both = v128.load16_splat(bits);
  return i8x16.shuffle(both, both, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
}

export function impose(): void {
  const halfWords: usize = 2 * (<usize>neurons) * words;
  for (let half: usize = 0; half < halfWords; half++) {
    const at = state + 16 * half;
    const up = byteMask(spread(perturbation + 2 * half));
    const down = byteMask(spread(off + 2 * half));
    v128.store(at, v128.or(v128.andnot(v128.load(at), down), up));
  }
}
