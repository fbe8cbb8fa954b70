import { type Design, whole } from "./design";
import { type Connectivity, connectivityOf, type Randomness, sigmoid, step } from "./dynamics";
import { armsFreedom } from "./estimate";
import type { Network } from "./network";
import { everyNeuron } from "./sources";

/**
 * Effects out of float64 trials.
 *
 * Shapes   effect, standardError: [neurons × sources], row = target.
 * Units    outcome (0…1) per perturbation.
 * Missing  NaN where an arm is empty, or a neuron is hidden; standardError also below 2 trials an arm.
 */
export interface FloatEstimates {
  readonly trials: number;
  readonly effect: Float64Array;
  readonly standardError: Float64Array;
  /** [sources] Degrees of freedom of a column's standard errors. */
  readonly freedom: Float64Array;
}

export interface FloatTrials {
  advance(trials: number): void;
  estimates(): FloatEstimates;
}

/**
 * Trials of a design in float64, straight from its definition and with other random numbers than the lab's: what the
 * integer trials are judged by. Sums of both arms are kept for every pair, so no design needs a formula of its own.
 *
 * sources  whose effects are asked for, ascending: the columns, and who takes turns where one source a trial is set.
 * Source   see Design for what a trial is; Neyman (1923) for the error.
 */
export function floatTrials(
  network: Network,
  design: Design,
  random: Randomness & Uniform,
  sources = everyNeuron(network.neurons),
): FloatTrials {
  const { neurons } = network;
  const columns = sources.length;
  const connectivity = connectivityOf(network);
  const observed = [...Array(neurons).keys()].filter((neuron) => !design.hidden?.[neuron]);
  const targets = observed;
  const turns = [...sources].filter((neuron) => !design.hidden?.[neuron]);
  const columnOf = new Int32Array(neurons).fill(-1);
  for (const [column, neuron] of sources.entries()) columnOf[neuron] = column;
  const state = new Float64Array(neurons);
  const outcome = new Float64Array(neurons);
  /** Per pair: Σo and Σo² with the source at 0, then at 1. Of `same-noise`: ΣΔ and ΣΔ², Δ from 0 to 1. */
  const sums = new Float64Array(4 * neurons * columns);
  /** Per source: trials at 0, at 1. */
  const arms = new Float64Array(2 * columns);
  const noise = makeNoise(neurons, design, random);
  let trials = 0;

  const add = (column: number, arm: number) => {
    arms[2 * column + arm]++;
    for (const target of targets) {
      const at = 4 * (target * columns + column) + 2 * arm;
      sums[at] += outcome[target];
      sums[at + 1] += outcome[target] ** 2;
    }
  };

  /** Chooses the neurons to set and sets them; returns those, everyone else is spontaneously active. */
  const chosen = new Uint32Array(neurons);
  const setNeurons = (): number => {
    let found = 0;
    for (const neuron of observed) {
      const isSet =
        design.kind === "all" ||
        (design.kind === "subset" && random.randomSample() < design.share / whole) ||
        (design.kind === "one" && neuron === turns[trials % turns.length]);
      if (isSet) chosen[found++] = neuron;
    }
    if (found < neurons) rest(state, noise);
    for (let index = 0; index < found; index++)
      state[chosen[index]] = random.randomSample() < design.probability / whole ? 1 : 0;
    return found;
  };

  /** Where the sums of those set begin in a row, of their arm. */
  const places = new Uint32Array(columns);
  const oneTrial = () => {
    const found = setNeurons();
    noise.next();
    step(connectivity, state, noise, outcome);
    let asked = 0;
    for (let index = 0; index < found; index++) {
      const column = columnOf[chosen[index]];
      if (column < 0) continue;
      arms[2 * column + state[chosen[index]]]++;
      places[asked++] = 4 * column + 2 * state[chosen[index]];
    }
    // Row by row, so that the sums of a target are passed over in their order in memory.
    for (const target of targets) {
      const value = outcome[target];
      const square = value * value;
      const row = 4 * target * columns;
      for (let index = 0; index < asked; index++) {
        const at = row + places[index];
        sums[at] += value;
        sums[at + 1] += square;
      }
    }
    trials++;
  };

  const twins = twinTrial(connectivity, noise, state, outcome);
  const twoTrials = () => {
    const source = turns[(trials / 2) % turns.length];
    twins(source);
    add(columnOf[source], 1);
    trials += 2;
  };

  return {
    advance(more) {
      const to = trials + more;
      while (trials < to) design.kind === "same-noise" ? twoTrials() : oneTrial();
    },
    estimates: () => estimatesOf(neurons, columns, trials, sums, arms, design),
  };
}

