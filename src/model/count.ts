import { addWithCarry } from "./accumulate";
import { type Params, trialMask } from "./params";

function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * count: adds Σp of a chunk, the trials in which each source was on. One entry more,
 * a source that is always on, counts the trials themselves: sums that were really
 * computed carry their own number of trials.
 *
 * Shapes   sourceList [sources]; perturbation u32 [neurons × words]; low, high u32 [sources + 1].
 * Twin     shaders/count.wgsl
 */
export function count(
  params: Params,
  sourceList: Uint32Array,
  perturbation: Uint32Array,
  low: Uint32Array,
  high: Uint32Array,
): void {
  const { sources, words } = params;
  for (let column = 0; column <= sources; column++) {
    let on = 0;
    for (let word = 0; word < words; word++) {
      const mask = trialMask(params, params.trialBase + 32 * word);
      on += bits(column === sources ? mask : perturbation[sourceList[column] * words + word]);
    }
    addWithCarry(low, high, column, on);
  }
}
