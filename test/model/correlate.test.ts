import { expect, test } from "vitest";
import { correlate } from "../../src/model/correlate";
import { everyNeuronSet, ownNoise, type Params, trialGrid } from "../../src/model/params";

/** States [neurons][trials] as words, on a grid that begins with trial 0. */
const packed = (states: readonly Uint8Array[]): Uint32Array =>
  Uint32Array.from(states.flatMap((bytes) => [...new Uint32Array(bytes.slice().buffer)]));

const paramsOf = (neurons: number, sources: number, trials: number): Params => ({
  ...{ key0: 1, key1: 2, neurons, sources, targetFrom: 0, targets: neurons, tileFrom: 0 },
  ...trialGrid(0, trials),
  ...ownNoise,
  ...everyNeuronSet,
});

test("the sums are those of a plain loop, row = target, column = source", () => {
  const trials = 2_112;
  const bytes = (seed: number) =>
    Uint8Array.from({ length: trials }, (_, trial) => Math.imul(trial * 31 + seed, 0x9e3779b1) >>> 24);
  const [before, after] = [0, 7].map((seed) =>
    Array.from({ length: 7 }, (_, neuron) => bytes(seed + neuron)),
  );
  const sources = Uint32Array.of(0, 2, 3, 5, 6);
  const [low, high] = [new Uint32Array(35), new Uint32Array(35)];
  correlate(paramsOf(7, 5, trials), sources, packed(before), packed(after), low, high);
  const expected = after.flatMap((target) =>
    [...sources].map((source) =>
      before[source].reduce((sum, value, trial) => sum + value * target[trial], 0),
    ),
  );
  expect([...low]).toEqual(expected);
  expect([...high]).toEqual(new Array(35).fill(0));
});

test("the most that a chunk can hold fits, and the next carries into the second word", () => {
  const trials = 65_536;
  const full = packed([new Uint8Array(trials).fill(255)]);
  const [low, high] = [new Uint32Array(1), new Uint32Array(1)];
  correlate(paramsOf(1, 1, trials), Uint32Array.of(0), full, full, low, high);
  expect([low[0], high[0]]).toEqual([255 ** 2 * trials, 0]);
  correlate(paramsOf(1, 1, trials), Uint32Array.of(0), full, full, low, high);
  expect(low[0] + high[0] * 2 ** 32).toBe(2 * 255 ** 2 * trials);
});
