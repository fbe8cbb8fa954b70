import { InputError } from "../model/inputError";
import type { Sums } from "../model/sums";

/**
 * The sums in their one canonical order, 64-bit little-endian whole numbers:
 * trials, targets, sources; then the source list, Σp per source, Σo and Σo² per target,
 * and Σ p·o per pair, row by row. Where arms are kept: 1, or 2 if they share their noise, the trials off per source,
 * then Σo off, Σo² on, Σo² off per pair. The same sums are the same bytes on every machine, so the bytes' SHA-256
 * names them.
 */
export function encodeSums(sums: Sums): Uint8Array<ArrayBuffer> {
  const { trials, targets, sources, perturbed, outcome, outcomeSquared, pair } = sums;
  const { arms } = sums;
  const rest = arms ? [[arms.paired ? 2 : 1], arms.off, arms.pairOff, arms.squaredOn, arms.squaredOff] : [];
  return encodeNumbers([
    [trials, targets, sources.length],
    sources,
    perturbed,
    outcome,
    outcomeSquared,
    pair,
    ...rest,
  ]);
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
export async function hashBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Sums from their canonical bytes.
 *
 * Errors   InputError if the length does not fit the counts at the start, or a number is too large to be a sum.
 */
export function decodeSums(bytes: Uint8Array, name: string): Sums {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = bytes.byteLength / 8;
  const read = (index: number) => {
    const value = view.getUint32(8 * index, true) + view.getUint32(8 * index + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(value))
      throw new InputError(`${name}: number ${index} is ${value}; allowed: below 2^53`);
    return value;
  };
  if (!Number.isInteger(numbers) || numbers < 3)
    throw new InputError(`${name}: ${bytes.byteLength} bytes; allowed: whole numbers of 8 bytes, 3 or more`);
  const [trials, targets, columns] = [read(0), read(1), read(2)];
  const expected = 3 + 2 * columns + 2 * targets + targets * columns;
  const withArms = expected + 1 + columns + 3 * targets * columns;
  if (numbers !== expected && numbers !== withArms)
    throw new InputError(
      `${name}: ${numbers} numbers; ${targets} targets × ${columns} sources take ${expected}, or ${withArms} with arms`,
    );
  let at = 3;
  const take = (length: number) => Float64Array.from({ length }, () => read(at++));
  return {
    trials,
    targets,
    sources: Uint32Array.from(take(columns)),
    perturbed: take(columns),
    outcome: take(targets),
    outcomeSquared: take(targets),
    pair: take(targets * columns),
    arms:
      numbers === expected
        ? null
        : {
            paired: read(at++) === 2,
            off: take(columns),
            pairOff: take(targets * columns),
            squaredOn: take(targets * columns),
            squaredOff: take(targets * columns),
          },
  };
}
