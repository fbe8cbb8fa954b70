import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { Names, packNames } from "../../src/model/names";
import { type Network, networkFrom } from "../../src/model/network";
import {
  countSources,
  listOf,
  numberNames,
  numbersByNumber,
  resolveSources,
  shorter,
  sourcesInWords,
} from "../../src/model/sources";
import { wiringOf } from "../support/networks";

// Row = target: arrows leave 2 (three of them), 0 and 3 (two each), 1 (one), 4 (none).
const network = networkFrom(
  wiringOf([
    [0, 0, 1, 0, 0],
    [1, 0, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [1, 0, 0, 1, 0],
    [0, 0, 0, 0, 0],
  ]),
  0.1,
);

/** So many neurons in a ring: each sends one arrow to the next. */
const ring = (neurons: number): Network =>
  networkFrom(
    {
      neurons,
      rowStart: Uint32Array.from({ length: neurons + 1 }, (_, row) => row),
      source: Uint32Array.from({ length: neurons }, (_, target) => (target + neurons - 1) % neurons),
    },
    0.5,
  );

const chosen = (text: string, hidden: Uint8Array | null = null) => [...resolveSources(text, network, hidden)];

test("all, lists and ranges, ascending", () => {
  expect(chosen("all")).toEqual([0, 1, 2, 3, 4]);
  expect(chosen("auto")).toEqual([0, 1, 2, 3, 4]);
  expect(chosen("4,0")).toEqual([0, 4]);
  expect(chosen("3, 0-1")).toEqual([0, 1, 3]);
  expect(chosen("2-2")).toEqual([2]);
  expect(chosen("all", Uint8Array.of(1, 0, 0, 0, 0))).toHaveLength(5);
});

test("the most outgoing arrows; of equal ones the lower number, and only observed neurons", () => {
  expect(chosen("top:1")).toEqual([2]);
  expect(chosen("top:2")).toEqual([0, 2]);
  expect(chosen("top:4")).toEqual([0, 1, 2, 3]);
  expect(chosen("top:2", Uint8Array.of(0, 0, 1, 0, 0))).toEqual([0, 3]);
});

test("auto is all up to 4,096 neurons, and 64 of them above", () => {
  expect(resolveSources("auto", ring(4096), null)).toHaveLength(4096);
  const some = resolveSources("auto", ring(4097), null);
  expect([...some]).toEqual(Array.from({ length: 64 }, (_, neuron) => neuron));
});

test.each([
  ["top:0", /^sources is "top:0"; allowed: top:1 to top:5, the number of neurons$/],
  ["top:6", /allowed: top:1 to top:5/],
  ["1,,2", /^place 2 of sources is ""; allowed: auto, all, top:K/],
  ["1,two", /^place 2 of sources is "two"/],
  ["3-1", /^place 1 of sources is 3-1; allowed: a range from the lower to the higher neuron$/],
  ["0,5", /^place 2 of sources is 5, but there is no neuron 5; allowed: 0 to 4$/],
  ["2-9", /^place 1 of sources is 2-9, but there is no neuron 5; allowed: 0 to 4$/],
  ["3,0-3", /^sources names neuron 3 twice, at places 1 and 2; allowed: each neuron once$/],
])("%s is refused in a sentence", (text, sentence) => {
  expect(() => chosen(text)).toThrow(sentence);
});

test("more than the observed neurons are refused", () => {
  expect(() => chosen("top:5", Uint8Array.of(1, 0, 0, 0, 0))).toThrow(
    /top:1 to top:4, the number of observed/,
  );
});

test.each(["", "some", "top", "top:", "-1", "1;2", "0x10", "1e3", `0${",1".repeat(1000)}`])(
  "an experiment refuses the words %j",
  (sources) => {
    expect(() => parseExperiment({ sources })).toThrow(
      /^sources is .*; allowed: auto, all, top:K, or neurons and ranges such as 17,42 or 0-63, in 1 to 2,000 characters$/,
    );
  },
);

test("an experiment takes the words that choose", () => {
  for (const sources of ["auto", "all", "top:64", "17,42", "0-63, 70"])
    expect(parseExperiment({ sources }).sources).toBe(sources);
});

test("how many they will be is known before there is a network", () => {
  const cases: [string, number, number][] = [
    ["auto", 4096, 4096],
    ["auto", 4097, 64],
    ["all", 4097, 4097],
    ["top:7", 100, 7],
    ["3,5-9", 10, 6],
  ];
  for (const [text, neurons, expected] of cases) {
    expect(countSources(text, neurons, 0), text).toBe(expected);
    expect(resolveSources(text, ring(neurons), null).length, text).toBe(expected);
  }
  expect(countSources("auto", 5000, 4950)).toBe(50);
  expect(() => countSources("top:51", 5000, 4950)).toThrow(
    /allowed: top:1 to top:50, the number of observed/,
  );
  expect(() => countSources("3,10", 10, 0)).toThrow(/there is no neuron 10/);
});

test("a list of neurons is as short as it can be, and names the same ones", () => {
  expect(listOf([4])).toBe("4");
  expect(listOf([0, 1])).toBe("0,1");
  expect(listOf([0, 1, 2, 7, 9, 10, 11, 12])).toBe("0-2,7,9-12");
  const some = Uint32Array.from({ length: 300 }, (_, at) => at * at).filter((_, at) => at % 5 !== 2);
  expect(resolveSources(listOf(some), ring(90_000), null)).toEqual(some);
});

test("a list that is too long is taken with its neighbours as ranges, if that is short enough", () => {
  const evens = Array.from({ length: 2000 }, (_, at) => at).filter((at) => at % 1000 !== 7);
  expect(parseExperiment({ sources: evens.join(",") }).sources).toBe("0-6,8-1006,1008-1999");
  expect(shorter("5, 3,4,1-2 ,9,8")).toBe("1-5,8,9");
  // Short ones stay as they were written, and what is wrong with a long one is said of what was written.
  expect(parseExperiment({ sources: "2,1,0" }).sources).toBe("2,1,0");
  for (const same of ["3,3", "5-2", "id:a,1", "all", "1;2", ""]) expect(shorter(same)).toBe(same);
  const odd = Array.from({ length: 900 }, (_, at) => 2 * at).join(",");
  expect(() => parseExperiment({ sources: odd })).toThrow(
    /^sources is .*… \(3,\d+ characters\); allowed: .* in 1 to 2,000 characters$/,
  );
});

test("names become the numbers of the neurons that are called so", () => {
  const names = ["17", "a b", "id:x", "é"];
  const called = new Names(packNames(names));
  const numbersOf = (wanted: readonly string[]) => called.indicesOf(wanted);
  expect(numberNames("id:a b, id:id:x ,1-2,id:é,0,id:17", numbersOf, "f.csv")).toBe("1,2,1-2,3,0,0");
  expect(() => numberNames("id:a b,id:b", numbersOf, "f.csv")).toThrow(
    /^sources names "id:b"; allowed: id: and what f\.csv calls a neuron$/,
  );
  expect(called.indicesOf(["é", "17", "é", ""])).toEqual([3, 0, 3, -1]);
  expect(numbersByNumber(5)(["0", "4", "5", "04", "x"])).toEqual([0, 4, -1, -1, -1]);
  expect(parseExperiment({ sources: "id:a b,17" }).sources).toBe("id:a b,17");
  expect(() => chosen("id:a")).toThrow(
    /^place 1 of sources is "id:a"; allowed: names, if the network is in a file$/,
  );
});

test("words for sources choose them again", () => {
  for (const [words, expected] of [
    ["1,3-4", "1,3,4"],
    ["0-4", "all"],
    ["2", "2"],
    ["0,1,2", "0-2"],
  ])
    expect(sourcesInWords(resolveSources(words, network, null), 5)).toBe(expected);
});
