import { notebookDesign, trialsTogether } from "../model/design";
import { mostSpareBytes } from "../model/plan";
import type { Sums } from "../model/sums";
import type { WatchTask } from "../model/watch";
import { drive } from "./drive";
import type { Engine, Run, Task, Watcher, WatchRun } from "./engine";

/** An engine's failure, for whoever has others. */
export interface Failure<E extends Engine> {
  readonly engine: E;
  readonly reason: string;
  readonly error: unknown;
  /** So many failures, this one included, at the same kind of work (new trials, or sums), without a success between them. */
  readonly inARow: number;
}

/**
 * What goes on after a failure: another engine, or the same kind anew.
 *
 * Errors   whatever it throws ends the run; the failure's own error, if nothing is left to try.
 */
export type Successor<E extends Engine> = (failure: Failure<E>) => Promise<E>;

/** After so many failures in a row an engine is not tried again: something takes it away each time. */
export const mostInARow = 3;

export interface LastingRun<E extends Engine> extends Run {
  /** What computes it now. */
  readonly engine: E;
  /** What it was opened as there. */
  readonly run: Awaited<ReturnType<E["open"]>>;
  /** Goes on there, with all its sums; where that fails, on what comes after it. */
  moveTo(engine: E): Promise<void>;
  /**
   * Nobody wants it any more: trials that are being run again for another engine end with the chunk under way, since on
   * that one they may take minutes, and whoever waits for them hears so. Its buffers stay until `release`.
   */
  giveUp(): void;
}

/** A run loses at most about this much work, in milliseconds; and reading its sums may take this share of the time. */
const checkpointInterval = 2000;
const checkpointShare = 0.02;

const replaced = Symbol("replaced");

const givenUp = () => new Error("the run was given up");

/** What is asked for is at fault, whoever is asked; errors from another thread have nothing but their names. */
const isAsked = (error: unknown) =>
  error instanceof Error && (error.name === "InputError" || error.name === "RangeError");

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A run that outlives its engine. Sums are all there is to a run, and trials are the same whoever runs them, so it keeps
 * the sums it has read last and which trials came after; when the engine fails it opens the run again, from these sums,
 * runs those trials again, and nobody who waits for it hears of anything but time.
 *
 * Errors   InputError and RangeError of the engine, and what `successor` throws.
 */
