import { cpuLimits } from "../engine/cpu/limits";
import { numbersOf } from "../engine/words";
import { sizeOfSums } from "../io/sumsFile";
import type { Experiment } from "../model/experiment";
import { secondsFor } from "../model/needed";
import { forecast as forecastRun } from "../model/plan";
import { countSources } from "../model/sources";
import { arrowsExpected, scalingSteps } from "../network";
import type { ViewOptions } from "../ui/state";
import { evenSpeeds } from "./needs";
import { openedFile } from "./openedFile";
import { mostByForces } from "./wired";

/**
 * What a run will hold and cost, before anything of it is made.
 *
 * Units    bytes: at most, of all threads together; work: of all trials, in units of its own, see evenSpeeds: a run's
 *          speed in trials says how many of them the machine does in a second; scaling: arrows gone through, by one
 *          thread, to find the scale of the weights.
 */
export interface Forecast {
  readonly targets: number;
  readonly sources: number;
  readonly arrows: number;
  readonly bytes: number;
  readonly work: number;
  readonly scaling: number;
}

/** How neurons are laid out, as a person or a link says. */
export type LayoutChoice = ViewOptions["layout"];

/** Source and weight on three threads, the list by source, exact effects on two of them; variances of arms on one. */
const bytesPerArrow = 3 * 8 + 8 + 2 * 8;
/** Where rows and columns begin; moments of an outcome; a place in the graph. */
const bytesPerNeuron = 64;

/** A neuron's name: a text in the worker, and its bytes on the page. */
const bytesPerName = 80;

/** Tables, and what pictures of any size hold. */
const fixedBytes = 16 * 2 ** 20;

/** Errors   InputError, with what would fit, if the experiment does not; likewise if its parameters do not go together. */
export function forecast(experiment: Experiment): Forecast {
  const { neurons, trials } = experiment;
  const opened = experiment.network === "file" ? openedFile(experiment) : null;
  const arrows = opened?.arrows ?? arrowsExpected(experiment);
  const sources = countSources(experiment.sources, neurons, hiddenOf(experiment));
  const numbers = numbersFor(experiment);
  // An adapter may have less room, and says so when it is opened.
  const run = forecastRun({ neurons, sources, arrows, trials, ...numbers }, cpuLimits);
  return {
    targets: neurons,
    sources,
    arrows,
    bytes:
      fixedBytes +
      run.engine +
      run.results +
      (bytesPerArrow + 8 * numbers.variances) * arrows +
      (bytesPerNeuron + (opened ? bytesPerName : 0)) * neurons,
    work: secondsFor(neurons, sources, arrows, trials, evenSpeeds),
    scaling: 2 * arrows * scalingSteps(experiment),
  };
}

const hiddenOf = ({ neurons, hidden }: Experiment) => Math.min(neurons - 1, Math.round(neurons * hidden));

/** Bytes of its sums, as they are saved. */
export const sumsBytes = (experiment: Experiment, { sources, targets }: Forecast): number =>
  sizeOfSums(sources, targets, !isPlain(experiment));

/** What its design adds to a run's size. */
export const numbersFor = (experiment: Experiment) => numbersOf(isPlain(experiment), experiment.design);

const isPlain = (experiment: Experiment): boolean =>
  experiment.design === "all" && experiment.probability === 0.5 && hiddenOf(experiment) === 0;

/**
 * What finding places by forces takes besides, while it goes on: arrows both ways in the studio and on its GPU, or,
 * in small networks, the springs and bodies of ngraph.forcelayout, as measured in Node.
 */
export const forceBytes = ({ targets, arrows }: Forecast): number =>
  targets <= mostByForces ? 110 * arrows + 800 * targets : 20 * arrows + 72 * targets;

/** What a run holds at most, with the layout if that is found by forces. */
export const mostBytes = (run: Forecast, layout: LayoutChoice): number =>
  run.bytes + (layout === "force" ? forceBytes(run) : 0);
