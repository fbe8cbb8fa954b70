import { csvLines } from "../io/effectsCsv";
import { matrixBytes, mostEntries } from "../io/npy";
import { linesInPieces, networkBytes } from "../io/writeNetwork";
import type { Estimates } from "../model/estimate";
import type { Confidence } from "../model/inference";
import type { Places } from "../model/places";
import type { Planned } from "./needs";

/** What the desk writes, and the end of the file's name. */
export const writings = {
  "effects-csv": "csv",
  "effects-npy": "npy",
  "network-csv": "csv",
  "network-npy": "npy",
  "network-graphml": "graphml",
} as const;
export type Writing = keyof typeof writings;

/** Numbers or lines that a file may have: lines of effects, of which ten million are a gigabyte; numbers of a matrix. */
export const mostWritten = { lines: 10_000_000, numbers: mostEntries } as const;

/**
 * A file, piece by piece.
 *
 * Errors   InputError if a matrix would be too large.
 */
export function piecesOf(
  writing: Writing,
  { network, names, estimand }: Planned,
  estimates: Estimates | null,
  confidence: Confidence,
  places: Places | null,
): Iterable<Uint8Array<ArrayBuffer>> {
  if (writing === "network-csv") return networkBytes("csv", network, names);
  if (writing === "network-npy") return networkBytes("npy", network, names);
  if (writing === "network-graphml") return networkBytes("graphml", network, names, places);
  if (estimates === null) throw new Error("there are no effects yet");
  if (writing === "effects-csv")
    return linesInPieces(csvLines(estimates, network, estimand, confidence, names));
  const { targets, sources, effect } = estimates;
  return matrixBytes(targets, sources.length, (target) =>
    effect.subarray(target * sources.length, (target + 1) * sources.length),
  );
}

/** Milliseconds after which others get a turn. */
const turn = 50;
/** Pieces are handed to the browser, which may keep them on the disk, when they are so many bytes. */
const blobBytes = 2 ** 25;

/**
 * All pieces as one blob, without holding up whoever else waits for this thread.
 *
 * Errors   the signal's reason when it is aborted.
 */
export async function blobOf(
  pieces: Iterable<Uint8Array<ArrayBuffer>>,
  tell: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const blobs: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let [size, written] = [0, 0];
  const flush = () => {
    blobs.push(new Blob(waiting));
    [waiting, size] = [[], 0];
  };
  let begun = performance.now();
  for (const piece of pieces) {
    waiting.push(piece);
    size += piece.byteLength;
    written += piece.byteLength;
    if (size >= blobBytes) flush();
    if (performance.now() < begun + turn) continue;
    tell(written);
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    begun = performance.now();
  }
  flush();
  return new Blob(blobs);
}
