import { expect, test } from "vitest";
import { type DoSee, doAgainstSee } from "../src/doSee";
import { useGpuEngine } from "./support/gpu";

const gpu = useGpuEngine();

// Expected: agreement with create_connectivity(N, 42) as it was measured before this was written, in two or three
// digits; and how much one run scatters, the standard deviation over 4 to 10 other seeds. Both scatter, hence √2.
type Expected = readonly [steps: number, method: "see" | "do", agreement: number, deviation: number];

test.each<[number, number, Expected[]]>([
  [
    25,
    0.3,
    [
      [5_000, "see", 0.54, 0.0114],
      [5_000, "do", 0.9, 0.007],
      [50_000, "see", 0.55, 0.0048],
      [50_000, "do", 0.988, 0.0012],
    ],
  ],
  [
    25,
    0.7,
    [
      [5_000, "see", 0.3, 0.0031],
      [5_000, "do", 0.92, 0.0138],
      [50_000, "see", 0.3, 0.0013],
      [50_000, "do", 0.991, 0.0019],
    ],
  ],
  [
    100,
    0,
    [
      [5_000, "see", 0.36, 0.0043],
      [5_000, "do", 0.56, 0.0086],
      [50_000, "see", 0.77, 0.0021],
      [50_000, "do", 0.9, 0.0007],
    ],
  ],
])("%i neurons, a part of %d of the noise in common", async (neurons, common, expected) => {
  const steps = [5_000, 50_000];
  const told: DoSee[] = [];
  const points = await doAgainstSee(
    { neurons, networkSeed: 42, common, seed: "lecture", steps },
    { onPoint: (point) => told.push(point) },
  );
  expect(told).toEqual(points);
  expect(points.map((point) => point.steps)).toEqual(steps);
  for (const [at, method, agreement, deviation] of expected) {
    const measured = points.find((point) => point.steps === at)?.[method] as number;
    // The last digit of what is expected was rounded.
    const digit = agreement > 0.98 ? 0.0005 : 0.005;
    expect(Math.abs(measured - agreement)).toBeLessThan(4 * Math.SQRT2 * deviation + digit);
  }
});

test("with noise in common, watching stands still where perturbing goes on: bias does not shrink with time", async () => {
  const [early, late] = await doAgainstSee({ neurons: 25, common: 0.7, steps: [20_000, 80_000] });
  expect(Math.abs(late.see! - early.see!)).toBeLessThan(0.01);
  expect(late.see).toBeLessThan(0.35);
  expect(late.do).toBeGreaterThan(0.985);
  expect(late.do).toBeGreaterThan(early.do! + 0.01);
  const [own] = await doAgainstSee({ neurons: 25, common: 0, steps: [80_000] });
  expect(own.see).toBeGreaterThan(0.95);
});

test("hidden neurons are left out of both", async () => {
  const [all] = await doAgainstSee({ neurons: 30, steps: [20_000] });
  const [some] = await doAgainstSee({ neurons: 30, hidden: 0.5, steps: [20_000] });
  expect(some.see).not.toBe(all.see);
  expect(some.do).not.toBe(all.do);
  expect(some.do).toBeGreaterThan(0.8);
});

test("the GPU measures the same numbers", async () => {
  const question = { neurons: 12, common: 0.3, hidden: 0.2, steps: [2_000] };
  const [onCpu] = await doAgainstSee(question);
  expect(await doAgainstSee(question, { engine: gpu.engine })).toEqual([onCpu]);
});

test("once stopped, what is there comes back", async () => {
  const stop = new AbortController();
  const points = await doAgainstSee(
    { neurons: 10, steps: [2_000, 4_000, 1_000_000_000] },
    { signal: stop.signal, onPoint: ({ steps }) => steps === 4_000 && stop.abort() },
  );
  expect(points.map(({ steps }) => steps)).toEqual([2_000, 4_000]);
});
