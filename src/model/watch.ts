import { InputError } from "./inputError";
import { arrows, checkStateRows, type Network } from "./network";
import { everyNeuronSet, noiseParts, ownNoise, type Params, trialGrid } from "./params";
import { type Limits, type Plan, plan, wordTrials } from "./plan";
import { checkLanes, type Key } from "./threefry";

/**
 * A network that is only watched: nothing is set. Many chains run side by side, each from rest (all states 0) and
 * with noise of its own; the first time steps are not counted.
 *
 * Units    common: the part of the noise's variance that all neurons share, in 65,536ths; chains; burnIn: time steps.
 * hidden   [neurons] 1 for neurons that take part but are not observed; null if there are none.
 */
export interface WatchTask {
  readonly network: Network;
  readonly key: Key;
  readonly common: number;
  readonly hidden: Uint8Array | null;
  readonly chains: number;
  readonly burnIn: number;
}

export const defaultChains = 1000;

/** The notebook's scaling, largest singular value 1/1.01, forgets in about 100 steps. */
export const defaultBurnIn = 100;

/** Products of one time step must fit a u32, see `correlate`. */
export const mostChains = 65_536;

/**
 * What has been watched so far. Whole numbers below 2^53, so that adding is exact.
 *
 * Shapes   sources [S]: the observed neurons, ascending; before, beforeSquared, after, afterSquared [neurons];
 *          pair [neurons × S], row = target.
 * Units    states 0…255; before: Σ x(t), after: Σ x(t+1), pair: Σ x_source(t) · x_target(t+1), over `steps` steps
 *          of a single chain.
 */
export interface WatchSums {
  readonly steps: number;
  readonly neurons: number;
  readonly sources: Uint32Array;
  readonly before: Float64Array;
  readonly beforeSquared: Float64Array;
  readonly after: Float64Array;
  readonly afterSquared: Float64Array;
  readonly pair: Float64Array;
}

/** Draws of one time step lie in so many slots, one a chain, rounded up to whole blocks of 64. */
const slotsOf = (chains: number): number => 64 * Math.ceil(chains / 64);

/** Of all chains' states at one time, which lie in one buffer. */
export const stateBytes = ({ network, chains }: Pick<WatchTask, "network" | "chains">): number =>
  network.neurons * slotsOf(chains);

/**
 * Cuts the sums of a watched network, and sees to it that its states fit a buffer.
 *
 * Errors   InputError with the number of chains that does, or with what pair sums fit.
 */
export function planWatch(task: WatchTask, limits: Limits): Plan {
  const { network, chains } = task;
  const { neurons } = network;
  // Products are counted in two words from the start.
  const cut = plan(
    { neurons, sources: observed(task).length, arrows: arrows(network), trials: wordTrials + 1 },
    limits,
  );
  if (stateBytes(task) > limits.bindingBytes)
    throw new InputError(
      `${chains.toLocaleString("en")} chains of ${neurons.toLocaleString("en")} neurons are too many for this ` +
        `engine; allowed: up to ${(64 * Math.floor(limits.bindingBytes / neurons / 64)).toLocaleString("en")}`,
    );
  return cut;
}

/** Time steps, the uncounted ones included, after which the counter of the draws would begin again. */
export const mostTimeSteps = (chains: number): number => Math.floor((2 ** 32 - 1) / slotsOf(chains));

/** Time steps, the uncounted ones included, that give at least so many steps. */
export const timeStepsFor = (
  steps: number,
  { chains, burnIn }: Pick<WatchTask, "chains" | "burnIn">,
): number => burnIn + Math.ceil(steps / chains);

/**
 * Refuses what cannot be watched.
 *
 * Errors   InputError: the number of chains, of uncounted time steps or of neurons, or the row whose weights are too
 *          large.
 */
export function checkWatch({ network, chains, burnIn }: WatchTask): void {
  if (!(Number.isInteger(chains) && chains >= 1 && chains <= mostChains))
    throw new InputError(
      `chains is ${chains}; allowed: a whole number from 1 to ${mostChains.toLocaleString("en")}`,
    );
  const most = mostTimeSteps(chains) - 1;
  if (!(Number.isInteger(burnIn) && burnIn >= 0 && burnIn <= most))
    throw new InputError(
      `burn-in is ${burnIn}; allowed: a whole number of time steps from 0 to ${most.toLocaleString("en")}`,
    );
  checkLanes(network.neurons);
  checkStateRows(network);
}

/**
 * Refuses time steps that would repeat draws.
 *
 * Errors   InputError with what is allowed.
 */
export function checkTimeSteps({ chains, burnIn }: Pick<WatchTask, "chains" | "burnIn">, to: number): void {
  const most = mostTimeSteps(chains);
  if (to > most)
    throw new InputError(
      `${((to - burnIn) * chains).toLocaleString("en")} steps are more than there are draws for; ` +
        `allowed with ${chains.toLocaleString("en")} chains: up to ${((most - burnIn) * chains).toLocaleString("en")}`,
    );
}

export function observed({ network, hidden }: Pick<WatchTask, "network" | "hidden">): Uint32Array {
  const all = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
  return hidden ? all.filter((neuron) => !hidden[neuron]) : all;
}

/** The step from time t to t + 1 in all chains: chain c has the draws of "trial" t · slots + c. */
export function watchParams({ network, key, common, chains }: WatchTask, sources: number, t: number): Params {
  const first = t * slotsOf(chains);
  return {
    key0: key[0],
    key1: key[1],
    neurons: network.neurons,
    sources,
    targetFrom: 0,
    targets: network.neurons,
    tileFrom: 0,
    ...trialGrid(first, first + chains),
    ...everyNeuronSet,
    ...ownNoise,
    ...noiseParts(common),
    noiseUse: 2,
  };
}

/**
 * Correlation of each source's state with each target's state one time step later: the notebook's estimate from
 * watching alone.
 *
 * Shapes   [neurons × neurons], row = target, column = source.
 * Missing  NaN where either is hidden or constant, or nothing was watched.
 */
export function laggedCorrelation(sums: WatchSums): Float64Array {
  const { steps, neurons, sources } = sums;
  const correlation = new Float64Array(neurons * neurons).fill(Number.NaN);
  const spread = (sum: number, squares: number) => Math.sqrt(steps * squares - sum * sum);
  for (const target of sources) {
    const targetSpread = spread(sums.after[target], sums.afterSquared[target]);
    sources.forEach((source, column) => {
      const sourceSpread = spread(sums.before[source], sums.beforeSquared[source]);
      if (!(targetSpread > 0 && sourceSpread > 0)) return;
      const both =
        steps * sums.pair[target * sources.length + column] - sums.before[source] * sums.after[target];
      correlation[target * neurons + source] = both / targetSpread / sourceSpread;
    });
  }
  return correlation;
}
