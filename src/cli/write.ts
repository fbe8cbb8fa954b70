import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { InputError } from "../model/inputError";

/** Node's writeSync, which may write less than it is given and says how much. */
export type Write = (
  file: number,
  bytes: Uint8Array,
  from: number,
  length: number,
  at: number | null,
) => number;

/**
 * Writes all of a piece, to an open file and a place in it (null: where the last piece ended).
 *
 * Errors   InputError if the disk does not take it, with the file's `path`.
 */
export function writeAll(
  file: number,
  path: string,
  piece: Uint8Array | string,
  at: number | null = null,
  write: Write = writeSync,
): void {
  const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
  for (let from = 0; from < bytes.length; ) {
    const written = saying(path, () =>
      write(file, bytes, from, bytes.length - from, at === null ? null : at + from),
    );
    // Asked again, a disk that takes nothing would take nothing for ever.
    if (written === 0) throw cannotWrite(path, "no more bytes are taken");
    from += written;
  }
}

/**
 * Writes a file from its pieces, whole or not at all: beside its place, which it takes when all of it is on the disk. What
 * is no file, such as a pipe, is written into where it is.
 *
 * Errors   InputError if it cannot be written, or not to its end; what was there before stays, and nothing else is left.
 */
export function writeWhole(
  path: string,
  pieces: Iterable<Uint8Array | string>,
  write: Write = writeSync,
): void {
  const there = statSync(path, { throwIfNoEntry: false });
  const isFile = there?.isFile() ?? true;
  // A link stays one.
  const place = there && isFile ? realpathSync(path) : path;
  const part = isFile ? `${place}.part` : path;
  // Whoever may not read what was there may not read what takes its place.
  const file = saying(path, () => openSync(part, "w", there?.mode ?? 0o666));
  let isWhole = false;
  try {
    for (const piece of pieces) writeAll(file, path, piece, null, write);
    if (isFile) saying(path, () => fsyncSync(file));
    isWhole = true;
  } finally {
    closeSync(file);
    if (!isWhole) rmSync(part, { force: true });
  }
  if (isFile) saying(path, () => renameSync(part, place));
}

function saying<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw cannotWrite(path, error instanceof Error ? error.message : String(error));
  }
}

const cannotWrite = (path: string, reason: string) =>
  new InputError(
    `${path} cannot be written (${reason}); allowed: a place that can be written to and has room`,
  );
