import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import { drive } from "../../src/engine/drive";
import type { Engine, Run, Task, Watcher, WatchRun } from "../../src/engine/engine";
import { lasting, mostInARow, openLasting, type Successor, watchLasting } from "../../src/engine/lasting";
import { hashPieces } from "../../src/io/sha256";
import { hashSums } from "../../src/io/sumsFile";
import { encodeWatchSums } from "../../src/io/watchFile";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { InputError } from "../../src/model/inputError";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";

// A run outlives its engine: whenever that fails, the sums in the end are those of an undisturbed run.

const task: Task = (() => {
  const experiment = parseExperiment({ network: "random", neurons: 20, design: "subset" });
  const key = keyFrom(experiment.seed);
  const sources = Uint32Array.from({ length: 20 }, (_, column) => column);
  return {
    ...{ network: networkOf(experiment), key, sources, trials: 3000 },
    design: designOf(experiment, key),
  };
})();

type Call = "open" | "advance" | "sums";

/** The twins, which fail at the calls that `fails` says, by their number in the engine's life, after doing the work or not. */
function failing(fails: (call: Call, number: number) => "before" | "after" | null): Watcher {
  let calls = 0;
  const twins = createTwinEngine();
  const does = async <T>(call: Call, work: () => Promise<T>): Promise<T> => {
    const when = fails(call, ++calls);
    if (when === "before") throw new Error(`${call} failed`);
    const result = await work();
    if (when === "after") throw new Error(`${call} failed`);
    return result;
  };
  const faulty = <R extends Run | WatchRun>(run: R): R => ({
    ...run,
    advance: (from: number, to: number) => does("advance", () => run.advance(from, to)),
    sums: () => does("sums", async () => run.sums()),
  });
  return {
    ...twins,
    open: (given, begun) => does("open", async () => faulty(await twins.open(given, begun))),
    watch: (given) => does("open", async () => faulty(await twins.watch(given))),
  };
}

const undisturbed = async (trials: number) => {
  const run = await createTwinEngine().open(task);
  await run.advance(0, trials);
  return hashSums(await run.sums());
};

const sound = createTwinEngine();
const neverAsked = async (): Promise<never> => {
  throw new Error("there was no failure");
};

test.each(["before", "after"] as const)("a failure %s any of its calls", async (when) => {
  const expected = await undisturbed(600);
  for (let failure = 1; failure <= 9; failure++) {
    let failed = 0;
    const engine = failing((_, number) => (number === failure ? when : null));
    const run = await openLasting(
      engine,
      async () => {
        failed++;
        return sound;
      },
      task,
    );
    let next = 0;
    for (const to of [100, 250, 400, 600]) {
      await run.advance(next, to);
      expect((await run.sums()).trials).toBe(to);
      next = to;
    }
    expect(hashSums(await run.sums())).toBe(expected);
    expect(failed).toBe(1);
    expect(run.engine).toBe(sound);
    run.release();
  }
});

test("engines that fail again and again, also while trials are run again and sums are read meanwhile", async () => {
  const expected = await undisturbed(1500);
  const flaky = () => failing((_, number) => (number === 14 ? "after" : null));
  let engines = 1;
  const successor: Successor<Engine> = async () => {
    engines++;
    return flaky();
  };
  const run = await openLasting(flaky(), successor, task);
  const reads: Promise<unknown>[] = [];
  await drive(run, 0, 1500, { chunk: 100, onProgress: () => void reads.push(run.sums()) });
  await Promise.all(reads);
  expect(hashSums(await run.sums())).toBe(expected);
  expect(engines).toBeGreaterThan(3);
  run.release();
});

test("failures in a row are counted, and with nothing left to try the run ends with its error", async () => {
  const told: number[] = [];
  const runs = lasting(
    failing((call) => (call === "advance" ? "before" : null)),
    async ({ engine, inARow, error }) => {
      told.push(inARow);
      if (inARow >= mostInARow) throw error;
      return engine;
    },
  );
  const run = await runs.open(task);
  await expect(run.advance(0, 100)).rejects.toThrow("advance failed");
  expect(told).toEqual([1, 2, 3]);
});

