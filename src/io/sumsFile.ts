import { maxTrials, parameters } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { Arms, Sums } from "../model/sums";
import { anyHash, type Hash, hashPieces } from "./sha256";

/**
 * Sums in their one canonical order, source by source, so that the columns of a large matrix can be hashed and written
 * as they come: a header, then one record per source, ascending, all of 64-bit little-endian whole numbers.
 *
 * header  the mark, 0 (1 if there are arms, 2 if these share their noise), trials, targets, Σo per target,
 *         Σo² per target
 * record  the source, Σp, Σ p·o per target; where arms are kept also the trials off, then per target Σo off, Σo² on
 *         and Σo² off
 *
 * The same sums are the same bytes on every machine, and their SHA-256 names them. How many sources there are follows
 * from the length: so what is done of an unfinished run is a whole file too.
 */
const mark = "labsums2";

/** Numbers before the sums per target. */
const headerNumbers = 4;

const columnsOf = (arms: boolean, targets: number) => (arms ? 3 + 4 * targets : 2 + targets);

/** How many bytes sums are. */
export const sizeOfSums = (sources: number, targets: number, arms: boolean): number =>
  8 * (headerNumbers + 2 * targets + sources * columnsOf(arms, targets));

/** Records are encoded and decoded some at a time: enough of them to go through the matrix in its own order. */
const blockBytes = 2 ** 22;
const blockOf = (recordNumbers: number) => Math.max(1, Math.floor(blockBytes / 8 / recordNumbers));

/** The header of sums; records of any of their sources may follow it. */
export function encodeHeader({ trials, targets, outcome, outcomeSquared, arms }: Sums): Uint8Array {
  const kind = arms ? (arms.paired ? 2 : 1) : 0;
  const bytes = encodeNumbers([[0, kind, trials, targets], outcome, outcomeSquared]);
  bytes.set(new TextEncoder().encode(mark));
  return bytes;
}

/** The records of all sources, in pieces of some megabytes; a piece is good until the next one is taken. */
export function* encodeRecords({ sources, targets, perturbed, pair, arms }: Sums): Generator<Uint8Array> {
  const numbers = columnsOf(arms !== null, targets);
  const words = new Uint32Array(2 * numbers * Math.min(blockOf(numbers), sources.length));
  const put = (at: number, value: number) => {
    words[2 * at] = value % 2 ** 32;
    words[2 * at + 1] = Math.floor(value / 2 ** 32);
  };
  const matrices = arms ? [pair, arms.pairOff, arms.squaredOn, arms.squaredOff] : [pair];
  for (let first = 0; first < sources.length; ) {
    const end = Math.min(sources.length, first + words.length / 2 / numbers);
    for (let column = first; column < end; column++) {
      const at = (column - first) * numbers;
      put(at, sources[column]);
      put(at + 1, perturbed[column]);
      if (arms) put(at + 2 + targets, arms.off[column]);
    }
    matrices.forEach((matrix, index) => {
      const offset = 2 + index * targets + (index > 0 ? 1 : 0);
      for (let target = 0; target < targets; target++)
        for (let column = first; column < end; column++)
          put((column - first) * numbers + offset + target, matrix[target * sources.length + column]);
    });
    yield new Uint8Array(words.buffer, 0, 8 * (end - first) * numbers);
    first = end;
  }
}

/** All of the canonical bytes, in pieces; a piece is good until the next one is taken. */
export function* encodeSums(sums: Sums): Generator<Uint8Array> {
  yield encodeHeader(sums);
  yield* encodeRecords(sums);
}

/** Whole numbers below 2^53 as 64-bit little-endian ones. */
export function encodeNumbers(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(2 * parts.reduce((length, part) => length + part.length, 0));
  const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  if (!littleEndian) throw new Error("this machine is big-endian; sums cannot be written here");
  let at = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      words[at++] = part[index] % 2 ** 32;
      words[at++] = Math.floor(part[index] / 2 ** 32);
    }
  }
  return new Uint8Array(words.buffer);
}

/** SHA-256 of the canonical bytes, in hexadecimal: the `sumsHash` of a result. */
export const hashSums = (sums: Sums, hash: Hash = anyHash()): string => hashPieces(encodeSums(sums), hash);

