import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesOf, type Input } from "../../src/io/input";
import { readNetwork } from "../../src/io/readNetwork";
import { fileOf } from "../support/files";

/** A file in these pieces, each of them there as often as said. */
const inPieces = (name: string, size: number, pieces: [Uint8Array, number][]): Input => ({
  name,
  size,
  stream() {
    const all = pieces.flatMap(([piece, times]) => Array<Uint8Array>(times).fill(piece));
    return new ReadableStream({
      pull: (controller) => {
        const next = all.shift();
        if (next) controller.enqueue(next);
        else controller.close();
      },
    });
  },
});

async function count(input: Input): Promise<number> {
  let bytes = 0;
  for await (const piece of bytesOf(input)) bytes += piece.length;
  return bytes;
}

test("what unpacks to a thousand times its size is ended at 1 GiB", async () => {
  const zeros = deflateRawSync(new Uint8Array(2 ** 24), { finishFlush: constants.Z_FULL_FLUSH });
  const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  const size = head.length + 100 * zeros.length;
  expect(size).toBeLessThan(2e6);
  const bomb = () =>
    inPieces("a.csv.gz", size, [
      [head, 1],
      [new Uint8Array(zeros), 100],
    ]);
  const sentence =
    "a.csv.gz unpacks to more than 1,073,741,824 bytes; allowed: up to 200 times its size or 1 GiB, and 16 GiB";
  await expect(count(bomb())).rejects.toMatchObject({ name: "InputError", message: sentence });
});

test("a file without an end is ended at 16 GiB", async () => {
  const piece = new Uint8Array(2 ** 26);
  expect(await count(inPieces("a.csv", 0, [[piece, 256]]))).toBe(2 ** 34);
  await expect(count(inPieces("a.csv", 0, [[piece, 257]]))).rejects.toThrow(
    /^a\.csv has more than 17,179,869,184 bytes; allowed: up to 16 GiB$/,
  );
});

test("a file that goes away while it is read is refused in a sentence", async () => {
  const gone: Input = {
    name: "a.csv",
    size: 8,
    stream: () => new ReadableStream({ pull: (controller) => controller.error(new Error("it was moved")) }),
  };
  await expect(count(gone)).rejects.toMatchObject({
    name: "InputError",
    message: "a.csv cannot be read: it was moved; allowed: a file that stays where it is",
  });
});

test("what is packed twice is not unpacked twice", async () => {
  const table = gzipSync("source,target\na,b\n");
  await expect(readNetwork(fileOf("a.csv.gz", gzipSync(table)))).rejects.toMatchObject({
    name: "InputError",
    message: expect.stringMatching(/^a\.csv\.gz, row 1, column 1: /),
  });
  const { rows } = await readNetwork(fileOf("a.csv.gz", table));
  expect(rows).toBe(1);
});
