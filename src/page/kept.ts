import { encodeSession, readSession, type Saved, type Session } from "../io/sessionFile";
import { hashPieces } from "../io/sha256";
import { type ReadBytes, sizeOfSums } from "../io/sumsFile";
import { decisive, type Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { Sums } from "../model/sums";
import { readBlob } from "./readBlob";

/** The browser may keep so many bytes of runs, of which the oldest go first, and each for so many milliseconds. */
export const mostKept = { bytes: 2 ** 29, age: 7 * 24 * 3600 * 1000 } as const;

interface SyncFile {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  close(): void;
}

interface Handle {
  getFile(): Promise<Blob & { readonly lastModified: number }>;
  createSyncAccessHandle(): Promise<SyncFile>;
}

interface OwnFolder {
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<Handle>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
}

type Storage = Pick<StorageManager, "estimate" | "getDirectory">;

/**
 * Runs that the browser keeps across a reload, each a session (io/sessionFile.ts) under the name of its experiment and
 * of its trials. A run is written whole under a name of its own before the ones of fewer trials go: who is interrupted
 * loses nothing, and windows with the same experiment do not touch each other's. Whichever of theirs has the most trials
 * is as good as any, since the same trials are the same bits.
 *
 * Where there is no storage, or it is full or forbidden, nothing is kept, and nobody hears of it.
 */
export class KeptRuns {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly storage: Storage | null = navigator.storage ?? null,
    private readonly readerOf: (file: Blob) => ReadBytes = readBlob,
  ) {}

  /** Returns  whether it is kept. */
  keep(saved: Saved, sums: Sums): Promise<boolean> {
    const bytes = sizeOfSums(sums.sources.length, sums.targets, sums.arms !== null);
    // There are two while one takes the place of the other.
    if (2 * bytes > mostKept.bytes) return Promise.resolve(false);
    const key = keyOf(saved.experiment);
    const name = `${prefix}${key}-${saved.trials.to}-${crypto.randomUUID()}`;
    return this.quietly(false, async (folder) => {
      try {
        await this.makeRoom(folder, bytes);
        await write(await folder.getFileHandle(name, { create: true }), encodeSession(saved, sums));
      } catch {
        await remove(folder, name);
        return false;
      }
      for (const other of await entriesOf(folder))
        if (other.name !== name && other.key === key && other.trials <= saved.trials.to)
          await remove(folder, other.name);
      return true;
    });
  }

  /** The run of this experiment, over these sources, that got furthest, or null; what is damaged or too old is dropped. */
  find(experiment: Experiment, sources: Uint32Array): Promise<Session | null> {
    const key = keyOf(experiment);
    return this.quietly(null, async (folder) => {
      const found = (await entriesOf(folder)).filter((one) => one.key === key);
      for (const { name, trials } of found.sort((a, b) => b.trials - a.trials)) {
        if (trials > experiment.trials) continue;
        const session = await this.read(folder, name);
        if (session && isOf(session, experiment, sources)) return session;
        await remove(folder, name);
      }
      return null;
    });
  }

  /** Drops all runs of this experiment. */
  forget(experiment: Experiment): Promise<void> {
    const key = keyOf(experiment);
    return this.quietly(undefined, async (folder) => {
      for (const one of await entriesOf(folder)) if (one.key === key) await remove(folder, one.name);
    });
  }

  /** One after the other, and where anything fails it is as if there were no storage. */
  private async quietly<T>(otherwise: T, work: (folder: OwnFolder) => Promise<T>): Promise<T> {
    const mine = this.turn.then(async () => {
      const folder = (await this.storage?.getDirectory()) as unknown as OwnFolder | undefined;
      return folder ? work(folder) : otherwise;
    });
    const found = mine.catch(() => otherwise);
    this.turn = found;
    return found;
  }

  private async read(folder: OwnFolder, name: string): Promise<Session | null> {
    try {
      const file = await (await folder.getFileHandle(name)).getFile();
      if (file.lastModified < Date.now() - mostKept.age) return null;
      return readSession(this.readerOf(file), file.size, name);
    } catch (error) {
      if (error instanceof InputError || error instanceof DOMException) return null;
      throw error;
    }
  }

  /** Errors   Error if there is no room for so many bytes. */
  private async makeRoom(folder: OwnFolder, bytes: number): Promise<void> {
    const files = await Promise.all(
      (await entriesOf(folder)).map(async ({ name }) => {
        const file = await folder.getFileHandle(name).then(
          (handle) => handle.getFile(),
          () => null,
        );
        return { name, size: file?.size ?? 0, at: file?.lastModified ?? 0 };
      }),
    );
    let held = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size, at } of files.sort((a, b) => a.at - b.at)) {
      if (held + bytes <= mostKept.bytes && at >= Date.now() - mostKept.age) break;
      await remove(folder, name);
      held -= size;
    }
    const { quota = 0, usage = 0 } = (await this.storage?.estimate()) ?? {};
    // Others write there, too.
    if (2 * bytes > quota - usage) throw new Error("the browser has no room");
  }
}

const prefix = "kept-";

interface Entry {
  readonly name: string;
  readonly key: string;
  readonly trials: number;
}

async function entriesOf(folder: OwnFolder): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const name of folder.keys()) {
    const [, key, trials] = /^kept-([0-9a-f]{32})-(\d{1,10})-/.exec(name) ?? [];
    if (key !== undefined) entries.push({ name, key, trials: Number(trials) });
  }
  return entries;
}

/** Another window may be at it: then it is that one's to remove. */
const remove = (folder: OwnFolder, name: string): Promise<void> => folder.removeEntry(name).catch(() => {});

const isOf = ({ head, sums }: Session, experiment: Experiment, sources: Uint32Array): boolean =>
  head.trials.from === 0 &&
  identityOf(head.experiment) === identityOf(experiment) &&
  sums.sources.length === sources.length &&
  sources.every((source, column) => source === sums.sources[column]);

/**
 * What decides an experiment's trials and its columns: neither how many they are, nor who computes them, nor what the
 * network's file is called.
 */
export function identityOf(experiment: Experiment): string {
  const { trials: _, engine: __, file: ___, ...rest } = decisive(experiment);
  return JSON.stringify(rest);
}

const keyOf = (experiment: Experiment): string =>
  hashPieces([new TextEncoder().encode(identityOf(experiment))]).slice(0, 32);

/** Errors   Error if the disk does not take all of it. */
async function write(handle: Handle, pieces: Iterable<Uint8Array>): Promise<void> {
  const file = await handle.createSyncAccessHandle();
  try {
    let at = 0;
    for (const piece of pieces) {
      const written = file.write(piece, { at });
      if (written < piece.length) throw new Error("the browser's disk is full");
      at += written;
    }
  } finally {
    file.close();
  }
}
