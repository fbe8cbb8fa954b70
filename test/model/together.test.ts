import { describe, expect, test } from "vitest";
import { notebookDesign, whole } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { type Network, one } from "../../src/model/network";
import { type Group, rowOutcome } from "../../src/model/row";

/** Weights are multiples of this here, so that a row's drive has few values. */
const unit = 2 ** -11;

/** The first four moments of an outcome whose drive is in units, the noise by the trapezoid rule. */
function momentsOf(shares: Float64Array, lowest: number, shift = 0): number[] {
  const step = 0.25;
  // So that rounding in many additions does not matter.
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const sums = [0, 0, 0, 0];
  shares.forEach((share, at) => {
    if (share < 1e-20) return;
    const here = [0, 0, 0, 0];
    for (let epsilon = -10; epsilon <= 10; epsilon += step) {
      const density = (step * Math.exp((-epsilon * epsilon) / 2)) / Math.sqrt(2 * Math.PI);
      const outcome = 1 / (1 + Math.exp(-epsilon - (lowest + at + shift) * unit));
      for (let power = 0, value = density; power < 4; power++) here[power] += value *= outcome;
    }
    for (let power = 0; power < 4; power++) sums[power] += (share / whole) * here[power];
  });
  return sums;
}

/** The drive's distribution, source by source. */
function distribution(sizes: readonly number[], probability: number) {
  const lowest = sizes.reduce((sum, size) => sum + Math.min(0, size), 0);
  const values = sizes.reduce((sum, size) => sum + Math.abs(size), 1);
  const shares = new Float64Array(values);
  shares[-lowest] = 1;
  let [from, to] = [-lowest, -lowest];
  for (const size of sizes) {
    const [chance, rest] = [probability, 1 - probability];
    from += Math.min(0, size);
    to += Math.max(0, size);
    if (size > 0)
      for (let at = to; at >= from; at--)
        shares[at] = rest * shares[at] + (at - size >= from ? chance * shares[at - size] : 0);
    else
      for (let at = from; at <= to; at++)
        shares[at] = rest * shares[at] + (at - size <= to ? chance * shares[at - size] : 0);
  }
  return { shares, lowest };
}

/** A network whose row 0 has arrows of so many units; nobody else has any. */
function rowOf(sizes: readonly number[]): Network {
  const rowStart = new Uint32Array(sizes.length + 1).fill(sizes.length);
  rowStart[0] = 0;
  return {
    neurons: sizes.length,
    rowStart,
    source: Uint32Array.from(sizes, (_, index) => index),
    weight: Int32Array.from(sizes, (size) => size * unit * one),
  };
}

describe.each([
  ["40 arrows that all differ, up to 0.25", 40, 512],
  ["300 arrows that all differ, some of them large", 300, 700],
  ["a hub: 10,000 arrows of 24 kinds", 10_000, 12],
])("%s, as by convolution to 1e-13", (_, count, largest) => {
  const sizes = Array.from({ length: count }, (_, index) => {
    const size = 1 + ((7919 * (index + 1)) % largest);
    return index % 2 === 0 ? size : -size;
  });

  test.each([0.5, 0.125])("set to 1 with probability %f", (probability) => {
    const got = exactEffect(rowOf(sizes), { ...notebookDesign, probability: probability * whole });
    for (const arrow of [0, count - 1]) {
      const others = sizes.filter((_, index) => index !== arrow);
      const { shares, lowest } = distribution(others, probability);
      const off = momentsOf(shares, lowest);
      const on = momentsOf(shares, lowest, sizes[arrow]);
      const [first, second, third, fourth] = off.map((value, k) => value + probability * (on[k] - value));
      const distance = (value: number, expected: number) =>
        expect(Math.abs(value - expected)).toBeLessThan(1e-13);
      distance(got.effect[arrow], on[0] - off[0]);
      distance(got.outcomeVariance[0], second - first ** 2);
      distance(got.outcomeFourth[0], fourth - 4 * third * first + 6 * second * first ** 2 - 3 * first ** 4);
      if (!got.arms) continue;
      distance(got.arms.off[arrow], off[1] - off[0] ** 2);
      distance(got.arms.on[arrow], on[1] - on[0] ** 2);
    }
  });
});

