import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { InputError } from "../model/inputError";
import { whyNot } from "./report";

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

/** A file to be written, and its pieces, which are made when its turn comes. */
export interface Writing {
  readonly path: string;
  readonly pieces: Iterable<Uint8Array | string>;
}

/**
 * Writes a file from its pieces, whole or not at all: beside its place, which it takes when all of it is on the disk. What
 * is no file, such as a pipe, is written into where it is.
 *
 * Errors   InputError if it cannot be written, or not to its end; what was there before stays, and nothing else is left.
 */
export function writeWhole(path: string, pieces: Writing["pieces"], write: Write = writeSync): void {
  writeTogether([{ path, pieces }], write);
}

/**
 * Writes files that belong together, one after the other, all of them or none: a result whose sums are of
 * another run is none.
 *
 * Errors   as of writeWhole, for any of them.
 */
export function writeTogether(files: readonly Writing[], write: Write = writeSync): void {
  const together = openTogether(write);
  try {
    for (const { path, pieces } of files) {
      const part = together.open(path);
      for (const piece of pieces) part.add(piece);
    }
    together.settle();
  } catch (error) {
    together.discard();
    throw error;
  }
}

/** A file that grows piece by piece; an InputError says that the disk does not take one. */
export interface Part {
  add(piece: Uint8Array | string): void;
}

/** The same for files that grow while a run goes on. */
export interface Together {
  /** Errors   InputError if it cannot be written; then none of the others is left either. */
  open(path: string): Part;
  /** All of them take their places, once all are on the disk. Errors   as of open. */
  settle(): void;
  /** None of them does. */
  discard(): void;
}

export function openTogether(write: Write = writeSync): Together {
  const parts: ReturnType<typeof openPart>[] = [];
  const discard = () => {
    for (const part of parts) part.discard();
  };
  const orNone = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      discard();
      throw error;
    }
  };
  return {
    open: (path) =>
      orNone(() => {
        const part = openPart(path, write);
        parts.push(part);
        return part;
      }),
    settle: () =>
      orNone(() => {
        for (const part of parts) part.finish();
        for (const part of parts) part.settle();
      }),
    discard,
  };
}

function openPart(path: string, write: Write) {
  const { place, part, mode } = saying(path, () => whereTo(path));
  const file = openToWrite(part, "w", mode, path);
  const isBeside = part !== place;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    saying(path, () => closeSync(file));
  };
  return {
    add: (piece: Uint8Array | string) => writeAll(file, path, piece, null, write),
    finish() {
      if (isBeside) saying(path, () => fsyncSync(file));
      close();
    },
    settle() {
      if (isBeside) saying(path, () => renameSync(part, place));
    },
    discard() {
      try {
        close();
      } finally {
        if (isBeside) rmSync(part, { force: true });
      }
    },
  };
}

/** Where a file is written, and the place that it takes; both are the same for what is no file. */
function whereTo(path: string) {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return { place: path, part: `${path}.part`, mode: 0o666 };
  // Whoever may not read what was there may not read what takes its place.
  const { mode } = there;
  if (!there.isFile()) return { place: path, part: path, mode };
  // A link stays one.
  const place = realpathSync(path);
  // What is protected against writing is not to be replaced either.
  accessSync(place, constants.W_OK);
  return { place, part: `${place}.part`, mode };
}

/** Opens a file to write into. Errors   InputError if that cannot be, with the name it goes by. */
export const openToWrite = (path: string, flags: string, mode = 0o666, name = path): number =>
  saying(name, () => openSync(path, flags, mode));

function saying<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw cannotWrite(path, whyNot(error));
  }
}

const cannotWrite = (path: string, reason: string) =>
  new InputError(
    `${path} cannot be written (${reason}); allowed: a place that can be written to and has room`,
  );
