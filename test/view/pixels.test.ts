import { describe, expect, test } from "vitest";
import { findArrow } from "../../src/model/network";
import { everyNeuron } from "../../src/model/sources";
import {
  columnOf,
  endsOf,
  type Pairs,
  pixelAt,
  pool,
  poolArrows,
  type Window,
  wholeOf,
} from "../../src/view/pixels";
import { notebookNetwork } from "../support/networks";

/** What a pixel must show, by looking at every pair of the matrix. */
function byEveryPair({ sources }: Pairs, value: (pair: number) => number, window: Window) {
  const [rows, columns] = [window.rowTo - window.rowFrom, window.columnTo - window.columnFrom];
  const [down, across] = [Math.ceil(rows / 512), Math.ceil(columns / 512)];
  const [height, width] = [Math.ceil(rows / down), Math.ceil(columns / across)];
  const found = new Float32Array(height * width).fill(Number.NaN);
  const pairs = new Uint32Array(height * width);
  for (let target = window.rowFrom; target < window.rowTo; target++)
    for (let column = window.columnFrom; column < window.columnTo; column++) {
      const pair = target * sources.length + column;
      const pixel =
        Math.floor((target - window.rowFrom) / down) * width +
        Math.floor((column - window.columnFrom) / across);
      const now = Math.fround(value(pair));
      if (Number.isNaN(found[pixel]) || Math.abs(now) > Math.abs(found[pixel])) {
        found[pixel] = now;
        pairs[pixel] = pair;
      }
    }
  return { down, across, height, width, value: found, pair: pairs };
}

/** Where two arrays differ, or −1; a comparison by expect of so many numbers takes seconds. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return Array.prototype.findIndex.call(a, (one, at) => !Object.is(one, b[at]));
}

/** Numbers without a pattern, some of them missing. */
const scattered = (length: number) =>
  Float64Array.from({ length }, (_, at) => (at % 11 === 3 ? Number.NaN : Math.sin(at * at + 1)));

const chosen = (neurons: number, count: number) =>
  Uint32Array.from({ length: count }, (_, column) => Math.floor((column * neurons) / count));

