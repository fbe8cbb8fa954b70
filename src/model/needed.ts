import { type Design, notebookDesign, trialsTogether } from "./design";
import type { Estimand } from "./estimand";
import { InputError } from "./inputError";
import { findArrow, type Network } from "./network";
import { type ArmShares, armShares, leastInArm, observedSources, pairsOf } from "./pairs";
import { plan, type Size } from "./plan";

/** An arrow is said to stand out when its expected |effect| is so many standard errors. */
export const defaultZ = 3;

/**
 * Trials until an arrow's expected |effect| is z standard errors.
 *
 * Units    trials of the whole run, rounded up to what the design can run, at least 8 in an arm: fewer know too little
 *          of their own scatter for a standard error to mean much.
 * Missing  null: never, because the effect is 0.
 */
export function needed(
  effect: number,
  scatter: number,
  shares: ArmShares,
  { kind }: Design,
  z: number,
): number | null {
  if (effect === 0) return null;
  const least = leastInArm / Math.min(shares.on, shares.off);
  const together = trialsTogether(kind);
  return together * Math.ceil(Math.max(least, (4 * scatter * z ** 2) / effect ** 2) / together);
}

/**
 * How many trials a network needs, arrow by arrow.
 *
 * The standard error shrinks like 1 / √trials, so an arrow stands out after z² · variance · trials / effect²; the
 * variance is exact, and so the standard error is only off by how the arms' sizes fall, 1 / trials of itself.
 */
export interface TrialsNeeded {
  /** Arrows between observed neurons. */
  readonly arrows: number;
  /** Trials until this share of the arrows stands out; null: they never do, or there are none. */
  of(share: number): number | null;
}

export function trialsNeeded(
  network: Network,
  estimand: Estimand,
  sources: Uint32Array,
  design: Design = notebookDesign,
  z = defaultZ,
): TrialsNeeded {
  const shares = armShares(design, observedSources(sources, design).length);
  const all: number[] = [];
  pairsOf(
    network,
    estimand,
    sources,
    design,
  )((_, weight, effect, scatter) => {
    if (weight !== 0) all.push(needed(effect, scatter, shares, design, z) ?? Number.POSITIVE_INFINITY);
  });
  const sorted = Float64Array.from(all).sort();
  return {
    arrows: sorted.length,
    of(share) {
      const at = Math.max(0, Math.ceil(share * sorted.length) - 1);
      return sorted.length > 0 && Number.isFinite(sorted[at]) ? sorted[at] : null;
    },
  };
}

/** One arrow: its exact effect and the trials until it stands out. */
export interface ArrowNeeds {
  readonly source: number;
  readonly target: number;
  readonly effect: number;
  readonly trials: number | null;
}

/**
 * Errors   InputError if there is no such arrow between observed neurons, or from none of the sources.
 */
export function arrowNeeds(
  network: Network,
  estimand: Estimand,
  source: number,
  target: number,
  sources: Uint32Array,
  design: Design = notebookDesign,
  z = defaultZ,
): ArrowNeeds {
  const arrow = target < network.neurons ? findArrow(network, target, source) : -1;
  if (arrow < 0) throw new InputError(`there is no arrow ${source}-${target} in this network`);
  if (design.hidden?.[source] || design.hidden?.[target])
    throw new InputError(
      `the arrow ${source}-${target} has a hidden end; allowed: arrows between observed neurons`,
    );
  if (!sources.includes(source))
    throw new InputError(`neuron ${source} is not among the sources; allowed: an arrow from one of them`);
  // A network of this one arrow's row, so that the pairs are walked over in one place.
  const rowStart = network.rowStart.map((start) => (start <= arrow ? 0 : 1));
  const only = {
    neurons: network.neurons,
    rowStart,
    source: network.source.slice(arrow, arrow + 1),
    weight: network.weight.slice(arrow, arrow + 1),
  };
  const pick = (values: Float64Array) => values.slice(arrow, arrow + 1);
  const { arms } = estimand;
  const part: Estimand = {
    ...estimand,
    effect: pick(estimand.effect),
    arms: arms && { off: pick(arms.off), on: pick(arms.on), paired: arms.paired && pick(arms.paired) },
  };
  const trials = trialsNeeded(only, part, sources, design, z).of(1);
  return { source, target, effect: part.effect[0], trials };
}

/**
 * How fast a machine is at the two things that cost.
 *
 * Units    drivesPerSecond: outcomes × (arrows of a row + 30): making the noise of an outcome takes as long as some
 *          thirty arrows; pairUpdatesPerSecond: targets × sources × trials.
 */
export interface Speeds {
  readonly drivesPerSecond: number;
  readonly pairUpdatesPerSecond: number;
}

export const drivesOf = (neurons: number, arrows: number, trials: number): number =>
  trials * (arrows + 30 * neurons);

/** Seconds for so many trials on a machine of such speeds. */
export const secondsFor = (
  neurons: number,
  sources: number,
  arrows: number,
  trials: number,
  { drivesPerSecond, pairUpdatesPerSecond }: Speeds,
): number =>
  drivesOf(neurons, arrows, trials) / drivesPerSecond + (neurons * sources * trials) / pairUpdatesPerSecond;

/**
 * Bytes that an engine of ordinary limits would hold.
 *
 * Missing  null if it would refuse: the results do not fit.
 */
export function bytesFor(size: Size): number | null {
  const limits = { bindingBytes: 2 ** 30, totalBytes: Number.POSITIVE_INFINITY };
  try {
    return plan(size, limits).bytes;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
