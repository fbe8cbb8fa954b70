import type { Raster } from "../model/dynamics";
import { centred, correlation, mean } from "./statistics";

/**
 * The trials of a perturbed raster: `x[:, ::2]` and `x[:, 1::2]`.
 *
 * With an odd number of time steps the last column is left out: it was never perturbed and nothing follows it. The
 * notebook's cell for one neuron leaves it out too, because its states are neither 0 nor 1; the cell for all neurons
 * cannot stack arrays of different length and raises ValueError there.
 *
 * Shapes   perturbation, outcome: one array of [trials] per neuron.
 */
export interface Trials {
  readonly perturbation: readonly Float64Array[];
  readonly outcome: readonly Float64Array[];
}

export function trialsOf({ neurons, timesteps, state }: Raster): Trials {
  const count = Math.floor(timesteps / 2);
  const everySecond = (neuron: number, first: number) =>
    Float64Array.from({ length: count }, (_, trial) => state[neuron * timesteps + first + 2 * trial]);
  const rows = (first: number) => Array.from({ length: neurons }, (_, neuron) => everySecond(neuron, first));
  return { perturbation: rows(0), outcome: rows(1) };
}

/**
 * The notebook's effect of one neuron on every other: `o[perturbed].mean() - o[not perturbed].mean()`, the means
 * rounded as NumPy rounds those of the notebook's own expression.
 *
 * Shapes   [targets].
 * Units    outcome (0…1) per perturbation.
 * Missing  NaN where an arm is empty.
 */
export function differenceInMeans({ perturbation, outcome }: Trials, source: number): Float64Array {
  const arm = (value: number) =>
    Uint32Array.from(
      [...perturbation[source].keys()].filter((trial) => perturbation[source][trial] === value),
    );
  const on = arm(1);
  const off = arm(0);
  const gathered = new Float64Array(Math.max(on.length, off.length));
  const meanOf = (values: Float64Array, trials: Uint32Array) => {
    for (let i = 0; i < trials.length; i++) gathered[i] = values[trials[i]];
    return mean(gathered, 0, trials.length);
  };
  return Float64Array.from(outcome, (values) => meanOf(values, on) - meanOf(values, off));
}

/**
 * The notebook's estimate of all neurons at once: `np.corrcoef` of each perturbation with each outcome.
 *
 * Shapes   one array of [targets] per source.
 * Missing  NaN where an arm is empty or a target never moves.
 */
export function correlationEstimate({ perturbation, outcome }: Trials): (source: number) => Float64Array {
  const targets = outcome.map(centred);
  return (source) => {
    const column = centred(perturbation[source]);
    return Float64Array.from(targets, (target) => correlation(column, target));
  };
}
