import { describe, expect, test } from "vitest";
import { largestSingularValue, type Scaling } from "../../src/model/singularValue";
import { wiringOf } from "../support/networks";

type Cell = (target: number, source: number, n: number) => number;

const size = (n: number, cell: Cell) => {
  const rows = Array.from({ length: n }, (_, target) =>
    Array.from({ length: n }, (_, source) => cell(target, source, n)),
  );
  return largestSingularValue(wiringOf(rows), { ofArrow: rows.flat().filter((weight) => weight !== 0) });
};

const diagonal =
  (value: (index: number) => number): Cell =>
  (target, source) =>
    target === source ? value(target) : 0;

/** Known in closed form. */
const cases: [string, number, Cell, number][] = [
  ["nothing", 5, () => 0, 0],
  ["nothing, one neuron", 1, () => 0, 0],
  ["one neuron with itself", 1, () => 1, 1],
  ["everything", 300, () => 1, 300],
  ["a cycle, every value 1", 200, (t, s, n) => (s === (t + 1) % n ? 1 : 0), 1],
  [
    "a chain there and back, values close",
    400,
    (t, s) => (Math.abs(t - s) === 1 ? 1 : 0),
    2 * Math.cos(Math.PI / 401),
  ],
  ["a star", 50, (t, s) => (t === 7 && s !== 7 ? 1 : 0), 7],
  ["golden ratio", 2, (t, s) => (t + s < 2 ? 1 : 0), (1 + Math.sqrt(5)) / 2],
  ["two islands of one size", 60, (t, s) => (Math.floor(t / 30) === Math.floor(s / 30) ? 1 : 0), 30],
  ["a small dense island", 100, (t, s) => (t >= 90 && s >= 90 ? 1 : t === s ? 1 : 0), 10],
  ["values a millionth apart", 100, diagonal((i) => (i === 3 ? 1 : 1 - 1e-6 * (i + 1))), 1],
  ["values 1e-14 apart", 100, diagonal((i) => 1 - 1e-14 * i), 1],
  ["signed", 2, (t, s) => (t === s ? 1 : -1), 2],
  ["signed, the wanted vector sums to 0", 100, (t, s, n) => (t === s ? -1 : s === (t + 1) % n ? 1 : 0), 2],
  ["negative", 40, diagonal((i) => -1 - i), 40],
];

test.each(cases)("%s", (_, n, cell, expected) => {
  expect(Math.abs(size(n, cell) - expected)).toBeLessThanOrEqual(1e-12 * expected);
});

test("without weights every arrow is 1", () => {
  const rows = [
    [0.5, 0.25],
    [0.125, 0],
  ];
  expect(largestSingularValue(wiringOf(rows))).toBeCloseTo((1 + Math.sqrt(5)) / 2, 14);
});

// numpy.linalg.svd(a, compute_uv=False)[0] by NumPy 2.4.6, of 150 × 150 numbers that both can make.
describe("signed and weighted, against NumPy", () => {
  const hash = (t: number, s: number) => (7919 * t + 104729 * s + 31 * t * s) % 97;
  const indices = Array.from({ length: 150 }, (_, index) => index);
  const rows = indices.map((t) => indices.map((s) => (hash(t, s) < 20 ? 1 : 0)));
  const weights = rows.flatMap((row, t) => row.flatMap((arrow, s) => (arrow ? [(hash(t, s) - 9) / 4] : [])));
  const signs = Float64Array.from(indices, (s) => (s % 5 === 0 ? -4 : 1));
  test.each<[string, Scaling, number]>([
    ["one sign a source", { ofSource: signs }, 63.51103150373842],
    ["one weight an arrow", { ofArrow: weights }, 19.676803307877005],
    ["both", { ofArrow: weights, ofSource: signs }, 47.32502180367385],
  ])("%s", (_, scaling, expected) => {
    expect(Math.abs(largestSingularValue(wiringOf(rows), scaling) / expected - 1)).toBeLessThan(1e-12);
  });
});

test("where values crowd it stops at 1e-9, and a regular network needs no step", () => {
  const neurons = 6000;
  const ring = { neurons, rowStart: new Uint32Array(neurons + 1), source: new Uint32Array(4 * neurons) };
  for (let target = 0; target < neurons; target++) {
    ring.rowStart[target + 1] = 4 * (target + 1);
    const row = [-2, -1, 1, 2].map((offset) => (target + offset + neurons) % neurons);
    ring.source.set(
      row.sort((a, b) => a - b),
      4 * target,
    );
  }
  let steps = 0;
  const tell = () => {
    steps++;
  };
  expect(largestSingularValue(ring, { tell })).toBe(4);
  expect(steps).toBe(0);
  // The same ring, but the iteration is not told that it is regular.
  const found = largestSingularValue(ring, { ofSource: new Float64Array(neurons).fill(1), tell });
  expect(steps).toBeGreaterThan(512);
  expect(Math.abs(found / 4 - 1)).toBeLessThan(1e-9);
});
