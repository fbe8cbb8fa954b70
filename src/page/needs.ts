import { numbersOf } from "../engine/words";
import { type Design, isNotebookDesign } from "../model/design";
import type { Estimand } from "../model/estimand";
import type { Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import { arrowNeeds, bytesFor, secondsFor, trialsNeeded } from "../model/needed";
import { arrows, findArrow, type Network } from "../model/network";
import { typicalNeeds, typicalOf } from "../model/typical";

/**
 * What trials cost, to be divided by what a run is measured to do: an outcome as much as some thirty arrows, a pair
 * as much as an arrow. Rough, since every machine is better at one of them.
 */
export const evenSpeeds = { drivesPerSecond: 1, pairUpdatesPerSecond: 1 };

/** A network of another size under the same rules. */
export interface SizeNeeds {
  readonly neurons: number;
  /** Trials until 95 % of the arrows stand out; null: they never do. */
  readonly trials: number | null;
  /** What they take: work, see workPerTrial, and bytes of an engine, null if it would refuse. */
  readonly work: number;
  readonly bytes: number | null;
}

/**
 * Trials until arrows stand out, in the experiment's network and design.
 *
 * Missing  null: they never do, or there are none.
 */
export interface Needs {
  readonly z: number;
  readonly arrows: number;
  readonly half: number | null;
  readonly most: number | null;
  readonly all: number | null;
  /** In units of their own: a run's speed in trials says how many of them the machine does in a second. */
  readonly workPerTrial: number;
  /** Memory for the trials until 95 % stand out; null if an engine would refuse. */
  readonly bytes: number | null;
  readonly curve: readonly SizeNeeds[];
}

/** Trials until one pair stands out, or why there are none: "no arrow". */
export interface PairNeed {
  readonly trials: number | null;
  readonly reason: string;
}

/** What is asked about. */
export interface Planned {
  readonly experiment: Experiment;
  readonly network: Network;
  readonly names: readonly string[] | null;
  readonly estimand: Estimand;
  readonly sources: Uint32Array;
  readonly design: Design;
}

const curveNeurons = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;
export function needsOf({ experiment, network, estimand, sources, design }: Planned, z: number): Needs {
  const needed = trialsNeeded(network, estimand, sources, design, z);
  const { products } = numbersOf(isNotebookDesign(design), design.kind);
  const work = (neurons: number, columns: number, among: number, trials: number) =>
    secondsFor(neurons, columns, among, trials, evenSpeeds);
  return {
    z,
    arrows: needed.arrows,
    half: needed.of(0.5),
    most: needed.of(0.95),
    all: needed.of(1),
    bytes: bytesFor({
      ...{ neurons: network.neurons, sources: sources.length, arrows: arrows(network) },
      ...{ trials: needed.of(0.95) ?? 0, products },
    }),
    workPerTrial: work(network.neurons, sources.length, arrows(network), 1),
    curve: curveNeurons.flatMap((neurons) => {
      const typical = typicalOf(experiment, neurons, network);
      if (typical === null) return [];
      const trials = typicalNeeds(typical, 0.95, design, z);
      const among = neurons * typical.arrows;
      return {
        neurons,
        trials,
        work: work(neurons, neurons, among, trials ?? 0),
        bytes: bytesFor({ neurons, sources: neurons, arrows: among, trials: trials ?? 0, products }),
      };
    }),
  };
}

export function pairNeed(
  { network, estimand, sources, design }: Planned,
  z: number,
  source: number,
  target: number,
): PairNeed {
  try {
    const { trials } = arrowNeeds(network, estimand, source, target, sources, design, z);
    return { trials, reason: trials === null ? "never: its effect is 0" : "" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (findArrow(network, target, source) < 0) return { trials: null, reason: "never: there is no arrow" };
    const isHidden = design.hidden?.[source] || design.hidden?.[target];
    return {
      trials: null,
      reason: isHidden ? "never: one end is hidden" : `never: neuron ${source} is none of the sources`,
    };
  }
}
