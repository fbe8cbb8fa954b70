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
    const isAt = (start: number) => wanted.every((byte, at) => bytes[start + at] === byte);
    for (let neuron = 0; neuron < starts.length - 1; neuron++)
      if (starts[neuron + 1] - starts[neuron] === wanted.length && isAt(starts[neuron])) return neuron;
    return -1;
  }

  /** The same of several: one way through the names, however many are looked for. */
  indicesOf(names: readonly string[]): number[] {
    const { bytes, starts } = this.packed;
    const wanted = new Map<number, string[]>();
    const found = new Map<string, number>();
    for (const name of names) {
      const encoded = new TextEncoder().encode(name);
      const hash = hashOf(encoded, 0, encoded.length);
      wanted.set(hash, [...(wanted.get(hash) ?? []), name]);
    }
    if (wanted.size > 0)
      for (let neuron = 0; neuron < starts.length - 1; neuron++) {
        const alike = wanted.get(hashOf(bytes, starts[neuron], starts[neuron + 1]));
        if (alike?.includes(this.called(neuron))) found.set(this.called(neuron), neuron);
      }
    return names.map((name) => found.get(name) ?? -1);
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  return hash;
}

/** A name where there is little room: its two ends, of which the last one tells ids apart. */
export function shortName(name: string, most = 10): string {
  if (name.length <= most) return name;
  const first = Math.floor((most - 1) / 3);
  return `${name.slice(0, first)}…${name.slice(first + 1 - most)}`;
}
