import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { version } from "../../package.json";
import { encodeSession, readSession, type Saved } from "../io/sessionFile";
import type { Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { Sums } from "../model/sums";
import { readResult } from "./folder";
import { nodeHash } from "./hash";
import { readingFrom } from "./readFile";
import { writeWhole } from "./write";

/** Trials that were run before, and their sums. */
export interface Begun {
  /** A session's file, or a folder that `run` or `merge` wrote. */
  readonly place: string;
  readonly experiment: Experiment;
  readonly trials: { readonly from: number; readonly to: number };
  readonly sums: Sums;
}

/**
 * What `--resume` names.
 *
 * Errors   InputError if there is nothing, it cannot be read, or it is damaged: what, and how.
 */
export async function readBegun(place: string): Promise<Begun> {
  if (!existsSync(place))
    throw new InputError(
      `--resume is ${JSON.stringify(place)}, but nothing is there; allowed: a session's file, or a folder that run wrote with --out`,
    );
  if (statSync(place).isDirectory()) {
    const { result, sums } = await readResult(place);
    return { place, experiment: result.experiment, trials: result.trials, sums };
  }
  const { head, sums } = readingFrom(place, (read, size) =>
    readSession(read, size, basename(place), nodeHash),
  );
  return { place, experiment: head.experiment, trials: head.trials, sums };
}

/** Errors   InputError if these are not the sources of the experiment: then the sums are of others. */
export function checkSources({ place, sums }: Begun, sources: Uint32Array): void {
  const isSame =
    sums.sources.length === sources.length && sources.every((source, at) => source === sums.sources[at]);
  if (!isSame)
    throw new InputError(
      `${place} holds sums of other sources than those of its experiment; allowed: what run wrote`,
    );
}

/** Writes a session, to go on with here or on the page. */
export function writeSession(path: string, saved: Omit<Saved, "version">, sums: Sums): void {
  writeWhole(path, encodeSession({ version, ...saved }, sums, nodeHash));
}
