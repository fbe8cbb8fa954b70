import { describe, expect, test } from "vitest";
import type { Task } from "../../src/engine/engine";
import type { Estimates } from "../../src/model/estimate";
import { MeasuredCurve } from "../../src/page/curve";
import { chooseArrows } from "../../src/page/digest";
import { measureText } from "../../src/page/measures";
import { paceLimit, paceMoment } from "../../src/page/pace";
import { pokesOf } from "../../src/page/pokes";
import { niceEnd, opacity } from "../../src/view/colours";
import { curve, place } from "../../src/view/curves";
import { arrowAt } from "../../src/view/hit";
import { layOut } from "../../src/view/layout";
import { notebookNetwork } from "../support/networks";

const estimates = (neurons: number, effect: (target: number, source: number) => number): Estimates => ({
  // So many that the standard error is as good as known.
  trials: 1e9,
  freedom: new Float64Array(neurons).fill(1e9),
  targets: neurons,
  sources: Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
  effect: Float64Array.from({ length: neurons ** 2 }, (_, pair) =>
    effect(Math.floor(pair / neurons), pair % neurons),
  ),
  standardError: new Float64Array(neurons ** 2).fill(0.01),
});

describe("arrows to draw", () => {
  test("every pair of a small network, column = from, row = to, the most certain on top", () => {
    const { arrows, candidates } = chooseArrows(
      estimates(3, (target, source) => (target === 1 && source === 2 ? -0.5 : 0.001)),
      100,
    );
    expect(candidates).toBe(9);
    expect([arrows.source.at(-1), arrows.target.at(-1)]).toEqual([2, 1]);
    expect(arrows.effect.at(-1)).toBeCloseTo(-0.5);
    expect(arrows.certainty.at(-1)).toBeCloseTo(50);
  });

  test("of a large network those that stand out, the most certain first when there are too many", () => {
    const all = estimates(40, (target, source) => (target * 40 + source) / 10_000);
    const { arrows, candidates } = chooseArrows(all, 200);
    expect(candidates).toBe(1300);
    expect(arrows.source.length).toBeGreaterThan(150);
    expect(arrows.source.length).toBeLessThanOrEqual(200);
    expect(Math.min(...arrows.certainty)).toBeGreaterThan(13.9);
  });

  test("of more equally certain ones than fit, as many as fit", () => {
    const sure = {
      ...estimates(40, (_, source) => (source < 20 ? 0.1 : 0)),
      standardError: new Float64Array(1600),
    };
    const { arrows, candidates } = chooseArrows(sure, 200);
    expect(candidates).toBe(800);
    expect(arrows.source.length).toBe(200);
    expect(Math.max(...arrows.source)).toBe(19);
  });

  test("the most certain pairs are listed, the first of them the most", () => {
    const all = estimates(40, (target, source) => (target * 40 + source) / 10_000);
    const { strongest } = chooseArrows(all, 200);
    expect(strongest.map(({ source, target }) => target * 40 + source)).toEqual(
      Array.from({ length: 20 }, (_, rank) => 1599 - rank),
    );
    expect(strongest[0]).toEqual({ source: 39, target: 39, effect: 0.1599, standardError: 0.01 });
    expect(
      chooseArrows(
        estimates(2, () => 0.1),
        100,
      ).strongest,
    ).toHaveLength(4);
  });

  test("of chosen sources, each under its own number", () => {
    const few: Estimates = {
      ...estimates(40, () => 0),
      sources: Uint32Array.of(7, 39),
      freedom: new Float64Array(2).fill(1e9),
      effect: Float64Array.from({ length: 80 }, (_, pair) => (pair === 2 * 12 + 1 ? 0.2 : 0)),
      standardError: new Float64Array(80).fill(0.01),
    };
    const { arrows, strongest } = chooseArrows(few, 200);
    expect([[...arrows.source], [...arrows.target]]).toEqual([[39], [12]]);
    expect(strongest).toMatchObject([{ source: 39, target: 12 }]);
  });

  test("a missing pair is no arrow", () => {
    const { arrows, candidates } = chooseArrows(
      estimates(2, (target) => (target === 0 ? Number.NaN : 0.1)),
      100,
    );
    expect(candidates).toBe(2);
    expect([...arrows.target]).toEqual([1, 1]);
  });
});

