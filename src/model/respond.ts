import { activate, commonNoise } from "./activate";
import { type Params, trialMask } from "./params";
import { lane, stream } from "./threefry";

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
  const common = commonNoise(params, normalTable);
  const drive = new Int32Array(32);
  for (let row = 0; row < params.targets; row++) {
    const target = params.targetFrom + row;
    const noiseLane = lane(stream.noise, target, params.noiseUse);
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
          const shared = common ? common[32 * word + t] : 0;
          const value = activate(
            params,
            key,
            drive[t],
            first + t,
            noiseLane,
            shared,
            normalTable,
            sigmoidTable,
          );
          packed |= value << (8 * byte);
        }
        outcome[(row * words + word) * 8 + quad] = packed;
      }
    }
  }
}
