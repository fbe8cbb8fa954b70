import { InputError } from "../model/inputError";

/** A file wherever it is: a browser's `File` is one, the runner makes its own. */
export interface Input {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

/** While a file is read: how far it is, and whether to go on. */
export interface Reading {
  readonly signal?: AbortSignal;
  /** Told after every piece: the share of the file's bytes that is done, 0…1. */
  readonly onProgress?: (share: number) => void;
  /** Told while weights are scaled, once all is read: the share of that, 0…1. */
  readonly onScale?: (share: number) => void;
}

/** Bytes of a file at most, as they are read: unpacked, if it is packed. The largest tables of arrows have a tenth. */
export const mostBytes = 2 ** 34;
/** An honest table is packed to a tenth or less; one of nothing but zeros to a thousandth. */
const mostTimes = 200;
/** As much may be unpacked from a file of any size: an empty matrix is short when it is packed. */
const alwaysBytes = 2 ** 30;

/**
 * The bytes of a file, piece by piece; those of a name that ends in `.gz` are unpacked on the way.
 *
 * Errors   the signal's reason when it is aborted; InputError if the file is gone or what is packed is damaged, or unpacks to more than 200
 *          times its size and 1 GiB; if there are more than 16 GiB.
 */
export async function* bytesOf(
  input: Input,
  { signal, onProgress }: Reading = {},
): AsyncGenerator<Uint8Array> {
  const { name, size } = input;
  const packed = /\.gz$/i.test(name);
  let read = 0;
  const most = packed ? Math.min(mostBytes, Math.max(alwaysBytes, mostTimes * size)) : mostBytes;
  let given = 0;
  const reader = (packed ? unpacked(input.stream(), (bytes) => (read += bytes)) : input.stream()).getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read().catch((error) => {
        if (packed)
          throw new InputError(`${name} is damaged: ${(error as Error).message}; allowed: a whole gzip file`);
        throw new InputError(
          `${name} cannot be read: ${(error as Error).message}; allowed: a file that stays where it is`,
        );
      });
      if (done) return;
      given += value.byteLength;
      if (!packed) read = given;
      if (given > most)
        throw new InputError(
          `${name} ${packed ? "unpacks to" : "has"} more than ${most.toLocaleString("en")} bytes; allowed: up to ${packed ? `${mostTimes} times its size or 1 GiB, and ` : ""}16 GiB`,
        );
      yield value;
      onProgress?.(size > 0 ? Math.min(1, read / size) : 1);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** `onRead` hears how many bytes of the packed ones each piece has. */
function unpacked(
  stream: ReadableStream<Uint8Array>,
  onRead: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      onRead(piece.byteLength);
      controller.enqueue(piece);
    },
  });
  // The types of DecompressionStream ask for buffers that are not shared; those of a file never are.
  const unpack = new DecompressionStream("gzip") as unknown as TransformStream<Uint8Array, Uint8Array>;
  return stream.pipeThrough(counter).pipeThrough(unpack);
}

/**
 * The text of a file, piece by piece, without a byte order mark.
 *
 * Errors   as bytesOf; InputError if it is not UTF-8.
 */
export async function* textOf(input: Input, reading?: Reading): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError(`${input.name} is not text; allowed: UTF-8`);
    }
  };
  for await (const piece of bytesOf(input, reading)) yield decode(piece);
  yield decode();
}
