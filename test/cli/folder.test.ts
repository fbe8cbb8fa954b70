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
import { afterAll, expect, test } from "vitest";
import { merge } from "../../src/cli/merge";
import { parseRun } from "../../src/cli/options";
import { run } from "../../src/cli/run";
import { recoverInTiles } from "../../src/cli/tiles";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import type { Watcher } from "../../src/engine/engine";
import { designOf } from "../../src/model/design";
import { defaultConfidence } from "../../src/model/inference";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { lab } from "../support/lab";
import { allOf } from "../support/networks";

// The folder of --out: a run that fails leaves what was there.

const folder = mkdtempSync(join(tmpdir(), "lab-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const small = ["--network", "notebook:6:42", "--engine", "cpu"];
const ran = async (out: string, ...args: string[]) =>
  (await run(await parseRun([...small, ...args, "--out", out]))).result;
const merged = (...folders: string[]) => merge(folders, defaultConfidence, null, null);

const filesOf = (out: string) => readdirSync(out).sort();

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
