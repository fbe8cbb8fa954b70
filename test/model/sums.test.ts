import { expect, test } from "vitest";
import { addSums, joinSums, type Sums } from "../../src/model/sums";

/** Sums of which every number is another: what is mixed up shows. */
function numbered(first: number, trials: number, sources: readonly number[], paired = false): Sums {
  let next = first;
  const some = (length: number) => Float64Array.from({ length }, () => next++);
  const targets = 3;
  const [outcome, outcomeSquared] = [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)];
  const pairs = targets * sources.length;
  return {
    ...{ trials, targets, sources: Uint32Array.from(sources), perturbed: some(sources.length) },
    ...{ outcome, outcomeSquared, pair: some(pairs) },
    arms: {
      ...{ paired, off: some(sources.length), pairOff: some(pairs) },
      ...{ squaredOn: some(pairs), squaredOff: some(pairs) },
    },
  };
}

const plus = (a: Float64Array, b: Float64Array) => a.map((value, at) => value + b[at]);

test("sums add up number by number, each to its own", () => {
  const [a, b] = [numbered(1, 10, [0, 2]), numbered(1000, 32, [0, 2])];
  const { arms, ...both } = addSums(a, b);
  expect(both).toEqual({
    ...{ trials: 42, targets: 3, sources: Uint32Array.of(0, 2) },
    perturbed: plus(a.perturbed, b.perturbed),
    outcome: Float64Array.of(2, 4, 6),
    outcomeSquared: Float64Array.of(8, 10, 12),
    pair: plus(a.pair, b.pair),
  });
  for (const part of ["off", "pairOff", "squaredOn", "squaredOff"] as const)
    expect(arms?.[part], part).toEqual(plus(a.arms![part], b.arms![part]));
  expect(() => addSums(a, numbered(1, 10, [0, 2], true))).toThrow("cannot be added");
});

test("sums stand side by side in the order of their sources, row by row", () => {
  const [a, b] = [numbered(1, 10, [1, 5]), numbered(1000, 10, [3])];
  const { arms, ...both } = joinSums([a, b]);
  /** Columns 1, 3, 5 out of rows of two and of one. */
  const columns = (two: Float64Array, one: Float64Array) =>
    Float64Array.from({ length: 3 * one.length }, (_, at) => {
      const row = Math.floor(at / 3);
      return [two[2 * row], one[row], two[2 * row + 1]][at % 3];
    });
  expect(both).toEqual({
    ...{ trials: 10, targets: 3, sources: Uint32Array.of(1, 3, 5) },
    ...{ outcome: a.outcome, outcomeSquared: a.outcomeSquared },
    perturbed: columns(a.perturbed, b.perturbed),
    pair: columns(a.pair, b.pair),
  });
  expect(arms?.paired).toBe(false);
  for (const part of ["off", "pairOff", "squaredOn", "squaredOff"] as const)
    expect(arms?.[part], part).toEqual(columns(a.arms![part], b.arms![part]));
  expect(() => joinSums([a, numbered(1, 11, [3])])).toThrow("different trials");
  expect(() => joinSums([a, numbered(1, 10, [5])])).toThrow("source 5 comes twice");
});
