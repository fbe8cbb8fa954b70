import { chooseNeurons } from "../choice";
import type { Experiment } from "../experiment";
import { type Key, networkUse } from "../threefry";

/**
 * What each source's arrows are multiplied by: 1, or −inhibition for the inhibitory neurons, round(neurons × share) of
 * them, chosen at random. All arrows of a neuron have one sign (Dale's principle).
 *
 * Shapes   [neurons]; null if all are 1.
 */
export function signsOf(
  { neurons, inhibitory, inhibition }: Pick<Experiment, "neurons" | "inhibitory" | "inhibition">,
  key: Key,
): Float64Array | null {
  const count = Math.round(neurons * inhibitory);
  if (count === 0) return null;
  const chosen = chooseNeurons(neurons, count, networkUse.inhibitory, key);
  return Float64Array.from(chosen, (isInhibitory) => (isInhibitory ? -inhibition : 1));
}
