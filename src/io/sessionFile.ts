import { designOf, isNotebookDesign } from "../model/design";
import { InputError, shown } from "../model/inputError";
import type { Sums } from "../model/sums";
import { keyFrom } from "../model/threefry";
import {
  columnsOf,
  contradiction,
  hasExactly,
  isRecord,
  type Origin,
  parseOrigin,
  refuser,
  saying,
} from "./origin";
import { anyHash, type Hash, hashPieces } from "./sha256";
import { decodeSums, encodeSums, hashSums, type ReadBytes, sizeOfSums } from "./sumsFile";

/**
 * A session as one file: what was run, how far, and its sums, so that it can go on elsewhere.
 *
 * line 1     JSON of a SessionHead, with `format` before it
 * line 2     SHA-256 of line 1 without its end, in hexadecimal
 * the rest   the sums in their canonical bytes (sumsFile.ts): `sumsBytes` of them, whose SHA-256 is `sumsHash`
 *
 * So every byte is vouched for, line 2 names the whole, and `head -1` says what the file is. A network that is in a file
 * is not in it: `experiment.fileHash` says which one it is. `format` is another as soon as a trial is anything else.
 */
const format = "perturbation-lab session 1";

/** The end of its name. */
export const sessionEnding = ".perturbation-lab";

/** What stands before the sums. */
export interface SessionHead extends Origin {
  /** Of the lab that wrote it; for information, as are `engine`, `adapter` and `understood`. */
  readonly version: string;
  readonly adapter: string;
  /** How the network's file was read, in words; null where it is in none. */
  readonly understood: string | null;
  readonly sumsBytes: number;
}

/** What a writer has to know; the rest of the head follows from the sums. */
export type Saved = Omit<SessionHead, "sumsBytes" | "sumsHash">;

export interface Session {
  readonly head: SessionHead;
  readonly sums: Sums;
}

/** Bytes that line 1 may have, and characters of each text in it that is for information. */
const mostHead = 2 ** 16;
const mostText = 2000;
const hexDigits = 64;
const pieceBytes = 2 ** 22;

const names = [
  ...["format", "version", "experiment", "trials", "engine", "adapter", "understood"],
  ...["sumsBytes", "sumsHash"],
];

/** The bytes of a session, in pieces that are the taker's to keep. */
export function* encodeSession(
  { version, experiment, trials, engine, adapter, understood }: Saved,
  sums: Sums,
  hashing: () => Hash = anyHash,
): Generator<Uint8Array<ArrayBuffer>> {
  const head: { format: string } & SessionHead = {
    ...{ format, version, experiment, trials, engine },
    adapter: adapter.slice(0, mostText),
    understood: understood?.slice(0, mostText) ?? null,
    sumsBytes: sizeOfSums(sums.sources.length, sums.targets, sums.arms !== null),
    sumsHash: hashSums(sums, hashing()),
  };
  const line = new TextEncoder().encode(JSON.stringify(head));
  yield line;
  yield new TextEncoder().encode(`\n${hashPieces([line])}\n`);
  for (const piece of encodeSums(sums)) yield piece.slice();
}

/**
 * What a session says of itself, by its first two lines alone: the sums are not read yet.
 *
 * Returns  also the place where the sums begin.
 * Errors   InputError, one sentence: that it is no session, or what in it cannot be, and what is allowed.
 */
export function readHead(
  read: ReadBytes,
  size: number,
  name: string,
): { readonly head: SessionHead; readonly begin: number } {
  const start = read(0, Math.min(size, mostHead + hexDigits + 2));
  const mark = new TextEncoder().encode(`{"format":${JSON.stringify(format)},`);
  if (!mark.every((byte, at) => start[at] === byte))
    throw new InputError(
      `${name} does not begin as a session of this version does; allowed: a file that was saved as a session`,
    );
  const end = start.indexOf(0x0a);
  const begin = end + hexDigits + 2;
  if (end < 0 || start.length < begin || start[begin - 1] !== 0x0a)
    throw new InputError(
      `${name} is damaged: it has no first two lines of up to ${mostHead.toLocaleString("en")} bytes; allowed: a whole session`,
    );
  const line = start.subarray(0, end);
  if (hashPieces([line]) !== new TextDecoder("latin1").decode(start.subarray(end + 1, begin - 1)))
    throw new InputError(
      `${name} is damaged: the SHA-256 of its first line is not its second; allowed: a whole session`,
    );
  const head = parseHead(line, name);
  const { experiment, sumsBytes } = head;
  const design = designOf(experiment, keyFrom(experiment.seed));
  const columns = saying(name, () => columnsOf(experiment));
  const expected = sizeOfSums(columns, experiment.neurons, !isNotebookDesign(design));
  if (sumsBytes !== expected || size - begin !== expected)
    throw new InputError(
      `${name} is damaged: its sums have ${(size - begin).toLocaleString("en")} bytes, ${sumsBytes.toLocaleString("en")} by its first line; ` +
        `allowed for ${columns.toLocaleString("en")} sources and ${experiment.neurons.toLocaleString("en")} targets: ${expected.toLocaleString("en")}`,
    );
  return { head, begin };
}

/**
 * A session, whole or not at all.
 *
 * Errors   InputError as of readHead; also if its sums are damaged, not of its experiment, or of no trials that there
 *          can be.
 */
export function readSession(
  read: ReadBytes,
  size: number,
  name: string,
  hashing: () => Hash = anyHash,
): Session {
  const { head, begin } = readHead(read, size, name);
  const { sumsBytes, sumsHash } = head;
  const readSums = (from: number, length: number) => {
    const bytes = read(begin + from, length);
    if (bytes.length !== length)
      throw new InputError(`${name} became shorter while it was read; allowed: a whole session`);
    return bytes;
  };
  const hash = hashing();
  for (let at = 0; at < sumsBytes; at += pieceBytes)
    hash.add(readSums(at, Math.min(pieceBytes, sumsBytes - at)));
  if (hash.hex() !== sumsHash)
    throw new InputError(
      `${name} is damaged: the SHA-256 of its sums is not the sumsHash of its first line; allowed: a whole session`,
    );
  const sums = decodeSums(readSums, sumsBytes, name);
  // Their number is that of the experiment's sources, as the bytes are.
  const wrong = contradiction(head, sums);
  if (wrong !== null) throw new InputError(`${name} contradicts itself: ${wrong}`);
  return { head, sums };
}

function parseHead(line: Uint8Array, name: string): SessionHead {
  const refuse = refuser(name);
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    throw new InputError(`${name}: its first line is no JSON; allowed: a session as this lab writes it`);
  }
  if (!isRecord(head)) throw refuse("its first line", head, "an object");
  const given = head;
  if (!hasExactly(given, names))
    throw new InputError(
      `${name}: its first line has the fields ${shown(Object.keys(given).join(", "))}; allowed: ${names.join(", ")}`,
    );
  const text = (field: string) => {
    const value = given[field];
    if (typeof value !== "string" || value.length > mostText)
      throw refuse(field, value, `a text of up to ${mostText.toLocaleString("en")} characters`);
    return value;
  };
  const { sumsBytes } = given;
  if (!Number.isSafeInteger(sumsBytes)) throw refuse("sumsBytes", sumsBytes, "a whole number");
  return {
    version: text("version"),
    ...parseOrigin(given, name, 1),
    adapter: text("adapter"),
    understood: given.understood === null ? null : text("understood"),
    sumsBytes: sumsBytes as number,
  };
}
