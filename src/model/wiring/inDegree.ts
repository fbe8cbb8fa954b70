import type { Wiring } from "../network";
import { type Key, lane, networkUse, stream } from "../threefry";
import { evenRows, type Tell, tellEvery } from "./room";
import { Sampler } from "./sample";
import { Words } from "./words";

/**
 * Every target has as many inputs, from different sources chosen at random, itself among them.
 *
 * Errors   InputError if there are more inputs than neurons, or more arrows than fit.
 */
export function inDegreeWiring(neurons: number, inDegree: number, key: Key, tell?: Tell): Wiring {
  const rowStart = evenRows(neurons, inDegree, neurons);
  const source = new Uint32Array(neurons * inDegree);
  const words = new Words(key);
  const sampler = new Sampler(neurons);
  const tellRow = tellEvery(neurons, tell);
  for (let target = 0; target < neurons; target++) {
    tellRow(target);
    words.start(lane(stream.network, target, networkUse.wiring));
    sampler.fill(source.subarray(rowStart[target], rowStart[target + 1]), neurons, words);
  }
  return { neurons, rowStart, source };
}
