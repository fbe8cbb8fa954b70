/** What the neurons of a network are called, in a form that goes from one thread to another without a copy. */
export interface PackedNames {
  /** All names in UTF-8, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** [neurons + 1] Where each begins. */
  readonly starts: Uint32Array<ArrayBuffer>;
}

/** What a neuron is called. */
export type Called = (neuron: number) => string;

/** Neurons without names are called by their numbers. */
export const byNumber: Called = String;

export function packNames(names: readonly string[]): PackedNames {
  const encoder = new TextEncoder();
  // A character is three bytes of UTF-8 at most.
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + 3 * name.length, 0));
  const starts = new Uint32Array(names.length + 1);
  names.forEach((name, neuron) => {
    starts[neuron + 1] = starts[neuron] + encoder.encodeInto(name, bytes.subarray(starts[neuron])).written;
  });
  return { bytes: bytes.slice(0, starts[names.length]), starts };
}

/** Packed names to be read: one at a time, since of a million a page shows a few dozen. */
export class Names {
  private readonly decoder = new TextDecoder();

  constructor(private readonly packed: PackedNames) {}

  readonly called: Called = (neuron) => {
    const { bytes, starts } = this.packed;
    return this.decoder.decode(bytes.subarray(starts[neuron], starts[neuron + 1]));
  };

  /** Which neuron is called so; −1: none. Compares bytes, which for a million names takes milliseconds. */
  indexOf(name: string): number {
    const { bytes, starts } = this.packed;
    const wanted = new TextEncoder().encode(name);
    for (let neuron = 0; neuron < starts.length - 1; neuron++)
      if (starts[neuron + 1] - starts[neuron] === wanted.length && isAt(bytes, starts[neuron], wanted))
        return neuron;
    return -1;
  }

  /** The same of several: one way through the names, however many are looked for. */
  indicesOf(names: readonly string[]): number[] {
    const { bytes, starts } = this.packed;
    const encoder = new TextEncoder();
    const wanted = names.map((name) => encoder.encode(name));
    const longest = wanted.reduce((most, { length }) => Math.max(most, length), 0);
    const factors = Int32Array.from({ length: longest }, () => 2 ** 32 * Math.random());
    const isLength = new Uint8Array(longest + 1);
    const isHash = new Uint8Array(2 ** hashBits);
    for (const name of wanted) {
      isLength[name.length] = 1;
      isHash[hashOf(viewOf(name), 0, name.length, factors)] = 1;
    }
    const view = viewOf(bytes);
    const found = names.map(() => -1);
    for (let neuron = 0; neuron < starts.length - 1; neuron++) {
      const start = starts[neuron];
      const length = starts[neuron + 1] - start;
      if (isLength[length] !== 1 || isHash[hashOf(view, start, length, factors)] === 0) continue;
      for (const [place, name] of wanted.entries())
        if (name.length === length && isAt(bytes, start, name)) found[place] = neuron;
    }
    return found;
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength);

function isAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}

/** Few names beside those that are looked for have the hash of one. */
const hashBits = 20;

/**
 * Four bytes at a time times a factor, and their upper half times another, added up: where only upper bits differ, few
 * of a product do. Of the sum the upper bits count. The factors are drawn, so that nobody can write names that all have
 * one hash, and no step waits for the one before it.
 */
function hashOf(bytes: DataView, start: number, length: number, factors: Int32Array): number {
  let sum = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    const four = bytes.getInt32(start + at);
    sum = (sum + Math.imul(four, factors[at]) + Math.imul(four >>> 16, factors[at + 1])) | 0;
  }
  for (; at < length; at++) sum = (sum + Math.imul(bytes.getUint8(start + at), factors[at])) | 0;
  return sum >>> (32 - hashBits);
}

/** A name where there is little room: its two ends, of which the last one tells ids apart. */
export function shortName(name: string, most = 10): string {
  if (name.length <= most) return name;
  const first = Math.floor((most - 1) / 3);
  return `${name.slice(0, first)}…${name.slice(first + 1 - most)}`;
}
