import { beforeAll, expect, test } from "vitest";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Saved } from "../../src/io/sessionFile";
import { type Experiment, parseExperiment } from "../../src/model/experiment";
import { everyNeuron } from "../../src/model/sources";
import type { Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { KeptRuns, mostKept } from "../../src/page/kept";
import { readFrom } from "../support/sums";

interface Stored {
  bytes: Uint8Array;
  at: number;
}

/** A browser's own folder, in memory: each file with so many bytes of room, and all within the quota. */
function storageOf(limits = { room: 2 ** 40, quota: 2 ** 40 }) {
  const files = new Map<string, Stored>();
  const locked = new Set<string>();
  const absent = () => new DOMException("", "NotFoundError");
  const folder = {
    async *keys() {
      yield* [...files.keys()];
    },
    async getFileHandle(name: string, { create = false } = {}) {
      if (!create && !files.has(name)) throw absent();
      if (create) files.set(name, { bytes: new Uint8Array(), at: Date.now() });
      return {
        async getFile() {
          const { bytes, at } = files.get(name) as Stored;
          return { size: bytes.length, lastModified: at, bytes };
        },
        createSyncAccessHandle: async () => ({
          write(piece: Uint8Array, { at }: { at: number }) {
            const held = files.get(name) as Stored;
            const fits = piece.subarray(0, Math.max(0, limits.room - at));
            const after = new Uint8Array(at + fits.length);
            after.set(held.bytes);
            after.set(fits, at);
            held.bytes = after;
            return fits.length;
          },
          close() {},
        }),
      };
    },
    async removeEntry(name: string) {
      if (locked.has(name)) throw new DOMException("", "NoModificationAllowedError");
      files.delete(name);
    },
  };
  const usage = () => [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  const storage = {
    estimate: async () => ({ quota: limits.quota, usage: usage() }),
    getDirectory: async () => folder as unknown as FileSystemDirectoryHandle,
  };
  const readerOf = (file: Blob) => readFrom((file as unknown as Stored).bytes);
  return { files, locked, limits, usage, kept: new KeptRuns(storage, readerOf) };
}

const experiment = parseExperiment({ trials: 1000 });
const sources = everyNeuron(6);
const after: Record<number, Sums> = {};
const saved = (to: number, of: Experiment = experiment): Saved => ({
  ...{ version: "0.1.0", experiment: of, trials: { from: 0, to } },
  ...{ engine: "gpu", adapter: "", understood: null },
});
const trialsOf = (name: string) => Number(name.split("-")[2]);
/** A run of another experiment, of so many bytes and so many seconds old. */
const other = (letter: string, bytes: number, age: number, kind = "kept"): [string, Stored] => [
  `${kind}-${letter.repeat(32)}-100-x`,
  { bytes: new Uint8Array(bytes), at: Date.now() - 1000 * age },
];
/** Those that are there, by the first letter of their key; of this experiment, by their trials. */
const namesOf = (files: Map<string, Stored>) =>
  [...files.keys()].flatMap((name) => {
    const [kind, key] = name.split("-");
    const called = key === key[0].repeat(32) ? key[0] : trialsOf(name);
    if (kind === "candidates") return [];
    return kind === "kept" ? called : `${kind} ${called}`;
  });
const found = async (kept: KeptRuns, of = experiment) => (await kept.find(of, sources))?.sums ?? null;

beforeAll(async () => {
  const key = keyFrom(experiment.seed);
  const run = await createTwinEngine().open({ network: networkOf(experiment), key, sources, trials: 1000 });
  for (const to of [100, 200, 300]) {
    await run.advance(to - 100, to);
    after[to] = await run.sums();
  }
});

test("the latest is kept, for whoever asks for as many trials or more, on whichever engine", async () => {
  const { kept, files } = storageOf();
  expect(await found(kept)).toBeNull();
  expect(await kept.keep(saved(100), after[100])).toBe(true);
  expect(await kept.keep(saved(200), after[200])).toBe(true);
  expect([...files.keys()].map(trialsOf)).toEqual([200]);
  expect(await found(kept)).toEqual(after[200]);
  expect(await found(kept, { ...experiment, trials: 200, engine: "cpu" })).toEqual(after[200]);
  // It has more than these: they stay where they are.
  expect(await found(kept, { ...experiment, trials: 199 })).toBeNull();
  expect(files.size).toBe(1);
  for (const other of [{ seed: "other" }, { sources: "0-5" }, { networkSeed: 1 }, { common: 0.1 }] as const)
    expect(await found(kept, { ...experiment, ...other })).toBeNull();
  await kept.forget({ ...experiment, seed: "other" });
  expect(files.size).toBe(1);
  await kept.forget(experiment);
  expect(files.size).toBe(0);
});

test("of two windows the one that got further is gone on with, and neither removes what the other writes", async () => {
  const { kept, files, locked } = storageOf();
  await kept.keep(saved(300), after[300]);
  await kept.keep(saved(100), after[100]);
  expect(await found(kept)).toEqual(after[300]);
  for (const name of files.keys()) locked.add(name);
  await kept.keep(saved(300), after[300]);
  expect(files.size).toBe(3);
  await kept.forget(experiment);
  expect(files.size).toBe(2);
});

test("what is damaged or cut short is dropped, and what is whole behind it is there", async () => {
  const { kept, files, locked } = storageOf();
  await kept.keep(saved(100), after[100]);
  for (const name of files.keys()) locked.add(name);
  await kept.keep(saved(200), after[200]);
  await kept.keep(saved(300), after[300]);
  const [, whole] = [...files];
  expect(files.size).toBe(2);
  const [name, file] = whole;
  // A window that was closed while it wrote.
  files.set(name.replace("-300-", "-400-"), { ...file, bytes: file.bytes.slice(0, -9) });
  file.bytes[file.bytes.length - 1] ^= 1;
  expect(await found(kept)).toEqual(after[100]);
  expect([...files.keys()].map(trialsOf)).toEqual([100]);
});

test("of sums of other sources, nothing is shown", async () => {
  const { kept, files } = storageOf();
  await kept.keep(saved(100), after[100]);
  expect(await kept.find(experiment, Uint32Array.of(0, 1, 2, 3, 4))).toBeNull();
  expect(files.size).toBe(0);
});

test("what is too old goes, and of what is too much the oldest", async () => {
  const { kept, files } = storageOf();
  await kept.keep(saved(100), after[100]);
  const [[, file]] = files;
  file.at -= mostKept.age + 1;
  expect(await found(kept)).toBeNull();
  expect(files.size).toBe(0);
  const half = mostKept.bytes / 2;
  for (const one of [other("b", half, 1), other("a", half, 2), other("c", half, 0)]) files.set(...one);
  await kept.keep(saved(100), after[100]);
  expect(namesOf(files)).toEqual(["c", 100]);
  // A name that is not ours stays.
  files.set("candidates-1", { bytes: new Uint8Array(mostKept.bytes), at: 0 });
  await kept.keep(saved(200), after[200]);
  expect(files.has("candidates-1")).toBe(true);
});

test("a run that does not fit takes nothing with it", async () => {
  const { kept, files, limits } = storageOf();
  await kept.keep(saved(100), after[100]);
  for (const one of files.values()) one.at -= 60_000;
  files.set(...other("a", mostKept.bytes, 1));
  // Somebody else's, which nobody removes here.
  files.set("candidates-1", { bytes: new Uint8Array(2 ** 30), at: 0 });
  limits.quota = 2 ** 30 + 1000;
  expect(await kept.keep(saved(200), after[200])).toBe(false);
  expect(namesOf(files)).toEqual([100, "a"]);
  // Nor do others go before it is whole, if they need not.
  limits.quota = 2 ** 40;
  limits.room = 500;
  expect(await kept.keep(saved(200), after[200])).toBe(false);
  expect(namesOf(files)).toEqual([100, "a"]);
  limits.room = 2 ** 40;
  expect(await kept.keep(saved(200), after[200])).toBe(true);
  expect(namesOf(files)).toEqual([200]);
});

test("as many go as have the room, the oldest, and of the same experiment none before the new one is whole", async () => {
  const { kept, files, limits, usage } = storageOf();
  await kept.keep(saved(100), after[100]);
  for (const one of files.values()) one.at -= 60_000;
  for (const one of [other("a", 1000, 2), other("b", 1000, 3), other("c", 1000, 1)]) files.set(...one);
  limits.quota = usage() + 100;
  limits.room = 500;
  expect(await kept.keep(saved(200), after[200])).toBe(false);
  expect(namesOf(files)).toEqual([100, "a", "c"]);
  limits.room = 2 ** 40;
  expect(await kept.keep(saved(200), after[200])).toBe(true);
  expect(namesOf(files)).toEqual(["a", "c", 200]);
});

test("what began with a file is there again, says so, and takes the place of none of one's own", async () => {
  const { kept, files } = storageOf();
  const next = async (trials = 1000) => {
    const session = await kept.find({ ...experiment, trials }, sources);
    return session && `${session.opened ? "opened " : ""}${session.sums.trials}`;
  };
  await kept.keep(saved(200), after[200], true);
  await kept.keep(saved(100), after[100]);
  expect(namesOf(files)).toEqual(["opened 200", 100]);
  expect([await next(), await next(150)]).toEqual(["opened 200", "100"]);
  // One's own of as many trials is as good, or better.
  await kept.keep(saved(200), after[200]);
  expect(namesOf(files)).toEqual([200]);
  await kept.keep(saved(200), after[200], true);
  await kept.keep(saved(300), after[300], true);
  expect(namesOf(files)).toEqual([200, "opened 300"]);
  await kept.keep(saved(200), after[200], true);
  expect(namesOf(files)).toEqual([200, "opened 300", "opened 200"]);
  expect([await next(), await next(250)]).toEqual(["opened 300", "200"]);
  await kept.forget(experiment);
  expect(namesOf(files)).toEqual([]);
});

test("where room is made, what began with a file goes before one's own, which never go for it", async () => {
  const half = mostKept.bytes / 2;
  const { kept, files } = storageOf();
  for (const one of [other("a", half, 9), other("b", half, 1, "opened")]) files.set(...one);
  await kept.keep(saved(100), after[100]);
  expect(namesOf(files)).toEqual(["a", 100]);
  await kept.forget(experiment);
  files.set(...other("b", half, 1, "opened"));
  await kept.keep(saved(100), after[100], true);
  expect(namesOf(files)).toEqual(["a", "opened 100"]);
  await kept.forget(experiment);
  files.set(...other("c", half, 9));
  expect(await kept.keep(saved(100), after[100], true)).toBe(false);
  expect(namesOf(files)).toEqual(["a", "c"]);
});

test("where there is no storage, none may be had, or it is full, nothing is kept and nobody hears of it", async () => {
  const full = storageOf({ room: 500, quota: 2 ** 40 });
  expect(await full.kept.keep(saved(100), after[100])).toBe(false);
  expect(full.files.size).toBe(0);
  const forbidden = {
    estimate: () => Promise.reject(new DOMException("", "SecurityError")),
    getDirectory: () => Promise.reject(new DOMException("", "SecurityError")),
  };
  for (const kept of [new KeptRuns(null), new KeptRuns(forbidden)]) {
    expect(await kept.keep(saved(100), after[100])).toBe(false);
    expect(await kept.find(experiment, sources)).toBeNull();
    await kept.forget(experiment);
  }
});
