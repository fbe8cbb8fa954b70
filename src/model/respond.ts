import { type Params, trialMask } from "./params";
import { lane, stream, threefry2x32 } from "./threefry";

/** A standard normal from 32 random bits, 20 fraction bits: sign bit, then the tail's table. */
export function normal(word: number, normalTable: Int32Array): number {
  const m = word & 0x7fffffff;
  const zeros = Math.clz32(m);
  const digits = m << (zeros & 31);
  const knot = (32 - zeros) * 256 + ((digits >>> 23) & 255);
  const low = normalTable[knot];
  const size = low + (((normalTable[knot + 1] - low) * ((digits >>> 7) & 0xffff) + 0x8000) >> 16);
  return word < 0 ? -size : size;
}

const span = 16 * 2 ** 20;

/** sigmoid of a drive (20 fraction bits), 0…255 with 16 fraction bits. */
export function sigmoid(drive: number, sigmoidTable: Uint32Array): number {
  const place = Math.min(Math.max(drive, -span), span - 1) + span;
  const knot = place >> 13;
  const low = sigmoidTable[knot];
  return low + (((sigmoidTable[knot + 1] - low) * (place & 8191) + 4096) >> 13);
}

/**
 * respond: one step of the network for all trials of some targets:
 * drive + noise through the sigmoid, rounded at random to a whole number 0…255.
 *
 * Shapes   rowStart [neurons + 1], source and weight [arrows]: the network;
 *          perturbation u32 [neurons × words]; outcome u32 [targets × words·8], 4 trials a word.
 * Twin     shaders/respond.wgsl
 */
export function respond(
  params: Params,
  rowStart: Uint32Array,
  source: Uint32Array,
  weight: Int32Array,
  normalTable: Int32Array,
  sigmoidTable: Uint32Array,
  perturbation: Uint32Array,
  outcome: Uint32Array,
): void {
  const { words } = params;
  const key = [params.key0, params.key1] as const;
  const drive = new Int32Array(32);
  for (let row = 0; row < params.targets; row++) {
    const target = params.targetFrom + row;
    const noiseLane = lane(stream.noise, target);
    for (let word = 0; word < words; word++) {
      drive.fill(0);
      for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
        const arrowWeight = weight[arrow];
        for (let bits = perturbation[source[arrow] * words + word] | 0; bits !== 0; bits &= bits - 1)
          drive[31 - Math.clz32(bits & -bits)] += arrowWeight;
      }
      const first = params.trialBase + 32 * word;
      const mask = trialMask(params, first);
      for (let quad = 0; quad < 8; quad++) {
        let packed = 0;
        for (let byte = 0; byte < 4; byte++) {
          const t = 4 * quad + byte;
          if ((mask & (1 << t)) === 0) continue;
          const draw = threefry2x32(first + t, noiseLane, key);
          const mean = sigmoid(drive[t] + normal(draw[0], normalTable), sigmoidTable);
          packed |= ((mean + (draw[1] & 0xffff)) >>> 16) << (8 * byte);
        }
        outcome[(row * words + word) * 8 + quad] = packed;
      }
    }
  }
}
