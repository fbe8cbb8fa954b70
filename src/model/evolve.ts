import { activate, commonNoise } from "./activate";
import { type Params, trialMask } from "./params";
import { lane, stream } from "./threefry";

/**
 * evolve: one step of the network for all trials of some targets, from states rather than from perturbations:
 * drive + noise through the sigmoid, rounded at random to a whole number 0…255.
 *
 * Shapes   rowStart [neurons + 1], source and weight [arrows]: the network;
 *          state u32 [neurons × words·8], outcome u32 [targets × words·8]: 4 trials a word.
 * Units    state 0…255, 255 = fully active; the drive, Σ weight · state / 255, is cut off towards 0.
 * Errors   none: that Σ weight · state fits an i32 is for checkStateRows to see to.
 * Twin     shaders/evolve.wgsl
 */
export function evolve(
  params: Params,
  rowStart: Uint32Array,
  source: Uint32Array,
  weight: Int32Array,
  normalTable: Int32Array,
  sigmoidTable: Uint32Array,
  state: Uint32Array,
  outcome: Uint32Array,
): void {
  const quads = params.words * 8;
  const key = [params.key0, params.key1] as const;
  const common = commonNoise(params, normalTable);
  const sum = new Int32Array(4);
  for (let row = 0; row < params.targets; row++) {
    const target = params.targetFrom + row;
    const noiseLane = lane(stream.noise, target, params.noiseUse);
    const begin = rowStart[target];
    const end = params.fromRest ? begin : rowStart[target + 1];
    for (let quad = 0; quad < quads; quad++) {
      sum.fill(0);
      for (let arrow = begin; arrow < end; arrow++) {
        const states = state[source[arrow] * quads + quad];
        const arrowWeight = weight[arrow];
        sum[0] += arrowWeight * (states & 255);
        sum[1] += arrowWeight * ((states >>> 8) & 255);
        sum[2] += arrowWeight * ((states >>> 16) & 255);
        sum[3] += arrowWeight * (states >>> 24);
      }
      const first = params.trialBase + 4 * quad;
      const mask = trialMask(params, first) & 15;
      let packed = 0;
      for (let byte = 0; byte < 4; byte++) {
        if ((mask & (1 << byte)) === 0) continue;
        const shared = common ? common[4 * quad + byte] : 0;
        const drive = (sum[byte] / 255) | 0;
        const value = activate(
          params,
          key,
          drive,
          first + byte,
          noiseLane,
          shared,
          normalTable,
          sigmoidTable,
        );
        packed |= value << (8 * byte);
      }
      outcome[row * quads + quad] = packed;
    }
  }
}
