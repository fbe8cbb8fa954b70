import type { FileNetwork, NamedNetwork } from "./io/readNetwork";
import type { Experiment } from "./model/experiment";
import { InputError, shown } from "./model/inputError";
import { type Network, networkFrom } from "./model/network";
import { largestSingularValue, Unsettled } from "./model/singularValue";
import { keyFrom } from "./model/threefry";
import { chanceArrows } from "./model/wiring/chance";
import { evenArrows } from "./model/wiring/room";
import { signsOf } from "./model/wiring/signs";
import { generators } from "./model/wiring/wiring";
import { createConnectivity } from "./replay/connectivity";

/** NumPy draws once per pair, so the notebook's network costs N² draws whatever its density. */
const mostNotebookNeurons = 20_000;

/** Steps of largestSingularValue: of networks whose singular values lie apart; times 1 / √rewiring in rings; at most. */
const [usualSteps, crowdedSteps, mostSteps] = [100, 15, 20_000];

/** Hears how far the making of a network is: share of 1 of drawing its arrows, then of finding their scale. */
export type NetworkProgress = (work: "wiring" | "scale", share: number) => void;

/**
 * Arrows that the network of an experiment will have, as nearly as they are known before it is made.
 *
 * Errors   InputError wherever networkOf would refuse.
 */
export function arrowsExpected(experiment: Experiment): number {
  const { network, neurons, density, inDegree, blocks, between } = experiment;
  switch (network) {
    case "random":
      return chanceArrows(neurons, 1, density, 0);
    case "blocks":
      return chanceArrows(neurons, blocks, density, between);
    case "in-degree":
      return evenArrows(neurons, inDegree, neurons);
    case "small-world":
      return evenArrows(neurons, inDegree, neurons - 1);
    case "file":
      throw notOpened(experiment);
    default:
      checkNotebook(neurons);
      return notebookDensity * neurons ** 2;
  }
}

/**
 * Steps that finding the scale of a network takes, about: each goes through all arrows twice. Of a small world that is
 * nearly a ring the singular values crowd, with a share of about √rewiring between them, which is what Lanczos' steps
 * go by; exact rings need none, unless signs differ in strength.
 */
export function scalingSteps({ network, rewiring, inhibition }: Experiment): number {
  if (network === "file") return 0;
  if (network !== "small-world") return usualSteps;
  if (rewiring === 0 && inhibition === 1) return 0;
  return Math.min(mostSteps, usualSteps + crowdedSteps / Math.sqrt(rewiring));
}

/** create_connectivity's own. */
const notebookDensity = 0.1;

function checkNotebook(neurons: number): void {
  if (neurons > mostNotebookNeurons)
    throw new InputError(
      `neurons is ${neurons.toLocaleString("en")}; allowed for the notebook's network: up to ${mostNotebookNeurons.toLocaleString("en")}; ` +
        "the other kinds of network take more",
    );
}

/**
 * The network of an experiment: the notebook's own, out of NumPy's stream, or one of the lab's.
 * All are scaled as in the notebook, so that the dynamics forget in about 100 steps:
 * weight = 1 / (1.01 · largest singular value), of the signs where there are any. A network without arrows has no
 * scale and needs none.
 *
 * Units    weight: drive per perturbation, rounded to 20 fraction bits.
 * Errors   InputError if the network would be too large to make, if its parameters do not go together, if no scale of
 *          it can be found, or if it is in a file.
 */
export function networkOf(experiment: Experiment, tell?: NetworkProgress): Network {
  if (experiment.network === "notebook") {
    const { neurons, networkSeed } = experiment;
    checkNotebook(neurons);
    const { wiring, weight } = settled(() => createConnectivity(neurons, networkSeed, tell), "network seed");
    return networkFrom(wiring, weight);
  }
  if (experiment.network === "file") throw notOpened(experiment);
  const key = keyFrom(experiment.seed);
  const wiring = generators[experiment.network](experiment, key, (share) => tell?.("wiring", share));
  const signs = signsOf(experiment, key);
  // Signs alone turn the axes around, and no singular value changes.
  const ofSource = experiment.inhibition === 1 ? null : signs;
  const largest = settled(
    () => largestSingularValue(wiring, { ofSource, tell: (share) => tell?.("scale", share) }),
    "seed",
  );
  return networkFrom(wiring, largest === 0 ? 0 : 1 / (1.01 * largest), signs);
}

/** Errors   InputError if a network has no scale that can be found; another `seed` makes one that may have. */
function settled<T>(work: () => T, seed: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw new InputError(`${error.message}; allowed: another ${seed}, or other parameters of the network`);
  }
}

const notOpened = ({ file }: Experiment) =>
  new InputError(`the network is in the file ${shown(file)}; allowed: once it is opened`);

/** What an experiment says of a network that was read from a file. */
export const aboutFile = ({ file, hash, network }: FileNetwork) =>
  ({ network: "file", neurons: network.neurons, file: file.slice(-255), fileHash: hash }) as const;

/**
 * The network of an experiment, whether it is in a file that was opened or is made.
 *
 * Errors   InputError if the file holds another network than the experiment's, or is missing; and those of networkOf.
 */
export function openedOrMade(
  experiment: Experiment,
  file: FileNetwork | null,
  tell?: NetworkProgress,
): NamedNetwork {
  if (experiment.network !== "file" || file === null)
    return { network: networkOf(experiment, tell), names: null };
  if (file.hash !== experiment.fileHash)
    throw new InputError(
      `${file.file} read like this is another network (${file.hash.slice(0, 8)}…) than that of the experiment ` +
        `(${experiment.file}, ${experiment.fileHash.slice(0, 8)}…); allowed: the same file, read in the same way`,
    );
  return file;
}
