import { expect, test } from "vitest";
import { compareSums } from "../../src/model/sameness";
import type { Sums } from "../../src/model/sums";
import { allOf } from "../support/networks";
import { emptySums } from "../support/sums";

/** 3 targets × 4 sources, every word another number. */
function someSums(): Sums {
  const sums = emptySums(allOf(4), 3);
  let next = 1;
  for (const part of [sums.perturbed, sums.outcome, sums.outcomeSquared, sums.pair])
    for (let index = 0; index < part.length; index++) part[index] = next++ * 1_000_003;
  return { ...sums, trials: 100 };
}

/** The same sums with one word off by one, in the last place. */
function spoiled(part: "perturbed" | "outcome" | "outcomeSquared" | "pair", index: number): Sums {
  const sums = someSums();
  sums[part][index] += 1;
  return sums;
}

test("the same sums differ nowhere, and every number in them was compared", () => {
  const { words, different, first, pairs, parts } = compareSums(someSums(), someSums());
  expect(words).toBe(1 + 4 + 3 + 3 + 12);
  expect(parts.reduce((sum, part) => sum + part.words, 0)).toBe(words);
  expect([different, first, pairs.every((mark) => mark === 0)]).toEqual([0, null, true]);
});

test("one bit of a pair is found, where it is, and in its own cell alone", () => {
  const { different, first, pairs } = compareSums(someSums(), spoiled("pair", 6));
  expect(different).toBe(1);
  expect(first).toEqual({ part: "pair", index: 6, a: 17 * 1_000_003, b: 17 * 1_000_003 + 1 });
  expect([...pairs]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
});

test("a word that decides several effects marks them: a source its column, a target its row", () => {
  const marks = (sums: Sums) => [...compareSums(someSums(), sums).pairs].join("");
  expect(marks(spoiled("perturbed", 2))).toBe("001000100010");
  expect(marks(spoiled("outcome", 1))).toBe("000011110000");
  expect(marks(spoiled("outcomeSquared", 2))).toBe("000000001111");
  expect(marks({ ...someSums(), trials: 101 })).toBe("111111111111");
});

test("of several differences, one of a pair is named first", () => {
  const sums = spoiled("outcome", 0);
  sums.pair[11] += 1;
  expect(compareSums(sums, someSums()).first).toMatchObject({ part: "pair", index: 11 });
});

test("parts that are not known here are compared all the same, word by word", () => {
  const withArms = (off: number): Sums => {
    const arms = { some: Float64Array.of(1, 2, off), offSum: new Float64Array(12).fill(off) };
    return { ...someSums(), arms } as unknown as Sums;
  };
  expect(compareSums(withArms(3), withArms(3))).toMatchObject({ words: 23 + 15, different: 0 });
  const { different, first, parts } = compareSums(withArms(3), withArms(4));
  expect(different).toBe(13);
  expect(first).toMatchObject({ part: "arms.some", index: 2, a: 3, b: 4 });
  expect(parts.at(-1)).toEqual({ part: "arms.offSum", words: 12, different: 12 });
});

test("a sum that is no number is a difference, on both sides too", () => {
  const broken = () => {
    const sums = someSums();
    sums.pair[3] = Number.NaN;
    return sums;
  };
  expect(compareSums(broken(), broken()).different).toBe(1);
});

test("sums over other sources, targets or parts are refused", () => {
  const refused = /different sources, targets or designs/;
  expect(() => compareSums(someSums(), emptySums(allOf(3), 3))).toThrow(refused);
  expect(() => compareSums(someSums(), emptySums(allOf(4), 4))).toThrow(refused);
  expect(() => compareSums(someSums(), { ...someSums(), sources: Uint32Array.of(0, 1, 2, 4) })).toThrow(
    refused,
  );
  expect(() => compareSums({ ...someSums(), more: Float64Array.of(1) } as Sums, someSums())).toThrow(refused);
});
