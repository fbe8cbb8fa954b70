import { createCpuEngine } from "../engine/cpu/engine";
import { sumsOf } from "../engine/drive";
import { normal } from "../model/activate";
import { connectivityOf, type Randomness, type Raster, simulate, simulatePerturbed } from "../model/dynamics";
import { type Estimand, exactEffect } from "../model/estimand";
import { correlationEstimate, estimate } from "../model/estimate";
import type { Experiment } from "../model/experiment";
import { arrows, findArrow, type Network, weightOf } from "../model/network";
import { agreementWith } from "../model/summary";
import { normalTable } from "../model/tables";
import { type Key, keyFrom, threefry2x32 } from "../model/threefry";
import { networkOf } from "../network";
import { trialsOf } from "../replay/estimates";
import { notebookDefaults, replayNotebook, twoNeuronTrial } from "../replay/notebook";
import type { Picture } from "./desk";
import { pictureOf } from "./digest";

/** Where a lesson's numbers come from: NumPy's own stream, or the lab's own generator and engine. */
export type LessonSource = "numpy" | "fresh";

export interface LessonRequest {
  readonly source: LessonSource;
  readonly experiment: Experiment;
  /** Time steps of the notebook: two a trial. */
  readonly timesteps: number;
  /** The neuron that lesson 4 perturbs. */
  readonly selected: number;
}

/** A matrix of estimates with its errors, row = target, column = source; NaN = missing. */
export interface LessonEstimates {
  readonly effect: Float64Array;
  readonly standardError: Float64Array;
  readonly agreement: number | null;
}

/**
 * Everything the notebook's cells show, from either source.
 *
 * Shapes   matrices [neurons × neurons], row = target, column = source; two neurons: B [trials] by arm.
 * Units    effects: outcome (0…1) per perturbation; weight: drive per perturbation.
 */
export interface LessonData {
  readonly request: LessonRequest;
  readonly neurons: number;
  readonly arrows: number;
  readonly trials: number;
  readonly twoNeurons: { readonly on: Float64Array; readonly off: Float64Array };
  readonly weight: Float64Array;
  readonly exact: Float64Array;
  /** Correlation of the exact effects with the weights: what even perfect estimates would reach. */
  readonly exactAgreement: number | null;
  /** Standard deviation of a typical outcome. */
  readonly noise: number;
  readonly standard: Raster;
  readonly perturbed: Raster;
  /** From one neuron to every other: its column alone, as lesson 4 has it. */
  readonly single: LessonEstimates;
  readonly all: LessonEstimates;
  /** The notebook's correlation estimate R of all pairs. */
  readonly correlation: { readonly effect: Float64Array; readonly agreement: number | null };
  /** `all`, as the graph and the matrices show it. */
  readonly picture: Picture;
}

/** Lessons show small networks, whose pairs are all drawn. */
const mostArrows = 2000;

