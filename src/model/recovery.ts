import { type Detection, detect } from "./detection";
import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import {
  type Confidence,
  type Discoveries,
  defaultConfidence,
  discover,
  isDiscovery,
  pValue,
} from "./inference";
import { Judge } from "./judge";
import type { Network } from "./network";
import { spearman } from "./ranks";
import { type Scores, scoresOf } from "./scores";

/**
 * How well the wiring comes out of the estimates, at a chosen level and rate; self-connections included.
 *
 * Units    shares of 1; counts of pairs.
 * Missing  null where nothing can be said; pairs with an empty arm or a hidden neuron are left out of all.
 */
export interface Recovery {
  /** Rank correlation of the effects with the weights. */
  readonly spearman: number | null;
  readonly detection: Detection | null;
  readonly interval: {
    readonly level: number;
    /** Standard errors each way, of the column whose errors are known best; null where none is. */
    readonly halfWidth: number | null;
    /** Share of pairs whose interval holds the exact effect; `level` is expected. */
    readonly coverage: number | null;
  };
  readonly falsePositives: {
    readonly level: number;
    /** Pairs without an arrow, */
    readonly pairs: number;
    /** those of them whose interval leaves out 0, that is p < 1 − level, */
    readonly count: number;
    /** and their share; 1 − level is expected. */
    readonly share: number | null;
  };
  readonly discoveries: JudgedDiscoveries;
}

/** Discoveries beside the truth. */
export interface JudgedDiscoveries extends Discoveries {
  /** Discoveries that are arrows, that are not, and arrows that are no discovery. */
  readonly true: number;
  readonly false: number;
  readonly missed: number;
  /** Share of the discoveries that are false; on average at most `rate` is expected. Null without a discovery. */
  readonly falseShare: number | null;
}

/**
 * The measures that take a sort: seconds for 4,096 × 4,096 pairs. See `summarise` for the cheaper ones.
 *
 * Errors   RangeError if estimates and network differ in targets.
 */
export function recover(
  estimates: Estimates,
  network: Network,
  estimand: Estimand,
  { level, rate }: Confidence = defaultConfidence,
): Recovery {
  const judge = new Judge(network, estimand, level);
  judge.add(estimates);
  const discoveries = discover(estimates, rate);
  const claimedArrows = countClaimedArrows(estimates, network, discoveries);
  return recoveryOf(judge, scoresOf(estimates, network), level, discoveries, claimedArrows);
}

/** The measures out of what was counted; those that compare ranks are null without `scores`. */
export function recoveryOf(
  judge: Judge,
  scores: Scores | null,
  level: number,
  discoveries: Discoveries,
  claimedArrows: number,
): Recovery {
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    spearman: scores && spearman(scores),
    detection: scores && detect(scores),
    interval: { level, halfWidth: judge.halfWidth, coverage: share(judge.covered, judge.tested) },
    falsePositives: {
      level,
      pairs: judge.others,
      count: judge.positive,
      share: share(judge.positive, judge.others),
    },
    discoveries: {
      ...discoveries,
      true: claimedArrows,
      false: discoveries.claimed - claimedArrows,
      missed: judge.arrows - claimedArrows,
      falseShare: share(discoveries.claimed - claimedArrows, discoveries.claimed),
    },
  };
}

function countClaimedArrows(
  { sources, effect, standardError, freedom }: Estimates,
  { neurons, rowStart, source, weight }: Network,
  discoveries: Discoveries,
): number {
  const columnOf = new Int32Array(neurons).fill(-1);
  for (const [column, neuron] of sources.entries()) columnOf[neuron] = column;
  let claimed = 0;
  for (let target = 0; target < neurons; target++) {
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
      const column = columnOf[source[arrow]];
      if (column < 0 || weight[arrow] === 0) continue;
      const pair = target * sources.length + column;
      if (isDiscovery(discoveries, pValue(effect[pair], standardError[pair], freedom[column]))) claimed++;
    }
  }
  return claimed;
}