/** A number in [0, 1), all 53 bits of it. */
export interface Uniform {
  randomSample(): number;
}

/** Standard normal noise of which all neurons share a part of the variance. */
interface Noise extends Randomness {
  /** Draws a new common part: each time step has one. */
  next(): void;
}

function makeNoise(neurons: number, { common }: Design, random: Randomness): Noise {
  const shared = Math.sqrt(common / whole);
  const own = Math.sqrt(1 - common / whole);
  let now = 0;
  return {
    bit: () => random.bit(),
    next() {
      if (common > 0 && neurons > 0) now = shared * random.normal();
    },
    normal: () => own * random.normal() + now,
  };
}

/** One free step from rest: no state, so no drive but noise. */
function rest(state: Float64Array, noise: Noise): void {
  noise.next();
  for (let neuron = 0; neuron < state.length; neuron++) state[neuron] = sigmoid(noise.normal());
}

/** Both arms of one source with everything else the same; `difference` is outcome at 1 − outcome at 0. */
function twinTrial(
  connectivity: Connectivity,
  noise: Noise,
  state: Float64Array,
  difference: Float64Array,
): (source: number) => void {
  const drawn = new Float64Array(state.length);
  const off = new Float64Array(state.length);
  let at = 0;
  const replayed: Randomness = { bit: () => 0, normal: () => drawn[at++] };
  const respond = (next: Float64Array) => {
    at = 0;
    step(connectivity, state, replayed, next);
  };
  return (source) => {
    rest(state, noise);
    noise.next();
    for (let neuron = 0; neuron < drawn.length; neuron++) drawn[neuron] = noise.normal();
    state[source] = 0;
    respond(off);
    state[source] = 1;
    respond(difference);
    for (let target = 0; target < off.length; target++) difference[target] -= off[target];
  };
}

function estimatesOf(
  neurons: number,
  columns: number,
  trials: number,
  sums: Float64Array,
  arms: Float64Array,
  { kind, hidden }: Design,
): FloatEstimates {
  const paired = kind === "same-noise";
  const effect = new Float64Array(neurons * columns);
  const standardError = new Float64Array(neurons * columns);
  for (let pair = 0; pair < effect.length; pair++) {
    const column = pair % columns;
    // A hidden neuron is never set, so its arms are empty; as a target it is left out by name.
    if (hidden?.[Math.floor(pair / columns)]) {
      effect[pair] = NaN;
      standardError[pair] = NaN;
      continue;
    }
    const [off, on] = [arms[2 * column], arms[2 * column + 1]];
    const [sumOff, squaresOff, sumOn, squaresOn] = sums.subarray(4 * pair, 4 * pair + 4);
    const scatterOn = Math.max(0, squaresOn - sumOn ** 2 / on);
    if (paired) {
      effect[pair] = sumOn / on;
      standardError[pair] = on < 2 ? NaN : Math.sqrt(scatterOn / (on - 1) / on);
      continue;
    }
    const scatterOff = Math.max(0, squaresOff - sumOff ** 2 / off);
    effect[pair] = sumOn / on - sumOff / off;
    standardError[pair] =
      on < 2 || off < 2 ? NaN : Math.sqrt(scatterOn / (on - 1) / on + scatterOff / (off - 1) / off);
  }
  const freedom = Float64Array.from({ length: columns }, (_, column) => {
    const on = arms[2 * column + 1];
    return armsFreedom(on, paired ? on : arms[2 * column], paired);
  });
  return { trials, effect, standardError, freedom };
}
