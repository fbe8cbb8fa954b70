import { drive } from "./engine/drive";
import type { Engine, Task } from "./engine/engine";
import { discoveryLines } from "./io/discoveriesCsv";
import { encodeHeader, encodeRecords } from "./io/sumsFile";
import { Candidates, type Spill } from "./model/candidates";
import { notebookDesign, trialsTogether } from "./model/design";
import type { Estimand } from "./model/estimand";
import { estimate } from "./model/estimate";
import type { Confidence } from "./model/inference";
import { Judge } from "./model/judge";
import { type Recovery, recoveryOf } from "./model/recovery";
import { ScoreCollector } from "./model/scores";
import type { Summary } from "./model/summary";

/** Measures that compare the ranks of all effects hold these in memory: up to 4,096 × 4,096 of them, 128 MiB. */
export const mostRankedPairs = 2 ** 24;

/** What becomes of the tiles. */
export interface TileSink {
  /** The canonical bytes of the sums (io/sumsFile.ts), in order; a piece is good until the call returns. */
  sums(piece: Uint8Array): void;
  /** Lines of CSV, each with its end: the discoveries, by source and target; the next ones wait for these. */
  edges(lines: string): void | Promise<void>;
  /** A place for candidates, outside of memory where there can be many. */
  spill(): Spill;
}

export interface TileOptions extends Confidence {
  /** What neurons are called in the edges; without it, their numbers. */
  readonly names?: readonly string[] | null;
  /** Sources of a tile. */
  readonly tileSources: number;
  /** The trials from…to − 1. */
  readonly from: number;
  readonly to: number;
  readonly chunk?: number;
  readonly signal?: AbortSignal;
  /** Told how many trials are done, of those of all tiles together. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of it: the same as from all sources at once, but for what compares ranks where there are too many pairs. */
export interface TilesResult {
  /** The sources that are done, in whole tiles; fewer than were asked for if the signal stopped it. */
  readonly sources: Uint32Array;
  readonly tiles: number;
  readonly summary: Summary;
  readonly recovery: Recovery;
}

/**
 * Recovers a network in tiles of sources, one after the other: each runs the same trials again, from their counters. So
 * memory is that of a tile, while sums, discoveries and measures are those of all sources at once, whatever the tiles:
 * the discoveries are Benjamini & Hochberg's over all pairs of all tiles.
 *
 * Errors   whatever the engine rejects with; Error if two tiles disagree about what does not depend on the sources.
 */
export async function runTiles(
  engine: Engine,
  task: Task,
  estimand: Estimand,
  sink: TileSink,
  { tileSources, from, to, chunk, signal, onProgress, level, rate, names = null }: TileOptions,
): Promise<TilesResult> {
  const { network, sources, design = notebookDesign } = task;
  const pairs = sources.length * network.neurons;
  const judge = new Judge(network, estimand, level);
  const candidates = new Candidates(rate, pairs, sink);
  const collector = pairs <= mostRankedPairs ? new ScoreCollector(pairs, network) : null;
  const total = Math.ceil(sources.length / tileSources) * (to - from);
  let header: Uint8Array | null = null;
  let tiles = 0;
  let done = 0;
  while (done < sources.length && !signal?.aborted) {
    const tile = sources.subarray(done, done + tileSources);
    const run = await engine.open({ ...task, sources: tile, turns: task.turns ?? sources });
    try {
      const before = tiles * (to - from);
      const next = await drive(run, from, to, {
        unit: trialsTogether(design.kind),
        ...(chunk === undefined ? {} : { chunk }),
        ...(signal === undefined ? {} : { signal }),
        onProgress: (trial) => onProgress?.(before + trial - from, total),
      });
      if (next < to) break;
      const sums = await run.sums();
      const head = encodeHeader(sums);
      if (header === null) sink.sums(head);
      else if (!head.every((byte, at) => byte === header?.[at]))
        throw new Error(`the trials of sources ${tile[0]} to ${tile.at(-1)} are not those of the first tile`);
      header = head;
      for (const piece of encodeRecords(sums)) sink.sums(piece);
      const estimates = estimate(sums, design.hidden);
      judge.add(estimates);
      collector?.add(estimates);
      candidates.add(estimates);
    } finally {
      run.release();
    }
    done += tile.length;
    tiles++;
  }
  // What was not done is not among the pairs tested.
  const discoveries = candidates.discover();
  let claimedArrows = 0;
  for (const { lines, arrows } of discoveryLines(candidates.claimed(discoveries), network, estimand, names)) {
    claimedArrows += arrows;
    await sink.edges(lines);
  }
  const recovery = recoveryOf(judge, collector?.scores() ?? null, level, discoveries, claimedArrows);
  const { agreement, rmsError, coverage95, missing } = judge;
  return {
    sources: sources.slice(0, done),
    tiles,
    summary: { agreement, rmsError, coverage95, auroc: recovery.detection?.roc.area ?? null, missing },
    recovery,
  };
}
