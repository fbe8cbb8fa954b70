import type { Network } from "../model/network";
import { anyHash, type Hash, hashPieces } from "./sha256";

/**
 * SHA-256 that names a network, the same on every machine: of the number of neurons, rowStart, source and weight as
 * 32-bit little-endian numbers, and the neurons' names as a JSON list in UTF-8, or `null`.
 */
export function hashNetwork(
  { neurons, rowStart, source, weight }: Network,
  names: readonly string[] | null,
  hash: Hash = anyHash(),
): string {
  const bytes = ({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const numbers = [Uint32Array.of(neurons), rowStart, source, weight].map(bytes);
  return hashPieces([...numbers, new TextEncoder().encode(JSON.stringify(names))], hash);
}
