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

/** isGrouped: false keeps every row as it is, for kernels that start from states. */
export function rowsOf(network: Network, from: number, to: number, isGrouped: boolean): Rows {
  const { neurons } = network;
  const [first, last] = [network.rowStart[from], network.rowStart[to]];
  // A run of n ≥ 4 is filled up by at most 3.
  const most = last - first + (isGrouped ? Math.floor((3 * (last - first)) / leastRun) : 0);
  const source = new Uint32Array(most);
  const weight = new Int32Array(most);
  const rowStart = new Uint32Array(to - from + 1);
  const counted = new Uint32Array(to - from);
  let end = 0;
  const push = (by: number, of: number) => {
    source[end] = by;
    weight[end++] = of;
  };
  for (let row = from; row < to; row++) {
    const begin = network.rowStart[row];
    const stop = network.rowStart[row + 1];
    if (isGrouped) {
      const runs = runsOf(network, begin, stop);
      const rest: number[] = [];
      for (const [of, members] of runs) {
        if (members.length < leastRun) {
          for (const member of members) rest.push(member, of);
          continue;
        }
        for (const member of members) push(member, of);
        for (let filled = members.length; filled % 4 !== 0; filled++) push(neurons, of);
      }
      counted[row - from] = end;
      for (let at = 0; at < rest.length; at += 2) push(rest[at], rest[at + 1]);
    } else {
      counted[row - from] = end;
      for (let arrow = begin; arrow < stop; arrow++) push(network.source[arrow], network.weight[arrow]);
    }
    rowStart[row - from + 1] = end;
  }
  return { rowStart, counted, source: source.subarray(0, end), weight: weight.subarray(0, end) };
}

/** Sources of a row by the weights of their arrows. */
function runsOf(
  { source, weight }: Network,
  begin: number,
  end: number,
): Iterable<readonly [weight: number, sources: Iterable<number> & { readonly length: number }]> {
  let arrow = begin;
  while (arrow < end && weight[arrow] === weight[begin]) arrow++;
  // As in the notebook, most often: all arrows of a row are alike.
  if (arrow === end) return [[weight[begin], source.subarray(begin, end)]];
  const runs = new Map<number, number[]>();
  for (arrow = begin; arrow < end; arrow++) {
    const run = runs.get(weight[arrow]);
    if (run) run.push(source[arrow]);
    else runs.set(weight[arrow], [source[arrow]]);
  }
  return runs;
}
