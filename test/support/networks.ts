import { type Network, networkFrom, onGrid, type Wiring } from "../../src/model/network";
import { createConnectivity } from "../../src/replay/connectivity";

/** Network from a dense matrix, rows[target][source] in drive per perturbation; 0 is no arrow. */
export function networkOf(rows: readonly (readonly number[])[]): Network {
  const entries = rows.flatMap((row) =>
    row.flatMap((weight, source) => (weight === 0 ? [] : [{ weight, source }])),
  );
  return {
    ...wiringOf(rows),
    weight: Int32Array.from(entries, ({ weight }) => onGrid(weight)),
  };
}

/** Where a dense matrix is not 0. */
export function wiringOf(rows: readonly (readonly number[])[]): Wiring {
  const sources = rows.map((row) => row.flatMap((weight, source) => (weight === 0 ? [] : [source])));
  const rowStart = new Uint32Array(rows.length + 1);
  sources.forEach((row, target) => {
    rowStart[target + 1] = rowStart[target] + row.length;
  });
  return { neurons: rows.length, rowStart, source: Uint32Array.from(sources.flat()) };
}

/** NumPy's create_connectivity(neurons, seed), rounded to the grid. */
export function notebookNetwork(neurons: number, seed: number): Network {
  const { wiring, weight } = createConnectivity(neurons, seed);
  return networkFrom(wiring, weight);
}

export const allOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, index) => index);
