import { expect, test } from "vitest";
import { knownAnswers } from "../support/kat";
import { lab, labProcess } from "../support/lab";

const replayed = (...args: string[]) => lab("replay", ...args);

async function json(...args: string[]) {
  const { code, out, err } = await replayed(...args, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.trim().split("\n")).toHaveLength(1);
  return JSON.parse(out);
}

interface Notebook {
  readonly connectivity: number[][];
  readonly standard_first_10: number[][];
  readonly perturbed_first_10: number[][];
  readonly single_effect: number[];
  readonly single_correlation: number;
  readonly all_correlation_estimate: number[][];
  readonly all_correlation: number;
  readonly all_difference_in_means: number[][];
  readonly all_difference_in_means_correlation: number;
}

/** Same shape, every number within 1e-12. */
function expectSame(got: unknown, expected: unknown) {
  if (Array.isArray(expected)) {
    expect(got).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) expectSame((got as unknown[])[index], value);
  } else {
    expect(Math.abs((got as number) - (expected as number))).toBeLessThanOrEqual(1e-12);
  }
}

test.each([
  ["notebook_n6", "--neurons 6 --seed 42 --timesteps 5000 --selected 1", 1],
  ["notebook_n6", "", 1],
  ["notebook_n25_seed7", "--neurons 25 --seed 7 --timesteps 2000 --selected 3", 3],
])("%s, with %j", async (name, options, source) => {
  const notebook = knownAnswers<Notebook>(name);
  const replay = await json(...options.split(" ").filter(Boolean));
  expect(replay.twoNeurons).toBe(0.9907195190159408);
  expectSame(replay.connectivity, notebook.connectivity);
  expectSame(replay.standardFirst10, notebook.standard_first_10);
  expectSame(replay.perturbedFirst10, notebook.perturbed_first_10);
  expect(replay.single.source).toBe(source);
  expectSame(replay.single.effect, notebook.single_effect);
  expectSame(replay.single.agreement, notebook.single_correlation);
  expectSame(replay.all.correlationEstimate, notebook.all_correlation_estimate);
  expectSame(replay.all.agreement, notebook.all_correlation);
  expectSame(replay.all.differenceInMeans, notebook.all_difference_in_means);
  expectSame(replay.all.differenceInMeansAgreement, notebook.all_difference_in_means_correlation);
});

test("as a process, it prints the same and nothing else", async () => {
  const [process, here] = [await labProcess(["replay", "--json"]), await replayed("--json")];
  expect(process).toEqual(here);
});

test("what is undefined is null; one neuron is selected where it is the only one", async () => {
  const replay = await json("--neurons", "1", "--timesteps", "3");
  expect(replay).toMatchObject({ neurons: 1, seed: 42, timesteps: 3, connectivity: [[0]] });
  expect(replay.standardFirst10).toEqual([[0, expect.any(Number), expect.any(Number)]]);
  expect(replay.single).toEqual({ source: 0, effect: [null], agreement: null });
  expect(replay.all).toEqual({
    correlationEstimate: [[null]],
    agreement: null,
    differenceInMeans: [[null]],
    differenceInMeansAgreement: null,
  });
});

test("for a person: the notebook's digits, and what cannot be said in words", async () => {
  const { code, out, err } = await replayed();
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^two neurons: difference in means 0\.9907195190159408$/m);
  expect(out).toMatch(/^agreement with its column of the connectivity 0\.996019$/m);
  expect(out).toMatch(/^ +0\.0000 +0\.7001( +0\.0000){4}$/m);
  expect(out).not.toMatch(/NaN|null|undefined|no arrow/);
  const empty = await replayed("--neurons", "13", "--seed", "42", "--timesteps", "2");
  expect(empty.out).toMatch(/^connectivity, from \(column\) → to \(row\): 13 rows, printed with --json$/m);
  expect(empty.out).toMatch(/^agreement with the connectivity unknown$/m);
  expect((await replayed("--neurons", "3", "--seed", "1")).out).toMatch(/^no arrow was drawn/m);
});

test.each([
  [["--neurons", "0"], /^--neurons is "0"; allowed: a whole number from 1 to 2,000\n$/],
  [["--neurons", "6.5"], /^--neurons is "6\.5"; allowed/],
  [["--seed", "4294967296"], /^--seed is "4294967296"; allowed: a whole number from 0 to 4,294,967,295\n$/],
  [["--seed", "lecture"], /^--seed is "lecture"; allowed: a whole number/],
  [["--timesteps", "-5"], /^--timesteps is "-5"; allowed: a whole number from 1 to 10,000,000\n$/],
  [
    ["--neurons", "2000", "--timesteps", "5001"],
    /^--timesteps is 5,001; allowed for 2,000 neurons: up to 5,000\n$/,
  ],
  [["--selected", "6"], /^--selected is "6"; allowed: a whole number from 0 to 5\n$/],
  [["--selected", ""], /^--selected is ""; allowed/],
  [["--trials", "5"], /^Unknown option '--trials'/],
  [["6"], /^Unexpected argument '6'/],
])("%j is refused with exit code 2 and one line", async (args, sentence) => {
  const { code, out, err } = await replayed(...args, "--json");
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: "" });
});
