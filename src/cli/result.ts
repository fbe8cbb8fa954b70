import { join } from "node:path";
import { version } from "../../package.json";
import { csvLines } from "../io/effectsCsv";
import { matrixBytes, mostEntries } from "../io/npy";
import type { NamedNetwork } from "../io/readNetwork";
import { encodeSums, hashSums } from "../io/sumsFile";
import { linesInPieces } from "../io/writeNetwork";
import { designOf, estimandInWords, isSimulationOnly } from "../model/design";
import { type Estimates, estimate } from "../model/estimate";
import type { EngineKind, Experiment } from "../model/experiment";
import type { Confidence } from "../model/inference";
import { type JudgedDiscoveries, type Recovery, recover } from "../model/recovery";
import { type Summary, summarise } from "../model/summary";
import type { Sums } from "../model/sums";
import { keyFrom } from "../model/threefry";
import { networkInWords } from "../model/wiring/inWords";
import { effectsFile, hashResult, matrixFile, removeOthers, resultFile, sumsFile } from "./folder";
import { nodeHash } from "./hash";
import { inMiB, type Memory, peakMemory } from "./memory";
import { exactEffectWithProgress, inLines } from "./report";
import { type Writing, writeTogether } from "./write";

/** How sums came about; what the parts of a merge disagree on is null. */
export interface Provenance {
  readonly experiment: Experiment;
  readonly engine: EngineKind | null;
  readonly adapter: string;
  readonly trials: { readonly from: number; readonly to: number };
  /** The trial that a run went on with which was begun before; null if it was not. */
  readonly resumedAt: number | null;
  /** Trials and sums only, no start-up; of those since then. */
  readonly seconds: number;
  readonly memory: Memory;
  /** null where all sources were done at once. */
  readonly tiles: Tiles | null;
}

/** Sources of a tile; tiles that are done, of how many. */
export interface Tiles {
  readonly sources: number;
  readonly done: number;
  readonly of: number;
}

/** The JSON of `run` and `merge`; the README says what each field means. */
export interface Result extends Provenance {
  /** Of the lab. */
  readonly version: string;
  readonly estimand: string;
  readonly simulationOnly: boolean;
  readonly sources: number;
  readonly targets: number;
  readonly pairUpdatesPerSecond: number;
  readonly agreement: number | null;
  readonly rmsError: number | null;
  readonly coverage95: number | null;
  readonly auroc: number | null;
  readonly missing: number;
  readonly hidden: readonly number[];
  readonly spearman: number | null;
  readonly auprc: number | null;
  readonly interval: Recovery["interval"];
  readonly falsePositives: Recovery["falsePositives"];
  readonly discoveries: JudgedDiscoveries;
  readonly sumsHash: string;
  readonly resultHash: string;
}

/** What `result.json` has besides: curves to draw, null without arrows or without other pairs. */
interface Curves {
  readonly roc: {
    readonly falsePositiveRate: readonly number[];
    readonly truePositiveRate: readonly number[];
  } | null;
  readonly precisionRecall: {
    readonly recall: readonly number[];
    readonly precision: readonly number[];
  } | null;
}

/** A line a pair; larger results are for a program to read out of the sums. */
const mostLines = 1_000_000;

/**
 * Estimates from sums, their summary, and the hash that names them; written to `out` if it is given, whole or
 * not at all.
 */
export async function conclude(
  from: Provenance,
  { network, names }: NamedNetwork,
  sums: Sums,
  confidence: Confidence,
  out: string | null,
): Promise<Result> {
  const pairs = sums.targets * sums.sources.length;
  const { experiment } = from;
  const design = designOf(experiment, keyFrom(experiment.seed));
  const estimand = exactEffectWithProgress(network, design);
  const estimates = estimate(sums, design.hidden);
  const recovery = recover(estimates, network, estimand, confidence);
  const result = resultOf(from, {
    sources: sums.sources.length,
    targets: sums.targets,
    summary: summarise(estimates, network, estimand),
    recovery,
    sumsHash: hashSums(sums, nodeHash()),
  });
  if (out === null) return result;
  const files: Record<string, Writing["pieces"]> = {
    [sumsFile]: encodeSums(sums),
    ...(pairs <= mostLines && {
      [effectsFile]: linesInPieces(csvLines(estimates, network, estimand, confidence, names)),
    }),
    ...(pairs <= mostEntries && { [matrixFile]: effectBytes(estimates) }),
    [resultFile]: [resultText(result, recovery)],
  };
  writeTogether(Object.entries(files).map(([file, pieces]) => ({ path: join(out, file), pieces })));
  removeOthers(out, Object.keys(files));
  return result;
}

