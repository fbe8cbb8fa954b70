import type { Estimand } from "../model/estimand";
import { certaintyOf, type Estimates } from "../model/estimate";
import type { Network } from "../model/network";
import { summarise } from "../model/summary";
import type { ArrowList } from "../view/arrowList";
import { pool } from "../view/pixels";
import type { Picture } from "./desk";

/** Networks up to this size show every pair as an arrow, however faint. */
const allPairs = 32;

/** Certainty, in standard errors, from which a pair of a larger network is drawn as an arrow. */
export const standsOut = 3;

/** What the pictures need of estimates. */
export function pictureOf(
  estimates: Estimates,
  network: Network,
  estimand: Estimand,
  mostArrows: number,
): Picture {
  const { trials, freedom, effect, standardError } = estimates;
  return {
    trials,
    freedom,
    summary: summarise(estimates, network, estimand),
    effects: pool(estimates, effect, standardError),
    ...chooseArrows(estimates, mostArrows),
  };
}

/**
 * The arrows worth drawing, the most certain last (on top): all pairs of a small network,
 * else the `most` most certain of those that stand out.
 *
 * Missing  pairs without an effect or a standard error are no arrows yet.
 */
export function chooseArrows(estimates: Estimates, most: number): { arrows: ArrowList; candidates: number } {
  const { effect, standardError, targets, sources, freedom } = estimates;
  const least = targets <= allPairs ? 0 : standsOut;
  const certainty = new Float32Array(effect.length);
  let candidates = 0;
  for (let pair = 0; pair < effect.length; pair++) {
    const ratio = certaintyOf(Math.abs(effect[pair]) / standardError[pair], freedom[pair % sources.length]);
    // A target that never moves has 0 / 0: nothing is known to act on it.
    certainty[pair] = Number.isNaN(ratio) ? -1 : Math.min(ratio, 1e6);
    if (certainty[pair] >= least) candidates++;
  }
  const bar = candidates > most ? cutoff(certainty, least, most) : least;
  const chosen = new Uint32Array(Math.min(candidates, most));
  let found = 0;
  for (let pair = 0; pair < certainty.length && found < chosen.length; pair++)
    if (certainty[pair] >= bar) chosen[found++] = pair;
  const order = chosen.subarray(0, found).sort((a, b) => certainty[a] - certainty[b]);
  const arrows: ArrowList = {
    source: order.map((pair) => sources[pair % sources.length]),
    target: order.map((pair) => Math.floor(pair / sources.length)),
    effect: Float32Array.from(order, (pair) => effect[pair]),
    certainty: Float32Array.from(order, (pair) => certainty[pair]),
  };
  return { arrows, candidates };
}

/** A certainty that about `most` pairs reach, from a histogram: a sort of 16 million takes seconds. */
function cutoff(certainty: Float32Array, least: number, most: number): number {
  const bins = 4096;
  const counts = new Uint32Array(bins);
  const bin = (value: number) => Math.min(bins - 1, Math.floor(64 * Math.log2(1 + value - least) * 4));
  for (const value of certainty) if (value >= least) counts[bin(value)]++;
  let total = 0;
  let at = bins;
  while (at > 0 && total + counts[at - 1] <= most) total += counts[--at];
  return least + 2 ** (at / 256) - 1;
}
