import type { Design } from "../model/design";
import type { Experiment } from "../model/experiment";
import type { Network } from "../model/network";
import { autoIsPartial, resolveSources } from "../model/sources";
import { say } from "./report";

/** The sources of an experiment; where `auto` leaves some out, it says so. */
export function sourcesOf(experiment: Experiment, network: Network, design: Design): Uint32Array {
  const sources = resolveSources(experiment.sources, network, design.hidden);
  if (autoIsPartial(experiment.sources, network.neurons))
    say(
      `Of ${network.neurons.toLocaleString("en")} neurons the ${sources.length} with the most outgoing arrows are ` +
        "sources; --sources all, or a list, takes others.",
    );
  return sources;
}
