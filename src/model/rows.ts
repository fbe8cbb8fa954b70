import type { Network } from "./network";

/** Reads a value per arrow as dense rows over all neurons; a row is good until the next is read. */
export function rowReader({ neurons, rowStart, source }: Network, value: ArrayLike<number>) {
  const row = new Float64Array(neurons);
  let shown = 0;
  return (target: number): Float64Array => {
    for (let arrow = rowStart[shown]; arrow < rowStart[shown + 1]; arrow++) row[source[arrow]] = 0;
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++)
      row[source[arrow]] = value[arrow];
    shown = target;
    return row;
  };
}
