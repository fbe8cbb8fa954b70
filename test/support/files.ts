import type { Input } from "../../src/io/input";

/** A file of this text or these bytes, which arrives in pieces of so many bytes. */
export function fileOf(name: string, content: string | Uint8Array, pieceBytes = 1 << 16): Input {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    size: bytes.length,
    stream() {
      let at = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(at, at + pieceBytes));
          at += pieceBytes;
        },
      });
    },
  };
}
