import type { ReadBytes } from "../io/sumsFile";

/** What workers have and TypeScript's page types do not. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** Reads a file where it lies, piece by piece, at once: as only a worker can. */
export function readBlob(blob: Blob): ReadBytes {
  const reader = new FileReaderSync();
  return (from, length) => new Uint8Array(reader.readAsArrayBuffer(blob.slice(from, from + length)));
}
