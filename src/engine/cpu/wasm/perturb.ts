// perturb: what each trial sets each neuron to, 64 trials of four neurons at once. Twin: src/model/perturb.ts

import { perturbation } from "./memory";
import { key0, key1, neurons, probability, trialBase, trialMask, words } from "./params";
import { lane, thirdOf, threefry } from "./threefry";

const whole: u32 = 65536;

/**
 * 64 random bits of four neurons, each 1 with a probability in 65,536ths: bit planes of a random fraction, from its
 * last place up. Written to `to`: the four first words, then the four second words; the 16 bytes after them are used.
 *
 * Twin     src/model/randomBits.ts
 */
export function randomBits(chance: u32, block: u32, neuron: u32, firstUse: u32, to: usize): void {
  let first = i32x4.splat(0);
  let second = first;
  if (chance >= whole) {
    first = i32x4.splat(-1);
    second = first;
  } else {
    const k0 = i32x4.splat(key0);
    const k1 = i32x4.splat(key1);
    const k2 = i32x4.splat(thirdOf(key0, key1));
    const x = i32x4.splat(block);
    for (let place: u32 = ctz(chance); place < 16; place++) {
      const y = i32x4.add(i32x4.splat(lane(0, neuron, firstUse + 15 - place)), i32x4(0, 1, 2, 3));
      const plane = threefry(x, y, k0, k1, k2, to + 32);
      const other = v128.load(to, 32);
      if ((chance >> place) & 1) {
        first = v128.or(first, plane);
        second = v128.or(second, other);
      } else {
        first = v128.and(first, plane);
        second = v128.and(second, other);
      }
    }
  }
  v128.store(to, first);
  v128.store(to, second, 16);
}

export function perturb(scratch: usize): void {
  // The one that is never on, see rowStart; rows of another chunk may have been longer.
  memory.fill(perturbation + 4 * (<usize>neurons) * words, 0, 4 * (<usize>words));
  const blocks = words >> 1;
  for (let block: u32 = 0; block < blocks; block++) {
    const first = trialBase + 64 * block;
    const low = trialMask(first);
    const high = trialMask(first + 32);
    if ((low | high) == 0) {
      for (let neuron: u32 = 0; neuron < neurons; neuron++)
        store<u64>(perturbation + 4 * ((<usize>neuron) * words + 2 * block), 0);
      continue;
    }
    for (let neuron: u32 = 0; neuron < neurons; neuron += 4) {
      randomBits(probability, first >> 6, neuron, 0, scratch);
      const here = min<u32>(4, neurons - neuron);
      for (let n: u32 = 0; n < here; n++) {
        const at = perturbation + 4 * ((<usize>(neuron + n)) * words + 2 * block);
        store<u32>(at, load<u32>(scratch + 4 * n) & low);
        store<u32>(at, load<u32>(scratch + 4 * n, 16) & high, 4);
      }
    }
  }
}
