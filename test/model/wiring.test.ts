import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import type { Wiring } from "../../src/model/network";
import { one, weightOf } from "../../src/model/network";
import { largestSingularValue } from "../../src/model/singularValue";
import { keyFrom, lane, networkUse, stream } from "../../src/model/threefry";
import { blockStarts, blockWiring, chanceArrows, randomWiring } from "../../src/model/wiring/chance";
import { inDegreeWiring } from "../../src/model/wiring/inDegree";
import { Sampler } from "../../src/model/wiring/sample";
import { signsOf } from "../../src/model/wiring/signs";
import { smallWorldWiring } from "../../src/model/wiring/smallWorld";
import { generators, type MadeKind } from "../../src/model/wiring/wiring";
import { Words } from "../../src/model/wiring/words";
import { networkOf } from "../../src/network";

const key = keyFrom("wiring");
afterEach(() => vi.restoreAllMocks());

const row = ({ rowStart, source }: Wiring, target: number) => [
  ...source.subarray(rowStart[target], rowStart[target + 1]),
];

/** Of counts with one mean: within 5 standard deviations of the chi-square's. */
function expectEven(counts: ArrayLike<number>, mean: number, varianceOverMean = 1) {
  const freedom = counts.length - 1;
  const chi = Array.from(counts).reduce(
    (sum, count) => sum + (count - mean) ** 2 / (mean * varianceOverMean),
    0,
  );
  expect(Math.abs(chi - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom));
}

function outDegrees({ neurons, source }: Wiring): Float64Array {
  const count = new Float64Array(neurons);
  for (const from of source) count[from]++;
  return count;
}

function expectRowsOf(wiring: Wiring, inDegree: number) {
  for (let target = 0; target < wiring.neurons; target++) {
    const sources = row(wiring, target);
    expect(sources).toHaveLength(inDegree);
    expect(new Set(sources).size).toBe(inDegree);
    expect(sources).toEqual([...sources].sort((a, b) => a - b));
    expect(Math.max(...sources)).toBeLessThan(wiring.neurons);
  }
}

