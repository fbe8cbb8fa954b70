/**
 * Different texts, numbered in the order of first appearance. They are told apart by their bytes, so that of the fields
 * of a large table only the first of each kind becomes a string.
 */
export class Texts {
  size = 0;
  private bytes = new Uint8Array(4096);
  /** [size + 1] Where each text begins in `bytes`; the last one is their end. */
  private starts = new Uint32Array(256);
  /** A number + 1 for each text, at its hash or after it; 0 is free. At least half of the places are. */
  private places = new Uint32Array(512);
  /** Where hashes begin: drawn anew, so that nobody can write texts that all want one place, and take hours. */
  private readonly seed = Math.floor(2 ** 32 * Math.random());

  /** Bytes of all of them. */
  get length(): number {
    return this.starts[this.size];
  }

  /** The number of a text, which is that of `size` before if it is new. `guess`: which it may well be. */
  numberOf(bytes: Uint8Array, from: number, to: number, guess = 0): number {
    if (guess < this.size && this.isEqual(guess, bytes, from, to)) return guess;
    const mask = this.places.length - 1;
    for (let place = hash(bytes, from, to, this.seed) & mask; ; place = (place + 1) & mask) {
      const known = this.places[place];
      if (known === 0) return this.add(bytes, from, to, place);
      if (this.isEqual(known - 1, bytes, from, to)) return known - 1;
    }
  }

  private isEqual(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[number];
    if (this.starts[number + 1] - start !== to - from) return false;
    for (let at = from, own = start; at < to; at++, own++) if (this.bytes[own] !== bytes[at]) return false;
    return true;
  }

  private add(bytes: Uint8Array, from: number, to: number, place: number): number {
    const start = this.starts[this.size];
    const end = start + to - from;
    if (end > this.bytes.length) this.bytes = grown(this.bytes, new Uint8Array(2 * end));
    if (this.size + 2 > this.starts.length)
      this.starts = grown(this.starts, new Uint32Array(2 * this.starts.length));
    this.bytes.set(bytes.subarray(from, to), start);
    this.starts[this.size + 1] = end;
    this.places[place] = ++this.size;
    if (2 * this.size > this.places.length) this.spread();
    return this.size - 1;
  }

  /** Twice as many places. */
  private spread(): void {
    const places = new Uint32Array(2 * this.places.length);
    const mask = places.length - 1;
    for (let number = 0; number < this.size; number++) {
      let place = hash(this.bytes, this.starts[number], this.starts[number + 1], this.seed) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = number + 1;
    }
    this.places = places;
  }
}

/**
 * Multiplies and folds at every byte. FNV-1a, which does not fold, would not do: of its start only the lowest byte decides
 * which texts collide.
 */
export function hash(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let state = seed;
  for (let at = from; at < to; at++) {
    state = Math.imul(state ^ bytes[at], 0x85ebca6b);
    state ^= state >>> 13;
  }
  return state;
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
