import type { Engine } from "../engine/engine";
import { anyHash } from "../io/sha256";
import { spillBytes } from "../model/candidates";
import type { Confidence } from "../model/inference";
import { arrows } from "../model/network";
import type { JudgedDiscoveries } from "../model/recovery";
import { everyNeuron } from "../model/sources";
import type { Summary } from "../model/summary";
import { keyFrom } from "../model/threefry";
import { runTiles } from "../tiles";
import { openEdges } from "./edgesFile";
import type { Planned } from "./needs";
import { openSpills } from "./spills";

/** Everything that is to be recovered: all sources, so many at a time. */
export interface TileRequest extends Confidence {
  readonly tileSources: number;
  /** The file for the discoveries; null: they come back as a blob. */
  readonly edges: FileSystemFileHandle | null;
}

/** What came of it, for the sources that are done: fewer than `of` where it was ended. */
export interface TilesDone {
  readonly sources: number;
  readonly of: number;
  readonly tiles: number;
  readonly trials: number;
  readonly summary: Summary;
  readonly discoveries: JudgedDiscoveries;
  /** Of the sums of these sources, see io/sumsFile.ts. */
  readonly sumsHash: string;
  /** Null where they are in the file that was asked for, or where nothing is kept. */
  readonly edges: Blob | null;
}

/** Trials done, of those of all tiles. */
export type TellTiles = (done: number, total: number) => void;

/**
 * Recovers all that was planned in tiles of sources, see runTiles; ended by the signal, it keeps the whole tiles that
 * are done.
 *
 * Errors   InputError if there is no room for what waits until the end; whatever the engine or the file has against it.
 */
export async function recoverInTiles(
  { experiment, network, names, estimand, design }: Planned,
  engine: Engine,
  { tileSources, edges, ...confidence }: TileRequest,
  tell: TellTiles,
  signal: AbortSignal,
): Promise<TilesDone> {
  const { trials, seed } = experiment;
  const sources = everyNeuron(network.neurons);
  const task = { network, key: keyFrom(seed), sources, trials, design };
  const spills = await openSpills(spillBytes(network.neurons ** 2, arrows(network), confidence.rate));
  const hash = anyHash();
  try {
    const file = await openEdges(edges);
    const sink = {
      sums: (piece: Uint8Array) => hash.add(piece),
      edges: (lines: string) => file.write(lines),
      spill: () => spills.next(),
    };
    try {
      const options = { ...confidence, names, tileSources, from: 0, to: trials, signal, onProgress: tell };
      const found = await runTiles(engine, task, estimand, sink, options);
      const done = found.sources.length;
      if (done === 0) await file.abandon();
      return {
        ...{ sources: done, of: sources.length, tiles: found.tiles, trials },
        summary: found.summary,
        discoveries: found.recovery.discoveries,
        sumsHash: hash.hex(),
        edges: done === 0 ? null : await file.end(),
      };
    } catch (error) {
      await file.abandon().catch(() => {});
      throw error;
    }
  } finally {
    await spills.close();
  }
}
