import { type Network, one } from "../model/network";

/** A field of CSV, in quotes where it needs them. */
export const csvField = (text: string): string =>
  /[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * A network as an edge list, line by line; reading it back gives the same network, bit for bit. A neuron without
 * arrows has a row of weight 0 to itself, which is no arrow and holds its place.
 *
 * Units    weight: drive per perturbation, with as many digits as make it the same number again.
 */
export function* edgeLines(network: Network, names: readonly string[] | null): Generator<string> {
  const { neurons, rowStart, source, weight } = network;
  const called = (neuron: number) => (names ? csvField(names[neuron]) : String(neuron));
  const isSource = new Uint8Array(neurons);
  for (const neuron of source) isSource[neuron] = 1;
  yield "source,target,weight";
  for (let target = 0; target < neurons; target++) {
    const [from, to] = [rowStart[target], rowStart[target + 1]];
    if (from === to && !isSource[target]) yield `${called(target)},${called(target)},0`;
    for (let arrow = from; arrow < to; arrow++)
      yield `${called(source[arrow])},${called(target)},${weight[arrow] / one}`;
  }
}
