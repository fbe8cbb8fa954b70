import { describe, expect, test } from "vitest";
import { scaled } from "../../src/model/activate";
import { evolve } from "../../src/model/evolve";
import { checkStateRows, networkFrom } from "../../src/model/network";
import { everyNeuronSet, noiseParts, ownNoise, type Params, trialGrid } from "../../src/model/params";
import { perturb } from "../../src/model/perturb";
import { respond } from "../../src/model/respond";
import { normalTable, sigmoidTable } from "../../src/model/tables";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../support/networks";
import { gaussHermite, outcomeMoments } from "../support/quadrature";

const whole = 65_536;
const key = keyFrom("evolve");

const paramsOf = (neurons: number, from: number, to: number, given: Partial<Params> = {}): Params => ({
  ...{ key0: key[0], key1: key[1], neurons, sources: neurons, targetFrom: 0, targets: neurons, tileFrom: 0 },
  ...trialGrid(from, to),
  ...ownNoise,
  ...everyNeuronSet,
  ...given,
});

type Rows = readonly (readonly number[])[];

/** The outcomes of all trials, [target][trial], from states [neuron] of 0…255 that are the same in all of them. */
function outcomes(rows: Rows, states: readonly number[], params: Params, table = sigmoidTable): number[][] {
  const { rowStart, source, weight } = networkOf(rows);
  const quads = params.words * 8;
  const state = Uint32Array.from({ length: rows.length * quads }, (_, at) =>
    Math.imul(states[Math.floor(at / quads)], 0x01010101),
  );
  const outcome = new Uint32Array(rows.length * quads);
  evolve(params, rowStart, source, weight, normalTable, table, state, outcome);
  const bytes = new Uint8Array(outcome.buffer);
  return rows.map((_, target) => {
    const first = 4 * quads * target - params.trialBase;
    return [...bytes.subarray(first + params.trialFrom, first + params.trialTo)];
  });
}

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
const covariance = (x: readonly number[], y: readonly number[]) =>
  mean(x.map((value, at) => value * y[at])) - mean(x) * mean(y);
const correlation = (x: readonly number[], y: readonly number[]) =>
  covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));

/** Arrows 0 → 1 and 1 → 0, 2 → 1: an arrow upwards would be seen in another row. */
const three: Rows = [
  [0, -1.5, 0],
  [0.7, 0, 2],
  [0, 0, 0],
];
const trials = 200_000;
const all = [0, 0.3, 0.7, 1].map((part) => Math.round(part * whole));

describe.each(all)("noise of which %i / 65,536 is common", (common) => {
  const params = paramsOf(3, 0, trials, noiseParts(common));

  test("leaves each neuron's outcome as it was: mean and variance by quadrature", () => {
    const states = [255, 51, 102];
    const drives = [-0.3, 0.7 + 0.8, 0];
    outcomes(three, states, params).forEach((outcome, target) => {
      const [first, second, , fourth] = outcomeMoments(drives[target]).map(
        (m, power) => m * 255 ** (power + 1),
      );
      const squares = outcome.map((value) => value ** 2);
      expect(Math.abs(mean(outcome) - first)).toBeLessThan(4 * Math.sqrt((second - first ** 2) / trials));
      // Rounding at random adds at most ¼ to the variance.
      const sigma = Math.sqrt((fourth - second ** 2) / trials);
      expect(Math.abs(mean(squares) - second - 1 / 6)).toBeLessThan(4 * sigma + 1 / 6);
    });
  });

  test("correlates any two neurons as much as it says", () => {
    // With a straight line for a sigmoid, 1 of drive is 255/32 of outcome, plus the rounding's variance of 1/6.
    const line = Uint32Array.from({ length: 4097 }, (_, knot) => (255 * 16 * knot) | 0);
    const [a, b, c] = outcomes(three, [0, 0, 0], params, line);
    const signal = (255 / 32) ** 2;
    const expected = ((common / whole) * signal) / (signal + 1 / 6);
    const sigma = (1 - expected ** 2) / Math.sqrt(trials);
    for (const [x, y] of [
      [a, b],
      [b, c],
      [c, a],
    ])
      expect(Math.abs(correlation(x, y) - expected)).toBeLessThan(4 * sigma + 2e-5);
    for (const x of [a, b, c])
      expect(Math.abs(covariance(x, x) / (signal + 1 / 6) - 1)).toBeLessThan(4 * Math.sqrt(2 / trials));
  });

  test("makes their outcomes vary together as nested quadrature has it", () => {
    const { node, weight } = gaussHermite(40);
    const part = common / whole;
    const average = (f: (z: number) => number) => node.reduce((sum, z, i) => sum + weight[i] * f(z), 0);
    const given = (z: number) =>
      average((own) => 1 / (1 + Math.exp(-Math.sqrt(part) * z - Math.sqrt(1 - part) * own)));
    const expected = 255 ** 2 * (average((z) => given(z) ** 2) - average(given) ** 2);
    const [a, b] = outcomes(three, [0, 0, 0], params);
    const sigma = Math.sqrt((covariance(a, a) ** 2 + expected ** 2) / trials);
    expect(Math.abs(covariance(a, b) - expected)).toBeLessThan(4 * sigma);
  });

  test("from states 0 and 255 the step is that of a trial with these perturbations, bit by bit", () => {
    const params = paramsOf(3, 100, 5_000, noiseParts(common));
    const { rowStart, source, weight } = networkOf(three);
    const bits = new Uint32Array(3 * params.words);
    perturb(params, bits);
    const state = new Uint32Array(8 * bits.length);
    new Uint8Array(state.buffer).forEach((_, at, bytes) => {
      bytes[at] = 255 * ((bits[at >> 5] >>> (at & 31)) & 1);
    });
    const [expected, outcome] = [new Uint32Array(state.length), new Uint32Array(state.length)];
    respond(params, rowStart, source, weight, normalTable, sigmoidTable, bits, expected);
    evolve(params, rowStart, source, weight, normalTable, sigmoidTable, state, outcome);
    expect(outcome).toEqual(expected);
  });
});

