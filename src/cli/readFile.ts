import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import type { ReadBytes } from "../io/sumsFile";
import { InputError } from "../model/inputError";
import { whyNot } from "./report";

/** The text of a small file. Errors   InputError if it cannot be read. */
export const readText = (path: string): string => saying(path, () => readFileSync(path, "utf8"));

/**
 * Reads a file from any place in it: it may be larger than what Node reads at once.
 *
 * Errors   InputError if it cannot be read; and those of `work`.
 */
export function readingFrom<T>(path: string, work: (read: ReadBytes, size: number) => T): T {
  const file = saying(path, () => openSync(path, "r"));
  try {
    const read = (from: number, length: number) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(
        0,
        saying(path, () => readSync(file, bytes, 0, length, from)),
      );
    };
    return work(
      read,
      saying(path, () => fstatSync(file).size),
    );
  } finally {
    closeSync(file);
  }
}

function saying<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new InputError(`${path} cannot be read (${whyNot(error)}); allowed: a file that can be read`);
  }
}
