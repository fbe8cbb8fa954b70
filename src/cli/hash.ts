import { createHash } from "node:crypto";
import type { Hash } from "../io/sha256";

/** Node's own SHA-256. */
export function nodeHash(): Hash {
  const state = createHash("sha256");
  return {
    add: (piece) => {
      state.update(piece);
    },
    hex: () => state.digest("hex"),
  };
}
