import { InputError } from "../model/inputError";
import { listOf } from "../model/sources";
import { columnOf } from "../view/pixels";

/**
 * The list of sources with one neuron more, or, if it is one of them, without it.
 *
 * Errors   InputError if there is no neuron to take or to leave, with what can be done.
 */
export function withOrWithout(sources: Uint32Array, neuron: number | null, neurons: number): string {
  if (neuron === null)
    throw new InputError("No neuron is selected; click one, and A adds it to the sources or leaves it out.");
  if (sources.length === neurons)
    throw new InputError("Every neuron is a source; under sources a list, or top:64, takes fewer.");
  if (columnOf(sources, neuron) < 0) return listOf(Uint32Array.of(...sources, neuron).sort());
  if (sources.length === 1) throw new InputError(`Neuron ${neuron} is the only source, and stays it.`);
  return listOf(sources.filter((one) => one !== neuron));
}
