import type { Experiment } from "./model/experiment";
import { randomWiring } from "./model/generate";
import { InputError } from "./model/inputError";
import { type Network, networkFrom } from "./model/network";
import { largestSingularValue } from "./model/singularValue";
import { keyFrom } from "./model/threefry";
import { createConnectivity } from "./replay/connectivity";

/** NumPy draws once per pair, so the notebook's network costs N² draws whatever its density. */
const mostNotebookNeurons = 20_000;

/**
 * The network of an experiment: the notebook's own, out of NumPy's stream, or the lab's.
 * Both are scaled as in the notebook, so that the dynamics forget in about 100 steps:
 * weight = 1 / (1.01 · largest singular value). A network without arrows has no scale and needs none.
 *
 * Units    weight: drive per perturbation, rounded to 20 fraction bits.
 * Errors   InputError if the network would be too large to make.
 */
export function networkOf(experiment: Experiment): Network {
  if (experiment.network === "notebook") {
    if (experiment.neurons > mostNotebookNeurons)
      throw new InputError(
        `neurons is ${experiment.neurons}; allowed for the notebook's network: up to ${mostNotebookNeurons.toLocaleString("en")}`,
      );
    const { wiring, weight } = createConnectivity(experiment.neurons, experiment.networkSeed);
    return networkFrom(wiring, weight);
  }
  const wiring = randomWiring(experiment.neurons, experiment.density, keyFrom(experiment.seed));
  return networkFrom(wiring, wiring.source.length === 0 ? 0 : 1 / (1.01 * largestSingularValue(wiring)));
}
