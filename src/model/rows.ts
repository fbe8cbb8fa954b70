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

/**
 * Walks over the arrows from some neurons, row by row and in each by ascending sources.
 *
 * sources  ascending: which neurons the columns of a matrix are
 * pair     target × columns + column
 */
export function arrowVisitor({ neurons, rowStart, source }: Network, sources: Uint32Array) {
  const columns = sources.length;
  const columnOf = new Int32Array(neurons).fill(-1);
  for (let column = 0; column < columns; column++) columnOf[sources[column]] = column;
  return (visit: (pair: number, column: number, arrow: number) => void): void => {
    for (let target = 0; target < neurons; target++)
      for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
        const column = columnOf[source[arrow]];
        if (column >= 0) visit(target * columns + column, column, arrow);
      }
  };
}
