import { sha256 } from "@noble/hashes/sha2.js";

/** A SHA-256 of bytes that come in pieces. */
export interface Hash {
  add(piece: Uint8Array): void;
  /** In hexadecimal; nothing can be added after it. */
  hex(): string;
}

/**
 * For any JavaScript: a browser's own has to be given all of the bytes at once, and only where the address is trusted.
 * Node's own (src/cli/hash.ts) is ten times as fast.
 */
export function anyHash(): Hash {
  const state = sha256.create();
  return {
    add: (piece) => {
      state.update(piece);
    },
    hex: () => Array.from(state.digest(), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
}

/** SHA-256 of some pieces, in hexadecimal. */
export function hashPieces(pieces: Iterable<Uint8Array>, hash: Hash = anyHash()): string {
  for (const piece of pieces) hash.add(piece);
  return hash.hex();
}