// Up to four kinds of arrows are dealt with one by one; a fifth without weight changes nothing but that.
describe("together as one by one, to 1e-14", () => {
  const kinds = (weights: readonly number[], shares: readonly number[]): Group[] =>
    weights.map((weight, index) => ({ weight, share: shares[index % shares.length], count: 1 + 2 * index }));
  const silent: Group = { weight: 0, share: 1, count: 1 };

  test.each<[string, number[], number[], number, number]>([
    ["all set", [0.25, -0.25, 0.1, -0.001], [1], 0.5, 0],
    ["hardly ever to 1", [0.25, -0.2, 0.1, 0.2], [1], 1 / whole, 0],
    ["nearly always to 1", [0.25, -0.2, 0.1, 0.2], [1], 1 - 1 / whole, 0],
    ["all left alone", [0.25, -0.25, 0.1, 0.2], [0], 0.3, 0],
    ["some set, some hidden", [0.25, -0.25, 0.1, 0.2], [0.25, 0], 0.3, 0],
    ["with noise they share", [0.25, -0.25, 0.1, 0.2], [0.5, 0], 0.5, 0.5],
    ["with nearly all their noise", [0.25, -0.25, 0.1, 0.2], [0], 0.5, 0.99],
    ["beside large ones", [0.25, -1.5, 0.1, 3], [1, 0], 0.25, 0],
  ])("%s", (_, weights, shares, probability, common) => {
    const groups = kinds(weights, shares);
    const apart = rowOutcome(groups, { probability, common });
    const together = rowOutcome([...groups, silent], { probability, common });
    const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-14);
    for (const power of [0, 1, 2, 3]) close(together.moments[power], apart.moments[power]);
    groups.forEach((_, group) => {
      close(together.effect[group], apart.effect[group]);
      for (const arm of ["off", "on"] as const) {
        close(together[arm][group].mean, apart[arm][group].mean);
        close(together[arm][group].square, apart[arm][group].square);
      }
    });
    expect(together.effect[4]).toBe(0);
    expect(rowOutcome([...groups, silent], { probability, common }, false)).toEqual({
      ...together,
      off: [],
      on: [],
    });
  });
});

// Beyond 32 frequencies the angles of large weights begin anew; four kinds of them never turn.
test.each([
  ["wide", [30, -17.25, 5.5, 0.75]],
  ["as wide as they get", [2000, -1990.5, 3.25, -8]],
])("large weights turn as they stand: %s, to 1e-14", (_, weights) => {
  const groups = weights.map((weight) => ({ weight, share: 1, count: 1 }));
  const chances = { probability: 0.25, common: 0 };
  const apart = rowOutcome(groups, chances);
  const together = rowOutcome([...groups, { weight: 0, share: 1, count: 1 }], chances);
  for (const power of [0, 1, 2, 3])
    expect(Math.abs(together.moments[power] - apart.moments[power])).toBeLessThan(1e-14);
  weights.forEach((_, group) => {
    expect(Math.abs(together.effect[group] - apart.effect[group])).toBeLessThan(1e-14);
    expect(Math.abs(together.on[group].square - apart.on[group].square)).toBeLessThan(1e-14);
  });
});

test("the same whichever rows came before", () => {
  const row = (weights: number[]) =>
    rowOutcome(
      weights.map((weight) => ({ weight, share: 1, count: 1 })),
      { probability: 0.5, common: 0 },
    );
  const small = [0.1, 0.11, 0.12, 0.13, 0.14];
  const before = row(small);
  row([0.2, -0.2, 0.05, 1, 2, 3, 0.01]);
  expect(row(small)).toEqual(before);
});