test("from rest is from states of 0, whatever the states are", () => {
  const params = paramsOf(3, 7, 900);
  const rest = outcomes(three, [200, 100, 50], { ...params, fromRest: 1 });
  expect(rest).toEqual(outcomes(three, [0, 0, 0], params));
  expect(rest).not.toEqual(outcomes(three, [200, 100, 50], params));
});

test("in pairs, trials 2k and 2k + 1 are the same trial", () => {
  const params = paramsOf(3, 0, 1000, { pairs: 1, ...noiseParts(whole / 2) });
  const paired = outcomes(three, [200, 100, 50], params);
  const single = outcomes(three, [200, 100, 50], { ...params, pairs: 0 });
  paired.forEach((outcome, target) => {
    expect(outcome).toEqual(outcome.map((_, trial) => single[target][trial >> 1]));
  });
});

test("each use has draws of its own, the common noise too", () => {
  const params = paramsOf(3, 0, trials, noiseParts(whole));
  const [[trial], [free], [watched]] = [0, 1, 2].map((noiseUse) =>
    outcomes(three, [0, 0, 0], { ...params, noiseUse }),
  );
  for (const [x, y] of [
    [trial, free],
    [free, watched],
    [watched, trial],
  ])
    expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(trials));
});

test("a state of 128 gives 128/255 of the weight, cut off towards 0", () => {
  // Without noise: every outcome is the sigmoid's, rounded at random, and a long mean shows its drive.
  const still = { privatePart: 0, commonPart: 0 };
  const slope = Uint32Array.from({ length: 4097 }, (_, knot) => (255 * 16 * knot) | 0);
  const outcome = outcomes([[0, 7.9], [-7.9]], [128, 128], paramsOf(2, 0, trials, still), slope);
  [7.9, -7.9].forEach((weight, target) => {
    const drive = (weight * 128) / 255;
    expect(Math.abs(mean(outcome[target]) - ((drive + 16) * 255) / 32)).toBeLessThan(
      4 * 0.5 * trials ** -0.5,
    );
  });
});

test("noise is scaled to the nearest unit, and not at all by the whole", () => {
  for (const noise of [0, 1, -1, 4095, -4096, 6_645_000, -6_645_001]) {
    expect(scaled(noise, whole)).toBe(noise);
    expect(Math.abs(scaled(noise, 46_341) - (noise * 46_341) / whole)).toBeLessThanOrEqual(0.5);
  }
});

test("both parts keep the variance: their squares sum to 1", () => {
  for (let common = 0; common <= whole; common += 997) {
    const { privatePart, commonPart } = noiseParts(common);
    expect(Math.abs((privatePart ** 2 + commonPart ** 2) / whole ** 2 - 1)).toBeLessThan(1 / 32_768);
    expect(Math.abs((commonPart / whole) ** 2 - common / whole)).toBeLessThan(1 / 65_536);
  }
  expect(noiseParts(0)).toEqual({ privatePart: whole, commonPart: 0 });
  expect(noiseParts(whole)).toEqual({ privatePart: 0, commonPart: whole });
});

test("a row whose weights could overflow from states is refused with its number", () => {
  const wiring = { neurons: 2, rowStart: Uint32Array.of(0, 0, 2), source: Uint32Array.of(0, 1) };
  expect(checkStateRows(networkFrom(wiring, 4)).neurons).toBe(2);
  expect(() => checkStateRows(networkFrom(wiring, -4.02))).toThrow(
    "row 1 of the network: its weights sum to -8.04; allowed for neurons that are left to themselves: up to ±8.03",
  );
});
