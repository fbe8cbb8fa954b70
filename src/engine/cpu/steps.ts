import type { Params } from "../../model/params";
import { normalTable, sigmoidTable } from "../../model/tables";
import type { Step } from "./threads";

// What shares of trials and of chains tell their threads alike.

/** An array with what is in it. */
export const filled = (name: string, words: Uint32Array | Int32Array): Step => [
  "array",
  name,
  words.byteLength,
  // A view would take all of its buffer along.
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength).slice(),
];

/** An array of zeros. */
export const room = (name: string, bytes: number): Step => ["array", name, bytes];

/** Knots with their steps to the next one; the last has none. */
function withSteps(table: Int32Array | Uint32Array): Int32Array {
  const pairs = new Int32Array(2 * table.length);
  for (const [knot, value] of table.entries()) {
    pairs[2 * knot] = value;
    pairs[2 * knot + 1] = (table[knot + 1] ?? value) - value;
  }
  return pairs;
}

/** What every instance of the module needs first. */
export const tables: readonly Step[] = [
  room("scratch", 2048),
  filled("normalTable", withSteps(normalTable)),
  filled("sigmoidTable", withSteps(sigmoidTable)),
];

/** Params whose rows of words are whole vectors, see wasm/params.ts. */
export function onVectors({ tileFrom: _, ...params }: Params): Record<string, number> {
  return { ...params, words: 4 * Math.ceil(params.words / 4) };
}

/** Unsigned 64-bit numbers that lie in pairs of words, as numbers. */
export function numbersOf(words: ArrayBuffer): Float64Array {
  const pairs = new Uint32Array(words);
  return Float64Array.from(
    { length: pairs.length / 2 },
    (_, at) => pairs[2 * at] + pairs[2 * at + 1] * 2 ** 32,
  );
}
