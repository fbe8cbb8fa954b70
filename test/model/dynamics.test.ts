import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import {
  type Connectivity,
  connectivityOf,
  type Randomness,
  sigmoid,
  simulate,
  simulatePerturbed,
  step,
} from "../../src/model/dynamics";
import { exactEffect } from "../../src/model/estimand";
import { type Estimates, estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { networkFrom, weightOf } from "../../src/model/network";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { allOf } from "../support/networks";
import { sumsOf } from "../support/sums";

/** No noise, and bits 1, 0, 1, 0, … */
const still = (): Randomness => {
  let bit = 0;
  return { normal: () => 0, bit: () => (bit ^= 1) };
};

/** Normals by Box and Muller's method, which shares nothing with the replay's or the lab's own. */
function randomFrom(seed: string): Randomness {
  const random = seedrandom(seed);
  return {
    normal: () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    bit: () => (random() < 0.5 ? 1 : 0),
  };
}

/** Neurons 0…5 with one arrow 5 → 1 of weight 0.7. */
const oneArrow: Connectivity = {
  neurons: 6,
  rowStart: Uint32Array.of(0, 0, 1, 1, 1, 1, 1),
  source: Uint32Array.of(5),
  weight: Float64Array.of(0.7),
};

test("sigmoid: ½ at 0, symmetric, no overflow at the ends", () => {
  expect(sigmoid(0)).toBe(0.5);
  expect(sigmoid(1)).toBeCloseTo(0.7310585786300049, 15);
  expect(sigmoid(2) + sigmoid(-2)).toBeCloseTo(1, 15);
  expect([sigmoid(-1000), sigmoid(1000)]).toEqual([0, 1]);
});

test("an arrow 5 → 1 moves neuron 1 and no other", () => {
  const next = new Float64Array(6);
  step(oneArrow, Float64Array.of(0, 0, 0, 0, 0, 1), still(), next);
  expect([...next]).toEqual([0.5, 1 / (1 + Math.exp(-0.7)), 0.5, 0.5, 0.5, 0.5]);
  step(oneArrow, Float64Array.of(0, 1, 0, 0, 0, 0), still(), next);
  expect([...next]).toEqual(new Array(6).fill(0.5));
});

test("a step adds one normal number to each target's drive, in order", () => {
  const noise = [0.1, -0.2, 0.3, -0.4, 0.5, -0.6];
  const next = new Float64Array(6);
  const random = { normal: () => noise.shift() ?? Number.NaN, bit: () => 0 };
  step(oneArrow, new Float64Array(6).fill(0.5), random, next);
  expect([...next]).toEqual([0.1, 0.35 - 0.2, 0.3, -0.4, 0.5, -0.6].map(sigmoid));
});

test("standard dynamics start at 0 and follow x(t+1) = sigmoid(A x(t) + ε)", () => {
  const { state, timesteps, neurons } = simulate(oneArrow, 4, still());
  expect({ timesteps, neurons }).toEqual({ timesteps: 4, neurons: 6 });
  expect([...state.subarray(0, 4)]).toEqual([0, 0.5, 0.5, 0.5]);
  expect([...state.subarray(4, 8)]).toEqual([0, 0.5, sigmoid(0.35), sigmoid(0.35)]);
  expect([...state.subarray(20, 24)]).toEqual([0, 0.5, 0.5, 0.5]);
});

test("perturbed dynamics set every even column; the last of an odd number has no outcome and stays", () => {
  const { state } = simulatePerturbed(oneArrow, 5, still());
  const rows = Array.from({ length: 6 }, (_, neuron) => [...state.subarray(5 * neuron, 5 * neuron + 5)]);
  // Bits come as 1, 0, 1, 0, …: neuron 5 is set to 0.
  expect(rows[0]).toEqual([1, 0.5, 1, 0.5, 0.5]);
  expect(rows[1]).toEqual([0, 0.5, 0, 0.5, sigmoid(0.35)]);
  expect(rows[5]).toEqual([0, 0.5, 0, 0.5, 0.5]);
});

test("all of a step's bits come before its normals", () => {
  const calls: string[] = [];
  const random = { normal: () => calls.push("n"), bit: () => calls.push("b") };
  const two = {
    neurons: 2,
    rowStart: new Uint32Array(3),
    source: new Uint32Array(0),
    weight: new Float64Array(0),
  };
  simulatePerturbed(two, 4, random);
  expect(calls.join("")).toBe("bbnnnnbbnn");
});

test.each([1, 2])("%i time steps, told one by one", (timesteps) => {
  const told: number[] = [];
  const { state } = simulate(oneArrow, timesteps, still(), (t) => told.push(t));
  expect(state.length).toBe(6 * timesteps);
  expect(told).toEqual(timesteps === 1 ? [] : [1]);
});

test("a network's rounded weights are its connectivity", () => {
  const network = networkFrom(oneArrow, 0.7);
  expect([...connectivityOf(network).weight]).toEqual([weightOf(network, 1, 5)]);
  expect(weightOf(network, 1, 5)).not.toBe(0.7);
});

describe("20 neurons: the trials in integers against this model", async () => {
  const experiment = parseExperiment({ network: "random", neurons: 20, density: 0.2, seed: "dynamics" });
  const network = networkOf(experiment);
  const trials = 20_000;
  const sources = allOf(network.neurons);

  const run = await createCpuEngine(nodeThreads()).open({
    network,
    key: keyFrom("integers"),
    sources,
    trials,
  });
  await run.advance(0, trials);
  const integers = estimate(await run.sums());

  const { neurons, timesteps, state } = simulatePerturbed(
    connectivityOf(network),
    2 * trials,
    randomFrom("float64"),
  );
  const trial = (first: number, unit: number) =>
    Array.from({ length: trials }, (_, index) =>
      Array.from({ length: neurons }, (_, neuron) => unit * state[neuron * timesteps + 2 * index + first]),
    );
  // Sums count outcomes in 255ths; here without rounding.
  const floats = estimate(sumsOf(trial(0, 1), trial(1, 255), sources));

  const exact = exactEffect(network);
  const exactly: Estimates = {
    ...floats,
    effect: new Float64Array(400),
    standardError: new Float64Array(400),
  };
  for (let target = 0; target < neurons; target++) {
    for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++)
      exactly.effect[target * neurons + network.source[arrow]] = exact.effect[arrow];
  }

  /** Differences of all pairs in units of their standard errors. */
  const errors = (a: Estimates, b: Estimates) =>
    Array.from(a.effect, (effect, pair) => {
      const combined = Math.hypot(a.standardError[pair], b.standardError[pair]);
      return (effect - b.effect[pair]) / combined;
    });
  const transposed = (estimates: Estimates): Estimates => ({
    ...estimates,
    effect: estimates.effect.map((_, pair) => estimates.effect[(pair % 20) * 20 + Math.floor(pair / 20)]),
  });
  const meanSquare = (z: number[]) => z.reduce((sum, value) => sum + value * value, 0) / z.length;
  const largest = (z: number[]) => Math.max(...z.map(Math.abs));

  test.each([
    ["integers and float64", integers, floats],
    ["integers and the exact effect", integers, exactly],
    ["float64 and the exact effect", floats, exactly],
  ])("%s differ by chance alone", (_, a, b) => {
    const z = errors(a, b);
    expect(z.length).toBe(400);
    // A mean of 400 squares scatters by √(2/400) = 0.07 about 1.
    expect(Math.abs(meanSquare(z) - 1)).toBeLessThan(0.28);
    expect(largest(z)).toBeLessThan(5);
  });

  test("and would not with rows and columns exchanged, or with weights of 4/5", async () => {
    expect(largest(errors(integers, transposed(floats)))).toBeGreaterThan(10);
    const weak = { ...network, weight: network.weight.map((weight) => Math.round(0.8 * weight)) };
    const weaker = await createCpuEngine(nodeThreads()).open({
      network: weak,
      key: keyFrom("integers"),
      sources,
      trials,
    });
    await weaker.advance(0, trials);
    expect(meanSquare(errors(estimate(await weaker.sums()), floats))).toBeGreaterThan(1.5);
  });
});