describe("pooling", () => {
  test.each([
    ["every pair of a small network", 3, 3],
    ["every pair of a large one, blocks that do not fit", 1025, 1025],
    ["few sources, many targets", 5000, 64],
    ["one source", 700, 1],
    ["more sources than pixels", 1030, 600],
  ])("%s", (_, neurons, count) => {
    const pairs = { targets: neurons, sources: chosen(neurons, count) };
    const values = scattered(neurons * count);
    const errors = Float64Array.from(values, (value) => value ** 2);
    const pixels = pool(pairs, values, errors);
    const { value, pair, ...size } = byEveryPair(pairs, (at) => values[at], wholeOf(pairs));
    expect(pixels).toMatchObject(size);
    expect(firstDifference(pixels.value, value)).toBe(-1);
    expect(firstDifference(pixels.pair, pair)).toBe(-1);
    expect(
      firstDifference(
        pixels.standardError,
        Float32Array.from(pair, (at) => errors[at]),
      ),
    ).toBe(-1);
  });

  test("a window alone, down to the single pair", () => {
    const pairs = { targets: 900, sources: chosen(900, 70) };
    const values = scattered(900 * 70);
    for (const window of [
      { rowFrom: 17, rowTo: 800, columnFrom: 5, columnTo: 70 },
      { rowFrom: 899, rowTo: 900, columnFrom: 69, columnTo: 70 },
    ]) {
      const pixels = pool(pairs, values, 0, { window, pooling: "largest" });
      const { value, pair, ...size } = byEveryPair(pairs, (at) => values[at], window);
      expect(pixels).toMatchObject(size);
      expect(firstDifference(pixels.value, value)).toBe(-1);
      expect(firstDifference(pixels.pair, pair)).toBe(-1);
    }
  });

  test("by their mean: NaN left out, errors as of independent ones, the largest pair still named", () => {
    const pairs = { targets: 1100, sources: chosen(1100, 3) };
    const values = scattered(3300);
    values[4] = Number.NaN;
    const errors = Float64Array.from(values, (_, at) => 1 + (at % 7));
    const window = { rowFrom: 1, rowTo: 1100, columnFrom: 0, columnTo: 3 };
    const means = pool(pairs, values, errors, { window, pooling: "mean" });
    const largest = pool(pairs, values, errors, { window, pooling: "largest" });
    expect([means.down, means.across]).toEqual([3, 1]);
    expect(firstDifference(means.pair, largest.pair)).toBe(-1);
    for (const [pixel, row] of [
      [1, 1],
      [3 * 200 + 2, 601],
      [3 * 366, 1099],
    ]) {
      const block = [0, 1, 2].map((down) => 3 * (row + down) + (pixel % 3));
      const known = block.filter((at) => at < 3300 && !Number.isNaN(values[at]));
      const mean = known.reduce((sum, at) => sum + values[at], 0) / known.length;
      const error = Math.sqrt(known.reduce((sum, at) => sum + errors[at] ** 2, 0)) / known.length;
      expect(means.value[pixel]).toBeCloseTo(mean, 6);
      expect(means.standardError[pixel]).toBeCloseTo(error, 5);
    }
    // Of arrows the same, the pairs without one being 0.
    const network = notebookNetwork(1100, 42);
    const weight = (arrow: number) => 1 + (arrow % 3);
    const dense = new Float64Array(3300);
    for (let target = 0; target < 1100; target++)
      for (let column = 0; column < 3; column++) {
        const arrow = findArrow(network, target, pairs.sources[column]);
        if (arrow >= 0) dense[3 * target + column] = weight(arrow);
      }
    const sparse = poolArrows(network, weight, pairs, { window, pooling: "mean" });
    const expected = pool(pairs, dense, 0, { window, pooling: "mean" });
    for (let pixel = 0; pixel < expected.value.length; pixel++)
      expect(sparse.value[pixel]).toBeCloseTo(expected.value[pixel], 6);
  });

  test("arrows of a network, as if every pair were looked at", () => {
    const network = notebookNetwork(600, 42);
    const value = (arrow: number) => Math.sin(arrow + 1);
    for (const sources of [everyNeuron(600), chosen(600, 64), Uint32Array.of(599)]) {
      const pairs = { targets: 600, sources };
      for (const window of [wholeOf(pairs), { rowFrom: 30, rowTo: 571, columnFrom: 0, columnTo: 1 }]) {
        const at = (pair: number) => {
          const { source, target } = endsOf(pairs, pair);
          const arrow = findArrow(network, target, source);
          return arrow < 0 ? 0 : value(arrow);
        };
        const pixels = poolArrows(network, value, pairs, { window, pooling: "largest" });
        const { value: values, pair, ...size } = byEveryPair(pairs, at, window);
        expect(pixels).toMatchObject(size);
        expect(firstDifference(pixels.value, values)).toBe(-1);
        expect(firstDifference(pixels.pair, pair)).toBe(-1);
      }
    }
  });
});

describe("where a pair is", () => {
  const sources = Uint32Array.of(2, 17, 40, 4999);
  const pairs = { targets: 5000, sources };

  test("columns are found by their neuron", () => {
    expect([2, 17, 40, 4999, 0, 3, 5000].map((neuron) => columnOf(sources, neuron))).toEqual([
      0, 1, 2, 3, -1, -1, -1,
    ]);
    expect(columnOf(new Uint32Array(0), 0)).toBe(-1);
    expect(endsOf(pairs, 4 * 123 + 1)).toEqual({ source: 17, target: 123 });
  });

  test("a pixel is found by its pair, and nothing outside the window", () => {
    const pixels = pool(pairs, new Float64Array(20_000));
    expect([pixels.down, pixels.across, pixels.height, pixels.width]).toEqual([10, 1, 500, 4]);
    expect(pixelAt(pixels, 4999, 3)).toBe(499 * 4 + 3);
    const window = { rowFrom: 10, rowTo: 20, columnFrom: 1, columnTo: 3 };
    const part = pool(pairs, new Float64Array(20_000), 0, { window, pooling: "largest" });
    expect(pixelAt(part, 11, 2)).toBe(3);
    expect([pixelAt(part, 9, 1), pixelAt(part, 20, 1), pixelAt(part, 10, 0), pixelAt(part, 10, 3)]).toEqual([
      -1, -1, -1, -1,
    ]);
  });
});
