import { InputError } from "./inputError";
import { mostLaneTrials } from "./threefry";

/**
 * What every kernel is told about its piece of work: a range of trials × a range of
 * targets. Mirrors `struct Params` in shaders/lib/params.wgsl, name by name.
 *
 * Trials live on a grid of words that starts at trialBase, a multiple of 64, so that
 * a word holds the same trials wherever a chunk begins; trials outside
 * trialFrom…trialTo − 1 are masked to nothing.
 */
export interface Params {
  readonly key0: number;
  readonly key1: number;
  readonly neurons: number;
  readonly sources: number;
  readonly targetFrom: number;
  readonly targets: number;
  /** First target of the tile of pair sums that the kernel is given. */
  readonly tileFrom: number;
  readonly trialBase: number;
  readonly trialFrom: number;
  readonly trialTo: number;
  /** Words of 32 trials from trialBase on; even, since a block of 64 is drawn at once. */
  readonly words: number;
  /** Which use of the noise's draws, see `lane`: 0 the step of a trial, 1 the free step before it, 2 a watched network. */
  readonly noiseUse: number;
  /** 1: every state is 0 before the step, and no states are read. */
  readonly fromRest: number;
  /** 1: trials 2k and 2k + 1 share their draws. */
  readonly pairs: number;
  /** Noise = privatePart · private + commonPart · common; 65,536ths. */
  readonly privatePart: number;
  readonly commonPart: number;
  /** Which neurons a trial sets, see shaders/choose.wgsl: 0 all, 1 one, 2 subset, 3 one with the same noise. */
  readonly design: number;
  /** That a neuron that is set is set to 1; that it is set, in a subset; 65,536ths. */
  readonly probability: number;
  readonly share: number;
  /** How many sources take turns. */
  readonly turns: number;
}

/** How the noise of a step is drawn. */
export type Draws = Pick<Params, "noiseUse" | "fromRest" | "pairs" | "privatePart" | "commonPart">;

/** The step of a trial with noise of each neuron's own, as in the notebook. */
export const ownNoise: Draws = {
  noiseUse: 0,
  fromRest: 0,
  pairs: 0,
  privatePart: 65_536,
  commonPart: 0,
};

/** Every neuron is set in every trial, to 1 as often as to 0. */
export const everyNeuronSet: Pick<Params, "design" | "probability" | "share" | "turns"> = {
  design: 0,
  probability: 32_768,
  share: 65_536,
  turns: 1,
};

/**
 * Noise of which a part is common to all neurons: √(1 − c) · private + √c · common, of variance 1 as before.
 *
 * Units    common: the part c of the variance; all in 65,536ths. The roots are rounded to them, which changes the
 *          variance by less than 1 / 32,768.
 */
export const noiseParts = (common: number): Pick<Draws, "privatePart" | "commonPart"> => ({
  privatePart: Math.round(256 * Math.sqrt(65_536 - common)),
  commonPart: Math.round(256 * Math.sqrt(common)),
});

/**
 * Where a chunk of trials lies on the grid of words.
 *
 * Errors   InputError past the last trial that has draws of its own, see `lane`.
 */
export function trialGrid(
  from: number,
  to: number,
): Pick<Params, "trialBase" | "trialFrom" | "trialTo" | "words"> {
  if (to > mostLaneTrials)
    throw new InputError(
      `trials ${from.toLocaleString("en")} to ${to.toLocaleString("en")}; allowed: up to ${mostLaneTrials.toLocaleString("en")}, where random numbers would begin again`,
    );
  const trialBase = from - (from % 64);
  return { trialBase, trialFrom: from, trialTo: to, words: 2 * Math.ceil((to - trialBase) / 64) };
}

/** The trials of one word that count: bit t is set if trial `first + t` lies in the chunk. */
export function trialMask(params: Params, first: number): number {
  const from = Math.max(params.trialFrom - first, 0);
  const to = Math.min(params.trialTo - first, 32);
  if (from >= 32 || to <= from) return 0;
  const below = (bits: number) => (bits === 32 ? -1 : (1 << bits) - 1);
  return (below(to) & ~below(from)) >>> 0;
}
