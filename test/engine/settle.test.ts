import { expect, test } from "vitest";
import { snapshot } from "../../src/engine/gpu/buffers";
import { createSettler, settlingSteps } from "../../src/engine/gpu/settle";
import { parseExperiment } from "../../src/model/experiment";
import type { Network } from "../../src/model/network";
import { outgoing } from "../../src/model/outgoing";
import { networkOf } from "../../src/network";
import { useDevice } from "../support/gpu";

const gpu = useDevice();

/** A sunflower: no two neurons in one place, and no block together. */
function start(neurons: number): Float32Array<ArrayBuffer> {
  const places = new Float32Array(2 * neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const radius = Math.sqrt((neuron + 0.5) / neurons);
    const angle = neuron * Math.PI * (3 - Math.sqrt(5));
    places.set([radius * Math.sin(angle), radius * Math.cos(angle)], 2 * neuron);
  }
  return places;
}

async function settled(network: Network, steps: number): Promise<Float32Array> {
  const settler = await createSettler(gpu.device, network, outgoing(network), start(network.neurons));
  for (let step = 0; step < steps; step++) await settler.step();
  expect(settler.done).toBe(steps);
  const [words] = await snapshot(gpu.device, [settler.places]);
  settler.release();
  return new Float32Array(words.buffer);
}

/** Mean distance between the ends of pairs of neurons. */
function meanDistance(places: Float32Array, pairs: readonly (readonly [number, number])[]): number {
  const distances = pairs.map(([a, b]) =>
    Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]),
  );
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

test("neurons of a block come to lie together, and blocks apart", async () => {
  const network = networkOf(
    parseExperiment({ network: "blocks", neurons: 400, blocks: 4, density: 0.1, between: 0.005 }),
  );
  const pairs = Array.from({ length: 4000 }, (_, pair) => [pair % 400, (pair * 157 + 31) % 400] as const);
  const isWithin = ([a, b]: readonly [number, number]) => Math.floor(a / 100) === Math.floor(b / 100);
  const ratio = (places: Float32Array) =>
    meanDistance(
      places,
      pairs.filter((pair) => !isWithin(pair)),
    ) / meanDistance(places, pairs.filter(isWithin));
  expect(ratio(start(400))).toBeLessThan(1.5);
  const places = await settled(network, settlingSteps);
  expect(ratio(places)).toBeGreaterThan(2);
  // In view, and not in a heap.
  const reach = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(reach).toBeGreaterThan(0.5);
  expect(reach).toBeLessThan(4);
});

test("neighbours of a small world come to lie side by side", async () => {
  const network = networkOf(
    parseExperiment({ network: "small-world", neurons: 300, inDegree: 6, rewiring: 0.01 }),
  );
  const places = await settled(network, settlingSteps);
  const neighbours = Array.from({ length: 300 }, (_, neuron) => [neuron, (neuron + 1) % 300] as const);
  const others = Array.from({ length: 300 }, (_, neuron) => [neuron, (neuron + 117) % 300] as const);
  expect(meanDistance(places, others)).toBeGreaterThan(5 * meanDistance(places, neighbours));
});

test("a step goes the same way as its description in float64, for neurons with and without arrows", async () => {
  const network = networkOf(parseExperiment({ network: "random", neurons: 130, density: 0.01 }));
  const before = start(130);
  const after = await settled(network, 1);
  const scrambled = (number: number) => {
    const state = (Math.imul(number, 747796405) + 2891336453) >>> 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
    return ((word >>> 22) ^ word) >>> 0;
  };
  const mean = (2 * network.source.length) / 130;
  const { targetStart, target } = outgoing(network);
  let moved = 0;
  for (let neuron = 0; neuron < 130; neuron++) {
    const [x, y] = [before[2 * neuron], before[2 * neuron + 1]];
    const joined = [
      ...network.source.slice(network.rowStart[neuron], network.rowStart[neuron + 1]),
      ...target.slice(targetStart[neuron], targetStart[neuron + 1]),
    ];
    const way = [-0.1 * mean * x, -0.1 * mean * y];
    for (const other of joined) {
      way[0] += before[2 * other] - x;
      way[1] += before[2 * other + 1] - y;
    }
    for (let pusher = 0; pusher < 24; pusher++) {
      const other = ((scrambled(pusher) ^ neuron) >>> 0) as number;
      const from = scrambled(other) % 130;
      const [dx, dy] = [x - before[2 * from], y - before[2 * from + 1]];
      const push = (0.5 * (joined.length + mean)) / 24 / (dx * dx + dy * dy + 1e-4);
      way[0] += dx * push;
      way[1] += dy * push;
    }
    const [goX, goY] = way.map((part) => part / (joined.length + 1.1 * mean));
    const limit = 0.82 * Math.min(1, 0.3 / Math.hypot(goX, goY));
    expect(after[2 * neuron]).toBeCloseTo(x + limit * goX, 4);
    expect(after[2 * neuron + 1]).toBeCloseTo(y + limit * goY, 4);
    moved += Math.hypot(goX, goY);
  }
  expect(moved).toBeGreaterThan(1);
});
