/**
 * Where somebody says that the neurons are.
 *
 * Shapes   at [neurons × dimensions]: x, y and, in space, z of each.
 * Units    any; x to the right, y upwards, z towards the eye.
 * Missing  NaN, in all numbers of a neuron that has no place.
 */
export interface Places {
  readonly dimensions: 2 | 3;
  readonly at: Float64Array;
}

/** Largest coordinate: nanometres of a blue whale fit. */
export const mostCoordinate = 1e15;

/** How many neurons have no place. */
export function withoutPlace({ dimensions, at }: Places): number {
  let count = 0;
  for (let first = 0; first < at.length; first += dimensions) if (Number.isNaN(at[first])) count++;
  return count;
}