/** What was found, put into words of JSON. */
export function resultOf(
  from: Provenance,
  found: {
    readonly sources: number;
    readonly targets: number;
    readonly summary: Summary;
    readonly recovery: Recovery;
    readonly sumsHash: string;
  },
): Result {
  const { experiment, trials, resumedAt } = from;
  const { sources, targets, summary, recovery, sumsHash } = found;
  const { hidden } = designOf(experiment, keyFrom(experiment.seed));
  const result = {
    version,
    ...from,
    estimand: estimandInWords(experiment),
    simulationOnly: isSimulationOnly(experiment),
    ...{ sources, targets },
    pairUpdatesPerSecond: (sources * targets * (trials.to - (resumedAt ?? trials.from))) / from.seconds,
    ...summary,
    hidden: [...(hidden ?? []).keys()].filter((neuron) => hidden?.[neuron]),
    ...inJson(recovery),
    sumsHash,
    memory: { ...from.memory, peak: peakMemory() },
  };
  return { ...result, resultHash: hashResult(result) };
}

/** What `result.json` holds. */
export const resultText = (result: Result, recovery: Recovery): string =>
  `${JSON.stringify({ ...result, ...curvesOf(recovery) }, null, 2)}\n`;

/** The effects as a matrix for NumPy, row = target; NaN where one is missing. */
const effectBytes = ({ targets, sources, effect }: Estimates) =>
  matrixBytes(targets, sources.length, (target) =>
    effect.subarray(target * sources.length, (target + 1) * sources.length),
  );

function inJson({ spearman, detection, interval, falsePositives, discoveries }: Recovery) {
  return {
    spearman,
    auprc: detection?.precisionRecall.area ?? null,
    interval,
    falsePositives,
    discoveries,
  };
}

function curvesOf({ detection }: Recovery): Curves {
  if (!detection) return { roc: null, precisionRecall: null };
  // Curves are for drawing; six digits are a thousandth of a pixel.
  const rounded = (values: Float64Array) => Array.from(values, (value) => Math.round(value * 1e6) / 1e6);
  const { roc, precisionRecall } = detection;
  return {
    roc: {
      falsePositiveRate: rounded(roc.falsePositiveRate),
      truePositiveRate: rounded(roc.truePositiveRate),
    },
    precisionRecall: {
      recall: rounded(precisionRecall.recall),
      precision: rounded(precisionRecall.precision),
    },
  };
}

/** A result for a person. */
export function describe(result: Result): string {
  const { experiment, trials, interval, falsePositives, discoveries } = result;
  const show = (value: number | null, digits: number) => (value === null ? "unknown" : value.toFixed(digits));
  const percent = (share: number) => `${Number((100 * share).toPrecision(12))} %`;
  return inLines([
    `${experiment.neurons} neurons (${networkInWords(experiment)}), seed "${experiment.seed}"`,
    result.estimand,
    `trials ${trials.from} to ${trials.to}, ${result.sources} sources × ${result.targets} targets` +
      (result.tiles
        ? `, ${result.tiles.done} of ${result.tiles.of} tiles of ${result.tiles.sources} sources`
        : ""),
    `${result.engine ?? "gpu and cpu"} engine, ${result.adapter}: ${result.seconds.toFixed(2)} s, ` +
      `${(result.pairUpdatesPerSecond / 1e9).toFixed(3)} billion pair-updates per second`,
    `agreement with the connectivity ${show(result.agreement, 4)}, by ranks ${show(result.spearman, 4)}`,
    `RMS error against the exact effect ${show(result.rmsError, 5)} (outcome per perturbation)`,
    `${percent(interval.level)} intervals cover the exact effect in ${show(interval.coverage, 4)} of the pairs, ` +
      `and leave out 0 in ${show(falsePositives.share, 4)} of those without an arrow`,
    `${discoveries.claimed} discoveries at a rate of ${percent(discoveries.rate)}: ` +
      `${discoveries.true} arrows, ${discoveries.false} false; ${discoveries.missed} arrows missed`,
    `area under the ROC ${show(result.auroc, 4)}, under precision and recall ${show(result.auprc, 4)}, ` +
      `missing pairs ${result.missing}`,
    ...(result.memory.forecast === null
      ? []
      : [`memory ${inMiB(result.memory.peak)} at most, ${inMiB(result.memory.forecast)} were forecast`]),
    `sums ${result.sumsHash}`,
  ]);
}
