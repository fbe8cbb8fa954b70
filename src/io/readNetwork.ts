import { InputError } from "../model/inputError";
import { arrows, type Network } from "../model/network";
import type { Places } from "../model/places";
import { type EdgeListOptions, readEdgeList } from "./edgeList";
import { type GraphOptions, readGraph } from "./graphml";
import type { Input, Reading } from "./input";
import { hashNetwork } from "./networkHash";
import { type MatrixOptions, readMatrix } from "./npy";
import type { Hash } from "./sha256";
import { type Scale, weigh } from "./weigh";

/** A network and what its neurons are called; null where they have no names but their numbers. */
export interface NamedNetwork {
  readonly network: Network;
  readonly names: readonly string[] | null;
}

/** A network out of a file. */
export interface FileNetwork extends NamedNetwork {
  /** The file's name, without folders. */
  readonly file: string;
  /** Names network and names, see hashNetwork. */
  readonly hash: string;
  readonly rows: number;
  /** Arrows that were added to one between the same two neurons. */
  readonly added: number;
  /** Arrows that are left out because their weight rounds to 0. */
  readonly vanished: number;
  readonly scale: Scale;
  /** What the file's weights were multiplied by. */
  readonly factor: number;
  /** How the file was understood, for a person. */
  readonly understood: string;
  /** Where its neurons are; null where nobody says so. */
  readonly places: Places | null;
}

export const formats = ["csv", "npy", "graphml"] as const;
export type Format = (typeof formats)[number];

export interface ReadOptions extends EdgeListOptions, MatrixOptions, GraphOptions {
  /** Without it, by the end of the file's name. */
  readonly format?: Format;
}

const endings: Record<string, Format> = {
  ...{ csv: "csv", tsv: "csv", txt: "csv", edges: "csv" },
  ...{ npy: "npy", graphml: "graphml", xml: "graphml" },
};

/**
 * The format of a file, by the end of its name.
 *
 * Errors   InputError if it has another.
 */
export function formatOf(name: string): Format {
  const ending = /\.([a-z]+)(\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? "";
  if (Object.hasOwn(endings, ending)) return endings[ending];
  throw new InputError(
    `${name} ends in none of ${Object.keys(endings)
      .map((known) => `.${known}`)
      .join(", ")}; allowed: these, with .gz after it or not, or say the format: ${formats.join(" or ")}`,
  );
}

/**
 * A network from a file: an edge list, a matrix or a graph. Whole or not at all.
 *
 * Errors   InputError: file, row and column, what is there and what is allowed; the signal's reason when it is aborted.
 */
export async function readNetwork(
  input: Input,
  options: ReadOptions = {},
  reading?: Reading,
  hashing?: Hash,
): Promise<FileNetwork> {
  const format = options.format ?? formatOf(input.name);
  const read = { csv: readEdgeList, npy: readMatrix, graphml: readGraph }[format];
  const { weighted, names, rows, scale, understood, places = null } = await read(input, options, reading);
  reading?.signal?.throwIfAborted();
  const { added } = weighted;
  const { network, factor, vanished } = weigh(weighted, scale, input.name, names, reading?.onScale);
  const hash = hashNetwork(network, names, hashing);
  return { file: input.name, network, names, hash, rows, added, vanished, scale, factor, understood, places };
}

/** What was read, in one line for a person. */
export function describeFile({
  file,
  network,
  rows,
  added,
  vanished,
  factor,
  understood,
}: FileNetwork): string {
  const count = (value: number) => value.toLocaleString("en");
  return [
    `${file}: ${count(network.neurons)} neurons, ${count(arrows(network))} arrows from ${count(rows)} entries`,
    understood,
    ...(added > 0 ? [`${count(added)} added to others between the same neurons`] : []),
    ...(vanished > 0 ? [`${count(vanished)} left out, whose weights round to 0`] : []),
    factor === 1 ? "weights as given" : `weights times ${factor.toPrecision(4)}`,
  ].join("; ");
}