test("what comes in late from a run that is being replaced does not count", async () => {
  let isReplaying = () => {};
  const replaying = new Promise<void>((resolve) => {
    isReplaying = resolve;
  });
  const first: Engine = {
    ...sound,
    async open(given, begun) {
      const run = await sound.open(given, begun);
      return {
        ...run,
        async advance(from, to) {
          await run.advance(from, to);
          if (from > 0) await replaying;
        },
        sums: async () => {
          throw new Error("sums failed");
        },
      };
    },
  };
  const second: Engine = {
    ...sound,
    async open(given, begun) {
      const run = await sound.open(given, begun);
      return {
        ...run,
        async advance(from, to) {
          isReplaying();
          await new Promise((resolve) => setTimeout(resolve, 20));
          await run.advance(from, to);
        },
      };
    },
  };
  const run = await openLasting(first, async () => second, task);
  await run.advance(0, 100);
  const advancing = run.advance(100, 200);
  await run.sums();
  await advancing;
  expect(hashSums(await run.sums())).toBe(await undisturbed(200));
  run.release();
});

test("a run that advances and cannot be read ends up elsewhere too", async () => {
  const told: number[] = [];
  const unreadable = failing((call) => (call === "sums" ? "before" : null));
  const run = await openLasting<Engine>(
    unreadable,
    async ({ inARow }) => {
      told.push(inARow);
      // There are new trials between one failure and the next.
      void run.advance(100 * told.length, 100 * told.length + 100);
      return inARow < mostInARow ? unreadable : sound;
    },
    task,
  );
  await run.advance(0, 100);
  const { trials } = await run.sums();
  expect(told).toEqual([1, 2, 3]);
  expect(trials).toBeGreaterThan(100);
  run.release();
});

test("trials are counted once, whatever comes of the checkpoint after them", async () => {
  let isFailing = true;
  const engine: Engine = {
    ...sound,
    async open(given, begun) {
      const run = await sound.open(given, begun);
      // As V8 says it; whoever is asked would be at fault, so that no other engine is tried.
      const sums = () => {
        if (isFailing) throw new RangeError("Array buffer allocation failed");
        return run.sums();
      };
      return { ...run, sums: async () => sums() };
    },
  };
  const clock = vi.spyOn(performance, "now");
  try {
    const run = await openLasting(engine, neverAsked, task);
    clock.mockReturnValue(1e9);
    await run.advance(0, 100);
    isFailing = false;
    await run.advance(100, 300);
    expect(hashSums(await run.sums())).toBe(await undisturbed(300));
    run.release();
  } finally {
    clock.mockRestore();
  }
});

/** An engine whose runs are of no use once they are let go of, and do this. */
function once(run: (sound: Run) => Partial<Run>): Engine {
  return {
    ...sound,
    async open(given, begun) {
      const inner = await sound.open(given, begun);
      let isOver = false;
      const does = { ...inner, ...run(inner) };
      const alive = () => {
        if (isOver) throw new Error("nothing has been prepared");
        return does;
      };
      return {
        advance: async (from, to) => alive().advance(from, to),
        sums: async () => alive().sums(),
        release() {
          alive();
          isOver = true;
        },
      };
    },
  };
}

test("sums for which there is no room are read once there is, and trials under way meanwhile count once", async () => {
  let isFull = true;
  let goOn = () => {};
  const engine = once((inner) => ({
    async advance(from, to) {
      if (from > 0) await new Promise<void>((resolve) => (goOn = resolve));
      await inner.advance(from, to);
    },
    async sums() {
      if (isFull) throw new RangeError("Array buffer allocation failed");
      return inner.sums();
    },
  }));
  const run = await openLasting(engine, neverAsked, task);
  await run.advance(0, 100);
  const advancing = run.advance(100, 300);
  await new Promise((resolve) => setTimeout(resolve));
  await expect(run.sums()).rejects.toThrow("Array buffer allocation failed");
  goOn();
  await advancing;
  isFull = false;
  expect(hashSums(await run.sums())).toBe(await undisturbed(300));
});

