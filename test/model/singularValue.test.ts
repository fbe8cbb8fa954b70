import { expect, test } from "vitest";
import { largestSingularValue } from "../../src/model/singularValue";
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
