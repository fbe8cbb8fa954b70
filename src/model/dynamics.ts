import { type Network, one, type Wiring } from "./network";

// The model in float64, to be read against its definition line by line: A[target, source], x(0) = 0,
// x(t+1) = sigmoid(A x(t) + ε), ε ~ N(0, I). It draws rasters, replays the notebook and checks the integer trials;
// sums and effects of the lab never come from here, because the last bit of exp differs between machines.

/**
 * A wiring with float64 weights.
 *
 * Shapes   weight [arrows], aligned with source.
 * Units    weight: drive per unit of the source's state.
 */
export interface Connectivity extends Wiring {
  readonly weight: Float64Array;
}

/** The weights of a network, rounded as they are: they *are* the network. */
export const connectivityOf = (network: Network): Connectivity => ({
  ...network,
  weight: Float64Array.from(network.weight, (weight) => weight / one),
});

/** Where the model takes its chances from; the order of the calls decides a stream's result. */
export interface Randomness {
  /** A standard normal number. */
  normal(): number;
  /** 0 or 1 with probability ½ each. */
  bit(): number;
}

/**
 * States of all neurons through time, as a picture shows them.
 *
 * Shapes   state [neurons × timesteps], row = neuron, column = time step.
 * Units    state: 0…1.
 */
export interface Raster {
  readonly neurons: number;
  readonly timesteps: number;
  readonly state: Float64Array;
}

export const sigmoid = (drive: number): number => 1 / (1 + Math.exp(-drive));

/** One time step: next = sigmoid(A state + ε). The noise is drawn in the order of the targets. */
export function step(
  { neurons, rowStart, source, weight }: Connectivity,
  state: Float64Array,
  random: Randomness,
  next: Float64Array,
): void {
  for (let target = 0; target < neurons; target++) {
    let drive = 0;
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++)
      drive += weight[arrow] * state[source[arrow]];
    next[target] = sigmoid(drive + random.normal());
  }
}

/**
 * Standard dynamics: nothing is touched.
 *
 * Returns  time steps 0 (all zero) to timesteps − 1.
 */
export const simulate = (
  connectivity: Connectivity,
  timesteps: number,
  random: Randomness,
  onStep?: (t: number) => void,
): Raster => trajectory(connectivity, timesteps, random, () => false, onStep);

/**
 * Perturbed dynamics: at every even time step all states are set to 0 or 1 at random, and the step from there gives
 * the outcomes. So columns 2k and 2k + 1 are trial k. A last column of even number has no outcome: it is left
 * unperturbed, as in the notebook, and belongs to no trial.
 *
 * Returns  time steps 0 to timesteps − 1.
 */
export const simulatePerturbed = (
  connectivity: Connectivity,
  timesteps: number,
  random: Randomness,
  onStep?: (t: number) => void,
): Raster => trajectory(connectivity, timesteps, random, (t) => t % 2 === 0, onStep);

function trajectory(
  connectivity: Connectivity,
  timesteps: number,
  random: Randomness,
  isPerturbed: (t: number) => boolean,
  onStep: (t: number) => void = () => {},
): Raster {
  const { neurons } = connectivity;
  const raster = { neurons, timesteps, state: new Float64Array(neurons * timesteps) };
  let state = new Float64Array(neurons);
  let next = new Float64Array(neurons);
  for (let t = 0; t < timesteps - 1; t++) {
    if (isPerturbed(t)) {
      for (let neuron = 0; neuron < neurons; neuron++) state[neuron] = random.bit();
      record(raster, t, state);
    }
    step(connectivity, state, random, next);
    record(raster, t + 1, next);
    [state, next] = [next, state];
    onStep(t + 1);
  }
  return raster;
}

function record({ neurons, timesteps, state }: Raster, t: number, column: Float64Array): void {
  for (let neuron = 0; neuron < neurons; neuron++) state[neuron * timesteps + t] = column[neuron];
}