/** Where canonical bytes are read from, in order; what is given is good until the next call. */
export type ReadBytes = (from: number, length: number) => Uint8Array;

/**
 * Sums from their canonical bytes, read once from the beginning to the end.
 *
 * Errors   InputError if these are no sums, of another format, cut short, or hold a number that is too large.
 */
export function decodeSums(read: ReadBytes, size: number, name: string): Sums {
  const numbers = size / 8;
  if (!Number.isInteger(numbers) || numbers < headerNumbers)
    throw new InputError(
      `${name}: ${size} bytes; allowed: whole numbers of 8 bytes, ${headerNumbers} or more`,
    );
  let at = 0;
  /** Gives the next so many numbers, each with its place. */
  const take = (count: number, use: (value: number, index: number) => void) => {
    for (let done = 0; done < count; ) {
      const length = Math.min(count - done, blockBytes / 8);
      const bytes = read(8 * at, 8 * length);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let index = 0; index < length; index++, at++) {
        const value = view.getUint32(8 * index, true) + view.getUint32(8 * index + 4, true) * 2 ** 32;
        if (!Number.isSafeInteger(value))
          throw new InputError(`${name}: number ${at} is ${value}; allowed: below 2^53`);
        use(value, done + index);
      }
      done += length;
    }
  };
  if (new TextDecoder("latin1").decode(read(0, 8)) !== mark)
    throw new InputError(
      `${name} does not begin with ${mark}: it is no file of sums, or one of an earlier version of this program; ` +
        "allowed: sums that this version wrote, so run the trials again",
    );
  at = 1;
  const head = new Float64Array(headerNumbers - 1);
  take(head.length, (value, index) => {
    head[index] = value;
  });
  const [kind, trials, targets] = head;
  const recordNumbers = columnsOf(kind > 0, targets);
  const columns = (numbers - headerNumbers - 2 * targets) / recordNumbers;
  if (!Number.isInteger(columns) || columns < 0 || kind > 2)
    throw new InputError(
      `${name}: ${numbers} numbers; ${targets} targets take ${headerNumbers + 2 * targets} and ` +
        `${recordNumbers} for each source`,
    );
  const mostTargets = parameters.neurons.max;
  if (!(targets >= 1 && targets <= mostTargets) || trials > maxTrials)
    throw new InputError(
      `${name}: ${trials.toLocaleString("en")} trials of ${targets.toLocaleString("en")} targets; ` +
        `allowed: up to ${maxTrials.toLocaleString("en")} of 1 to ${mostTargets.toLocaleString("en")}`,
    );
  const column = () => new Float64Array(columns);
  const matrix = () => new Float64Array(columns * targets);
  const ofTargets = () => {
    const values = new Float64Array(targets);
    take(targets, (value, index) => {
      values[index] = value;
    });
    return values;
  };
  const outcome = ofTargets();
  const outcomeSquared = ofTargets();
  const [sources, perturbed, pair] = [new Uint32Array(columns), column(), matrix()];
  const arms: Arms | null =
    kind > 0
      ? {
          paired: kind === 2,
          ...{ off: column(), pairOff: matrix(), squaredOn: matrix(), squaredOff: matrix() },
        }
      : null;
  const matrices = arms ? [arms.pairOff, arms.squaredOn, arms.squaredOff] : [];
  let isAscending = true;
  take(columns * recordNumbers, (value, index) => {
    const source = Math.floor(index / recordNumbers);
    const place = index - source * recordNumbers;
    if (place === 0) {
      // Before 32 bits cut it.
      isAscending &&= value < targets && (source === 0 || value > sources[source - 1]);
      sources[source] = value;
    } else if (place === 1) perturbed[source] = value;
    else if (place < 2 + targets) pair[(place - 2) * columns + source] = value;
    else if (arms && place === 2 + targets) arms.off[source] = value;
    else {
      const further = place - 3 - targets;
      matrices[Math.floor(further / targets)][(further % targets) * columns + source] = value;
    }
  });
  if (!isAscending) throw new InputError(`${name}: its sources are not ascending neurons below ${targets}`);
  return { trials, targets, sources, perturbed, outcome, outcomeSquared, pair, arms };
}