test("with nothing left to try, whoever waits for the run hears why, and whoever asks later", async () => {
  const engine = once((inner) => ({
    advance: (from, to) => (from > 0 ? new Promise<void>(() => {}) : inner.advance(from, to)),
    sums: () => Promise.reject(new Error("sums failed")),
  }));
  const none: Successor<Engine> = async () => {
    throw new Error("there is no memory for this run");
  };
  const run = await openLasting(engine, none, task);
  await run.advance(0, 100);
  const advancing = expect(run.advance(100, 300)).rejects.toThrow("there is no memory for this run");
  await new Promise((resolve) => setTimeout(resolve));
  await expect(run.sums()).rejects.toThrow("there is no memory for this run");
  await advancing;
  await expect(run.advance(300, 400)).rejects.toThrow("there is no memory for this run");
});

test("a run that nobody wants any more does not run its trials again to the end", async () => {
  const first = once(() => ({ sums: () => Promise.reject(new Error("sums failed")) }));
  const asked: number[] = [];
  const slow = once((inner) => ({
    async advance(from, to) {
      asked.push(from);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await inner.advance(from, to);
    },
  }));
  const run = await openLasting(first, async () => slow, task);
  await run.advance(0, 3000);
  const reading = run.sums();
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
  run.giveUp();
  await expect(reading).rejects.toThrow("the run was given up");
  expect(asked.length).toBeLessThan(5);
  await expect(run.advance(3000, 3100)).rejects.toThrow();
});

test("what was asked for is refused at once, by whatever engine", async () => {
  const narrow: Engine = {
    ...sound,
    open: async () => {
      throw new InputError("too large");
    },
  };
  const never: Successor<Engine> = async () => expect.fail("no other engine can help");
  await expect(openLasting(narrow, never, task)).rejects.toThrow(InputError);
});

test("a run moves to another engine, and takes its sums along", async () => {
  const expected = await undisturbed(500);
  const others: Engine[] = [];
  const run = await openLasting(
    createTwinEngine() as Engine,
    async () => {
      others.push(sound);
      return sound;
    },
    task,
  );
  await run.advance(0, 200);
  const second = createTwinEngine() as Engine;
  await run.moveTo(second);
  expect(run.engine).toBe(second);
  await run.advance(200, 300);
  await run.moveTo(failing((call) => (call === "open" ? "before" : null)));
  expect([run.engine, others]).toEqual([sound, [sound]]);
  await run.advance(300, 500);
  expect(hashSums(await run.sums())).toBe(expected);
});

test.each(["before", "after"] as const)(
  "watching goes on after a failure %s any of its calls",
  async (when) => {
    const { network, key } = task;
    const watching = { network, key, common: 0, hidden: null, chains: 70, burnIn: 3 };
    const runAll = async (first: Watcher) => {
      const run = await watchLasting<Watcher>(first, async () => createTwinEngine(), watching);
      for (const [from, to] of [
        [0, 9],
        [9, 10],
        [10, 25],
      ])
        await run.advance(from, to);
      const sums = await run.sums();
      run.release();
      return hashPieces([encodeWatchSums(sums)]);
    };
    const expected = await runAll(createTwinEngine());
    // To open it, three times to advance, to read the sums; the sixth call never comes.
    for (let failure = 1; failure <= 6; failure++)
      expect(await runAll(failing((_, number) => (number === failure ? when : null)))).toBe(expected);
  },
);

test("a network that nobody watches any more is not opened again", async () => {
  const { network, key } = task;
  const watching = { network, key, common: 0, hidden: null, chains: 70, burnIn: 3 };
  const failsAdvancing = failing((call) => (call === "advance" ? "after" : null));
  const run = await watchLasting<Watcher>(failsAdvancing, neverAsked, watching);
  const advancing = run.advance(0, 10);
  run.release();
  await expect(advancing).rejects.toThrow("advance failed");
});

test("what is wrong with a network to be watched is said, not tried again", async () => {
  const { network, key } = task;
  const watching = { network, key, common: 0, hidden: null, chains: 0, burnIn: 3 };
  await expect(watchLasting<Watcher>(sound, neverAsked, watching)).rejects.toThrow(InputError);
});

test("sums that nobody holds any more are let go while the run lasts", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const run = await openLasting<Engine>(createTwinEngine(), neverAsked, task);
  await run.advance(0, 100);
  const sums = await (async () => new WeakRef(await run.sums()))();
  // What a turn of the event loop has looked up stays until it ends.
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  expect(sums.deref()).toBeUndefined();
  run.release();
});
