import type { FileNetwork, NamedNetwork } from "../io/readNetwork";
import type { Experiment } from "../model/experiment";
import type { Confidence } from "../model/inference";
import { InputError } from "../model/inputError";
import { addSums } from "../model/sums";
import { type NetworkProgress, openedOrMade } from "../network";
import { unknownMemory } from "./memory";
import { withNetworkProgress } from "./report";
import { conclude, prepareFolder, type Result, readResult } from "./result";

/**
 * What parts of one experiment must share; they may differ in trials, in the engine that ran them, in the words that
 * chose the same sources and in the name of the same file.
 */
const identity = ({ result, sums }: Awaited<ReturnType<typeof readResult>>) => {
  const { trials: _, engine: __, sources: ___, file: ____, ...experiment } = result.experiment;
  return JSON.stringify([experiment, [...sums.sources]]);
};

const shared = <T>(values: readonly T[]): T | null =>
  values.every((value) => value === values[0]) ? values[0] : null;

/**
 * Adds the sums of parts of one experiment: the same as if all trials had been run at once.
 *
 * Errors   InputError if the parts belong to different experiments, overlap, or leave trials out; if their network is in a
 *          file, and this is not it.
 */
export async function merge(
  folders: readonly string[],
  confidence: Confidence,
  file: FileNetwork | null,
  out: string | null,
): Promise<Result> {
  if (folders.length === 0)
    throw new InputError("merge was given no folder; allowed: one or more that run wrote with --out");
  prepareFolder(out);
  const parts = [];
  for (const folder of folders) parts.push({ folder, ...(await readResult(folder)) });
  parts.sort((a, b) => a.result.trials.from - b.result.trials.from);
  for (const [index, part] of parts.entries()) {
    if (index === 0) continue;
    const before = parts[index - 1];
    if (identity(part) !== identity(before))
      throw new InputError(
        `${part.folder} and ${before.folder} are of different experiments; allowed: the same in all but trials and engine`,
      );
    const [end, start] = [before.result.trials.to, part.result.trials.from];
    if (start < end)
      throw new InputError(
        `${before.folder} and ${part.folder} both hold trial ${start}; allowed: each trial once`,
      );
    if (start > end)
      throw new InputError(
        `${before.folder} ends before trial ${end} and ${part.folder} starts at ${start}; allowed: no trials left out`,
      );
  }
  const first = parts[0].result;
  const last = parts[parts.length - 1].result;
  const sums = parts.map((part) => part.sums).reduce(addSums);
  const engine = shared(parts.map(({ result }) => result.engine));
  const provenance = {
    experiment: { ...first.experiment, trials: last.trials.to, engine: engine ?? first.experiment.engine },
    engine,
    adapter: [...new Set(parts.map(({ result }) => result.adapter))].join(", "),
    trials: { from: first.trials.from, to: last.trials.to },
    seconds: parts.reduce((seconds, { result }) => seconds + result.seconds, 0),
    memory: unknownMemory(),
    tiles: null,
  };
  const named = withNetworkProgress((tell) => networkFor(first.experiment, file, tell));
  return conclude(provenance, named, sums, confidence, out);
}

function networkFor(experiment: Experiment, file: FileNetwork | null, tell: NetworkProgress): NamedNetwork {
  const isInFile = experiment.network === "file";
  if (isInFile && file === null)
    throw new InputError(
      `the network of these parts is in the file ${JSON.stringify(experiment.file)}; allowed: --network and that file, with the options it was read with`,
    );
  if (!isInFile && file !== null)
    throw new InputError(
      `--network is ${file.file}, but these parts are of another network; allowed: without it`,
    );
  return openedOrMade(experiment, file, tell);
}
