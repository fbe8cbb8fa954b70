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

/** A browser's own folder with so many bytes of room, in memory. */
function storageOf(room = 2 ** 40) {
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
            const fits = piece.subarray(0, Math.max(0, room - at));
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
  const storage = {
    estimate: async () => ({ quota: 2 ** 40, usage: 0 }),
    getDirectory: async () => folder as unknown as FileSystemDirectoryHandle,
  };
  const readerOf = (file: Blob) => readFrom((file as unknown as Stored).bytes);
  return { files, locked, kept: new KeptRuns(storage, readerOf) };
}

const experiment = parseExperiment({ trials: 1000 });
const sources = everyNeuron(6);
const after: Record<number, Sums> = {};
const saved = (to: number, of: Experiment = experiment): Saved => ({
  ...{ version: "0.1.0", experiment: of, trials: { from: 0, to } },
  ...{ engine: "gpu", adapter: "", understood: null },
});
const trialsOf = (name: string) => Number(name.split("-")[2]);
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
  const [[name, file]] = files;
  file.at -= mostKept.age + 1;
  expect(await found(kept)).toBeNull();
  expect(files.size).toBe(0);
  const others = ["b", "a", "c"].map((letter) => name.replace(/kept-.{32}/, `kept-${letter.repeat(32)}`));
  for (const [at, other] of others.entries())
    files.set(other, { bytes: new Uint8Array(mostKept.bytes / 2), at: Date.now() - 1000 * [1, 2, 0][at] });
  await kept.keep(saved(100), after[100]);
  expect([...files.keys()].map((one) => one[5])).toEqual(["c", expect.anything()]);
  // A name that is not ours stays.
  files.set("candidates-1", { bytes: new Uint8Array(mostKept.bytes), at: 0 });
  await kept.keep(saved(200), after[200]);
  expect(files.has("candidates-1")).toBe(true);
});

test("where there is no storage, none may be had, or it is full, nothing is kept and nobody hears of it", async () => {
  const full = storageOf(500);
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
