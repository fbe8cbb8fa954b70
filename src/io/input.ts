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

/**
 * The bytes of a file, piece by piece; those of a name that ends in `.gz` are unpacked on the way.
 *
 * Errors   the signal's reason when it is aborted; InputError if what is packed is damaged.
 */
export async function* bytesOf(
  input: Input,
  { signal, onProgress }: Reading = {},
): AsyncGenerator<Uint8Array> {
  let read = 0;
  const counted = input.stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        read += piece.byteLength;
        controller.enqueue(piece);
      },
    }),
  );
  const packed = /\.gz$/i.test(input.name);
  // The types of DecompressionStream ask for buffers that are not shared; those of a file never are.
  const unpack = new DecompressionStream("gzip") as unknown as TransformStream<Uint8Array, Uint8Array>;
  const reader = (packed ? counted.pipeThrough(unpack) : counted).getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read().catch((error) => {
        if (packed)
          throw new InputError(
            `${input.name} is damaged: ${(error as Error).message}; allowed: a whole gzip file`,
          );
        throw error;
      });
      if (done) return;
      yield value;
      onProgress?.(input.size > 0 ? Math.min(1, read / input.size) : 1);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
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
