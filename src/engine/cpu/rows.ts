import type { Network } from "../../model/network";

/**
 * The arrows into some targets, as the kernels count them: in each row first the arrows of equal weights, run by run,
 * each run filled up to whole fours with a neuron that is never on; then the others, one by one.
 *
 * Shapes   rowStart [targets + 1]; counted [targets]: where a row's runs end; source, weight [arrows and padding].
 */
export interface Rows {
  readonly rowStart: Uint32Array;
  readonly counted: Uint32Array;
  readonly source: Uint32Array;
  readonly weight: Int32Array;
}

/** Shorter runs are not worth counting. */
const leastRun = 4;

/** grouped: false keeps every row as it is, for kernels that start from states. */
export function rowsOf(network: Network, from: number, to: number, grouped: boolean): Rows {
  const { neurons, rowStart } = network;
  const source: number[] = [];
  const weight: number[] = [];
  const starts = new Uint32Array(to - from + 1);
  const counted = new Uint32Array(to - from);
  for (let row = from; row < to; row++) {
    const runs = new Map<number, number[]>();
    for (let arrow = rowStart[row]; arrow < rowStart[row + 1]; arrow++) {
      const of = network.weight[arrow];
      const run = runs.get(of);
      if (run) run.push(network.source[arrow]);
      else runs.set(of, [network.source[arrow]]);
    }
    const isRun = (members: readonly number[]) => grouped && members.length >= leastRun;
    for (const [of, members] of runs)
      if (isRun(members)) {
        while (members.length % 4 !== 0) members.push(neurons);
        for (const member of members) push(member, of);
      }
    counted[row - from] = source.length;
    for (const [of, members] of runs) if (!isRun(members)) for (const member of members) push(member, of);
    starts[row - from + 1] = source.length;
  }
  return {
    rowStart: starts,
    counted,
    source: Uint32Array.from(source),
    weight: Int32Array.from(weight),
  };

  function push(of: number, by: number) {
    source.push(of);
    weight.push(by);
  }
}
