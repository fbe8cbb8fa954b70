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

/** A run that is kept. */
export interface Kept extends Session {
  /** It began with the sums of a session out of a file: whoever wrote that may have made them up. */
  readonly opened: boolean;
}

/**
 * Runs that the browser keeps across a reload, each a session (io/sessionFile.ts) under the name of its experiment and
 * of its trials. A run is written whole under a name of its own before the ones of fewer trials go: who is interrupted
 * loses nothing, and windows with the same experiment do not touch each other's. Whichever of theirs has the most trials
 * is as good as any, since the same trials are the same bits.
 *
 * That holds of what was computed here. A run that began with the sums of a file has a name that says so, and never takes
 * the place of one that did not, whatever it says of its trials; those it may have to make way for. Which of the two is
 * gone on with is decided as between windows: the one that got further, so that what was on show is there again or more
 * of the same, and one's own where they are equal.
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
  keep(saved: Saved, sums: Sums, opened = false): Promise<boolean> {
    const bytes = sizeOfSums(sums.sources.length, sums.targets, sums.arms !== null);
    // There are two while one takes the place of the other.
    if (2 * bytes > mostKept.bytes) return Promise.resolve(false);
    const entry = entryOf(saved, opened);
    return this.quietly(false, async (folder) => {
      const goes = await this.whatGoes(folder, entry, bytes);
      if (!goes) return false;
      for (const { name } of goes.before) await remove(folder, name);
      try {
        await write(await folder.getFileHandle(entry.name, { create: true }), encodeSession(saved, sums));
      } catch {
        await remove(folder, entry.name);
        return false;
      }
      for (const { name } of goes.after) await remove(folder, name);
      return true;
    });
  }

  /** The run of this experiment, over these sources, that got furthest, or null; what is damaged or too old is dropped. */
  find(experiment: Experiment, sources: Uint32Array): Promise<Kept | null> {
    const key = keyOf(experiment);
    return this.quietly(null, async (folder) => {
      const found = (await entriesOf(folder)).filter((one) => one.key === key);
      found.sort((a, b) => b.trials - a.trials || Number(a.opened) - Number(b.opened));
      for (const { name, trials, opened } of found) {
        if (trials > experiment.trials) continue;
        const session = await this.read(folder, name);
        if (session && isOf(session, experiment, sources)) return { ...session, opened };
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
      if (isOld({ at: file.lastModified })) return null;
      return readSession(this.readerOf(file), file.size, name);
    } catch (error) {
      if (error instanceof InputError || error instanceof DOMException) return null;
      throw error;
    }
  }

  /**
   * What goes for a run of so many bytes: `before` it is written what has the room that it needs; `after` it is whole what
   * it takes the place of, what is too old, and what is more than may be kept. Of the same experiment nothing goes before.
   *
   * Returns  null if it would not fit even so: then nothing has to go.
   */
  private async whatGoes(folder: OwnFolder, entry: Entry, bytes: number) {
    const all = await Promise.all((await entriesOf(folder)).map((one) => stored(folder, one)));
    // One's own do not go for what began with a file.
    const mayGo = all.filter(({ opened }) => opened || !entry.opened);
    const replaced = mayGo.filter(({ key, trials }) => key === entry.key && trials <= entry.trials);
    const others = mayGo.filter(({ key }) => key !== entry.key).sort(firstToGo);
    const { quota = 0, usage = 0 } = (await this.storage?.estimate()) ?? {};
    // Others write there, too.
    let room = quota - usage - 2 * bytes;
    let held = bytes + sizeOf(all) - sizeOf(replaced);
    const before: Stored[] = [];
    const after = [...replaced];
    for (const other of others) {
      if (room >= 0 && held <= mostKept.bytes && !isOld(other)) break;
      (room < 0 ? before : after).push(other);
      room += other.size;
      held -= other.size;
    }
    return room < 0 || held > mostKept.bytes ? null : { before, after };
  }
}

/** What the name of a run says of it. */
interface Entry {
  readonly name: string;
  readonly key: string;
  readonly trials: number;
  readonly opened: boolean;
}

interface Stored extends Entry {
  readonly size: number;
  /** When it was written, in milliseconds. */
  readonly at: number;
}

function entryOf({ experiment, trials: { to } }: Saved, opened: boolean): Entry {
  const key = keyOf(experiment);
  const name = `${opened ? "opened" : "kept"}-${key}-${to}-${crypto.randomUUID()}`;
  return { name, key, trials: to, opened };
}

async function entriesOf(folder: OwnFolder): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const name of folder.keys()) {
    const [, kind, key, trials] = /^(kept|opened)-([0-9a-f]{32})-(\d{1,10})-/.exec(name) ?? [];
    if (key !== undefined) entries.push({ name, key, trials: Number(trials), opened: kind === "opened" });
  }
  return entries;
}

/** What another window has removed meanwhile has no size. */
async function stored(folder: OwnFolder, entry: Entry): Promise<Stored> {
  const file = await folder.getFileHandle(entry.name).then(
    (handle) => handle.getFile(),
    () => null,
  );
  return { ...entry, size: file?.size ?? 0, at: file?.lastModified ?? 0 };
}

const sizeOf = (files: readonly Stored[]): number => files.reduce((sum, { size }) => sum + size, 0);

const isOld = ({ at }: Pick<Stored, "at">): boolean => at < Date.now() - mostKept.age;

/** What is too old, then what began with a file, and of these the oldest. */
const firstToGo = (a: Stored, b: Stored): number =>
  Number(isOld(b)) - Number(isOld(a)) || Number(b.opened) - Number(a.opened) || a.at - b.at;

/** Another window may be at it: then it is that one's to remove. */
const remove = (folder: OwnFolder, name: string): Promise<void> => folder.removeEntry(name).catch(() => {});

const isOf = ({ head, sums }: Session, experiment: Experiment, sources: Uint32Array): boolean =>
  head.trials.from === 0 && identityOf(head.experiment) === identityOf(experiment) && isOver(sums, sources);

/** Whether these are the sources of the sums: of an experiment whose arrows choose them, its file cannot say. */
export const isOver = (sums: Sums, sources: Uint32Array): boolean =>
  sums.sources.length === sources.length &&
  sources.every((source, column) => source === sums.sources[column]);

/** Errors   InputError if the sums are not over these sources, which the arrows of the experiment's network chose. */
export function checkOver(sums: Sums, experiment: Experiment, sources: Uint32Array): void {
  if (isOver(sums, sources)) return;
  throw new InputError(
    `the session holds sums of other sources than ${experiment.sources} chooses in its network; allowed: a session as it was saved; R begins anew`,
  );
}

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
