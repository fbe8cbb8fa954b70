// respond: one step of the network for all trials of one target, from bits or from states.
// Twins: src/model/respond.ts, src/model/evolve.ts

import { normal, scaled, sigmoid } from "./activate";
import { byteMask, spread } from "./choose";
import { driveOfBits, driveOfStates } from "./drive";
import { common, scratch } from "./memory";
import {
  commonPart,
  fromRest,
  key0,
  key1,
  noiseUse,
  pairs,
  privatePart,
  trialBase,
  trialFrom,
  trialMask,
  trialTo,
  words,
} from "./params";
import { lane, thirdOf, threefry } from "./threefry";

const noiseStream: u32 = 1;
const commonStream: u32 = 2;
const allPrivate: u32 = 65536;

/** Where in the scratch a drive of 128 trials begins, and 17 bit planes. */
const driveAt: usize = 256;
const planesAt: usize = 768;

/** The noise that all neurons share, already scaled, of each trial on the grid. */
export function shareNoise(): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(thirdOf(key0, key1));
  const y = i32x4.splat(lane(commonStream, 0, noiseUse));
  const part = i32x4.splat(commonPart);
  for (let trial: u32 = 0; trial < 32 * words; trial += 4) {
    const x = i32x4.shr_u(i32x4.add(i32x4.splat(trialBase + trial), i32x4(0, 1, 2, 3)), pairs);
    const word = threefry(x, y, k0, k1, k2, scratch);
    v128.store(common + 4 * (<usize>trial), scaled(normal(word), part));
  }
}

/** Four outcomes as i32; the counters are those of four trials. */
// @ts-ignore: decorator
@inline
function activate(drive: v128, x: v128, y: v128, k0: v128, k1: v128, k2: v128, second: usize): v128 {
  const noise = normal(threefry(x, y, k0, k1, k2, second));
  const value = sigmoid(i32x4.add(drive, noise));
  return i32x4.shr_u(i32x4.add(value, v128.and(v128.load(second), i32x4.splat(0xffff))), 16);
}

/** The same where pairs of trials share their draws, noise is scaled, or part of it is shared by all neurons. */
function activateShared(drive: v128, shared: usize, trial: v128, y: v128, k0: v128, k1: v128, k2: v128): v128 {
  const word = threefry(i32x4.shr_u(trial, pairs), y, k0, k1, k2, scratch);
  const own = scaled(normal(word), i32x4.splat(privatePart));
  const noise = commonPart == 0 ? own : i32x4.add(own, v128.load(shared));
  const value = sigmoid(i32x4.add(drive, noise));
  return i32x4.shr_u(i32x4.add(value, v128.and(v128.load(scratch), i32x4.splat(0xffff))), 16);
}

// @ts-ignore: decorator
@inline
function bytesOf(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
}

/**
 * Writes the outcomes of four words of trials, u8 [128], of a row.
 *
 * target   of this share, for its arrows; neuron: its number in the network, for its noise
 */
export function respond(target: u32, neuron: u32, word: u32, fromStates: bool, to: usize): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(thirdOf(key0, key1));
  const y = i32x4.splat(lane(noiseStream, neuron, noiseUse));
  const lanes = i32x4(0, 1, 2, 3);
  const drive = scratch + driveAt;
  const first = trialBase + 32 * word;
  // Differences, since sums pass 2^32 where trials end there.
  if (first >= trialTo || (first < trialFrom && trialFrom - first >= 128)) {
    memory.fill(to, 0, 128);
    return;
  }
  if (fromRest || !fromStates) memory.fill(drive, 0, 512);
  if (!fromRest) {
    if (fromStates) driveOfStates(target, 32 * (<usize>word), drive);
    else driveOfBits(target, 4 * (<usize>word), drive, scratch + planesAt);
  }
  if (privatePart == allPrivate && pairs == 0)
    for (let group: u32 = 0; group < 8; group++) {
      const x = i32x4.add(i32x4.splat(first + 16 * group), lanes);
      const d = drive + 64 * group;
      const a = activate(v128.load(d), x, y, k0, k1, k2, scratch);
      const b = activate(v128.load(d, 16), i32x4.add(x, i32x4.splat(4)), y, k0, k1, k2, scratch + 16);
      const c = activate(v128.load(d, 32), i32x4.add(x, i32x4.splat(8)), y, k0, k1, k2, scratch + 32);
      const e = activate(v128.load(d, 48), i32x4.add(x, i32x4.splat(12)), y, k0, k1, k2, scratch + 48);
      v128.store(to, bytesOf(a, b, c, e));
      to += 16;
    }
  else
    for (let group: u32 = 0; group < 8; group++) {
      const x = i32x4.add(i32x4.splat(first + 16 * group), lanes);
      const d = drive + 64 * group;
      const s = common + 4 * (<usize>(32 * word + 16 * group));
      const a = activateShared(v128.load(d), s, x, y, k0, k1, k2);
      const b = activateShared(v128.load(d, 16), s + 16, i32x4.add(x, i32x4.splat(4)), y, k0, k1, k2);
      const c = activateShared(v128.load(d, 32), s + 32, i32x4.add(x, i32x4.splat(8)), y, k0, k1, k2);
      const e = activateShared(v128.load(d, 48), s + 48, i32x4.add(x, i32x4.splat(12)), y, k0, k1, k2);
      v128.store(to, bytesOf(a, b, c, e));
      to += 16;
    }
  if (first < trialFrom || trialTo - first < 128) {
    for (let group: u32 = 0; group < 8; group++) {
      const at = to - 128 + 16 * group;
      store<u32>(scratch, trialMask(first + (group >> 1) * 32) >> (16 * (group & 1)));
      v128.store(at, v128.and(v128.load(at), byteMask(spread(scratch))));
    }
  }
}
