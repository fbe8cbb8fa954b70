import type { Wiring } from "../network";
import { type Key, lane, networkUse, stream } from "../threefry";
import { evenRows, type Tell, tellEvery } from "./room";
import { Sampler } from "./sample";
import { Words } from "./words";

/**
 * Neurons on a ring: each listens to its nearest neighbours, on both sides alike (an odd one comes from the neuron
 * before), but each of these inputs is rewired with probability `rewiring`. A rewired input comes from any neuron that
 * is no input already, the target itself among them; so all targets keep as many inputs.
 *
 * Units    rewiring: rounded to a 2³²th.
 * Errors   InputError if there are more inputs than neighbours, or more arrows than fit.
 * Source   Watts & Strogatz (1998), Collective dynamics of "small-world" networks, with directions.
 */
export function smallWorldWiring(
  neurons: number,
  inDegree: number,
  rewiring: number,
  key: Key,
  tell?: Tell,
): Wiring {
  const rowStart = evenRows(neurons, inDegree, neurons - 1);
  const source = new Uint32Array(neurons * inDegree);
  const words = new Words(key);
  const sampler = new Sampler(neurons);
  const tellRow = tellEvery(neurons, tell);
  const threshold = Math.round(rewiring * 2 ** 32);
  for (let target = 0; target < neurons; target++) {
    tellRow(target);
    words.start(lane(stream.network, target, networkUse.wiring));
    const row = source.subarray(rowStart[target], rowStart[target + 1]);
    let kept = 0;
    for (let input = 0; input < inDegree; input++)
      if (words.next() >= threshold) row[kept++] = neighbour(target, input, neurons);
    if (kept < inDegree) {
      const neighbours = row.subarray(0, kept).sort();
      const rewired = row.subarray(kept);
      sampler.fill(rewired, neurons - kept, words);
      skip(rewired, neighbours);
    }
    row.sort();
  }
  return { neurons, rowStart, source };
}

/** 0: the one before, 1: the one after, 2: the one before that, and so on around the ring. */
function neighbour(target: number, input: number, neurons: number): number {
  const distance = (input >> 1) + 1;
  const at = input % 2 === 0 ? target - distance : target + distance;
  return (at + neurons) % neurons;
}

/** Makes ranks among the neurons that are no neighbours into neurons; both ascend. */
function skip(ranks: Uint32Array, neighbours: Uint32Array): void {
  let passed = 0;
  for (let at = 0; at < ranks.length; at++) {
    while (passed < neighbours.length && neighbours[passed] <= ranks[at] + passed) passed++;
    ranks[at] += passed;
  }
}
