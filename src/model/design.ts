import { chooseNeurons } from "./choice";
import type { Experiment } from "./experiment";
import { type Key, networkUse } from "./threefry";

/**
 * Which neurons a trial sets, and to what. Before the trial the network takes one free step from rest, so a neuron
 * that the trial leaves alone is spontaneously active: its state is sigmoid(ε), ε ~ N(0, 1), in 255 steps. Then the
 * chosen neurons are set to 0 or 1 at random, the network takes one step, and that is the outcome.
 *
 * all         every neuron is set in every trial: the notebook's design, where the free step leaves no trace
 * one         one source a trial, in turn; all others are left alone
 * subset      each neuron is set with probability `share`, anew in each trial
 * same-noise  as `one`, but trials 2k and 2k + 1 share everything, the noise too, and differ in the source alone: 0,
 *             then 1. No experiment can do that; a simulation can
 */
export type DesignKind = "all" | "one" | "subset" | "same-noise";

export const designKinds = ["all", "one", "subset", "same-noise"] as const satisfies readonly DesignKind[];

/**
 * A design in whole numbers, so that it is the same everywhere.
 *
 * Units    probability, share, common: of `whole`. probability: that a neuron that is set is set to 1; share: that a
 *          neuron is set, in the design `subset`; common: the part of the noise's variance that all neurons share.
 * hidden   [neurons] 1 for neurons that exist but are neither set nor observed; null if there are none.
 */
export interface Design {
  readonly kind: DesignKind;
  readonly probability: number;
  readonly share: number;
  readonly common: number;
  readonly hidden: Uint8Array | null;
}

/** What probabilities are counted in: a probability is rounded to a 65,536th, and the rounded one is what holds. */
export const whole = 65_536;

export const notebookDesign: Design = Object.freeze({
  kind: "all",
  probability: whole / 2,
  share: whole,
  common: 0,
  hidden: null,
});

/** Every neuron is set in every trial, to 1 as often as to 0: sums of one arm and of all trials say everything. */
export const isNotebookDesign = ({ kind, probability, hidden }: Design): boolean =>
  kind === "all" && probability === whole / 2 && hidden === null;

/** Sources take turns: then all of them decide what a trial is. */
export const takesTurns = (kind: DesignKind): boolean => kind === "one" || kind === "same-noise";

/** Trials that belong together: work may be cut between them, and not within. */
export const trialsTogether = (kind: DesignKind): number => (kind === "same-noise" ? 2 : 1);

/** No experiment can do that: the noise of a trial never comes back. */
export const isSimulationOnly = ({ design }: Experiment): boolean => design === "same-noise";

/** What is estimated, as a sentence: the same network has another answer to another question. */
export function estimandInWords({ design, probability, share, hidden }: Experiment): string {
  const percent = (part: number) => `${Number((100 * part).toPrecision(3))} %`;
  const seen = hidden > 0 ? " other seen" : " other";
  const chance = probability === 0.5 || design === "same-noise" ? "" : ` (to 1 in ${percent(probability)})`;
  const others = {
    all: `all${seen} neurons set at random${chance}`,
    one: "all other neurons left alone",
    subset: `${percent(share)} of the${seen} neurons set at random${chance}, the rest left alone`,
    "same-noise":
      "all other neurons left alone and the noise the same in both arms, as only a simulation can do it",
  }[design];
  return `Effect: mean outcome with the source at 1 less that with it at 0, ${others}.`;
}

/** How often a trial sets a neuron while another one is the source that counts: 0…1. */
export function shareSet({ kind, share, hidden }: Design, neuron: number): number {
  if (hidden?.[neuron]) return 0;
  if (kind === "subset") return share / whole;
  return kind === "all" ? 1 : 0;
}

/** The design that an experiment asks for. */
export function designOf(experiment: Experiment, key: Key): Design {
  const { design, probability, share, common, hidden, neurons } = experiment;
  const rounded = (value: number) => Math.round(value * whole);
  return Object.freeze({
    kind: design,
    // The two arms of `same-noise` are the same trial twice, once with the source off and once on.
    probability: design === "same-noise" ? whole / 2 : rounded(probability),
    share: design === "subset" ? rounded(share) : whole,
    common: rounded(common),
    hidden: hiddenNeurons(neurons, hidden, key),
  });
}

/**
 * Chooses the hidden neurons at random.
 *
 * Returns  [neurons] of 0 and 1 with round(neurons × part) ones, but at most all but one; null for none.
 */
export function hiddenNeurons(neurons: number, part: number, key: Key): Uint8Array | null {
  const count = Math.min(neurons - 1, Math.round(neurons * part));
  if (count <= 0) return null;
  return chooseNeurons(neurons, count, networkUse.hidden, key);
}