describe("words and samples", () => {
  test("the word that would tip the balance is left out", () => {
    const words = new Words(key);
    // 2³² = 3 · 1,431,655,765 + 1: the first word of 0's share is one too many.
    vi.spyOn(words, "next").mockReturnValueOnce(0).mockReturnValueOnce(0xffffffff).mockReturnValueOnce(1);
    expect([words.below(3), words.below(3)]).toEqual([2, 0]);
  });

  test("every set is as likely", () => {
    const words = new Words(key);
    const sampler = new Sampler(5);
    const drawn = new Uint32Array(2);
    const counts = new Map<string, number>();
    for (let neuron = 0; neuron < 20_000; neuron++) {
      words.start(lane(stream.network, neuron));
      sampler.fill(drawn, 5, words);
      counts.set(drawn.join(), (counts.get(drawn.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expectEven([...counts.values()], 2000);
  });
});

describe("as many inputs for everyone", () => {
  test("distinct sources, all as likely, itself among them", () => {
    const wiring = inDegreeWiring(500, 20, key);
    expectRowsOf(wiring, 20);
    expectEven(outDegrees(wiring), 20, 1 - 20 / 500);
    const itself = [...Array(500).keys()].filter((neuron) => row(wiring, neuron).includes(neuron)).length;
    expect(Math.abs(itself - 20)).toBeLessThan(5 * Math.sqrt(20));
  });

  test("all of them, and one", () => {
    expect([...inDegreeWiring(4, 4, key).source]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect([...inDegreeWiring(1, 1, key).source]).toEqual([0]);
  });

  test("a row is the same whatever was drawn before it", () => {
    const wiring = inDegreeWiring(300, 7, key);
    const alone = new Uint32Array(7);
    for (const target of [299, 123, 0]) {
      const words = new Words(key);
      words.start(lane(stream.network, target, networkUse.wiring));
      new Sampler(300).fill(alone, 300, words);
      expect([...alone]).toEqual(row(wiring, target));
    }
  });
});

describe("blocks", () => {
  test("are of one size, as nearly as can be", () => {
    expect([...blockStarts(10, 4)]).toEqual([0, 2, 5, 7, 10]);
    expect([...blockStarts(3, 3)]).toEqual([0, 1, 2, 3]);
    for (const [neurons, blocks] of [
      [10, 4],
      [1003, 7],
      [1000, 999],
      [1000, 1000],
    ]) {
      const starts = blockStarts(neurons, blocks);
      const pairs = starts.slice(1).reduce((sum, end, block) => sum + (end - starts[block]) ** 2, 0);
      expect(chanceArrows(neurons, blocks, 1, 0)).toBe(pairs);
      expect(chanceArrows(neurons, blocks, 0, 1)).toBe(neurons ** 2 - pairs);
    }
  });

  test("have their density within, and another between", () => {
    const wiring = blockWiring(1003, 4, 0.2, 0.02, key);
    const starts = blockStarts(1003, 4);
    const blockOf = (neuron: number) => starts.findLastIndex((start) => start <= neuron);
    const counts = new Float64Array(16);
    for (let target = 0; target < 1003; target++) {
      const sources = row(wiring, target);
      expect(new Set(sources).size).toBe(sources.length);
      for (const source of sources) counts[4 * blockOf(target) + blockOf(source)]++;
    }
    for (let target = 0; target < 4; target++)
      for (let source = 0; source < 4; source++) {
        const density = target === source ? 0.2 : 0.02;
        const pairs = (starts[target + 1] - starts[target]) * (starts[source + 1] - starts[source]);
        const sigma = Math.sqrt(pairs * density * (1 - density));
        expect(Math.abs(counts[4 * target + source] - pairs * density)).toBeLessThan(4.5 * sigma);
      }
  });

  test("one block, or one density, is random wiring; nothing between keeps them apart; all within fills them", () => {
    expect(blockWiring(200, 1, 0.1, 0.9, key)).toEqual(randomWiring(200, 0.1, key));
    expect([...blockWiring(4, 2, 1, 0, key).source]).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
    expect([...blockWiring(4, 2, 0, 1, key).source]).toEqual([2, 3, 2, 3, 0, 1, 0, 1]);
    const same = blockWiring(600, 5, 0.1, 0.1, key);
    expect(Math.abs(same.source.length - 36_000)).toBeLessThan(4 * Math.sqrt(36_000 * 0.9));
  });
});

describe("a small world", () => {
  test.each([2, 5, 6])("without rewiring is the ring: %i neighbours", (inDegree) => {
    const wiring = smallWorldWiring(12, inDegree, 0, key);
    const offsets = [-1, 1, -2, 2, -3, 3].slice(0, inDegree);
    for (let target = 0; target < 12; target++)
      expect(row(wiring, target)).toEqual(
        offsets.map((offset) => (target + offset + 12) % 12).sort((a, b) => a - b),
      );
  });

  test("rewires its share of the inputs, to anywhere that is no input already", () => {
    const [neurons, inDegree] = [2000, 10];
    for (const rewiring of [0.1, 0.5]) {
      const wiring = smallWorldWiring(neurons, inDegree, rewiring, key);
      expectRowsOf(wiring, inDegree);
      let far = 0;
      for (let target = 0; target < neurons; target++)
        for (const source of row(wiring, target)) {
          const distance = Math.abs(target - source);
          if (source === target || Math.min(distance, neurons - distance) > 5) far++;
        }
      const inputs = neurons * inDegree;
      // Some of the rewired fall back to a neighbour's place.
      const share = rewiring * (1 - (rewiring * inDegree) / neurons);
      expect(Math.abs(far - inputs * share)).toBeLessThan(4.5 * Math.sqrt(inputs * share * (1 - share)));
    }
  });

  test("all rewired it is as random as a fixed in-degree: no neighbour is favoured, no source either", () => {
    const wiring = smallWorldWiring(1000, 10, 1, key);
    expectRowsOf(wiring, 10);
    expectEven(outDegrees(wiring), 10, 0.99);
    const offset = new Float64Array(1000);
    for (let target = 0; target < 1000; target++)
      for (const source of row(wiring, target)) offset[(source - target + 1000) % 1000]++;
    expectEven(offset, 10, 0.99);
    expect(Math.abs([...offset.slice(1, 6), ...offset.slice(-5)].reduce((a, b) => a + b) - 100)).toBeLessThan(
      50,
    );
  });

  test("with all neighbours there is nowhere to go but itself", () => {
    for (const sources of [1, 2, 3].map((target) => row(smallWorldWiring(8, 7, 0.5, key), target)))
      expect(new Set(sources).size).toBe(7);
  });
});

describe("signs", () => {
  const experiment = { neurons: 1000, inhibitory: 0.2, inhibition: 4 };

  test("are of a neuron, of exactly its share of them, anywhere", () => {
    const signs = signsOf(experiment, key)!;
    expect(signs.filter((sign) => sign === -4)).toHaveLength(200);
    expect(signs.filter((sign) => sign === 1)).toHaveLength(800);
    // Of 200 out of 1,000 a hypergeometric number falls into the first half.
    const first = signs.subarray(0, 500).filter((sign) => sign < 0).length;
    expect(Math.abs(first - 100)).toBeLessThan(5 * Math.sqrt(40));
    expect(signsOf({ ...experiment, inhibitory: 0 }, key)).toBeNull();
    expect(signsOf({ ...experiment, inhibitory: 1 }, key)!.every((sign) => sign === -4)).toBe(true);
    expect(signsOf(experiment, keyFrom("another"))).not.toEqual(signs);
  });

  test.each<MadeKind>(["random", "in-degree", "blocks", "small-world"])(
    "make a column of one sign: %s",
    (kind) => {
      const given = parseExperiment({ ...experiment, network: kind, neurons: 150, density: 0.2 });
      const network = networkOf(given);
      const signs = signsOf(given, keyFrom(given.seed))!;
      const excitatory = Math.max(...network.weight);
      network.source.forEach((source, arrow) => {
        expect(network.weight[arrow] * (signs[source] > 0 ? 1 : -0.25)).toBeCloseTo(excitatory, -1);
      });
      const largest = largestSingularValue(network, { ofArrow: network.weight }) / one;
      expect(Math.abs(1.01 * largest - 1)).toBeLessThan(1e-4);
    },
  );

  test("of one strength leave the weights as large as without", () => {
    const plain = parseExperiment({ network: "in-degree", neurons: 60 });
    const network = networkOf(plain);
    const signed = networkOf({ ...plain, inhibitory: 0.5 });
    expect(signed.source).toEqual(network.source);
    expect(signed.weight.map(Math.abs)).toEqual(network.weight);
    expect(signed.weight.some((weight) => weight < 0)).toBe(true);
  });
});

// Frozen after the tests above. The values are numpy.linalg.svd(a, compute_uv=False)[0], NumPy 2.4.6, of the pattern
// and of the pattern times the signs of its columns.
const frozen: [Record<string, unknown>, string, number, number][] = [
  [
    { network: "random" },
    "93d86293f888aa2545c41dae882364d5b28bced8f6222891f9b5b7b44acd9fa0",
    20.953232430363965,
    44.82039509650683,
  ],
  [
    { network: "in-degree", inDegree: 20 },
    "75354a52aa8a420e10b6efce455d0cdc5d09280fecd4d3d9d1b0cbcea627d46d",
    20.460852209057215,
    42.75911635289438,
  ],
  [
    { network: "blocks", blocks: 4, density: 0.2, between: 0.02 },
    "e71d7071d5ce4b637904418010be23b6f689157473d204572189512fb5fd7119",
    13.9538718463006,
    30.446277345103773,
  ],
  [
    { network: "small-world", inDegree: 20, rewiring: 0.1 },
    "9c2f1f20f43750e46468ad179087df475a89e381717c4a2b60339fd81435351a",
    20.09517818661957,
    42.74815615581508,
  ],
];

test.each(frozen)("%j: the same everywhere, with NumPy's singular values", (given, digest, plain, signed) => {
  const experiment = parseExperiment({
    ...{ neurons: 200, seed: "lecture", inhibitory: 0.2, inhibition: 4 },
    ...given,
  });
  const key = keyFrom(experiment.seed);
  const wiring = generators[experiment.network as MadeKind](experiment, key);
  const signs = signsOf(experiment, key)!;
  const hash = createHash("sha256").update(wiring.rowStart).update(wiring.source).update(signs);
  expect(hash.digest("hex")).toBe(digest);
  expect(Math.abs(largestSingularValue(wiring) / plain - 1)).toBeLessThan(1e-12);
  expect(Math.abs(largestSingularValue(wiring, { ofSource: signs }) / signed - 1)).toBeLessThan(1e-12);
});

test.each<[MadeKind, Record<string, unknown>]>([
  ["random", { density: 0.01 }],
  ["in-degree", { inDegree: 10 }],
  ["blocks", { density: 0.02, between: 0.005 }],
  ["small-world", { inDegree: 10, rewiring: 0.3 }],
])("%s costs draws in proportion to neurons and arrows", (kind, given) => {
  const next = vi.spyOn(Words.prototype, "next");
  for (const neurons of [500, 2000]) {
    next.mockClear();
    const wiring = generators[kind](parseExperiment({ network: kind, neurons, ...given }), key);
    expect(next.mock.calls.length).toBeLessThan(1.5 * wiring.source.length + 5 * neurons);
  }
});

test("the making tells how far it is: first the wiring, then its scale", () => {
  const told: [string, number][] = [];
  const experiment = parseExperiment({ network: "small-world", neurons: 3000, rewiring: 0.001 });
  networkOf(experiment, (work, share) => told.push([work, share]));
  for (const work of ["wiring", "scale"]) {
    const shares = told.filter(([which]) => which === work).map(([, share]) => share);
    expect(shares.length).toBeGreaterThan(50);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeGreaterThanOrEqual(0);
    expect(shares.at(-1)).toBeGreaterThan(0.5);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  }
  expect(told.findLastIndex(([work]) => work === "wiring")).toBeLessThan(
    told.findIndex(([work]) => work === "scale"),
  );
  expect(weightOf(networkOf(experiment), 0, 1)).toBeCloseTo(1 / (1.01 * 4), 2);
});
