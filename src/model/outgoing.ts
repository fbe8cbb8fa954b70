import type { Wiring } from "./network";

/**
 * A network's arrows once more, by source: the columns of the matrix, as the wiring itself has its rows.
 *
 * Shapes   targetStart [neurons + 1]; target, arrow [arrows], the targets of a source ascending.
 * Units    arrow: place in the wiring's own `source`, and so in weights and exact effects.
 */
export interface Outgoing {
  readonly targetStart: Uint32Array;
  readonly target: Uint32Array;
  readonly arrow: Uint32Array;
}

/** By counting: O(neurons + arrows), and 8 bytes an arrow. */
export function outgoing({ neurons, rowStart, source }: Wiring): Outgoing {
  const targetStart = new Uint32Array(neurons + 1);
  for (const from of source) targetStart[from + 1]++;
  for (let neuron = 0; neuron < neurons; neuron++) targetStart[neuron + 1] += targetStart[neuron];
  const next = targetStart.slice(0, neurons);
  const target = new Uint32Array(source.length);
  const arrow = new Uint32Array(source.length);
  for (let row = 0; row < neurons; row++)
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) {
      const place = next[source[at]]++;
      target[place] = row;
      arrow[place] = at;
    }
  return { targetStart, target, arrow };
}
