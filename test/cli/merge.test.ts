import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { merge } from "../../src/cli/merge";
import { parseRun } from "../../src/cli/options";
import { run } from "../../src/cli/run";
import { defaultConfidence } from "../../src/model/inference";

// A long run split by its sources as well as by its trials. The runner as a process is tested beside this.

const folder = mkdtempSync(join(tmpdir(), "lab-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the notebook's six neurons; the folder is named by its sources and trials. */
async function part(sources: string, trials: string, ...more: string[]) {
  const out = join(folder, [sources, trials, ...more].join(" "));
  const given = ["--network", "notebook:6:42", "--engine", "cpu", "--sources", sources, "--trials", trials];
  const { result } = await run(await parseRun([...given, ...more, "--out", out]));
  return { out, result };
}

const merged = (...parts: { out: string }[]) =>
  merge(
    parts.map(({ out }) => out),
    defaultConfidence,
    null,
    null,
  );

test("parts of different sources stand side by side, whatever their network and design ignore", async () => {
  const whole = await part("all", "500");
  const early = await part("0,2-3", "0..300");
  const late = await part("0,2,3", "300..500");
  const others = await part("1,4-5", "500", "--share", "0.5");
  const found = await merged(others, late, early);
  expect(found).toMatchObject({ sources: 6, experiment: { sources: "all" } });
  expect(found.sumsHash).toBe(whole.result.sumsHash);
  expect(found.agreement).toBe(whole.result.agreement);
  const some = await merged(await part("5", "500"), await part("1-2", "500"));
  expect(some.experiment.sources).toBe("1,2,5");
  expect(some.sumsHash).toBe((await part("1,2,5", "500")).result.sumsHash);
});

test("so do both arms, where there are two", async () => {
  const more = ["--probability", "0.3"];
  const whole = await part("all", "400", ...more);
  const parts = [await part("0,5", "400", ...more), await part("1-4", "400", ...more)];
  expect((await merged(...parts)).sumsHash).toBe(whole.result.sumsHash);
});

test("what does not fit together is refused in a sentence", async () => {
  const left = await part("0,2-3", "0..300");
  const right = await part("1,4-5", "500", "--share", "0.5");
  await expect(merged(left, right)).rejects.toThrow(
    /is of trials 0 to 500, .* of 0 to 300, and of other sources; allowed: the same trials for all sources$/,
  );
  const both = await part("1-2", "500");
  await expect(merged(both, right)).rejects.toThrow(/both hold source 1, among others that differ; allowed/);
  const turns = [await part("0-2", "600", "--design", "one"), await part("3-5", "600", "--design", "one")];
  await expect(merged(...turns)).rejects.toThrow(
    /^the parts are of different trials, .*; allowed with --design one: parts of the same sources/,
  );
  await expect(merged(both, turns[0])).rejects.toThrow(
    /are of different experiments; allowed: the same in all/,
  );
});
