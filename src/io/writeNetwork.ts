import type { Network } from "../model/network";
import { one } from "../model/network";
import type { Places } from "../model/places";
import { rowReader } from "../model/rows";
import { edgeLines } from "./edgesCsv";
import { graphLines } from "./graphml";
import { matrixBytes } from "./npy";
import type { Format } from "./readNetwork";

/**
 * A network as a file, piece by piece: an edge list, a matrix with rows as targets, or a graph. Reading it back gives
 * the same network, bit for bit; a matrix has no names, and a graph alone has places.
 *
 * Units    weight: drive per perturbation.
 * Errors   InputError if a matrix would be too large, see matrixBytes.
 */
export function networkBytes(
  format: Format,
  network: Network,
  names: readonly string[] | null,
  places: Places | null = null,
): Generator<Uint8Array<ArrayBuffer>> {
  if (format === "csv") return linesInPieces(edgeLines(network, names));
  if (format === "graphml") return linesInPieces(graphLines(network, names, places));
  const weights = rowReader(network, network.weight);
  return matrixBytes(network.neurons, network.neurons, (target) =>
    weights(target).map((weight) => weight / one),
  );
}

/** Lines as UTF-8, some ten thousand characters at a time. */
export function* linesInPieces(lines: Iterable<string>): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 65_536) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}