describe("the graph", () => {
  test("an arrow runs from its source's rim to its target's, and the way back lies beside it", () => {
    const places = place(layOut(6), 600, 600);
    const curves = new Float32Array(16);
    curve(places, 5, 1, curves, 0);
    curve(places, 1, 5, curves, 8);
    const distance = (at: number, neuron: number) =>
      Math.hypot(
        curves[at] - places.reach * places.layout.x[neuron],
        curves[at + 1] - places.reach * places.layout.y[neuron],
      );
    expect(distance(0, 5)).toBeCloseTo(places.disc, 3);
    expect(distance(6, 1)).toBeGreaterThan(places.disc);
    expect(distance(6, 1)).toBeLessThan(places.disc + 5);
    const [there, back] = [curves[3], curves[11]];
    expect(Math.abs(there - back)).toBeGreaterThan(20);
  });

  test("pointing at an arrow finds it, and not its way back", () => {
    const places = place(layOut(6), 600, 600);
    const arrows = {
      source: Uint32Array.of(5, 1),
      target: Uint32Array.of(1, 5),
      effect: Float32Array.of(0.1, 0.1),
      certainty: Float32Array.of(9, 9),
    };
    const curves = new Float32Array(16);
    for (const arrow of [0, 1]) curve(places, arrows.source[arrow], arrows.target[arrow], curves, 8 * arrow);
    const middle = (arrow: number, axis: number) => {
      const at = 8 * arrow + axis;
      return (curves[at] + 3 * curves[at + 2] + 3 * curves[at + 4] + curves[at + 6]) / 8;
    };
    for (const arrow of [0, 1])
      expect(
        arrowAt(
          arrows,
          curves,
          middle(arrow, 0),
          middle(arrow, 1),
          1,
          () => 4,
          () => 1,
        ),
      ).toMatchObject({ source: arrows.source[arrow], target: arrows.target[arrow] });
    const far = arrowAt(
      arrows,
      curves,
      0,
      -250,
      1,
      () => 4,
      () => 1,
    );
    expect(far).toBeNull();
  });

  test("neuron 0 is at the top and the others follow clockwise", () => {
    const { x, y } = layOut(4);
    expect([x[0], y[0]].map((v) => Math.round(v))).toEqual([0, 1]);
    expect(Math.round(x[1])).toBe(1);
    expect(layOut(1).x[0]).toBe(0);
    expect(layOut(2000).ring).toBe(false);
  });

  test("certainty is opacity: one standard error is mist, five are solid", () => {
    expect(opacity(0)).toBeLessThan(0.05);
    expect(opacity(1)).toBeLessThan(0.2);
    expect(opacity(5)).toBeGreaterThan(0.95);
  });

  test("pokes are the bits of the kernels, the same for any trial asked alone", () => {
    const network = notebookNetwork(6, 42);
    const task: Task = { network, key: [1, 2], sources: Uint32Array.of(0, 1, 2, 3, 4, 5), trials: 200 };
    const pokes = Array.from({ length: 200 }, (_, trial) => pokesOf(trial, task));
    const on = pokes.flatMap((poke) => [...poke]).reduce((sum, bit) => sum + bit, 0);
    expect(Math.abs(on - 600)).toBeLessThan(5 * Math.sqrt(300));
    expect(new Set(pokes.map((poke) => poke.join(""))).size).toBeGreaterThan(50);
  });
});

describe("curves and scales", () => {
  test("a measured curve stays small and keeps its last point", () => {
    const measured = new MeasuredCurve(1e9);
    for (let trials = 1; trials < 50_000; trials++) measured.add(trials * 1000, trials);
    expect(measured.trials.length).toBeLessThan(400);
    expect(measured.trials.at(-1)).toBe(49_999_000);
    expect(measured.values.at(-1)).toBe(49_999);
    const ascending = measured.trials.every((trials, at) => at === 0 || trials > measured.trials[at - 1]);
    expect(ascending).toBe(true);
  });

  test("the end of a scale is a round number that holds the largest value", () => {
    expect(niceEnd(0.141)).toBe(0.15);
    expect(niceEnd(0.7001)).toBe(0.8);
    expect(niceEnd(0.00404)).toBe(0.005);
    expect(niceEnd(1)).toBe(1);
    expect(niceEnd(0)).toBe(1);
  });

  test("a measure has the digits that runs of so many trials agree on", () => {
    expect(measureText({ value: 0.99834, band: { expected: 0.998, low: 0.997, high: 0.9985 } })).toBe(
      "0.9983",
    );
    expect(measureText({ value: 0.534, band: { expected: 0.5, low: 0.2, high: 0.7 } })).toBe("0.53");
    expect(measureText({ value: null, band: null })).toBe("–");
  });

  test("the pace lets one trial through at once, all after five seconds, and slows no large network", () => {
    expect(paceLimit(6, 25_000, 0)).toBe(1);
    expect(paceLimit(6, 25_000, 2.5)).toBe(158);
    expect(paceLimit(6, 25_000, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(paceLimit(400, 25_000, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(paceLimit(6, 25_000, paceMoment(25_000, 158))).toBeGreaterThanOrEqual(157);
  });
});
