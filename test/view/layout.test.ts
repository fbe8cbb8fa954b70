import { describe, expect, test } from "vitest";
import { blockStarts } from "../../src/model/wiring/chance";
import { apart } from "../../src/view/labels";
import { type Arranging, type Layout, layOut, onTheWay, turned } from "../../src/view/layout";

const sizes = [1, 2, 7, 64, 1000, 1001, 5000];

const kinds: readonly [string, (neurons: number) => Arranging][] = [
  ["auto", () => ({ kind: "auto" })],
  ["ring", () => ({ kind: "ring" })],
  ["disc", () => ({ kind: "disc" })],
  ["sphere", () => ({ kind: "sphere" })],
  ["one block", (neurons) => ({ kind: "blocks", starts: blockStarts(neurons, 1) })],
  ["blocks", (neurons) => ({ kind: "blocks", starts: blockStarts(neurons, Math.min(neurons, 5)) })],
  ["blocks of one neuron", (neurons) => ({ kind: "blocks", starts: blockStarts(neurons, neurons) })],
];

const outOf = ({ x, y, z }: Layout, neuron: number) => Math.hypot(x[neuron], y[neuron], z?.[neuron] ?? 0);

/** The closest two of all neurons are to each other. */
function closest({ x, y, z }: Layout): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < x.length; a++)
    for (let b = 0; b < a; b++) {
      const [dx, dy, dz] = [x[a] - x[b], y[a] - y[b], z ? z[a] - z[b] : 0];
      least = Math.min(least, dx * dx + dy * dy + dz * dz);
    }
  return Math.sqrt(least);
}

describe.each(kinds)("%s", (_, arranging) => {
  test.each(sizes)("%i neurons: each in a place of its own, none farther out than 1", (neurons) => {
    const layout = layOut(neurons, arranging(neurons));
    expect([layout.x.length, layout.y.length]).toEqual([neurons, neurons]);
    let most = 0;
    for (let neuron = 0; neuron < neurons; neuron++) most = Math.max(most, outOf(layout, neuron));
    expect(most).toBeLessThanOrEqual(1 + 1e-6);
    if (neurons >= 1000) expect(most).toBeGreaterThan(0.97);
    if (neurons > 1) expect(closest(layout)).toBeGreaterThan(0.2 * Math.min(0.5, layout.spacing));
  });
});

test("given places, of any size and anywhere, keep their shape", () => {
  const { x, y } = layOut(300, { kind: "disc" });
  const places = Float32Array.from({ length: 600 }, (_, at) => 5000 + 800 * (at % 2 ? y : x)[at >> 1]);
  const layout = layOut(300, { kind: "places", places, dimensions: 2 });
  const distance = (of: Layout, a: number, b: number) => Math.hypot(of.x[a] - of.x[b], of.y[a] - of.y[b]);
  const scale = distance(layout, 0, 299) / Math.hypot(x[0] - x[299], y[0] - y[299]);
  expect(scale).toBeCloseTo(1, 1);
  for (let neuron = 1; neuron < 299; neuron++)
    expect(distance(layout, 0, neuron)).toBeCloseTo(
      scale * Math.hypot(x[0] - x[neuron], y[0] - y[neuron]),
      3,
    );
  const furthest = Math.max(...Array.from(layout.x, (_, neuron) => outOf(layout, neuron)));
  expect(furthest).toBeCloseTo(1, 5);
  const alone = layOut(1, { kind: "places", places: Float32Array.of(7, 9), dimensions: 2 });
  expect([...alone.x, ...alone.y]).toEqual([0, 0]);
});

test("given places in space keep their shape however they are turned, and their sides are where they were", () => {
  const given = [
    [0, 0, 0],
    [4, 0, 0],
    [0, 2, 0],
    [0, 0, -3],
  ];
  const layout = layOut(4, { kind: "places", places: Float64Array.from(given.flat()), dimensions: 3 });
  for (const turn of [
    { across: 0, up: 0 },
    { across: 1, up: -0.4 },
  ]) {
    const { x, y, z } = turned(layout, turn);
    if (!z) throw new Error("they are in space");
    const distance = (a: number, b: number) => Math.hypot(x[a] - x[b], y[a] - y[b], z[a] - z[b]);
    for (let one = 1; one < 4; one++)
      expect(distance(0, one) / distance(0, 1)).toBeCloseTo(Math.hypot(...given[one]) / 4, 5);
    for (let one = 0; one < 4; one++) expect(Math.hypot(x[one], y[one])).toBeLessThanOrEqual(1);
  }
  expect(layout.x[1]).toBeGreaterThan(layout.x[0]);
  expect(layout.y[2]).toBeGreaterThan(layout.y[0]);
  expect(layout.z?.[3]).toBeLessThan(layout.z?.[0] ?? 0);
});

