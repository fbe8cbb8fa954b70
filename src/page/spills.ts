import { memorySpill, type Spill } from "../model/candidates";
import { InputError } from "../model/inputError";
import { memory } from "../ui/words";

/** Candidates of more bytes than this wait on the disk that the browser gives the page. */
export const mostInMemory = 2 ** 28;

/** A file of the browser's own that a worker reads and writes at once. */
interface SyncFile {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  close(): void;
}

interface OwnFolder {
  getFileHandle(
    name: string,
    options: { readonly create: true },
  ): Promise<{ createSyncAccessHandle(): Promise<SyncFile> }>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
}

/** What this page's places for candidates are called; each has a name of its own, since another window may be at it too. */
const prefix = "candidates-";

type Storage = Pick<StorageManager, "estimate" | "getDirectory">;

const ownFolder = async (storage: Storage): Promise<OwnFolder | null> =>
  (await storage.getDirectory().catch(() => null)) as unknown as OwnFolder | null;

/**
 * Removes what was left behind by a worker or a window that ended in between; what is in use cannot be removed.
 *
 * Returns  how many stay.
 */
export async function sweepSpills(storage: Storage | null = navigator.storage ?? null): Promise<number> {
  const folder = storage && (await ownFolder(storage));
  if (!folder) return 0;
  const names: string[] = [];
  for await (const name of folder.keys()) if (name.startsWith(prefix)) names.push(name);
  let left = 0;
  for (const name of names)
    await folder.removeEntry(name).catch(() => {
      left++;
    });
  return left;
}

/** The same once a worker that was ended has let go of its files, which takes it a while. */
export function sweepLater(tries = 20): void {
  setTimeout(async () => {
    if ((await sweepSpills()) > 0 && tries > 1) sweepLater(tries - 1);
  }, 1000);
}

/** Places for candidates, and their end. */
export interface Spills {
  /** The next one; there are two. */
  next(): Spill;
  close(): Promise<void>;
}

/**
 * Two places for candidates of so many bytes: in memory where they are few, on the browser's disk where not.
 *
 * Errors   InputError if there are many and the browser has no room for them.
 */
export async function openSpills(
  bytes: number,
  storage: Storage | null = navigator.storage ?? null,
  most = mostInMemory,
): Promise<Spills> {
  if (bytes <= most) return { next: memorySpill, close: async () => {} };
  const refuse = (room: string) =>
    new InputError(
      `what could become a discovery needs up to ${memory(bytes)} of disk, and this browser ${room}; ` +
        "allowed: a smaller rate, fewer neurons, or the runner with --tiles",
    );
  if (storage === null) throw refuse("gives none");
  await sweepSpills(storage);
  const { quota = 0, usage = 0 } = (await storage.estimate().catch(() => null)) ?? {};
  if (bytes > quota - usage) throw refuse(`gives ${memory(quota - usage)}`);
  const folder = await ownFolder(storage);
  if (!folder) throw refuse("gives none");
  const name = `${prefix}${crypto.randomUUID()}`;
  const files: { readonly name: string; readonly file: SyncFile }[] = [];
  const close = async () => {
    for (const { file, name } of files) {
      file.close();
      await folder.removeEntry(name).catch(() => {});
    }
  };
  try {
    for (const part of ["1", "2"]) {
      const handle = await folder.getFileHandle(`${name}-${part}`, { create: true });
      files.push({ name: `${name}-${part}`, file: await handle.createSyncAccessHandle() });
    }
  } catch {
    await close();
    throw refuse("has no files that a worker can write");
  }
  let taken = 0;
  return { next: () => fileSpill(files[taken++].file), close };
}

/** Pieces that are read are whole records, since all are written in whole ones of at most so many bytes. */
const pieceBytes = 2 ** 20;

function fileSpill(file: SyncFile): Spill {
  let size = 0;
  return {
    write(piece) {
      const written = file.write(piece, { at: size });
      size += written;
      if (written < piece.length)
        throw new InputError(
          "the browser's disk is full; allowed: a smaller rate, or fewer neurons, or more room on the disk",
        );
    },
    *read() {
      const piece = new Uint8Array(pieceBytes);
      for (let at = 0; at < size; ) {
        const length = file.read(piece.subarray(0, Math.min(pieceBytes, size - at)), { at });
        if (length === 0) throw new Error("candidates that were written cannot be read back");
        yield piece.subarray(0, length);
        at += length;
      }
    },
    clear() {
      size = 0;
      file.truncate(0);
    },
  };
}
