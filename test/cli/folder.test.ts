import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { merge } from "../../src/cli/merge";
import { parseRun } from "../../src/cli/options";
import { run } from "../../src/cli/run";
import { recoverInTiles } from "../../src/cli/tiles";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import type { Watcher } from "../../src/engine/engine";
import { encodeSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { defaultConfidence } from "../../src/model/inference";
import type { Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { lab } from "../support/lab";
import { allOf } from "../support/networks";
import { emptySums } from "../support/sums";

// The folder of --out: nothing that was changed in it is taken for a result, and a run that fails leaves what was
// there.

const folder = mkdtempSync(join(tmpdir(), "lab-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const small = ["--network", "notebook:6:42", "--engine", "cpu"];
const ran = async (out: string, ...args: string[]) =>
  (await run(await parseRun([...small, ...args, "--out", out]))).result;
const merged = (...folders: string[]) => merge(folders, defaultConfidence, null, null);

const filesOf = (out: string) => readdirSync(out).sort();

/** As anybody would make them who knows how. */
const hashOf = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const vouched = (fields: object) => ({ ...fields, resultHash: hashOf(JSON.stringify(fields)) });

type Json = Record<string, unknown>;
const told = (out: string): Json => JSON.parse(readFileSync(join(out, "result.json"), "utf8"));

function folderOf(name: string, result: object, sums: Uint8Array): string {
  const out = at(name);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "result.json"), JSON.stringify(result));
  writeFileSync(join(out, "sums.bin"), sums);
  return out;
}

/** The one sentence that both say who read a folder. */
async function refusal(out: string): Promise<string> {
  const merging = await lab("merge", out);
  const resuming = await lab("run", "--resume", out, "--engine", "cpu");
  expect(merging).toEqual({ code: 2, out: "", err: expect.stringMatching(/^[^\n]+; [^\n]+\n$/) });
  expect(resuming).toEqual(merging);
  return merging.err;
}

const whole = at("whole");
let sums: Uint8Array;
/** Its fields without the hash and the curves. */
let fields: Json;
beforeAll(async () => {
  await ran(whole, "--trials", "100");
  sums = readFileSync(join(whole, "sums.bin"));
  const { resultHash: _, roc: __, precisionRecall: ___, ...rest } = told(whole);
  fields = rest;
});

test("the hash of a result is of all its other fields, and stands after that of the sums", async () => {
  const { roc: _, precisionRecall: __, ...result } = told(whole);
  expect(result).toEqual(vouched(fields));
  expect(Object.keys(result).slice(-2)).toEqual(["sumsHash", "resultHash"]);
  const { out } = await lab("run", ...small, "--trials", "100", "--json");
  const { resultHash, ...printed } = JSON.parse(out);
  expect(resultHash).toBe(hashOf(JSON.stringify(printed)));
});

test("whatever was changed in a result, it is refused", async () => {
  const experiment = fields.experiment as Json;
  const changes: Json[] = [
    { experiment: { ...experiment, seed: "other" } },
    { experiment: { ...experiment, neurons: 7 } },
    { experiment: { ...experiment, trials: 200 } },
    { trials: { from: 100, to: 200 } },
    { engine: null },
    { adapter: "another" },
    { seconds: "1" },
    { agreement: 1 },
    { sumsHash: "0".repeat(64) },
    { more: 1 },
  ];
  for (const change of changes) {
    const out = folderOf("changed", { ...told(whole), ...change }, sums);
    expect(await refusal(out)).toMatch(
      /result\.json is damaged: the SHA-256 of its fields is not its resultHash; allowed: a result as it was/,
    );
  }
  const { seconds: _, ...less } = told(whole);
  expect(await refusal(folderOf("changed", less, sums))).toMatch(/is not its resultHash/);
  // Spaces and curves are nobody's result.
  const out = folderOf("changed", { ...told(whole), roc: null }, sums);
  expect((await merged(out)).sumsHash).toBe(fields.sumsHash);
});

test("a result without its hash is of an earlier version, and what is none is no result", async () => {
  expect(await refusal(folderOf("earlier", fields, sums))).toMatch(
    /^\S+result\.json has no resultHash: an earlier version of this program wrote it, or it was changed; allowed: what this version wrote, so run the trials again, or --resume a session that --session saved$/m,
  );
  for (const text of [
    "",
    "{",
    "null",
    "7",
    `${"[".repeat(1e5)}${"]".repeat(1e5)}`,
    `{"a":${"[".repeat(1e5)}`,
  ]) {
    const out = folderOf("none", {}, sums);
    writeFileSync(join(out, "result.json"), text);
    expect(await refusal(out)).toMatch(/result\.json (is damaged: it is no JSON|has no resultHash)/);
  }
  const deep = `${JSON.stringify({ resultHash: "0" }).slice(0, -1)},"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`;
  writeFileSync(at("none", "result.json"), deep);
  expect(await refusal(at("none"))).toMatch(/result\.json is damaged/);
});

test("nor does a hash that fits help a result that cannot be, or is not of its sums", async () => {
  const experiment = fields.experiment as Json;
  const of = (change: Json) => [{ ...fields, ...change }, sums] as const;
  const ofExperiment = (change: Json) => of({ experiment: { ...experiment, ...change } });
  const spoilt = Uint8Array.from(sums);
  // The outcome of the first target, after the header.
  spoilt[32 + 5] = 1;
  const cases: [readonly [Json, Uint8Array], RegExp][] = [
    [of({ seconds: "1" }), /result\.json: seconds is "1"; allowed: a number from 0$/m],
    [of({ seconds: -1 }), /seconds is -1; allowed/],
    [of({ adapter: 3 }), /result\.json: adapter is 3; allowed: a text$/m],
    [of({ engine: "tpu" }), /engine is "tpu"; allowed: gpu or cpu or null$/m],
    [of({ experiment: 1 }), /experiment is 1; allowed: an object$/m],
    [ofExperiment({ neurons: 0 }), /result\.json: neurons is 0; allowed: a whole number/],
    [ofExperiment({ colour: 1 }), /"colour" is no parameter; .*/],
    [of({ trials: null }), /trials is null; allowed: from and to, and nothing else/],
    [
      of({ trials: { from: 0, to: 101 } }),
      /trials is from 0 to 101; allowed: whole numbers that do not descend, up to the 100 of/,
    ],
    [of({ sumsHash: 1 }), /sumsHash is 1; allowed: 64 hexadecimal digits$/m],
    [
      of({ sumsHash: "0".repeat(64) }),
      /sums\.bin is damaged: its SHA-256 is not the sumsHash of result\.json/,
    ],
    [
      of({ trials: { from: 0, to: 99 } }),
      /forged contradicts itself: its sums are of 100 trials; allowed: 99,/,
    ],
    [ofExperiment({ neurons: 7 }), /its sums are of 6 targets; allowed: the 7 neurons$/m],
    [ofExperiment({ design: "one" }), /its sums are of another design; allowed: one,/],
    [ofExperiment({ probability: 0.3 }), /its sums are of another design; allowed: all,/],
    [ofExperiment({ sources: "0-4" }), /its sums are of other sources; allowed: 0-4,/],
    [
      ofExperiment({ sources: "0-9" }),
      /forged: place 1 of sources is 0-9, but there is no neuron 6; allowed/,
    ],
    [ofExperiment({ sources: "id:a" }), /allowed: names, if the network is in a file$/m],
    [
      [{ ...fields, sumsHash: hashOf(spoilt) }, spoilt],
      /forged contradicts itself: the outcome of target 0 is \d+; allowed: 0 to 25500$/m,
    ],
  ];
  for (const [[result, bytes], sentence] of cases)
    expect(await refusal(folderOf("forged", vouched(result), bytes))).toMatch(sentence);
});

/** The CPU engine; `onOpen` hears which tile is opened. */
function cpuWith(onOpen: (tile: number) => void): Watcher {
  const { kind, adapter, limits, open, watch, close } = createCpuEngine(nodeThreads());
  let tile = 0;
  return {
    ...{ kind, adapter, limits, watch, close },
    open: (task, begun) => {
      onOpen(tile++);
      return open(task, begun);
    },
  };
}

/** The notebook's six sources, two at a time. */
async function inTiles(
  out: string,
  onOpen: (tile: number, stop: AbortController) => void,
  ...args: string[]
) {
  mkdirSync(out, { recursive: true });
  const options = await parseRun([
    ...[...small, "--trials", "300", "--tiles", "2", "--keep-sums"],
    ...[...args, "--out", out],
  ]);
  const { experiment } = options;
  const network = networkOf(experiment);
  const key = keyFrom(experiment.seed);
  const task = { network, key, design: designOf(experiment, key), sources: allOf(6), trials: 300 };
  const stop = new AbortController();
  const engine = cpuWith((tile) => onOpen(tile, stop));
  return recoverInTiles(engine, task, { network, names: null }, options, 0, stop.signal);
}

test.each([
  ["all", "0-3"],
  ["one", "all"],
])("tiles that were interrupted are a result to go on with, design %s", async (design, sources) => {
  const out = at(`tiles-${design}`);
  const interrupt = (tile: number, stop: AbortController) => tile === 2 && stop.abort();
  const { result, cancelled } = await inTiles(out, interrupt, "--design", design);
  expect(cancelled).toBe(true);
  expect(result).toMatchObject({ tiles: { done: 2, of: 3 }, sources: 4, experiment: { sources } });
  expect(filesOf(out)).toEqual(["edges.csv", "result.json", "sums.bin"]);
  expect(await merged(out)).toMatchObject({ sumsHash: result.sumsHash, sources: 4, experiment: { sources } });
});

test("nor are they added to trials in which other sources take turns", async () => {
  const some = at("tiles-some");
  const interrupt = (tile: number, stop: AbortController) => tile === 1 && stop.abort();
  await inTiles(some, interrupt, "--design", "one");
  const later = (name: string, ...args: string[]) =>
    ran(at(name), "--design", "one", "--trials", "300..600", ...args);
  await later("two", "--sources", "0-1");
  await expect(merged(some, at("two"))).rejects.toThrow(
    /tiles-some and \S+two are of trials in which different sources take turns; allowed with --design one: the/,
  );
  // The same in other words.
  await ran(at("first"), "--design", "one", "--sources", "1,0", "--trials", "300");
  expect(await merged(at("first"), at("two"))).toMatchObject({ trials: { from: 0, to: 600 } });
});

test("parts of more sources than there are words for are joined, among all", async () => {
  const part = (name: string, first: number) => {
    const sources = allOf(334 - first).map((third) => 3 * third + first);
    const some: Sums = { ...emptySums(sources, 1000), trials: 4 };
    const bytes = new Uint8Array(Buffer.concat([...encodeSums(some)].map((piece) => piece.slice())));
    const experiment = parseExperiment({
      ...{ network: "in-degree", neurons: 1000, trials: 4, sources: sources.join() },
    });
    const result = vouched({
      ...{ experiment, engine: "cpu", adapter: "CPU", trials: { from: 0, to: 4 }, seconds: 1 },
      sumsHash: hashOf(bytes),
    });
    return folderOf(name, result, bytes);
  };
  const found = await merged(part("thirds", 0), part("more-thirds", 1));
  expect(found).toMatchObject({ sources: 667, experiment: { sources: "all" } });
});

test("a run whose tiles fail leaves the result of before, whole", async () => {
  const out = at("before-tiles");
  const before = await ran(out, "--trials", "200", "--seed", "before");
  const files = filesOf(out);
  const fail = (tile: number) => {
    if (tile === 1) throw new Error("the engine is gone");
  };
  await expect(inTiles(out, fail)).rejects.toThrow(/engine is gone/);
  const stopAtOnce = (_: number, stop: AbortController) => stop.abort();
  await expect(inTiles(out, stopAtOnce)).rejects.toThrow(/nothing is kept/);
  expect(filesOf(out)).toEqual(files);
  expect((await merged(out)).sumsHash).toBe(before.sumsHash);
  const after = await inTiles(out, () => {});
  expect(filesOf(out)).toEqual(["edges.csv", "result.json", "sums.bin"]);
  expect((await merged(out)).sumsHash).toBe(after.result.sumsHash);
  await ran(out, "--trials", "200");
  expect(filesOf(out)).toEqual(["effects.csv", "effects.npy", "result.json", "sums.bin"]);
});

// Linux has a device that is always full.
test.runIf(existsSync("/dev/full")).each(["effects.npy", "result.json"])(
  "a disk that is full at %s leaves the result of before, whole",
  async (file) => {
    const out = at(`full-${file}`);
    const before = await ran(out, "--trials", "200", "--seed", "before");
    const kept = readFileSync(join(out, "result.json"));
    const names = filesOf(out);
    rmSync(join(out, file));
    symlinkSync("/dev/full", join(out, file));
    const failed = await lab("run", ...small, "--trials", "300", "--out", out);
    expect(failed).toMatchObject({ code: 2, err: expect.stringMatching(/cannot be written \(ENOSPC/) });
    expect(filesOf(out)).toEqual(names);
    rmSync(join(out, file));
    writeFileSync(join(out, "result.json"), kept);
    expect((await merged(out)).sumsHash).toBe(before.sumsHash);
  },
);
