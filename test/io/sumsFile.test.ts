import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { nodeHash } from "../../src/cli/hash";
import { hashPieces } from "../../src/io/sha256";
import { decodeSums, encodeHeader, encodeRecords, encodeSums, hashSums } from "../../src/io/sumsFile";
import { encodeWatchSums } from "../../src/io/watchFile";
import { addSums, type Sums } from "../../src/model/sums";
import { emptySums, readFrom } from "../support/sums";

const sums: Sums = {
  trials: 3,
  targets: 3,
  sources: Uint32Array.of(0, 2),
  perturbed: Float64Array.of(2, 1),
  outcome: Float64Array.of(510, 7, 8),
  outcomeSquared: Float64Array.of(2 ** 40 + 5, 49, 64),
  // Row = target.
  pair: Float64Array.of(2 ** 33 + 1, 11, 12, 13, 14, 15),
  arms: null,
};
const withArms: Sums = {
  ...sums,
  arms: {
    paired: false,
    off: Float64Array.of(1, 2),
    pairOff: Float64Array.of(21, 22, 23, 24, 25, 26),
    squaredOn: Float64Array.of(31, 32, 33, 34, 35, 36),
    squaredOff: Float64Array.of(41, 42, 43, 44, 45, 46),
  },
};

const joined = (pieces: Iterable<Uint8Array>) => Buffer.concat(Array.from(pieces, (piece) => piece.slice()));
const bytesOf = (given: Sums) => new Uint8Array(joined(encodeSums(given)));
const decode = (bytes: Uint8Array) => decodeSums(readFrom(bytes), bytes.length, "sums.bin");
const numbers = (...values: (number | bigint)[]) =>
  new Uint8Array(BigUint64Array.from(values, (value) => BigInt(value)).buffer);
/** "labsums2" as a little-endian number. */
const mark = Buffer.from("labsums2").readBigUInt64LE();
const head = [mark, 0, 3, 3, 510, 7, 8, 2 ** 40 + 5, 49, 64];

test("sums are 64-bit little-endian numbers: sums of the targets, then source by source", () => {
  expect(bytesOf(sums)).toEqual(numbers(...head, 0, 2, 2 ** 33 + 1, 12, 14, 2, 1, 11, 13, 15));
});

test("with arms a record holds both, and the header says so", () => {
  const records = [
    [0, 2, 2 ** 33 + 1, 12, 14, 1, 21, 23, 25, 31, 33, 35, 41, 43, 45],
    [2, 1, 11, 13, 15, 2, 22, 24, 26, 32, 34, 36, 42, 44, 46],
  ];
  expect(bytesOf(withArms)).toEqual(numbers(mark, 1, ...head.slice(2), ...records.flat()));
  const paired = { ...withArms, arms: withArms.arms && { ...withArms.arms, paired: true } };
  expect(bytesOf(paired)[8]).toBe(2);
  expect(decode(bytesOf(paired))).toEqual(paired);
});

test("what was watched: sizes, the sources, then sums and squares before and after, then the pairs row by row", () => {
  const watched = {
    ...{ steps: 7, neurons: 2, sources: Uint32Array.of(1) },
    ...{ before: Float64Array.of(11, 12), beforeSquared: Float64Array.of(2 ** 32 + 21, 22) },
    ...{ after: Float64Array.of(31, 32), afterSquared: Float64Array.of(41, 42) },
    pair: Float64Array.of(51, 2 ** 40 + 52),
  };
  const expected = [7, 2, 1, 1, 11, 12, 2 ** 32 + 21, 22, 31, 32, 41, 42, 51, 2 ** 40 + 52];
  expect(encodeWatchSums(watched)).toEqual(numbers(...expected));
});

test("a round trip is exact, and the hash is the file's SHA-256, whoever computes it", () => {
  for (const given of [sums, withArms]) {
    const bytes = bytesOf(given);
    expect(decode(bytes)).toEqual(given);
    const expected = createHash("sha256").update(bytes).digest("hex");
    expect(hashSums(given)).toBe(expected);
    expect(hashSums(given, nodeHash())).toBe(expected);
  }
});