test("who has no place stands on a ring around the others", () => {
  const places = Float64Array.of(5, 5, Number.NaN, Number.NaN, 7, 5, Number.NaN, Number.NaN);
  const layout = layOut(4, { kind: "places", places, dimensions: 2 });
  expect(outOf(layout, 0)).toBeCloseTo(0.9, 5);
  expect(outOf(layout, 2)).toBeCloseTo(0.9, 5);
  // The first of them at the top, as on any ring.
  expect([layout.x[1], layout.y[1]].map((one) => one.toFixed(4))).toEqual(["0.0000", "1.0000"]);
  expect([layout.x[3], layout.y[3]].map((one) => one.toFixed(4))).toEqual(["0.0000", "-1.0000"]);
});

test("auto is a ring up to 1,000 neurons, and a disc above", () => {
  expect(layOut(1000)).toEqual(layOut(1000, { kind: "ring" }));
  expect(layOut(1001)).toEqual(layOut(1001, { kind: "disc" }));
});

test("blocks stand apart: who is nearest is of the same block", () => {
  const starts = blockStarts(331, 4);
  const { x, y } = layOut(331, { kind: "blocks", starts });
  const blockOf = (neuron: number) =>
    starts.findIndex((start, at) => neuron >= start && neuron < starts[at + 1]);
  for (let neuron = 0; neuron < 331; neuron++) {
    const others = [...x.keys()].filter((other) => other !== neuron);
    const distance = (other: number) => Math.hypot(x[other] - x[neuron], y[other] - y[neuron]);
    const nearest = others.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    expect(blockOf(nearest)).toBe(blockOf(neuron));
  }
  // The first block is at the top, the second to its right.
  const middle = (block: number, of: Float32Array) =>
    of.slice(starts[block], starts[block + 1]).reduce((sum, one) => sum + one, 0) /
    (starts[block + 1] - starts[block]);
  expect(middle(0, y)).toBeGreaterThan(0.4);
  expect(middle(1, x)).toBeGreaterThan(0.4);
  expect(Math.abs(middle(0, x))).toBeLessThan(0.02);
});

test("a sphere covers equal areas evenly, and stays a sphere as it is turned", () => {
  const sphere = layOut(4000, { kind: "sphere" });
  // By Archimedes, bands of equal height have equal areas.
  for (const axis of [sphere.x, sphere.y, sphere.z ?? sphere.x]) {
    const bands = [0, 0, 0, 0];
    for (const at of axis) bands[Math.min(3, Math.floor(2 * (at + 1)))]++;
    for (const band of bands) expect(Math.abs(band - 1000)).toBeLessThan(40);
  }
  const seen = turned(sphere, { across: 0.7, up: -0.4 });
  for (let neuron = 0; neuron < 4000; neuron += 37) expect(outOf(seen, neuron)).toBeCloseTo(1, 5);
  // A quarter turn to the right brings to the right what was in front.
  const front = sphere.z?.indexOf(Math.max(...(sphere.z ?? []))) ?? -1;
  expect(turned(sphere, { across: Math.PI / 2, up: 0 }).x[front]).toBeCloseTo(1, 3);
  // And one down brings down, to the front, what was on top.
  const tipped = turned(sphere, { across: 0, up: Math.PI / 2 });
  expect(tipped.z?.[0]).toBeCloseTo(1, 3);
  const flat = layOut(50, { kind: "disc" });
  expect(turned(flat, { across: 1, up: 1 })).toBe(flat);
});

test("on the way neurons begin where they were and end where they go", () => {
  const [from, to] = [layOut(9, { kind: "ring" }), layOut(9, { kind: "disc" })];
  expect(onTheWay(from, to, 0).x).toEqual(from.x);
  expect(onTheWay(from, to, 1)).toBe(to);
  expect(onTheWay(null, to, 0.5)).toBe(to);
  const half = onTheWay(from, to, 0.5);
  for (let neuron = 0; neuron < 9; neuron++)
    expect(half.y[neuron]).toBeCloseTo((from.y[neuron] + to.y[neuron]) / 2, 6);
});

test("of numbers that would lie on each other the first one is shown", () => {
  const boxes = [
    { x: 0, y: 0, letters: 2 },
    { x: 15, y: 5, letters: 2 },
    { x: 0, y: 18, letters: 5 },
    { x: 40, y: 0, letters: 3 },
  ];
  expect(apart(boxes, 10)).toEqual([0, 2, 3]);
  expect(apart(boxes, 2)).toEqual([0, 2]);
});
