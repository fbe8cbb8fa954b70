import { expect, test } from "vitest";
import { keyFrom } from "../../src/model/threefry";
import { checkTimeSteps, mostTimeSteps, timeStepsFor, watchParams } from "../../src/model/watch";
import { networkOf } from "../support/networks";

const network = networkOf([[0, 1], [0]]);

test.each([1, 64, 65, 1000, 65_536])("%i chains never share a draw, at any two time steps", (chains) => {
  const task = { network, key: keyFrom("draws"), common: 0, hidden: null, chains, burnIn: 0 };
  const at = (t: number) => watchParams(task, 2, t);
  for (const t of [0, 1, 99, mostTimeSteps(chains) - 2]) {
    expect(at(t).trialTo - at(t).trialFrom).toBe(chains);
    expect(at(t).trialFrom).toBe(at(t).trialBase);
    expect(at(t + 1).trialBase).toBeGreaterThanOrEqual(at(t).trialTo);
  }
  // The end itself is told to the GPU in 32 bits, too.
  expect(at(mostTimeSteps(chains) - 1).trialTo).toBeLessThan(2 ** 32);
});

test("time ends where the draws do, and the sentence says how many steps that is", () => {
  const task = { chains: 65_536, burnIn: 100 };
  expect(mostTimeSteps(65_536)).toBe(65_535);
  expect(() => checkTimeSteps(task, 65_535)).not.toThrow();
  expect(() => checkTimeSteps(task, 65_536)).toThrow(
    "4,288,413,696 steps are more than there are draws for; allowed with 65,536 chains: up to 4,288,348,160",
  );
});

test("steps asked for are rounded up to whole time steps, after those that do not count", () => {
  expect(timeStepsFor(5_000, { chains: 1000, burnIn: 100 })).toBe(105);
  expect(timeStepsFor(5_001, { chains: 1000, burnIn: 100 })).toBe(106);
});
