import { createCpuEngine } from "./engine/cpu/engine";
import { drive } from "./engine/drive";
import type { Run, Watcher } from "./engine/engine";
import { designOf } from "./model/design";
import { type Estimates, estimate } from "./model/estimate";
import { parseExperiment, type Watched } from "./model/experiment";
import { agreementWith } from "./model/summary";
import { keyFrom } from "./model/threefry";
import { defaultBurnIn, defaultChains, laggedCorrelation, timeStepsFor } from "./model/watch";
import { networkOf } from "./network";

/**
 * A network to be watched and to be perturbed.
 *
 * Units    common: part of the noise's variance that all neurons share; hidden: part of the neurons that is not
 *          observed; steps: time steps at which to compare, ascending.
 */
export interface DoSeeQuestion extends Partial<Watched> {
  readonly steps: readonly number[];
}

/**
 * Agreement with the connectivity over all observed pairs: of lagged correlations after so many steps of watching
 * (`see`), and of effects after half as many trials (`do`), since a trial takes two steps.
 *
 * Missing  null where there is nothing to agree with, such as a network without arrows.
 */
export interface DoSee {
  readonly steps: number;
  readonly see: number | null;
  readonly do: number | null;
}

/**
 * What both ways say of every pair.
 *
 * Shapes   seen: lagged correlation, [neurons × neurons], row = target.
 * Missing  NaN where either neuron is hidden or never changes.
 */
export interface DoSeeMatrices {
  readonly seen: Float64Array;
  readonly done: Estimates;
}

export interface DoSeeOptions {
  /** Told each comparison, and what it compares, as soon as it is there. */
  readonly onPoint?: (point: DoSee, matrices: DoSeeMatrices) => void;
  readonly signal?: AbortSignal;
  readonly engine?: Watcher;
  /** Fewer chains watch each for longer; the steps are those of all chains together, rounded up. */
  readonly chains?: number;
}

/**
 * Do against see: how well watching and perturbing find the wiring with the same number of time steps. Time that
 * chains take to forget their start is not counted: it is watching's to choose when to begin.
 *
 * Returns  a point for each number of steps; fewer if the signal stopped it.
 * Errors   InputError for a question that no experiment allows.
 */
export async function doAgainstSee(
  { steps, ...given }: DoSeeQuestion,
  { onPoint, signal, engine = createCpuEngine(), chains = defaultChains }: DoSeeOptions = {},
): Promise<DoSee[]> {
  const experiment = parseExperiment(given);
  const network = networkOf(experiment);
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
  const { common, hidden } = design;
  const watching = await engine.watch({ network, key, common, hidden, chains, burnIn: defaultBurnIn });
  const trials = Math.max(0, ...steps) / 2;
  let doing: Run | null = null;
  const stop = signal ? { signal } : {};
  const points: DoSee[] = [];
  try {
    doing = await engine.open({ network, key, design, sources, trials });
    let time = 0;
    let trial = 0;
    for (const wanted of steps) {
      const timeSteps = timeStepsFor(wanted, { chains, burnIn: defaultBurnIn });
      time = await drive(watching, time, timeSteps, { grain: 1, ...stop });
      trial = await drive(doing, trial, Math.floor(wanted / 2), stop);
      if (signal?.aborted) break;
      const seen = laggedCorrelation(await watching.sums());
      const done = estimate(await doing.sums(), hidden);
      const point = {
        steps: wanted,
        see: agreementWith(seen, sources, network),
        do: agreementWith(done.effect, done.sources, network),
      };
      points.push(point);
      onPoint?.(point, { seen, done });
    }
  } finally {
    watching.release();
    doing?.release();
  }
  return points;
}
