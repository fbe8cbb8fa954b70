import { createReadStream, type Stats, statSync } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { type Role, roles } from "../io/columns";
import type { Input } from "../io/input";
import { directions } from "../io/npy";
import { describeFile, type FileNetwork, formats, type ReadOptions, readNetwork } from "../io/readNetwork";
import { scales } from "../io/weigh";
import type { Experiment } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { hasNames, numberNames, numbersByNumber } from "../model/sources";
import { nodeHash } from "./hash";
import { progressOf, say, whyNot } from "./report";

/** How the file of `--network` is to be read. */
export const fileOptions = {
  format: { type: "string" },
  columns: { type: "string" },
  header: { type: "string" },
  negative: { type: "string" },
  direction: { type: "string" },
  scale: { type: "string" },
} as const;

type FileValues = { readonly [name in "network" | keyof typeof fileOptions]?: string };

/** Whether `--network` names a file, not a network that is made. */
export const isFile = (network: string | undefined): network is string =>
  network !== undefined && !network.startsWith("notebook:");

/**
 * The network in the file of `--network`; null if that is none.
 *
 * Errors   InputError: which option, or where in the file; also for an option that only files have.
 */
export async function openFile(values: FileValues): Promise<FileNetwork | null> {
  const { network } = values;
  if (!isFile(network)) {
    const name = (Object.keys(fileOptions) as (keyof typeof fileOptions)[]).find(
      (option) => values[option] !== undefined,
    );
    if (name === undefined) return null;
    throw new InputError(`--${name} is ${values[name]}; allowed where --network is a file`);
  }
  const input = fileInput("network", network);
  const progress = progressOf(`${input.name}: bytes`, 0, input.size);
  const scale = progressOf("scale found, percent", 0, 100);
  const file = await readNetwork(
    input,
    parseReadOptions(values),
    {
      onProgress: (share) => progress.at(Math.round(share * input.size)),
      onScale: (share) => {
        progress.end();
        scale.at(Math.round(100 * share));
      },
    },
    nodeHash(),
  ).finally(() => {
    progress.end();
    scale.end();
  });
  say(describeFile(file));
  return file;
}

/**
 * The file of an option.
 *
 * Errors   InputError if it is not there, or cannot be read.
 */
export function fileInput(option: "network" | "places", path: string): Input {
  const refuse = (why: string) =>
    new InputError(
      `--${option} is ${shown(path)}, but ${why}; allowed: a file${option === "network" ? ", or notebook:N:SEED, such as notebook:6:42" : ""}`,
    );
  return {
    name: basename(path),
    size: sizeOf(path, refuse),
    stream: () =>
      Readable.toWeb(createReadStream(path, { highWaterMark: 2 ** 18 })) as ReadableStream<Uint8Array>,
  };
}

function sizeOf(path: string, refuse: (why: string) => InputError): number {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refuse(`it cannot be read (${whyNot(error)})`);
  }
  if (!found?.isFile()) throw refuse("no such file is there");
  return found.size;
}

/** Errors   InputError if what was run before needs a file for its network that is not there, or needs none. */
export function checkFile(experiment: Experiment, file: FileNetwork | null, before: string): void {
  const isInFile = experiment.network === "file";
  if (isInFile && file === null)
    throw new InputError(
      `the network of ${before} is in the file ${JSON.stringify(experiment.file)}; allowed: --network and that file, with the options it was read with`,
    );
  if (!isInFile && file !== null)
    throw new InputError(
      `--network is ${file.file}, but the network of ${before} is another; allowed: without it`,
    );
}

function parseReadOptions(values: FileValues): ReadOptions {
  const choice = <T extends string>(name: keyof FileValues, choices: readonly T[]): T | undefined => {
    const text = values[name];
    const found = choices.find((one) => one === text);
    if (text !== undefined && found === undefined)
      throw new InputError(`--${name} is ${JSON.stringify(text)}; allowed: ${choices.join(" or ")}`);
    return found;
  };
  const header = choice("header", ["yes", "no"]);
  const all = {
    format: choice("format", formats),
    columns: parseColumns(values.columns),
    header: header && header === "yes",
    negative: values.negative?.split(",").map((name) => name.trim()),
    direction: choice("direction", directions),
    scale: choice("scale", scales),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** `source=from,target=to,weight=3`: by name, or by number from 1. */
function parseColumns(text: string | undefined): ReadOptions["columns"] | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(",").map((part) => {
    const [role, ...name] = part.split("=");
    const column = name.join("=").trim();
    if (!roles.includes(role.trim() as Role) || column === "")
      throw new InputError(
        `--columns is ${JSON.stringify(text)}; allowed: ${roles.join(", ")}, each with = and a column's name or number, such as source=pre,target=post`,
      );
    return [role.trim(), column];
  });
  return Object.fromEntries(pairs);
}

/** Names in a list of sources as the neurons' numbers, see the model's `numberNames`. */
export function sourcesByNumber(sources: string | undefined, file: FileNetwork | null): string | undefined {
  if (sources === undefined || !hasNames(sources)) return sources;
  const numbers = new Map(file?.names?.map((name, number) => [name, number]));
  const numbersOf = file?.names
    ? (names: readonly string[]) => names.map((name) => numbers.get(name) ?? -1)
    : numbersByNumber(file?.network.neurons ?? 0);
  return numberNames(sources, numbersOf, file ? file.file : null);
}
