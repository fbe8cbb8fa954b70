import { expect, test } from "vitest";
import { Names, packNames } from "../../src/model/names";

test("among as many and as long names as a file may have, each is found, and no other", () => {
  // 26 bytes that tell nothing, and 7 digits.
  const name = (neuron: number) => `${"字".repeat(8)}id${String(neuron).padStart(7, "0")}`;
  const neurons = 1_000_000;
  const names = new Names(packNames(Array.from({ length: neurons }, (_, neuron) => name(neuron))));
  for (const neuron of [0, 1, 524_287, 999_999]) {
    expect(names.called(neuron)).toBe(name(neuron));
    expect(names.indexOf(name(neuron))).toBe(neuron);
  }
  const strangers = ["", "0", name(0).slice(1), `${name(0)}0`, name(neurons), name(0).replace("id", "ie")];
  for (const stranger of strangers) expect(names.indexOf(stranger)).toBe(-1);
  const wanted = Array.from({ length: 400 }, (_, at) => (at * 7919 * 2521) % neurons);
  const asked = [...wanted.map(name), ...strangers, name(3), name(3)];
  expect(names.indicesOf(asked)).toEqual([...wanted, ...strangers.map(() => -1), 3, 3]);
  expect(names.indicesOf([])).toEqual([]);
});

test("names that begin alike, or are a part of each other, are told apart", () => {
  const all = ["a", "ab", "b", "ba", "aa", "é", "e\u0301"];
  const names = new Names(packNames(all));
  expect(all.map((name) => names.indexOf(name))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(names.indicesOf([...all, "bb", "e"])).toEqual([0, 1, 2, 3, 4, 5, 6, -1, -1]);
});
