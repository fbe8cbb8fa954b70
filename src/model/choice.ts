import { type Key, lane, mostLaneNeurons, stream, threefry2x32 } from "./threefry";

/**
 * Chooses so many of the neurons at random, the same on every machine: those with the smallest draws.
 *
 * Returns  [neurons] of 0 and 1.
 */
export function chooseNeurons(neurons: number, count: number, use: number, key: Key): Uint8Array {
  const draw = Float64Array.from(
    { length: neurons },
    // The neuron breaks ties, so that every machine sorts alike.
    (_, neuron) =>
      (threefry2x32(0, lane(stream.network, neuron, use), key)[0] >>> 0) * mostLaneNeurons + neuron,
  );
  const chosen = new Uint8Array(neurons);
  for (const value of draw.sort().subarray(0, count)) chosen[value % mostLaneNeurons] = 1;
  return chosen;
}
