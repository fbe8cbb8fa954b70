import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvLines } from "../io/effectsCsv";
import { decodeSums, encodeSums, hashBytes } from "../io/sumsFile";
import { exactEffect } from "../model/estimand";
import { estimate } from "../model/estimate";
import { type EngineKind, type Experiment, parseExperiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { Network } from "../model/network";
import { summarise } from "../model/summary";
import type { Sums } from "../model/sums";

/** How sums came about; what the parts of a merge disagree on is null. */
export interface Provenance {
  readonly experiment: Experiment;
  readonly engine: EngineKind | null;
  readonly adapter: string;
  readonly trials: { readonly from: number; readonly to: number };
  /** Trials and sums only, no start-up. */
  readonly seconds: number;
}

/** The JSON of `run` and `merge`; the README says what each field means. */
export interface Result extends Provenance {
  readonly sources: number;
  readonly targets: number;
  readonly pairUpdatesPerSecond: number;
  readonly agreement: number | null;
  readonly rmsError: number | null;
  readonly coverage95: number | null;
  readonly auroc: number | null;
  readonly missing: number;
  readonly sumsHash: string;
}

/** A line a pair; larger results are for a program to read out of the sums. */
const effectsFile = "effects.csv";
const mostLines = 1_000_000;
const sumsFile = "sums.bin";
const resultFile = "result.json";

/** Estimates from sums, their summary, and the hash that names them; written to `out` if it is given. */
export async function conclude(
  from: Provenance,
  network: Network,
  sums: Sums,
  out: string | null,
): Promise<Result> {
  const bytes = encodeSums(sums);
  const pairs = sums.targets * sums.sources.length;
  const estimand = exactEffect(network);
  const estimates = estimate(sums);
  const result: Result = {
    ...from,
    sources: sums.sources.length,
    targets: sums.targets,
    pairUpdatesPerSecond: (pairs * sums.trials) / from.seconds,
    ...summarise(estimates, network, estimand),
    sumsHash: await hashBytes(bytes),
  };
  if (out !== null) {
    writeFileSync(join(out, sumsFile), bytes);
    if (pairs <= mostLines)
      writeFileSync(join(out, effectsFile), `${[...csvLines(estimates, network, estimand)].join("\n")}\n`);
    writeFileSync(join(out, resultFile), `${JSON.stringify(result, null, 2)}\n`);
  }
  return result;
}

/**
 * Makes the folder of `--out`, before any work: a run must not be lost for want of a place.
 *
 * Errors   InputError if nothing can be written there.
 */
export function prepareFolder(out: string | null): void {
  if (out === null) return;
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `--out is ${JSON.stringify(out)}; allowed: a folder that can be written to (${reason})`,
    );
  }
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
        `${path(file)} is not there; allowed: a folder that run or merge wrote with --out`,
      );
  }
  let result: Result;
  try {
    result = JSON.parse(readFileSync(path(resultFile), "utf8"));
    result = { ...result, experiment: parseExperiment({ ...result.experiment }) };
  } catch (error) {
    throw new InputError(`${path(resultFile)} is damaged: ${error instanceof Error ? error.message : error}`);
  }
  const bytes = new Uint8Array(readFileSync(path(sumsFile)));
  if ((await hashBytes(bytes)) !== result.sumsHash)
    throw new InputError(`${path(sumsFile)} is damaged: its SHA-256 is not the sumsHash of ${resultFile}`);
  const sums = decodeSums(bytes, path(sumsFile));
  const { from, to } = result.trials ?? {};
  if (sums.trials !== to - from)
    throw new InputError(
      `${path(resultFile)} is damaged: trials ${from} to ${to} are not the ${sums.trials} of its sums`,
    );
  return { result, sums };
}

/** A result for a person. */
export function describe(result: Result): string {
  const { experiment, trials } = result;
  const show = (value: number | null, digits: number) => (value === null ? "unknown" : value.toFixed(digits));
  const name =
    experiment.network === "notebook"
      ? `notebook network, NumPy seed ${experiment.networkSeed}`
      : `random network, density ${experiment.density}`;
  return [
    `${experiment.neurons} neurons (${name}), seed "${experiment.seed}"`,
    `trials ${trials.from} to ${trials.to}, ${result.sources} sources × ${result.targets} targets`,
    `${result.engine ?? "gpu and cpu"} engine, ${result.adapter}: ${result.seconds.toFixed(2)} s, ` +
      `${(result.pairUpdatesPerSecond / 1e9).toFixed(3)} billion pair-updates per second`,
    `agreement with the connectivity ${show(result.agreement, 4)}`,
    `RMS error against the exact effect ${show(result.rmsError, 5)} (outcome per perturbation)`,
    `95 % intervals cover the exact effect in ${show(result.coverage95, 4)} of the pairs`,
    `area under the ROC ${show(result.auroc, 4)}, missing pairs ${result.missing}`,
    `sums ${result.sumsHash}`,
  ].join("\n");
}
