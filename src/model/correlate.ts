import { addWithCarry } from "./accumulate";
import type { Params } from "./params";

/** Products of so many trials sum to less than 2^26, so that a float64 holds two sums side by side, exactly. */
const blockTrials = 1024;
const secondSum = 2 ** 26;

/**
 * correlate: adds Σ before·after of a chunk to the pair sums of some targets: what each source was before a step
 * times what each target was after it. A chunk of 65,536 products of at most 255² just fits a u32.
 *
 * Shapes   sourceList [sources]: neuron of each column; state u32 [neurons × words·8]: before the step;
 *          outcome u32 [targets × words·8]: after it, masked trials 0; pairLow, pairHigh u32 [rows × sources]:
 *          the tile's sums, whose first row is target params.tileFrom.
 * Twin     shaders/correlate.wgsl
 */
export function correlate(
  params: Params,
  sourceList: Uint32Array,
  state: Uint32Array,
  outcome: Uint32Array,
  pairLow: Uint32Array,
  pairHigh: Uint32Array,
): void {
  const { sources, targets } = params;
  const quads = params.words * 8;
  const groups = Math.ceil(sources / 4);
  // Four columns as two rows of two sums each; columns past the last stay 0.
  const before = new Float64Array(2 * groups * blockTrials);
  const after = new Float64Array(blockTrials);
  const add = (entry: number, column: number, sum: number) => {
    if (column < sources) addWithCarry(pairLow, pairHigh, entry, sum);
  };
  for (let start = 0; start < quads; start += blockTrials / 4) {
    const words = Math.min(blockTrials / 4, quads - start);
    before.fill(0);
    for (let column = 0; column < sources; column++) {
      const from = sourceList[column] * quads + start;
      addBytes(state, from, words, column % 2 === 0 ? 1 : secondSum, before, (column >> 1) * blockTrials);
    }
    for (let row = 0; row < targets; row++) {
      after.fill(0);
      addBytes(outcome, row * quads + start, words, 1, after, 0);
      const first = (params.targetFrom + row - params.tileFrom) * sources;
      for (let group = 0; group < groups; group++) {
        const at = 2 * group * blockTrials;
        let sums = 0;
        let others = 0;
        for (let trial = 0; trial < 4 * words; trial++) {
          sums += before[at + trial] * after[trial];
          others += before[at + blockTrials + trial] * after[trial];
        }
        const column = 4 * group;
        add(first + column, column, sums % secondSum);
        add(first + column + 1, column + 1, Math.floor(sums / secondSum));
        add(first + column + 2, column + 2, others % secondSum);
        add(first + column + 3, column + 3, Math.floor(others / secondSum));
      }
    }
  }
}

/** Adds the bytes of some words, times a factor. */
function addBytes(
  words: Uint32Array,
  from: number,
  count: number,
  factor: number,
  sums: Float64Array,
  to: number,
): void {
  for (let word = 0; word < count; word++)
    for (let byte = 0; byte < 4; byte++)
      sums[to + 4 * word + byte] += factor * ((words[from + word] >>> (8 * byte)) & 255);
}
