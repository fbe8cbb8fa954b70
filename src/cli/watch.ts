import { drive } from "../engine/drive";
import { hashPieces } from "../io/sha256";
import { encodeWatchSums } from "../io/watchFile";
import { designOf } from "../model/design";
import { detect } from "../model/detection";
import { type EngineKind, type Experiment, type Watched, watchedPart } from "../model/experiment";
import { scoresOf } from "../model/scores";
import { agreementWith } from "../model/summary";
import { keyFrom } from "../model/threefry";
import { checkTimeSteps, laggedCorrelation, timeStepsFor } from "../model/watch";
import { openedOrMade } from "../network";
import { withEngine } from "./engines";
import { nodeHash } from "./hash";
import type { WatchOptions } from "./options";
import { inLines, progressOf, say, withNetworkProgress } from "./report";

/** The JSON of `watch`; the README says what each field means. */
export interface WatchResult {
  readonly experiment: Watched & Pick<Experiment, "engine">;
  readonly engine: EngineKind;
  readonly adapter: string;
  readonly chains: number;
  readonly burnIn: number;
  readonly steps: number;
  readonly seconds: number;
  readonly agreement: number | null;
  readonly auroc: number | null;
  readonly sumsHash: string;
}

/**
 * Watches a network without touching it. Interrupted (Ctrl-C), it keeps what is done.
 *
 * Returns  the result; `cancelled` if it has fewer steps than were asked for.
 */
export async function watch(options: WatchOptions): Promise<{ result: WatchResult; cancelled: boolean }> {
  const { experiment, file: opened, steps, chains, burnIn } = options;
  const timeSteps = timeStepsFor(steps, options);
  checkTimeSteps(options, timeSteps);
  const { network } = withNetworkProgress((tell) => openedOrMade(experiment, opened, tell));
  const key = keyFrom(experiment.seed);
  const { common, hidden } = designOf(experiment, key);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    return await withEngine(experiment.engine, async (engine) => {
      const run = await engine.watch({ network, key, common, hidden, chains, burnIn });
      const progress = progressOf("time steps", 0, timeSteps);
      const start = performance.now();
      const to = await drive(run, 0, timeSteps, {
        grain: 1,
        signal: stop.signal,
        onProgress: progress.at,
      });
      const sums = await run.sums();
      const seconds = (performance.now() - start) / 1000;
      progress.end();
      run.release();
      if (to < timeSteps) say(`Interrupted: ${sums.steps} of ${steps} steps are done.`);
      const effect = laggedCorrelation(sums);
      const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
      const result = {
        experiment: { ...watchedPart(experiment), engine: engine.kind },
        engine: engine.kind,
        adapter: engine.adapter,
        chains,
        burnIn,
        steps: sums.steps,
        seconds,
        agreement: agreementWith(effect, sources, network),
        auroc: detect(scoresOf({ effect, sources }, network))?.roc.area ?? null,
        sumsHash: hashPieces([encodeWatchSums(sums)], nodeHash()),
      };
      return { result, cancelled: to < timeSteps };
    });
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** A result for a person. */
export function describeWatch({ experiment, chains, burnIn, steps, ...result }: WatchResult): string {
  const show = (value: number | null) => (value === null ? "unknown" : value.toFixed(4));
  const count = (value: number) => value.toLocaleString("en");
  return inLines([
    `${experiment.neurons} neurons, seed "${experiment.seed}", nothing set`,
    `${count(steps)} steps in ${count(chains)} chains, after ${count(burnIn)} time steps that do not count`,
    `noise in common ${experiment.common}, hidden neurons ${experiment.hidden}`,
    `${result.engine} engine, ${result.adapter}: ${result.seconds.toFixed(2)} s`,
    `lagged correlation: agreement with the connectivity ${show(result.agreement)}`,
    `area under the ROC ${show(result.auroc)}`,
    `sums ${result.sumsHash}`,
  ]);
}
