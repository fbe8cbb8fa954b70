import type { Estimand } from "../model/estimand";
import { certaintyOf, type Estimates, ratioFor } from "../model/estimate";
import type { Network } from "../model/network";
import { judged } from "../model/summary";
import type { ArrowList } from "../view/arrowList";
import { allCells, type Cells, pool } from "../view/pixels";
import type { Effects, Judgement, Picture } from "./desk";

/** Networks up to this size show every pair as an arrow, however faint. */
const allPairs = 32;

/** Certainty, in standard errors, from which a pair of a larger network is drawn as an arrow. */
export const standsOut = 3;

/** What the pictures need of estimates. */
export const pictureOf = (
  estimates: Estimates,
  network: Network,
  estimand: Estimand,
  mostArrows: number,
): Picture => ({ ...effectsOf(estimates), ...judgementOf(estimates, network, estimand, mostArrows) });

/** What is seen of them first. */
export function effectsOf(estimates: Estimates, cells: Cells = allCells): Effects {
  const { trials, freedom, effect, standardError } = estimates;
  return { trials, freedom, effects: pool(estimates, effect, standardError, cells) };
}

/** What takes longer. */
export const judgementOf = (
  estimates: Estimates,
  network: Network,
  estimand: Estimand,
  mostArrows: number,
): Judgement => ({
  summary: judged(estimates, network, estimand),
  ...chooseArrows(estimates, mostArrows),
});

/**
 * The arrows worth drawing, the most certain last (on top): all pairs of a small network,
 * else the `most` most certain of those that stand out.
 *
 * Missing  pairs without an effect or a standard error are no arrows yet.
 */
export function chooseArrows(estimates: Estimates, most: number): ChosenArrows {
  const { effect, targets, sources } = estimates;
  const least = targets <= allPairs ? 0 : standsOut;
  const eachCandidate = candidatesOf(estimates, least);
  const counts = new Uint32Array(bins);
  let candidates = 0;
  eachCandidate((_, certainty) => {
    counts[binOf(certainty - least)]++;
    candidates++;
  });
  const bar = candidates > most ? cutoff(counts, least, most) : least;
  const chosen = new Uint32Array(Math.min(candidates, most));
  const certainties = new Float32Array(chosen.length);
  let found = 0;
  eachCandidate((pair, certainty) => {
    if (certainty < bar || found === chosen.length) return;
    certainties[found] = certainty;
    chosen[found++] = pair;
  });
  const order = Uint32Array.from({ length: found }, (_, at) => at).sort(
    (a, b) => certainties[a] - certainties[b],
  );
  const pairs = order.map((at) => chosen[at]);
  const arrows: ArrowList = {
    source: pairs.map((pair) => sources[pair % sources.length]),
    target: pairs.map((pair) => Math.floor(pair / sources.length)),
    effect: Float32Array.from(pairs, (pair) => effect[pair]),
    certainty: Float32Array.from(order, (at) => certainties[at]),
  };
  return { arrows, candidates, strongest: strongestOf(estimates, pairs.slice(-mostStrongest).reverse()) };
}

export interface ChosenArrows {
  readonly arrows: ArrowList;
  /** Pairs that could have been drawn as arrows: all of a small network, else the certain ones. */
  readonly candidates: number;
  /** The most certain pairs, the first of them the most. */
  readonly strongest: readonly StrongPair[];
}

export interface StrongPair {
  readonly source: number;
  readonly target: number;
  readonly effect: number;
  readonly standardError: number;
}

/** Rows of a table that a person reads. */
const mostStrongest = 20;

const strongestOf = ({ effect, standardError, sources }: Estimates, pairs: Uint32Array): StrongPair[] =>
  Array.from(pairs, (pair) => ({
    source: sources[pair % sources.length],
    target: Math.floor(pair / sources.length),
    effect: effect[pair],
    standardError: standardError[pair],
  }));

/** Walks over the pairs whose certainty is at least so large; most fall at a comparison, before it is worked out. */
function candidatesOf({ effect, standardError, freedom }: Estimates, least: number) {
  const columns = freedom.length;
  const cuts = freedom.map((one) => (1 - 1e-6) * ratioFor(least, one));
  return (visit: (pair: number, certainty: number) => void) => {
    for (
      let pair = 0, column = 0;
      pair < effect.length;
      pair++, column = column + 1 === columns ? 0 : column + 1
    ) {
      const size = Math.abs(effect[pair]);
      if (!(size >= cuts[column] * standardError[pair])) continue;
      // A target that never moves has 0 / 0: nothing is known to act on it.
      const certainty = Math.fround(certaintyOf(size / standardError[pair], freedom[column]));
      if (certainty >= least) visit(pair, Math.min(certainty, 1e6));
    }
  };
}

/** Certainties above the least are counted in so many bins. */
const bins = 8192;
const binOf = (above: number) => Math.min(bins - 1, Math.floor(256 * Math.log2(1 + above)));

/** A certainty that about `most` pairs reach, from how many are in each bin: a sort of 16 million takes seconds. */
function cutoff(counts: Uint32Array, least: number, most: number): number {
  let total = 0;
  let at = bins;
  while (at > 0 && total + counts[at - 1] <= most) total += counts[--at];
  // More of equal certainty than there is room for: the first of them.
  if (total === 0) at--;
  return least + 2 ** (at / 256) - 1;
}
