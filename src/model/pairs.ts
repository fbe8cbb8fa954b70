import { binomialMean } from "./binomial";
import { type Design, isNotebookDesign, whole } from "./design";
import type { Estimand } from "./estimand";
import type { Network } from "./network";

/**
 * Pairs that are alike: one arrow, or all pairs of a row without one.
 *
 * Units    weight: as network.weight; effect: outcome per perturbation; scatter: outcome², chosen so that the error
 *          of the effect has the variance scatter × `inverseArms`, 4 × scatter / trials nearly.
 */
export type PairVisitor = (count: number, weight: number, effect: number, scatter: number) => void;

/** Parts of all trials in which a given source is at 1 and at 0. */
export interface ArmShares {
  readonly on: number;
  readonly off: number;
}

/** Sources that a run observes: of those asked for, the ones that are not hidden. */
export const observedSources = (sources: Uint32Array, { hidden }: Design): Uint32Array =>
  sources.filter((source) => !hidden?.[source]);

/** `turns`: the observed sources, which `one` and `same-noise` take in turn. */
export function armShares({ kind, probability, share }: Design, turns: number): ArmShares {
  const part = { all: 1, one: 1 / turns, subset: share / whole, "same-noise": 1 / turns }[kind];
  return { on: (part * probability) / whole, off: part * (1 - probability / whole) };
}

/** Scatter, as a PairVisitor is given it, from the variances of the outcome in both arms. */
export const armsScatter = (varianceOn: number, varianceOff: number, { on, off }: ArmShares): number =>
  (varianceOn / on + varianceOff / off) / 4;

/** The same from the variance of a difference of two trials: these pairs are half as many as the trials of a source. */
export const pairedScatter = (variance: number, { on }: ArmShares): number => variance / (4 * on);

/** Walks over all pairs that a run estimates: hidden rows and columns are left out. */
export function pairsOf(network: Network, estimand: Estimand, sources: Uint32Array, design: Design) {
  const { neurons, rowStart, source, weight } = network;
  const { effect, outcomeVariance, arms } = estimand;
  const hidden = design.hidden ?? new Uint8Array(neurons);
  const observed = observedSources(sources, design);
  const { on, off } = armShares(design, observed.length);
  const isColumn = new Uint8Array(neurons);
  for (const column of observed) isColumn[column] = 1;
  const isPaired = design.kind === "same-noise";
  const scatterOf = (arrow: number, target: number): number => {
    if (arms === null) return Math.max(0, outcomeVariance[target] - effect[arrow] ** 2 / 4);
    if (arms.paired) return pairedScatter(arms.paired[arrow], { on, off });
    return armsScatter(arms.on[arrow], arms.off[arrow], { on, off });
  };
  return (visit: PairVisitor) => {
    for (let target = 0; target < neurons; target++) {
      if (hidden[target]) continue;
      let others = observed.length;
      for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
        if (!isColumn[source[arrow]]) continue;
        others--;
        visit(1, weight[arrow], effect[arrow], scatterOf(arrow, target));
      }
      // Without an arrow the two trials of a pair that shares everything are the same.
      if (others > 0)
        visit(
          others,
          0,
          0,
          isPaired ? 0 : armsScatter(outcomeVariance[target], outcomeVariance[target], { on, off }),
        );
    }
  };
}

/** Fewer trials than this in the smaller arm say little of how other designs than the notebook's will err. */
export const leastInArm = 8;

/**
 * The part of an error's variance that all pairs share: 4 / trials and a little more, because arms are random in
 * size; it shows in a large matrix, whose band is narrow.
 *
 * Missing  NaN where there are too few trials to tell: below 2 in the notebook's design, 8 in an arm of others.
 */
export function inverseArms(trials: number, design: Design, turns: number): number {
  const { on, off } = armShares(design, turns);
  const isNotebook = isNotebookDesign(design);
  if (isNotebook ? trials < 2 : trials * Math.min(on, off) < leastInArm - 1e-6) return Number.NaN;
  if (design.kind === "same-noise") return 4 / trials;
  // `one` takes the sources in turn, so only what they are set to is random.
  const inTurn = design.kind === "one";
  const draws = inTurn ? Math.floor(trials / turns) : trials;
  const [partOn, partOff] = inTurn ? [on / (on + off), off / (on + off)] : [on, off];
  const mean = inverseCount(draws, partOn) + inverseCount(draws, partOff);
  return (4 * mean) / (1 / on + 1 / off);
}

/** Mean of 1 / n for n ~ Binomial(draws, part), where 0 < n < draws. */
function inverseCount(draws: number, part: number): number {
  const mean = draws * part;
  const rest = 1 - part;
  if (part === 1) return 1 / draws;
  if (mean > 500) return (1 + rest / mean + (rest * (1 + rest)) / mean ** 2) / mean;
  const sum = binomialMean(draws, (count) => (count === 0 || count === draws ? 0 : 1 / count), part);
  return sum / (1 - rest ** draws - part ** draws);
}
