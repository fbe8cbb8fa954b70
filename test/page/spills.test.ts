import { expect, test } from "vitest";
import { Candidates, memorySpill, type Spill } from "../../src/model/candidates";
import type { Estimates } from "../../src/model/estimate";
import { openSpills, sweepSpills } from "../../src/page/spills";

/** A browser's own folder with so many bytes of room, in memory. */
function storageOf(room: number) {
  const files = new Map<string, Uint8Array>();
  const open = new Set<string>();
  const sync = (name: string) => ({
    read(into: Uint8Array, { at }: { at: number }) {
      const found = (files.get(name) ?? new Uint8Array()).subarray(at, at + into.length);
      into.set(found);
      return found.length;
    },
    write(bytes: Uint8Array, { at }: { at: number }) {
      const before = files.get(name) ?? new Uint8Array();
      const fits = bytes.subarray(0, Math.max(0, room - at));
      const after = new Uint8Array(Math.max(before.length, at + fits.length));
      after.set(before);
      after.set(fits, at);
      files.set(name, after);
      return fits.length;
    },
    truncate: (size: number) => void files.set(name, (files.get(name) ?? new Uint8Array()).slice(0, size)),
    close: () => void open.delete(name),
  });
  const folder = {
    async *keys() {
      yield* files.keys();
    },
    getFileHandle: async (name: string) => ({
      createSyncAccessHandle: async () => {
        open.add(name);
        files.set(name, new Uint8Array());
        return sync(name);
      },
    }),
    async removeEntry(name: string) {
      if (open.has(name)) throw new DOMException("", "NoModificationAllowedError");
      files.delete(name);
    },
  };
  const storage = {
    estimate: async () => ({ quota: room, usage: 0 }),
    getDirectory: async () => folder as unknown as FileSystemDirectoryHandle,
  };
  return { storage, files, open };
}

/** Effects of one source on many targets, a third beyond chance, a third that may be, a third that is nothing. */
const estimatesOf = (source: number, targets: number): Estimates => ({
  trials: 1000,
  targets,
  sources: Uint32Array.of(source),
  effect: Float64Array.from({ length: targets }, (_, target) => [1, 0.08, 0.01][target % 3]),
  standardError: new Float64Array(targets).fill(0.1),
  freedom: Float64Array.of(998),
});

/** What is claimed of some sources, through these spills; few are sorted at once, so that they are thinned first. */
function claimed(spill: () => Spill) {
  const candidates = new Candidates(0.5, 40 * 3000, { spill }, 1000);
  for (let source = 0; source < 40; source++) candidates.add(estimatesOf(source, 3000));
  const discoveries = candidates.discover();
  return { discoveries, pairs: [...candidates.claimed(discoveries)] };
}

test("on the browser's disk the candidates are those in memory, and nothing is left behind", async () => {
  const { storage, files, open } = storageOf(2 ** 30);
  const spills = await openSpills(2 ** 22, storage, 2 ** 20);
  expect(files.size).toBe(2);
  const found = claimed(() => spills.next());
  expect(found.pairs.length).toBe(40_000);
  expect(found).toEqual(claimed(memorySpill));
  await spills.close();
  expect([files.size, open.size]).toEqual([0, 0]);
});

test("few candidates stay in memory, whatever the browser has", async () => {
  const spills = await openSpills(2 ** 20, null, 2 ** 20);
  const spill = spills.next();
  spill.write(Uint8Array.of(1, 2, 3));
  expect([...spill.read()].map((piece) => [...piece])).toEqual([[1, 2, 3]]);
  await spills.close();
});

test("what others left behind goes, what they have open stays", async () => {
  const { storage, files, open } = storageOf(2 ** 20);
  for (const name of ["candidates-x-1", "candidates-y-1", "chosen.csv"]) files.set(name, new Uint8Array(9));
  open.add("candidates-y-1");
  const spills = await openSpills(9, storage, 0);
  expect([...files.keys()].filter((name) => !open.has(name))).toEqual(["chosen.csv"]);
  await spills.close();
  expect([...files.keys()].sort()).toEqual(["candidates-y-1", "chosen.csv"]);
  expect(await sweepSpills(storage)).toBe(1);
  expect(await sweepSpills(null)).toBe(0);
});

test("too little room is refused before anything is done, and a disk that fills up in a sentence", async () => {
  const small = storageOf(2 ** 20);
  await expect(openSpills(2 ** 21, small.storage, 0)).rejects.toThrow(
    /^what could become a discovery needs up to 2 MiB of disk, and this browser gives 1 MiB; allowed: a smaller rate/,
  );
  await expect(openSpills(2 ** 21, null, 0)).rejects.toThrow(/and this browser gives none; /);
  const { storage, files } = storageOf(2 ** 20);
  const spills = await openSpills(2 ** 19, storage, 0);
  expect(() => claimed(() => spills.next())).toThrow(/^the browser's disk is full; allowed: /);
  await spills.close();
  expect(files.size).toBe(0);
});