/** The numbers of all lessons at once: for six neurons they take a blink. */
export async function lessonData(request: LessonRequest): Promise<LessonData> {
  return request.source === "numpy" ? fromNumpy(request) : fromTrials(request);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Every pair of a value that arrows alone have. */
function dense(network: Network, of: (arrow: number) => number): Float64Array {
  const { neurons } = network;
  return Float64Array.from({ length: neurons * neurons }, (_, pair) => {
    const arrow = findArrow(network, Math.floor(pair / neurons), pair % neurons);
    return arrow < 0 ? 0 : of(arrow);
  });
}

/** What is known of a network without a single trial. */
function known(network: Network, estimand: Estimand) {
  const { neurons } = network;
  const exact = dense(network, (arrow) => estimand.effect[arrow]);
  const variance = estimand.outcomeVariance.reduce((sum, of) => sum + of, 0) / neurons;
  return {
    neurons,
    arrows: arrows(network),
    exact,
    exactAgreement: agreementWith(exact, everyNeuron(neurons), network),
    noise: Math.sqrt(variance),
  };
}

const everyNeuron = (neurons: number): Uint32Array =>
  Uint32Array.from({ length: neurons }, (_, neuron) => neuron);

const columnOf = (matrix: Float64Array, neurons: number, column: number): Float64Array =>
  Float64Array.from({ length: neurons }, (_, row) => matrix[row * neurons + column]);

function fromNumpy(request: LessonRequest): LessonData {
  const { experiment, timesteps, selected } = request;
  const { neurons, networkSeed } = experiment;
  const notebook = replayNotebook({ ...notebookDefaults, neurons, seed: networkSeed, timesteps, selected });
  const network = networkOf(experiment);
  const estimand = exactEffect(network);
  const trials = Math.floor(timesteps / 2);
  const { on, off } = trials > 2500 ? twoNeuronTrial(2 * trials) : notebook.twoNeurons;
  const effect = notebook.all.differenceInMeans;
  const standardError = standardErrors(notebook.all.raster);
  const sources = everyNeuron(neurons);
  return {
    request,
    ...known(network, estimand),
    trials,
    // The notebook draws 5,000 with A at 1 and then as many with A at 0; a shorter trial looks at the first of them.
    twoNeurons: { on: on.subarray(0, 2 * trials), off: off.subarray(0, 2 * trials) },
    weight: dense(network, (arrow) => notebook.connectivity.weight[arrow]),
    standard: notebook.standard,
    perturbed: notebook.perturbed,
    single: {
      effect: notebook.single.effect,
      standardError: columnOf(standardErrors(notebook.single.raster), neurons, selected),
      agreement: finite(notebook.single.agreement),
    },
    all: {
      effect,
      standardError,
      agreement: finite(notebook.all.differenceInMeansAgreement),
    },
    correlation: { effect: notebook.all.correlationEstimate, agreement: finite(notebook.all.agreement) },
    picture: pictureOf(
      {
        trials,
        targets: neurons,
        sources,
        effect,
        standardError,
        freedom: new Float64Array(neurons).fill(Math.max(0, trials - 2)),
      },
      network,
      estimand,
      mostArrows,
    ),
  };
}

/**
 * Standard error of every pair's difference in means, pooled over the arms.
 *
 * Shapes   [neurons × neurons], row = target.
 * Missing  NaN where an arm is empty or there are fewer than 3 trials.
 * Source   as for the integer trials, src/model/estimate.ts
 */
function standardErrors(raster: Raster): Float64Array {
  const { perturbation, outcome } = trialsOf(raster);
  const trials = outcome[0].length;
  const errors = new Float64Array(raster.neurons ** 2);
  for (let source = 0; source < raster.neurons; source++) {
    const on = perturbation[source].reduce((sum, bit) => sum + bit, 0);
    const arms = [trials - on, on];
    for (let target = 0; target < raster.neurons; target++) {
      const sums = [0, 0];
      outcome[target].forEach((value, trial) => {
        sums[perturbation[source][trial]] += value;
      });
      let within = 0;
      outcome[target].forEach((value, trial) => {
        const arm = perturbation[source][trial];
        within += (value - sums[arm] / arms[arm]) ** 2;
      });
      const known = on > 0 && on < trials && trials >= 3;
      errors[target * raster.neurons + source] = known
        ? Math.sqrt((within / (trials - 2)) * (1 / arms[0] + 1 / arms[1]))
        : Number.NaN;
    }
  }
  return errors;
}

/** The lab's generator as the float64 model asks for it: one draw after the other, under a key of its own. */
function drawsOf(key: Key): Randomness {
  let draw = 0;
  const next = () => threefry2x32(draw++, 0, key)[0];
  return { normal: () => normal(next(), normalTable) / 2 ** 20, bit: () => next() & 1 };
}

async function fromTrials(request: LessonRequest): Promise<LessonData> {
  const { experiment, timesteps, selected } = request;
  const { seed } = experiment;
  const network = networkOf(experiment);
  const estimand = exactEffect(network);
  const { neurons } = network;
  const connectivity = connectivityOf(network);
  const trials = Math.floor(timesteps / 2);
  const rasters = drawsOf(keyFrom(`${seed}, rasters`));
  const pairOfNeurons = drawsOf(keyFrom(`${seed}, two neurons`));
  const neuronB = (a: number) => Float64Array.from({ length: 2 * trials }, () => a + pairOfNeurons.normal());

  const sources = everyNeuron(neurons);
  const sums = await sumsOf(createCpuEngine(), { network, key: keyFrom(seed), sources, trials });
  const estimates = estimate(sums);
  const correlation = correlationEstimate(sums);
  const { effect, standardError } = estimates;
  return {
    request,
    ...known(network, estimand),
    trials,
    twoNeurons: { on: neuronB(1), off: neuronB(0) },
    weight: Float64Array.from({ length: neurons ** 2 }, (_, pair) =>
      weightOf(network, Math.floor(pair / neurons), pair % neurons),
    ),
    standard: simulate(connectivity, timesteps, rasters),
    perturbed: simulatePerturbed(connectivity, timesteps, rasters),
    single: {
      effect: columnOf(effect, neurons, selected),
      standardError: columnOf(standardError, neurons, selected),
      agreement: agreementOfColumn(effect, network, selected),
    },
    all: { effect, standardError, agreement: agreementWith(effect, sources, network) },
    correlation: { effect: correlation, agreement: agreementWith(correlation, sources, network) },
    picture: pictureOf(estimates, network, estimand, mostArrows),
  };
}

function agreementOfColumn(effect: Float64Array, network: Network, selected: number): number | null {
  if (arrows(network) === 0) return null;
  return agreementWith(columnOf(effect, network.neurons, selected), Uint32Array.of(selected), network);
}
