import { type Connectivity, type Raster, simulate, simulatePerturbed } from "../model/dynamics";
import { createConnectivity } from "./connectivity";
import { correlationEstimate, differenceInMeans, trialsOf } from "./estimates";
import { LegacyRandom } from "./mt19937";
import { centred, correlation, mean } from "./statistics";

/** What the notebook's cells leave open; its own values are the defaults. */
export interface NotebookOptions {
  readonly neurons: number;
  /** Of the network and of both kinds of dynamics; the two-neuron trial has its own. */
  readonly seed: number;
  readonly timesteps: number;
  /** The neuron whose effects are estimated first. */
  readonly selected: number;
}

export const notebookDefaults: NotebookOptions = { neurons: 6, seed: 42, timesteps: 5000, selected: 1 };

/**
 * Exercise 1, a randomised controlled trial of B = A + ε.
 *
 * Shapes   on, off: B [trials] with A at 1 and at 0.
 */
export interface TwoNeuronTrial {
  readonly on: Float64Array;
  readonly off: Float64Array;
  readonly differenceInMeans: number;
}

/**
 * All that the notebook computes, in its order.
 *
 * Shapes   matrices [neurons × neurons], row = target, column = source (the notebook's own R is the transpose);
 *          effect [neurons], by target.
 * Units    effects and differences: outcome (0…1) per perturbation.
 * Missing  NaN: an effect with an empty arm, a correlation of numbers that are all equal or of which one is NaN.
 */
export interface NotebookReplay extends NotebookOptions {
  readonly twoNeurons: TwoNeuronTrial;
  readonly connectivity: Connectivity;
  /** Of the connectivity before it was scaled. */
  readonly largestSingularValue: number;
  /** Section 2. */
  readonly standard: Raster;
  /** Section 3.1. */
  readonly perturbed: Raster;
  /** Section 3.2: the selected neuron's column. */
  readonly single: {
    readonly source: number;
    readonly raster: Raster;
    readonly effect: Float64Array;
    readonly agreement: number;
  };
  /** Section 3.2: all neurons at once. */
  readonly all: {
    readonly raster: Raster;
    readonly correlationEstimate: Float64Array;
    readonly agreement: number;
    readonly differenceInMeans: Float64Array;
    readonly differenceInMeansAgreement: number;
  };
}

/** Told how far a replay has come: first its time steps, then the columns of its matrices. */
export type ReplayProgress = (what: "time steps" | "sources", done: number, of: number) => void;

/** Exercise 1. A = 1 is drawn first: the other order does not give the notebook's 0.990719. */
export function twoNeuronTrial(trials = 5000, seed = 12): TwoNeuronTrial {
  const random = new LegacyRandom(seed);
  const neuronB = (a: number) => Float64Array.from({ length: trials }, () => a + random.normal());
  const on = neuronB(1);
  const off = neuronB(0);
  return { on, off, differenceInMeans: mean(on) - mean(off) };
}

/**
 * The notebook's cells from top to bottom, out of NumPy's own stream, which runs on from cell to cell.
 *
 * Networks and perturbations are NumPy's, number for number. Activities and what follows from them agree to within
 * 1e-14: exp and log may differ in their last bit. A seed that draws no arrow gives a network of weight 0, where
 * the notebook divides 0 by 0; a random perturbation then has no effect, and no agreement can be told.
 *
 * Errors   RangeError for a seed that is not 32 bits.
 */
export function replayNotebook(
  options: NotebookOptions = notebookDefaults,
  onProgress: ReplayProgress = () => {},
): NotebookReplay {
  const { neurons, seed, timesteps, selected } = options;
  const total = 4 * (timesteps - 1);
  let steps = 0;
  const onStep = () => onProgress("time steps", ++steps, total);

  const twoNeurons = twoNeuronTrial();
  // The stream after create_connectivity waits for the cell "all neurons", which calls it again with this seed.
  const {
    wiring,
    weight,
    largestSingularValue,
    random: afterConnectivity,
  } = createConnectivity(neurons, seed);
  const connectivity = { ...wiring, weight: new Float64Array(wiring.source.length).fill(weight) };

  // simulate_neurons seeds anew; the next two simulations go on where it ends.
  const random = new LegacyRandom(seed);
  const standard = simulate(connectivity, timesteps, random, onStep);
  const perturbed = simulatePerturbed(connectivity, timesteps, random, onStep);
  const forOne = simulatePerturbed(connectivity, timesteps, random, onStep);
  const forAll = simulatePerturbed(connectivity, timesteps, afterConnectivity, onStep);

  const dense = denseOf(connectivity);
  const agreement = (effects: Float64Array) => correlation(centred(dense), centred(effects));
  const effect = differenceInMeans(trialsOf(forOne), selected);
  const column = dense.filter((_, pair) => pair % neurons === selected);

  const trials = trialsOf(forAll);
  const correlations = correlationEstimate(trials);
  const estimate = new Float64Array(neurons * neurons);
  const difference = new Float64Array(neurons * neurons);
  for (let source = 0; source < neurons; source++) {
    setColumn(estimate, source, correlations(source));
    setColumn(difference, source, differenceInMeans(trials, source));
    onProgress("sources", source + 1, neurons);
  }
  return {
    ...options,
    twoNeurons,
    connectivity,
    largestSingularValue,
    standard,
    perturbed,
    single: {
      source: selected,
      raster: forOne,
      effect,
      agreement: correlation(centred(column), centred(effect)),
    },
    all: {
      raster: forAll,
      correlationEstimate: estimate,
      agreement: agreement(estimate),
      differenceInMeans: difference,
      differenceInMeansAgreement: agreement(difference),
    },
  };
}

/** Every pair's weight, [target × source]; 0 where there is no arrow. */
export function denseOf({ neurons, rowStart, source, weight }: Connectivity): Float64Array {
  const dense = new Float64Array(neurons * neurons);
  for (let target = 0; target < neurons; target++) {
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++)
      dense[target * neurons + source[arrow]] = weight[arrow];
  }
  return dense;
}

function setColumn(matrix: Float64Array, column: number, values: Float64Array): void {
  for (let row = 0; row < values.length; row++) matrix[row * values.length + column] = values[row];
}
