import { type Detection, detect } from "./detection";
import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import {
  type Confidence,
  type Discoveries,
  defaultConfidence,
  discover,
  halfWidthsOf,
  isDiscovery,
  pValue,
} from "./inference";
import type { Network } from "./network";
import { spearman } from "./ranks";
import { rowReader } from "./rows";
import { scoresOf } from "./scores";

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
  if (estimates.targets !== network.neurons)
    throw new RangeError(
      `estimates of ${estimates.targets} targets do not fit a network of ${network.neurons} neurons`,
    );
  const halfWidths = halfWidthsOf(estimates, level);
  const halfWidth = halfWidths.reduce((least, one) => (one < least ? one : least), Number.POSITIVE_INFINITY);
  const discoveries = discover(estimates, rate);
  const counts = count(estimates, network, estimand, halfWidths, discoveries);
  const scores = scoresOf(estimates, network);
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    spearman: spearman(scores),
    detection: detect(scores),
    interval: {
      level,
      halfWidth: Number.isFinite(halfWidth) ? halfWidth : null,
      coverage: share(counts.covered, counts.arrows + counts.others),
    },
    falsePositives: {
      level,
      pairs: counts.others,
      count: counts.positive,
      share: share(counts.positive, counts.others),
    },
    discoveries: {
      ...discoveries,
      true: counts.claimedArrows,
      false: discoveries.claimed - counts.claimedArrows,
      missed: counts.arrows - counts.claimedArrows,
      falseShare: share(discoveries.claimed - counts.claimedArrows, discoveries.claimed),
    },
  };
}

/** Counts over the pairs that have an effect and a standard error. */
function count(
  { sources, targets, effect, standardError, freedom }: Estimates,
  network: Network,
  estimand: Estimand,
  halfWidths: Float64Array,
  discoveries: Discoveries,
) {
  const exactRow = rowReader(network, estimand.effect);
  const weightRow = rowReader(network, network.weight);
  const counts = { arrows: 0, others: 0, covered: 0, positive: 0, claimedArrows: 0 };
  for (let target = 0, pair = 0; target < targets; target++) {
    const exact = exactRow(target);
    const weight = weightRow(target);
    for (let column = 0; column < sources.length; column++, pair++) {
      const reach = halfWidths[column] * standardError[pair];
      if (Number.isNaN(effect[pair]) || Number.isNaN(reach)) continue;
      const source = sources[column];
      if (Math.abs(effect[pair] - exact[source]) <= reach) counts.covered++;
      if (weight[source] === 0) {
        counts.others++;
        if (Math.abs(effect[pair]) > reach) counts.positive++;
      } else {
        counts.arrows++;
        const p = pValue(effect[pair], standardError[pair], freedom[column]);
        if (isDiscovery(discoveries, p)) counts.claimedArrows++;
      }
    }
  }
  return counts;
}
