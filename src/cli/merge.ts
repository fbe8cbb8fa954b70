import { columnsOf } from "../io/origin";
import type { FileNetwork, NamedNetwork } from "../io/readNetwork";
import { takesTurns } from "../model/design";
import { decisive, type Experiment, parameters } from "../model/experiment";
import type { Confidence } from "../model/inference";
import { InputError } from "../model/inputError";
import { listOf, sourcesAhead, sourcesInWords } from "../model/sources";
import { addSums, joinSums, type Sums } from "../model/sums";
import { type NetworkProgress, openedOrMade } from "../network";
import { checkFile } from "./file";
import { prepareFolder, readResult } from "./folder";
import { unknownMemory } from "./memory";
import { withNetworkProgress } from "./report";
import { conclude, type Result } from "./result";

type Part = Awaited<ReturnType<typeof readResult>> & { readonly folder: string };

/**
 * What parts of one experiment must share, of what decides anything in it; they may differ in trials, in sources, in the
 * engine that ran them and in the name of the same file.
 */
const identity = ({ result }: Part) => {
  const { trials: _, engine: __, sources: ___, file: ____, ...experiment } = decisive(result.experiment);
  return JSON.stringify(experiment);
};

const shared = <T>(values: readonly T[]): T | null =>
  values.every((value) => value === values[0]) ? values[0] : null;

/**
 * Adds the sums of parts of one experiment: the same as if all trials had been run at once. Parts of different sources
 * stand side by side.
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
  const parts: Part[] = [];
  for (const folder of folders) parts.push({ folder, ...(await readResult(folder)) });
  for (const part of parts)
    if (identity(part) !== identity(parts[0]))
      throw new InputError(
        `${part.folder} and ${parts[0].folder} are of different experiments; allowed: the same in all but trials, sources and engine`,
      );
  const bySources = new Map<string, Part[]>();
  for (const part of parts) {
    const key = part.sums.sources.join();
    bySources.set(key, [...(bySources.get(key) ?? []), part]);
  }
  const columns = [...bySources.values()].map(inOrder);
  const [first] = columns;
  const { from } = first[0].result.trials;
  const { to } = first[first.length - 1].result.trials;
  const sums = sideBySide(columns, from, to);
  const engine = shared(parts.map(({ result }) => result.engine));
  const { experiment } = first[0].result;
  const provenance = {
    experiment: {
      ...experiment,
      ...(columns.length > 1 ? { sources: joinedInWords(sums) } : {}),
      trials: to,
      engine: engine ?? experiment.engine,
    },
    engine,
    adapter: [...new Set(parts.map(({ result }) => result.adapter))].join(", "),
    trials: { from, to },
    resumedAt: null,
    seconds: parts.reduce((seconds, { result }) => seconds + result.seconds, 0),
    memory: unknownMemory(),
    tiles: null,
  };
  const named = withNetworkProgress((tell) => networkFor(experiment, file, tell));
  return conclude(provenance, named, sums, confidence, out);
}

/** All sources of the parts; where that takes more words than fit, these are among `all`. */
function joinedInWords({ sources, targets }: Sums): string {
  const words = sourcesInWords(sources, targets);
  return words.length <= parameters.sources.maxLength ? words : "all";
}

/** Parts of the same sources, by their trials: none twice, none left out. */
function inOrder(parts: readonly Part[]): Part[] {
  const sorted = [...parts].sort((a, b) => a.result.trials.from - b.result.trials.from);
  for (const [index, part] of sorted.entries()) {
    if (index === 0) continue;
    const before = sorted[index - 1];
    const [end, start] = [before.result.trials.to, part.result.trials.from];
    if (start < end)
      throw new InputError(
        `${before.folder} and ${part.folder} both hold trial ${start}; allowed: each trial once`,
      );
    if (start > end)
      throw new InputError(
        `${before.folder} ends before trial ${end} and ${part.folder} starts at ${start}; allowed: no trials left out`,
      );
    if (turnsOf(before) !== turnsOf(part))
      throw new InputError(
        `${before.folder} and ${part.folder} are of trials in which different sources take turns; ` +
          `allowed with --design ${part.result.experiment.design}: the same, as in one run`,
      );
  }
  return sorted;
}

/** Which sources take turns and so decide the trials: more than there are sums of, if tiles were interrupted. */
function turnsOf({ result: { experiment }, sums }: Part): string {
  const { design, sources, neurons } = experiment;
  if (!takesTurns(design)) return "";
  const isWhole = sums.sources.length === columnsOf(experiment);
  const turns = isWhole ? sums.sources : sourcesAhead(sources, neurons);
  return turns ? listOf(turns) : sources;
}

/** All sources of the trials from…to − 1; each inner list holds the same sources. */
function sideBySide(columns: readonly Part[][], from: number, to: number): Sums {
  const seen = new Map<number, string>();
  for (const parts of columns) {
    const { folder, result, sums } = parts[0];
    const end = parts[parts.length - 1].result.trials.to;
    if (result.trials.from !== from || end !== to)
      throw new InputError(
        `${folder} is of trials ${result.trials.from} to ${end}, ${columns[0][0].folder} of ${from} to ${to}, and of other sources; allowed: the same trials for all sources`,
      );
    for (const source of sums.sources) {
      const other = seen.get(source);
      if (other !== undefined)
        throw new InputError(
          `${other} and ${folder} both hold source ${source}, among others that differ; allowed: each source once`,
        );
      seen.set(source, folder);
    }
  }
  const added = columns.map((parts) => parts.map(({ sums }) => sums).reduce(addSums));
  if (added.length === 1) return added[0];
  try {
    return joinSums(added);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { design } = columns[0][0].result.experiment;
    throw new InputError(
      `the parts are of different trials, although their numbers are the same; allowed with --design ${design}: ` +
        "parts of the same sources, since which sources take turns decides the trials",
    );
  }
}

function networkFor(experiment: Experiment, file: FileNetwork | null, tell: NetworkProgress): NamedNetwork {
  checkFile(experiment, file, "these parts");
  return openedOrMade(experiment, file, tell);
}
