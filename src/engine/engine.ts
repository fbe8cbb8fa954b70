import type { Design } from "../model/design";
import type { EngineKind } from "../model/experiment";
import type { Network } from "../model/network";
import type { Limits } from "../model/plan";
import type { Sums } from "../model/sums";
import type { Key } from "../model/threefry";
import type { WatchSums, WatchTask } from "../model/watch";

/** What is estimated: one network, one stream of trials, a block of pairs. */
export interface Task {
  readonly network: Network;
  readonly key: Key;
  /** The neurons whose effects are estimated, ascending: the columns of the pair sums. */
  readonly sources: Uint32Array;
  /**
   * The neurons that take turns, in designs where one source a trial is set; without it, the sources. Where these are
   * but a tile of all sources, the trials stay those of all.
   */
  readonly turns?: Uint32Array;
  /** How many are planned, for the forecast of memory; others may be run. */
  readonly trials: number;
  /** Which neurons a trial sets, and what noise they share; without it, as in the notebook. */
  readonly design?: Design;
  /** A device that computes something else is not stopped: for who compares its sums, and shows where they differ. */
  readonly isBelieved?: boolean;
}

/** A task under way. Trials may come in any order and any split: the sums are the same. */
export interface Run {
  /** So many trials at once take hardly longer than fewer; 64 where nothing is said. */
  readonly grain?: number | undefined;
  /**
   * Adds the trials from…to − 1; resolves when they are in the sums. One call at a time.
   *
   * Errors   whatever went wrong. Part of the trials may be in the sums by then, so a run that
   *          has failed stays failed: open another one.
   */
  advance(from: number, to: number): Promise<void>;
  /** A copy of the sums of all trials added so far. */
  sums(): Promise<Sums>;
  /** Frees what the run holds. */
  release(): void;
}

/** A network being watched. Time goes one way: each call goes on where the last one stopped, in any split. */
export interface WatchRun {
  /**
   * Takes the time steps from…to − 1, the uncounted ones at the beginning included; one call at a time.
   *
   * Errors   RangeError if the network is not at time `from`; InputError if draws would repeat; whatever went
   *          wrong. A run that has failed stays failed.
   */
  advance(from: number, to: number): Promise<void>;
  /** A copy of the sums of all counted time steps so far. */
  sums(): Promise<WatchSums>;
  /** Frees what the run holds. */
  release(): void;
}

/** An engine that is at hand: it tells what it can hold, and can also watch a network it leaves alone. */
export interface Watcher extends Engine {
  readonly limits: Limits;
  watch(task: WatchTask): Promise<WatchRun>;
}

/** One way to compute: the GPU's kernels or their twins. Same task, same trials, same bits. */
export interface Engine {
  readonly kind: EngineKind;
  /** Name of the hardware, as it names itself. */
  readonly adapter: string;
  /**
   * Begins a run, or goes on with one: `begun` are the sums of trials that were added before, here or on any other
   * engine, and the run's own sums have them in them.
   *
   * Errors   InputError if the task does not fit; RangeError if `begun` are sums of something else.
   */
  open(task: Task, begun?: Sums | null): Promise<Run>;
  /** Frees the engine; runs still open are lost. */
  close(): void;
}