/** Some columns of sums, as a tile has them. */
function columnsOf(given: Sums, from: number, to: number): Sums {
  const count = given.sources.length;
  const cut = (values: Float64Array) =>
    values.filter((_, index) => index % count >= from && index % count < to);
  const { arms } = given;
  return {
    ...given,
    sources: given.sources.slice(from, to),
    perturbed: given.perturbed.slice(from, to),
    pair: cut(given.pair),
    arms: arms && {
      paired: arms.paired,
      off: arms.off.slice(from, to),
      pairOff: cut(arms.pairOff),
      squaredOn: cut(arms.squaredOn),
      squaredOff: cut(arms.squaredOff),
    },
  };
}

test("tiles of sources in turn give the bytes of all of them, also past a piece's size", () => {
  const [targets, columns] = [9_000, 70];
  const matrix = (factor: number) =>
    Float64Array.from({ length: targets * columns }, (_, index) => (index * factor) % 2 ** 34);
  const large: Sums = {
    trials: 1000,
    targets,
    sources: Uint32Array.from({ length: columns }, (_, column) => 3 * column),
    perturbed: matrix(1).slice(0, columns),
    outcome: matrix(7).slice(0, targets),
    outcomeSquared: matrix(11).slice(0, targets),
    pair: matrix(123_457),
    arms: null,
  };
  expect([...encodeRecords(large)].length).toBeGreaterThan(1);
  const expected = hashSums(large);
  for (const tile of [27, 69]) {
    const pieces = function* () {
      yield encodeHeader(large);
      for (let from = 0; from < columns; from += tile)
        yield* encodeRecords(columnsOf(large, from, from + tile));
    };
    expect(hashPieces(pieces())).toBe(expected);
  }
  expect(hashSums(decode(bytesOf(large)))).toBe(expected);
});

test("what is done of an unfinished run is a whole file too", () => {
  const first = columnsOf(withArms, 0, 1);
  expect(decode(bytesOf(first))).toEqual(first);
  expect(bytesOf(withArms).slice(0, bytesOf(first).length)).toEqual(bytesOf(first));
});

test("adding nothing changes nothing; other sources cannot be added", () => {
  expect(addSums(emptySums(sums.sources, 3), sums)).toEqual(sums);
  expect(() => addSums(emptySums(Uint32Array.of(0, 1), 3), sums)).toThrow(/different sources/);
});

// What the version before wrote: trials, targets, sources, and so on, row by row.
const older = numbers(3, 2, 1, 1, 2, 510, 7, 5, 49, 9, 0);

test.each([
  ["an odd length", new Uint8Array(35), /35 bytes/],
  ["nothing", new Uint8Array(0), /0 bytes/],
  [
    "an earlier version's order",
    older,
    /^sums\.bin does not begin with labsums2: .* earlier version .* again$/,
  ],
  [
    "a count that does not fit",
    numbers(...head, 0, 2, 3),
    /13 numbers; 3 targets take 10 and 5 for each source/,
  ],
  ["an unknown kind", numbers(mark, 3, ...head.slice(2)), /10 numbers/],
  ["more targets than there are", numbers(mark, 0, 3, 2 ** 40, 0, 0), /6 numbers/],
  [
    "a number that is no sum",
    numbers(...head, 0, 2n ** 60n, 1, 1, 1),
    /number 11 is .*; allowed: below 2\^53/,
  ],
  [
    "sources that do not ascend",
    numbers(...head, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1),
    /not ascending neurons below 3/,
  ],
  ["a source that is no target", numbers(...head, 3, 2, 1, 1, 1), /not ascending neurons below 3/],
])("%s is refused in a sentence", (_, bytes, sentence) => {
  expect(() => decode(bytes)).toThrow(sentence);
});

test("a source beyond 32 bits is not another one, and sums of nobody are none", () => {
  const refused = (...values: (number | bigint)[]) => {
    try {
      decode(numbers(mark, ...values));
    } catch (error) {
      return error;
    }
    return null;
  };
  const sentences: [(number | bigint)[], string][] = [
    [[0, 5, 2, 0, 0, 0, 0, 2 ** 32, 0, 0, 0], "sums.bin: its sources are not ascending neurons below 2"],
    [[0, 5, 0], "sums.bin: 5 trials of 0 targets; allowed: up to 4,294,967,232 of 1 to 1,000,000"],
    [
      [0, 2 ** 32, 1, 0, 0],
      "sums.bin: 4,294,967,296 trials of 1 targets; allowed: up to 4,294,967,232 of 1 to 1,000,000",
    ],
  ];
  for (const [values, message] of sentences)
    expect(refused(...values), message).toMatchObject({ name: "InputError", message });
});
