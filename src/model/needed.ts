import quantile from "@stdlib/stats-base-dists-normal-quantile";
import { type Design, notebookDesign, trialsTogether } from "./design";
import { type Estimand, rowFacts, shareOfOthers } from "./estimand";
import { InputError } from "./inputError";
import { findArrow, type Network } from "./network";
import {
  type ArmShares,
  armShares,
  armsScatter,
  leastInArm,
  observedSources,
  pairedScatter,
  pairsOf,
} from "./pairs";
import { plan } from "./plan";

/** An arrow is said to stand out when its expected |effect| is so many standard errors. */
export const defaultZ = 3;

/**
 * Trials until an arrow's expected |effect| is z standard errors.
 *
 * Units    trials of the whole run, rounded up to what the design can run, at least 8 in an arm: fewer know too little
 *          of their own scatter for a standard error to mean much.
 * Missing  null: never, because the effect is 0.
 */
function needed(
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

/** Networks like the notebook's: weight 1 / (1.01 · largest singular value), which is near neurons · density. */
const scale = 1.01;

/**
 * Trials until a share of the arrows stands out in random networks of equal weights, without making one.
 *
 * An arrow ends in a row that has it and a binomial number of others. The largest singular value of a random matrix
 * of 0 and 1 is near neurons · density + 1 − density, the mean number of arrows in such a row.
 *
 * Errors   against the networks of NumPy's seed 42: −10 % at 25 neurons, +6 % at 100, +2 % at 400, below 0.1 % at 1,000,
 *          because one singular value is off by that. Trials grow like neurons².
 * Source   Füredi & Komlós (1981) for the singular value.
 */
export function typicalNeeds(
  neurons: number,
  density: number,
  share: number,
  design: Design = notebookDesign,
  z = defaultZ,
): number | null {
  const others = (neurons - 1) * density;
  const deviation = Math.sqrt(others * (1 - density));
  const inDegree = 1 + Math.round(others + (deviation > 0 ? quantile(share, 0, 1) * deviation : 0));
  const count = Math.max(1, Math.min(neurons, inDegree));
  const weight = 1 / (scale * (neurons * density + 1 - density));
  const hiddenPart = partHidden(design);
  const observed = Math.max(1, Math.round(count * (1 - hiddenPart)));
  const groups = [{ weight, share: shareOfOthers(design), count: observed }];
  if (count > observed) groups.push({ weight, share: 0, count: count - observed });
  const { effect, on, off, paired } = rowFacts(groups, design);
  const shares = armShares(design, Math.max(1, Math.round(neurons * (1 - hiddenPart))));
  const scatter = paired.length > 0 ? pairedScatter(paired[0], shares) : armsScatter(on[0], off[0], shares);
  return needed(effect[0], scatter, shares, design, z);
}

const partHidden = ({ hidden }: Design): number =>
  hidden ? hidden.reduce((sum, bit) => sum + bit, 0) / hidden.length : 0;

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
export function bytesFor(
  neurons: number,
  sources: number,
  arrows: number,
  trials: number,
  products: number,
): number | null {
  const limits = { bindingBytes: 2 ** 30, totalBytes: Number.POSITIVE_INFINITY };
  try {
    return plan(neurons, sources, arrows, trials, limits, products).bytes;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
