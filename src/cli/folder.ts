import { accessSync, constants, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { decodeSums } from "../io/sumsFile";
import { parseExperiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { Sums } from "../model/sums";
import { nodeHash } from "./hash";
import { readingFrom, readText } from "./readFile";
import type { Result } from "./result";

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

/**
 * A result that was written with `--out`.
 *
 * Errors   InputError if a file is missing or damaged: which, and how.
 */
export async function readResult(folder: string): Promise<{ result: Result; sums: Sums }> {
  const path = (file: string) => join(folder, file);
  for (const file of [resultFile, sumsFile]) {
    if (!existsSync(path(file)))
      throw new InputError(
        `${path(file)} is not there; allowed: a folder that run or merge wrote with --out` +
          (file === sumsFile ? " (with tiles, --keep-sums)" : ""),
      );
  }
  const text = readText(path(resultFile));
  let result: Result;
  try {
    result = JSON.parse(text);
    result = { ...result, experiment: parseExperiment({ ...result.experiment }) };
  } catch (error) {
    throw new InputError(`${path(resultFile)} is damaged: ${error instanceof Error ? error.message : error}`);
  }
  const sums = readSums(path(sumsFile), result.sumsHash);
  const { from, to } = result.trials ?? {};
  if (sums.trials !== to - from)
    throw new InputError(
      `${path(resultFile)} is damaged: trials ${from} to ${to} are not the ${sums.trials} of its sums`,
    );
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