export async function openLasting<E extends Engine>(
  first: E,
  successor: Successor<E>,
  task: Task,
  begun: Sums | null = null,
): Promise<LastingRun<E>> {
  /** waiting: told when it is replaced: whoever waits for an engine that may not answer. */
  type Opened = {
    readonly engine: E;
    readonly run: Awaited<ReturnType<E["open"]>>;
    readonly waiting: Set<() => void>;
  };
  const unit = trialsTogether((task.design ?? notebookDesign).kind);
  const arms = task.design === undefined ? 1 : 4;
  // Larger ones are not kept beside the run: then all its trials are run again.
  const isKept = 8 * arms * task.sources.length * task.network.neurons <= mostSpareBytes;
  const end = new AbortController();
  let checkpoint = begun;
  let checked = performance.now();
  let interval = checkpointInterval;
  /** Trials that are not in the checkpoint, as ranges from … to − 1. */
  let since: (readonly [from: number, to: number])[] = [];
  /** Failures since the last success, by what was to be done: a run that advances may be one that cannot be read. */
  const inARow = { advance: 0, sums: 0 };
  type Work = keyof typeof inARow;
  let changing: Promise<unknown> | null = null;
  /** Why it is over before its end: nothing was left to try. */
  let over: { readonly error: unknown } | null = null;

  /** The run as it was, on this engine or on what comes after it. */
  const openFrom = async (engine: E, toDo: Work): Promise<Opened> => {
    let tried = engine;
    while (true) {
      let run: Opened["run"] | null = null;
      try {
        run = (await tried.open(task, checkpoint)) as Opened["run"];
        for (const [from, to] of since) await drive(run, from, to, { unit, signal: end.signal });
        if (end.signal.aborted) throw givenUp();
        return { engine: tried, run, waiting: new Set() };
      } catch (error) {
        run?.release();
        tried = await after(tried, error, toDo);
      }
    }
  };
  const after = async (engine: E, error: unknown, toDo: Work): Promise<E> => {
    if (isAsked(error) || end.signal.aborted) throw error;
    inARow[toDo]++;
    return successor({ engine, error, reason: reasonOf(error), inARow: inARow[toDo] });
  };

  let now = await openFrom(first, "advance");

  /** Several may have met with the same failure. */
  const replace = async (failed: Opened, error: unknown, toDo: Work): Promise<void> => {
    if (changing) await changing;
    else if (failed === now)
      await change(async () => {
        failed.run.release();
        return openFrom(await after(failed.engine, error, toDo), toDo);
      });
  };
  const change = async (open: () => Promise<Opened>): Promise<void> => {
    const before = now;
    const work = open();
    changing = work;
    try {
      now = await work;
      if (end.signal.aborted) now.run.release();
    } catch (error) {
      over = { error };
      throw error;
    } finally {
      changing = null;
      // Whatever came of it: the engine of before may never answer them.
      for (const tell of before.waiting) tell();
    }
  };

  const trialsDone = () => since.reduce((sum, [from, to]) => sum + to - from, checkpoint?.trials ?? 0);
  const keep = (sums: Sums) => {
    checkpoint = sums;
    since = [];
    checked = performance.now();
  };
  const isDue = () => isKept && performance.now() > checked + interval;

  /**
   * What some work on a run comes to, or `replaced` if that comes first. No race with one promise that lasts as long as the
   * run: it would hold every result until then.
   */
  const onRun = <T>(mine: Opened, work: (run: Opened["run"]) => Promise<T>): Promise<T | typeof replaced> =>
    new Promise((resolve, reject) => {
      const tell = () => resolve(replaced);
      mine.waiting.add(tell);
      work(mine.run)
        .finally(() => mine.waiting.delete(tell))
        .then(resolve, reject);
    });

  /** Does something with the run as it is, again and again until no failure comes between. */
  const withRun = async <T>(toDo: Work, work: (run: Opened["run"]) => Promise<T>): Promise<T> => {
    while (true) {
      if (changing) await changing;
      if (over) throw over.error;
      if (end.signal.aborted) throw givenUp();
      const mine = now;
      try {
        const result = await onRun(mine, work);
        if (result === replaced) continue;
        // What was done on a run that is being replaced is not in the new one.
        if (mine !== now || changing) continue;
        inARow[toDo] = 0;
        return result;
      } catch (error) {
        // What cannot be read is as it was, and may be read when there is room for it.
        if (end.signal.aborted || (toDo === "sums" && isAsked(error))) throw error;
        await replace(mine, error, toDo);
      }
    }
  };

  const readSums = () => withRun("sums", (run) => run.sums());
  const readCheckpoint = async () => {
    const begin = performance.now();
    keep(await readSums());
    interval = Math.max(checkpointInterval, (performance.now() - begin) / checkpointShare);
  };

  let advancing: Promise<unknown> = Promise.resolve();
  return {
    get engine() {
      return now.engine;
    },
    get run() {
      return now.run;
    },
    get grain() {
      return now.run.grain;
    },
    advance(from, to) {
      const mine = advancing.then(async () => {
        await withRun("advance", (run) => run.advance(from, to));
        const last = since.at(-1);
        if (last?.[1] === from) since[since.length - 1] = [last[0], to];
        else since.push([from, to]);
        // These trials are done, whatever comes of that: who asks for more, or for the sums, meets the failure.
        if (isDue()) await readCheckpoint().catch(() => {});
      });
      advancing = mine.catch(() => {});
      return mine;
    },
    async sums() {
      const sums = await readSums();
      // Whoever reads them may hand them on.
      if (isDue() && sums.trials === trialsDone()) keep(structuredClone(sums));
      return sums;
    },
    async moveTo(engine) {
      const moving = advancing.then(async () => {
        keep(await readSums());
        const before = now;
        await change(() => openFrom(engine, "advance"));
        before.run.release();
      });
      advancing = moving.catch(() => {});
      return moving;
    },
    giveUp: () => end.abort(),
    release() {
      end.abort();
      now.run.release();
      for (const tell of now.waiting) tell();
    },
  };
}

/**
 * Watching that outlives its engine. The states are nowhere but there, so that all time steps are taken again after a
 * failure: they are the same whoever takes them.
 *
 * Errors   InputError and RangeError of the engine, and what `successor` throws.
 */
export async function watchLasting<E extends Watcher>(
  first: E,
  successor: Successor<E>,
  task: WatchTask,
): Promise<WatchRun> {
  let engine = first;
  let run: WatchRun | null = null;
  let time = 0;
  let inARow = 0;
  let isOver = false;
  const withRun = async <T>(work: (run: WatchRun) => Promise<T>): Promise<T> => {
    while (true) {
      try {
        if (!run) {
          run = await engine.watch(task);
          await drive(run, 0, time, { grain: 1 });
        }
        const result = await work(run);
        inARow = 0;
        return result;
      } catch (error) {
        run?.release();
        run = null;
        if (isAsked(error) || isOver) throw error;
        inARow++;
        engine = await successor({ engine, error, reason: reasonOf(error), inARow });
      }
    }
  };
  // What is wrong with the task is said now.
  await withRun(async () => {});
  return {
    async advance(from, to) {
      await withRun((on) => on.advance(from, to));
      time = to;
    },
    sums: () => withRun((on) => on.sums()),
    release() {
      isOver = true;
      run?.release();
    },
  };
}

/** An engine whose runs outlive it; it is called what computes now. */
export interface Lasting<E extends Engine> extends Engine {
  readonly now: E;
  /** What goes on after a failure, here as for its runs. */
  readonly next: Successor<E>;
  open(task: Task, begun?: Sums | null): Promise<LastingRun<E>>;
}

/** The same for many runs, one after the other: what has failed stays left behind. */
export function lasting<E extends Engine>(first: E, successor: Successor<E>): Lasting<E> {
  let now = first;
  const next: Successor<E> = async (failure) => {
    now = await successor(failure);
    return now;
  };
  return {
    next,
    get now() {
      return now;
    },
    get kind() {
      return now.kind;
    },
    get adapter() {
      return now.adapter;
    },
    open: (task, begun = null) => openLasting(now, next, task, begun),
    close: () => now.close(),
  };
}
