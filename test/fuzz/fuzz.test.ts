import { expect, test } from "vitest";
import { describeFailure, emptyTally, roundInputs, runRound } from "./campaign";
import { formats } from "./formats";

// A short run with a fixed seed; `npm run fuzz` goes on from there, with as many inputs and other seeds as are wanted.
const seed = "suite";
const most = 20;

test.each(Object.keys(formats))("%s: whatever comes is a good result or one sentence", async (name) => {
  const tally = emptyTally();
  const rounds = Math.ceil(most * (formats[name].share ?? 1));
  for (let round = 0; round < rounds; round++) await runRound(formats[name], seed, round, tally);
  expect(tally.failures.map((failure) => describeFailure(name, seed, failure)).join("\n\n")).toBe("");
  expect(tally.inputs).toBe(rounds * roundInputs);
  // Both ways are gone, or the inputs say little.
  expect(tally.accepted).toBeGreaterThan(tally.inputs / 50);
  expect(tally.refused).toBeGreaterThan(name === "link" ? -1 : tally.inputs / 50);
});
