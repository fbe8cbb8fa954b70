import { expect, test, vi } from "vitest";
import { measure } from "../../src/cli/plan";
import type { Engine } from "../../src/engine/engine";
import { notebookDesign } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { networkOf } from "../../src/network";

const network = networkOf(parseExperiment({ network: "notebook", neurons: 10 }));
const sources = Uint32Array.from({ length: 10 }, (_, neuron) => neuron);

/** Takes so many milliseconds for a trial with one source, and for one with ten, of a clock of its own. */
async function measured(narrow: number, wide: number) {
  const trials = { narrow: 0, wide: 0 };
  vi.useFakeTimers({ toFake: ["performance"] });
  const open: Engine["open"] = async ({ sources: { length } }) =>
    ({
      advance: async (from: number, to: number) => {
        trials[length === 1 ? "narrow" : "wide"] += to - from;
        vi.advanceTimersByTime((to - from) * (length === 1 ? narrow : wide));
      },
      sums: async () => null,
      release: () => {},
    }) as never;
  try {
    return { speeds: await measure({ open } as Engine, network, sources, notebookDesign), trials };
  } finally {
    vi.useRealTimers();
  }
}

test("where trials take long, a few tell the speeds", async () => {
  const { speeds, trials } = await measured(100, 500);
  // A second source costs 400 / 9 ms for 10 targets; and see drivesOf.
  expect(speeds.pairUpdatesPerSecond).toBeCloseTo((10 * 9) / 0.4, 9);
  expect(speeds.drivesPerSecond).toBeCloseTo((network.source.length + 30 * 10) / 0.1, 9);
  expect(trials).toEqual({ narrow: 128, wide: 128 });
});

test("where they take next to nothing, it ends all the same, within the trials of its task", async () => {
  const { trials } = await measured(1e-7, 2e-7);
  expect(Math.max(trials.narrow, trials.wide)).toBeLessThan(2 ** 21);
  expect(Math.min(trials.narrow, trials.wide)).toBeGreaterThan(2 ** 20);
});

test("where they take microseconds, as many as time can be told of, and not many more", async () => {
  const { speeds, trials } = await measured(0.002, 0.01);
  expect(speeds.pairUpdatesPerSecond).toBeCloseTo((10 * 9) / 0.000008, 3);
  for (const [count, time] of [
    [trials.narrow, 0.002],
    [trials.wide, 0.01],
  ]) {
    expect(count * time).toBeGreaterThan(400);
    expect(count * time).toBeLessThan(1200);
  }
});
