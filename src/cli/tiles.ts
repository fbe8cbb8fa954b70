import { closeSync, readSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Task, Watcher } from "../engine/engine";
import type { NamedNetwork } from "../io/readNetwork";
import { type Spill, spillBytes } from "../model/candidates";
import { takesTurns } from "../model/design";
import { parameters } from "../model/experiment";
import { InputError } from "../model/inputError";
import { arrows } from "../model/network";
import { forecast, tileOf } from "../model/plan";
import { sourcesInWords } from "../model/sources";
import { mostRankedPairs, runTiles } from "../tiles";
import { edgesFile, removeOthers, resultFile, sumsFile } from "./folder";
import { nodeHash } from "./hash";
import { inMiB, memoryOf, sizeOf } from "./memory";
import type { RunOptions } from "./options";
import { exactEffectWithProgress, progressOf, say } from "./report";
import { resultOf, resultText } from "./result";
import type { Outcome } from "./run";
import { openTogether, openToWrite, writeAll } from "./write";

/**
 * Recovers everything, tile by tile: discoveries go to `edges.csv`, sums into their hash, and into `sums.bin` only if
 * asked for, since they can be larger than a disk. Interrupted (Ctrl-C), it keeps the whole tiles that are done.
 * What an earlier run wrote into the folder stays until then, and for good if this one fails.
 *
 * Errors   InputError if not even a tile fits, or the disk has no room for what is kept for a while.
 */
export async function recoverInTiles(
  engine: Watcher,
  task: Task,
  { names }: NamedNetwork,
  { experiment, from, chunk, confidence, tiles, keepSums, out }: RunOptions,
  program: number,
  signal: AbortSignal,
): Promise<Outcome> {
  if (out === null) throw new Error("tiles need a folder");
  const { network, sources } = task;
  const size = sizeOf(task);
  const pairs = sources.length * network.neurons;
  const tileSources =
    typeof tiles === "number" ? Math.min(tiles, sources.length) : tileOf(size, engine.limits);
  const parts = forecast({ ...size, sources: tileSources }, engine.limits);
  const ranks = pairs <= mostRankedPairs ? 16 * pairs : 0;
  const memory = memoryOf({ ...parts, results: parts.results + ranks }, program);
  checkDisk(
    out,
    spillBytes(pairs, arrows(network), confidence.rate) +
      (keepSums ? 8 * pairs * Math.min(4, size.products) : 0),
  );
  const count = Math.ceil(sources.length / tileSources);
  const files = openFiles(out, keepSums);
  const progress = progressOf(
    `${count} tiles of ${tileSources} sources: trials`,
    0,
    count * (experiment.trials - from),
  );
  const start = performance.now();
  try {
    const found = await runTiles(engine, task, exactEffectWithProgress(network, task.design), files.sink, {
      ...confidence,
      names,
      tileSources,
      from,
      to: experiment.trials,
      ...(chunk === null ? {} : { chunk }),
      signal,
      onProgress: progress.at,
    });
    progress.end();
    const done = found.sources.length;
    if (done === 0)
      throw new Error(
        `Interrupted before the first tile of ${tileSources} sources was done: nothing is kept.`,
      );
    const cancelled = done < sources.length;
    if (cancelled)
      say(
        `Interrupted: ${found.tiles} of ${count} tiles are done and kept, the first ${done} of ${sources.length} sources.`,
      );
    const words = sourcesInWords(found.sources, network.neurons);
    // Where sources take turns, all of them decide the trials, also those whose tiles are not done.
    const isShort =
      cancelled && !takesTurns(experiment.design) && words.length <= parameters.sources.maxLength;
    const result = resultOf(
      {
        experiment: { ...experiment, ...(isShort ? { sources: words } : {}), engine: engine.kind },
        engine: engine.kind,
        adapter: engine.adapter,
        trials: { from, to: experiment.trials },
        resumedAt: null,
        seconds: (performance.now() - start) / 1000,
        memory,
        tiles: { sources: tileSources, done: found.tiles, of: count },
      },
      {
        sources: done,
        targets: network.neurons,
        summary: found.summary,
        recovery: found.recovery,
        sumsHash: files.hash(),
      },
    );
    files.settle(resultText(result, found.recovery));
    return { result, cancelled };
  } catch (error) {
    files.discard();
    throw error;
  } finally {
    files.close();
  }
}

function checkDisk(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (bytes > free)
    throw new InputError(
      `the tiles need up to ${inMiB(bytes)} in ${folder}, which has ${inMiB(free)} free; ` +
        "allowed: fewer sources, a smaller --rate, or a larger disk",
    );
}

/** The folder's files, which take their places at the end, and candidates beside them until then. */
function openFiles(folder: string, keepSums: boolean) {
  const temporary: OpenFile[] = [];
  const hash = nodeHash();
  const together = openTogether();
  const sums = keepSums ? together.open(join(folder, sumsFile)) : null;
  const edges = together.open(join(folder, edgesFile));
  return {
    sink: {
      sums: (piece: Uint8Array) => {
        hash.add(piece);
        sums?.add(piece);
      },
      edges: edges.add,
      spill: () => {
        const path = join(folder, `candidates-${temporary.length + 1}.tmp`);
        const open = { path, file: openToWrite(path, "w+") };
        temporary.push(open);
        return fileSpill(open);
      },
    },
    hash: () => hash.hex(),
    settle: (result: string) => {
      together.open(join(folder, resultFile)).add(result);
      together.settle();
      removeOthers(folder, keepSums ? [sumsFile, edgesFile] : [edgesFile]);
    },
    /** Half a file is not a result. */
    discard: together.discard,
    close: () => {
      for (const { path, file } of temporary) {
        closeSync(file);
        rmSync(path, { force: true });
      }
    },
  };
}

interface OpenFile {
  readonly file: number;
  readonly path: string;
}

/** Pieces that are read are whole records, since all are written in whole ones of at most so many bytes. */
const pieceBytes = 2 ** 20;

function fileSpill({ file, path }: OpenFile): Spill {
  let size = 0;
  return {
    write: (piece) => {
      writeAll(file, path, piece, size);
      size += piece.length;
    },
    *read() {
      const piece = new Uint8Array(pieceBytes);
      for (let at = 0; at < size; ) {
        const length = readSync(file, piece, 0, Math.min(pieceBytes, size - at), at);
        yield piece.subarray(0, length);
        at += length;
      }
    },
    clear: () => {
      size = 0;
    },
  };
}
