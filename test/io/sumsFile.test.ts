import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { decodeSums, encodeSums, hashBytes } from "../../src/io/sumsFile";
import { addSums, emptySums } from "../../src/model/sums";

const sums = {
  trials: 3,
  targets: 2,
  sources: Uint32Array.of(4),
  perturbed: Float64Array.of(2),
  outcome: Float64Array.of(510, 7),
  outcomeSquared: Float64Array.of(2 ** 40 + 5, 49),
  pair: Float64Array.of(2 ** 33 + 1, 0),
  arms: null,
};

test("sums are 64-bit little-endian numbers in one order", () => {
  const numbers = [3n, 2n, 1n, 4n, 2n, 510n, 7n, 2n ** 40n + 5n, 49n, 2n ** 33n + 1n, 0n];
  expect(encodeSums(sums)).toEqual(new Uint8Array(BigUint64Array.from(numbers).buffer));
});

test("a round trip is exact, and the hash is the file's SHA-256", async () => {
  const bytes = encodeSums(sums);
  expect(decodeSums(bytes, "sums.bin")).toEqual(sums);
  expect(await hashBytes(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("adding nothing changes nothing; other sources cannot be added", () => {
  expect(addSums(emptySums(sums.sources, 2), sums)).toEqual(sums);
  expect(() => addSums(emptySums(Uint32Array.of(5), 2), sums)).toThrow(/different sources/);
});

test.each([
  ["an odd length", new Uint8Array(25), /25 bytes/],
  ["nothing", new Uint8Array(0), /0 bytes/],
  ["counts that do not fit", new Uint8Array(BigUint64Array.of(1n, 9n, 9n, 0n).buffer), /4 numbers/],
  ["a number that is no sum", new Uint8Array(BigUint64Array.of(2n ** 60n, 0n, 0n).buffer), /below 2\^53/],
])("%s is refused in a sentence", (_, bytes, sentence) => {
  expect(() => decodeSums(bytes, "sums.bin")).toThrow(sentence);
});
