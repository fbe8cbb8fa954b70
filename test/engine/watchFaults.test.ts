import { afterAll, beforeAll, expect, test } from "vitest";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Watcher } from "../../src/engine/engine";
import { openDevice } from "../../src/engine/gpu/device";
import { engineOn, type GpuEngine } from "../../src/engine/gpu/engine";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { mostInARow, watchLasting } from "../../src/engine/lasting";
import { hashPieces } from "../../src/io/sha256";
import { encodeWatchSums } from "../../src/io/watchFile";
import { keyFrom } from "../../src/model/threefry";
import type { WatchTask } from "../../src/model/watch";
import { faultsAt } from "../support/faultMatrix";
import { type Call, FaultyGpu, type Stage } from "../support/faultyDevice";
import { notebookNetwork } from "../support/networks";

// What goes wrong without a word while a network is watched is noticed, and the sums are right.

const task: WatchTask = {
  ...{ network: notebookNetwork(23, 42), key: keyFrom("watch"), common: 0, hidden: null },
  ...{ chains: 150, burnIn: 3 },
};

let faulty: FaultyGpu;
let engine: GpuEngine;
let expected: string;
let calls: readonly Call[];

/** The sums after 40 time steps; `said`: why anything was done again. */
async function watched(first: Watcher, said: string[] = []): Promise<string> {
  const run = await watchLasting<Watcher>(
    first,
    async ({ engine: failed, reason, inARow }) => {
      said.push(reason);
      return inARow < mostInARow ? failed : createTwinEngine();
    },
    task,
  );
  await run.advance(0, 12);
  await run.advance(12, 40);
  const sums = await run.sums();
  run.release();
  return hashPieces([encodeWatchSums(sums)]);
}

beforeAll(async () => {
  faulty = new FaultyGpu(await openNodeGpu());
  engine = await engineOn(await openDevice(faulty.gpu));
  expected = await watched(createTwinEngine());
  // Kernels are compiled at the first time.
  await watched(engine);
  faulty.arm(null);
  expect(await watched(engine)).toBe(expected);
  calls = faulty.calls;
});

afterAll(() => engine?.close());

test.each<Stage>(["writeBuffer", "copy", "dispatch", "submit", "map"])("%s: silent zeros", async (stage) => {
  const faults = faultsAt(calls).filter((fault) => fault.stage === stage && fault.kind === "silent zeros");
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) {
    const said: string[] = [];
    faulty.arm(fault);
    expect([fault, await watched(engine, said)]).toEqual([fault, expected]);
    expect([fault, faulty.met]).toEqual([fault, true]);
    if (stage === "dispatch") expect([fault, said[0]]).toEqual([fault, expect.stringMatching(/^the GPU/)]);
  }
  faulty.arm(null);
});

test("every kernel of watching is among them", () => {
  const kernels = new Set(calls.filter(({ stage }) => stage === "dispatch").map(({ about }) => about));
  expect([...kernels].sort()).toEqual(["correlate", "evolve", "tally"]);
});
