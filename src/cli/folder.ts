import { accessSync, constants, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contradiction, type Origin, parseOrigin, refuser, saying } from "../io/origin";
import { hashPieces } from "../io/sha256";
import { decodeSums } from "../io/sumsFile";
import { InputError } from "../model/inputError";
import type { Sums } from "../model/sums";
import { nodeHash } from "./hash";
import { readingFrom, readText } from "./readFile";

// The folder of `--out`: what is in it, and reading it again.

export const resultFile = "result.json";
export const sumsFile = "sums.bin";
export const effectsFile = "effects.csv";
export const matrixFile = "effects.npy";
/** Discoveries of a run in tiles. */
export const edgesFile = "edges.csv";
const readBytes = 2 ** 22;

/**
 * Makes the folder of `--out`, before any work: a run must not be lost for want of a place.
 *
 * Errors   InputError if nothing can be written there.
 */
export function prepareFolder(out: string | null, option = "--out"): void {
  if (out === null) return;
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${option} is ${JSON.stringify(out)}; allowed: a folder that can be written to (${reason})`,
    );
  }
}

/** Removes what another run left in the folder, once these files of this run are there. */
export function removeOthers(folder: string, written: readonly string[]): void {
  for (const file of [sumsFile, effectsFile, matrixFile, edgesFile])
    if (!written.includes(file)) rmSync(join(folder, file), { force: true });
}

/** What is read of a result, to go on with its sums or to add them to others. */
export interface Told extends Origin {
  readonly adapter: string;
  readonly seconds: number;
}

/** SHA-256 that vouches for a result: of all its other fields, in their order, as JSON without spaces. */
export const hashResult = (result: object): string =>
  hashPieces([new TextEncoder().encode(JSON.stringify(result))], nodeHash());

/**
 * What a `result.json` says, if it is as it was written.
 *
 * Errors   InputError, one sentence: that it was changed, or what in it cannot be, and what is allowed.
 */
export function parseResult(text: string, name: string): Told {
  const { result, resultHash, fits } = opened(text, name);
  if (resultHash === undefined)
    throw new InputError(
      `${name} has no resultHash: an earlier version of this program wrote it, or it was changed; ` +
        "allowed: what this version wrote, so run the trials again, or --resume a session that --session saved",
    );
  if (!fits)
    throw new InputError(
      `${name} is damaged: the SHA-256 of its fields is not its resultHash; allowed: a result as it was written`,
    );
  const refuse = refuser(name);
  const { adapter, seconds } = result;
  if (typeof adapter !== "string") throw refuse("adapter", adapter, "a text");
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds < Number.POSITIVE_INFINITY))
    throw refuse("seconds", seconds, "a number from 0");
  return { ...parseOrigin(result, name, 0), adapter, seconds };
}

/** The fields, and whether their hash fits; curves are for drawing, and nothing vouches for them. */
function opened(text: string, name: string) {
  try {
    const read: Record<string, unknown> = JSON.parse(text);
    const { resultHash, roc: _, precisionRecall: __, ...result } = read;
    return { result, resultHash, fits: resultHash === hashResult(result) };
  } catch {
    throw new InputError(`${name} is damaged: it is no JSON of a result; allowed: one as it was written`);
  }
}

/**
 * A result that was written with `--out`.
 *
 * Errors   InputError if a file is missing or damaged, or they contradict each other: which, and how.
 */
export async function readResult(folder: string): Promise<{ result: Told; sums: Sums }> {
  const path = (file: string) => join(folder, file);
  for (const file of [resultFile, sumsFile]) {
    if (!existsSync(path(file)))
      throw new InputError(
        `${path(file)} is not there; allowed: a folder that run or merge wrote with --out` +
          (file === sumsFile ? " (with tiles, --keep-sums)" : ""),
      );
  }
  const result = parseResult(readText(path(resultFile)), path(resultFile));
  const sums = readSums(path(sumsFile), result.sumsHash);
  const wrong = saying(folder, () => contradiction(result, sums));
  if (wrong !== null) throw new InputError(`${folder} contradicts itself: ${wrong}`);
  return { result, sums };
}

/** Errors   InputError if its SHA-256 is not `sumsHash`, or it holds no sums. */
const readSums = (file: string, sumsHash: string): Sums =>
  readingFrom(file, (read, size) => {
    const hash = nodeHash();
    for (let at = 0; at < size; at += readBytes) hash.add(read(at, Math.min(readBytes, size - at)));
    if (hash.hex() !== sumsHash)
      throw new InputError(
        `${file} is damaged: its SHA-256 is not the sumsHash of ${resultFile}; allowed: sums as they were written`,
      );
    return decodeSums(read, size, file);
  });
