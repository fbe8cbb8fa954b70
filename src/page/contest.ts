import { type DoSee, doAgainstSee } from "../doSee";
import { designOf } from "../model/design";
import { exactEffect } from "../model/estimand";
import { parseExperiment, type Watched } from "../model/experiment";
import { type Band, predictor } from "../model/predict";
import { everyNeuron } from "../model/sources";
import { keyFrom } from "../model/threefry";
import { networkOf } from "../network";
import { type Pixels, pool } from "../view/pixels";
import type { Picture } from "./desk";
import { pictureOf } from "./digest";

/** Lesson 7: one network, watched and perturbed for the same numbers of time steps. */
export interface ContestRequest extends Watched {
  readonly steps: readonly number[];
}

/** What perturbing should reach after so many time steps. */
export interface ExpectedAt extends Band {
  readonly steps: number;
}

/** How both ways stand after so many steps: their agreement, and what they make of each pair. */
export interface ContestPoint extends DoSee {
  readonly correlation: Pixels;
  readonly picture: Picture;
}

/** Pair-steps that a lesson may spend on one network: a few seconds of one thread. */
const affordable = 2e9;

/** The numbers of steps that this machine can wait for: of a large network only the first. */
export const affordableSteps = (steps: readonly number[], neurons: number, least: number): number[] =>
  steps.filter((some, index) => index < least || some * neurons ** 2 <= affordable);

/** Lessons show small networks, whose pairs are all drawn. */
const mostArrows = 2000;

/** What to expect of perturbing, at ascending numbers of steps; as if no noise were shared, which changes little. */
export function expectContest({ steps, ...given }: ContestRequest): ExpectedAt[] {
  const { network, sources, design } = caseOf({ ...given, common: 0 });
  const predict = predictor(network, exactEffect(network, design), sources, design);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  return Array.from({ length: curveSteps + 1 }, (_, step) => {
    const at = Math.round(first * (last / first) ** (step / curveSteps));
    return { steps: at, agreement: predict(Math.floor(at / 2)).agreement };
  }).flatMap(({ steps, agreement }) => (agreement ? [{ steps, ...agreement }] : []));
}

const curveSteps = 36;

/** Runs both ways; each point is told when it is there. Ends early, and in silence, when it is stopped. */
export async function contest(
  request: ContestRequest,
  tell: (point: ContestPoint) => void,
  signal: AbortSignal,
): Promise<void> {
  const { steps, ...given } = request;
  const { network, sources, design } = caseOf(given);
  const estimand = exactEffect(network, design);
  await doAgainstSee(
    { ...given, steps },
    {
      signal,
      onPoint: (point, { seen, done }) =>
        tell({
          ...point,
          // Of two neurons that have nothing to do with each other, a correlation strays so far from 0.
          correlation: pool({ targets: network.neurons, sources }, seen, 1 / Math.sqrt(point.steps)),
          picture: pictureOf(done, network, estimand, mostArrows),
        }),
    },
  );
}

function caseOf(given: Omit<ContestRequest, "steps">) {
  const experiment = parseExperiment(given);
  const network = networkOf(experiment);
  const design = designOf(experiment, keyFrom(experiment.seed));
  return { network, design, sources: everyNeuron(network.neurons) };
}
