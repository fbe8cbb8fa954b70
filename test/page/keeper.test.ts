import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../../src/io/sessionFile";
import { type Experiment, parseExperiment } from "../../src/model/experiment";
import { Keeper, keptBegun } from "../../src/page/keeper";
import type { Progress } from "../../src/page/session";
import { emptySums } from "../support/sums";

// When the run on show is kept, and which run a session is for.

const experiment = parseExperiment({ trials: 100_000 });
let hide: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"], now: 0 });
  vi.stubGlobal("document", {
    visibilityState: "hidden",
    addEventListener: (_: string, listener: () => void) => {
      hide = listener;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A keeper that hears of runs of 1,000 trials a second, and what it kept. */
function keeperOf(answer: () => Promise<boolean> | boolean = () => true) {
  const kept: number[] = [];
  let now = 0;
  const keeper = new Keeper(async () => {
    kept.push(now);
    return answer();
  });
  return {
    ...{ keeper, kept },
    async hears(
      state: Progress["state"],
      trials: number,
      of: Experiment = experiment,
      speed = 1000,
      begun = "",
    ) {
      now = trials;
      keeper.hear({ state, trials, experiment: of, speed, begun } as Progress);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("soon after two seconds of computing, then every ten, and when it pauses or ends", async () => {
  const { kept, hears } = keeperOf();
  await hears("running", 50_000, experiment, Number.NaN);
  for (let trials = 1000; trials <= 20_000; trials += 500) {
    await hears("running", trials);
    vi.advanceTimersByTime(500);
  }
  expect(kept).toEqual([2000, 12_000]);
  await hears("paused", 20_500);
  await hears("running", 20_500);
  await hears("paused", 20_500);
  expect(kept).toEqual([2000, 12_000, 20_500]);
  await hears("running", 30_000);
  hide();
  await hears("done", 100_000);
  expect(kept).toEqual([2000, 12_000, 20_500, 30_000, 100_000]);
  // Anew, and another: each is as young as the first.
  await hears("running", 1000);
  await hears("paused", 1500);
  await hears("running", 2000);
  await hears("running", 1000, { ...experiment, seed: "other" });
  expect(kept).toHaveLength(6);
});

test("a last chunk that comes in after a pause is kept, too", async () => {
  const { kept, hears } = keeperOf();
  await hears("running", 5000);
  await hears("paused", 5000);
  await hears("paused", 6000);
  await hears("paused", 6000);
  expect(kept).toEqual([5000, 6000]);
});

test("what ends while it is being kept is kept once more, and what cannot be is not tried again", async () => {
  let done = (_: boolean) => {};
  const slow = keeperOf(() => new Promise<boolean>((resolve) => (done = resolve)));
  await slow.hears("running", 5000);
  await slow.hears("done", 100_000);
  expect(slow.kept).toEqual([5000]);
  done(true);
  await slow.hears("done", 100_000);
  expect(slow.kept).toEqual([5000, 100_000]);
  const never = keeperOf(() => false);
  await never.hears("running", 5000);
  vi.advanceTimersByTime(60_000);
  await never.hears("running", 60_000);
  expect(never.kept).toEqual([5000]);
});

test("what begins with a session's sums is worth keeping at once, or they would be gone with the next run", async () => {
  const { kept, hears } = keeperOf();
  await hears("paused", 400, experiment, Number.NaN);
  expect(kept).toEqual([]);
  const opened = { ...experiment };
  for (const state of ["preparing", "running", "paused"] as const)
    await hears(state, 400, opened, Number.NaN, "opened at trial 400; R begins anew");
  expect(kept).toEqual([400]);
});

test("a worker that was dismissed while it kept something does not end keeping for good", async () => {
  const { kept, hears } = keeperOf(() => new Promise<boolean>(() => {}));
  await hears("running", 5000);
  await hears("done", 100_000);
  expect(kept).toEqual([5000]);
  const other = { ...experiment, seed: "other" };
  await hears("preparing", 0, other);
  await hears("done", 100_000, other);
  expect(kept).toEqual([5000, 100_000]);
});

test("a session is for the next run of its own, and gone once it has begun, or with one that is shorter", async () => {
  const { keeper, hears } = keeperOf();
  const sums = { ...emptySums(Uint32Array.of(0), 6), trials: 400 };
  const session = { head: { experiment }, sums } as Session;
  const offered = () => keeper.offer(session);
  offered();
  expect(keeper.take({ ...experiment, engine: "cpu" })).toEqual({
    ...{ sums, paused: true, opened: true },
    words: "opened at trial 400; R begins anew",
  });
  // Whoever ends it before it has begun finds it again.
  await hears("cancelled", 0);
  expect(keeper.take(experiment)).not.toBeNull();
  await hears("running", 400, experiment, Number.NaN, "opened at trial 400; R begins anew");
  expect(keeper.take(experiment)).toBeNull();
  offered();
  expect(keeper.take(experiment, true)).toBeNull();
  expect(keeper.take(experiment)).toBeNull();
  offered();
  // It may wait for the file that its network is in, while others run.
  expect(keeper.take({ ...experiment, seed: "other" })).toBeNull();
  expect(keeper.take({ ...experiment, trials: 399 })).toBeNull();
  expect(keeper.take(experiment)).toBeNull();
  offered();
  expect(keeper.take({ ...experiment, seed: "other" })).toBeNull();
  expect(keeper.take(experiment)).not.toBeNull();
});

test("what was kept says whether it began with a file", () => {
  const sums = { ...emptySums(Uint32Array.of(0), 6), trials: 24_000 };
  expect(keptBegun(sums, false).words).toBe("went on from trial 24,000 kept in this browser; R begins anew");
  expect(keptBegun(sums, true)).toEqual({
    ...{ sums, paused: false, opened: true },
    words: "went on from trial 24,000 of a session from a file, kept in this browser; R begins anew",
  });
});
