import { describe, expect, test } from "vitest";
import { type Design, notebookDesign, whole } from "../../src/model/design";
import { type Estimand, exactEffect } from "../../src/model/estimand";
import { type Network, one } from "../../src/model/network";
import { rowOutcome } from "../../src/model/row";
import { stateShares } from "../../src/model/spontaneous";
import { createConnectivity } from "../../src/replay/connectivity";
import { knownAnswers } from "../support/kat";
import { networkOf, notebookNetwork } from "../support/networks";
import { meanOutcome } from "../support/quadrature";

/** Effect of one of `inDegree` sources of one weight, which is not rounded, in the notebook's design. */
const equalWeightEffect = (inDegree: number, weight: number): number =>
  rowOutcome([{ weight, share: 1, count: inDegree }], { probability: 0.5, common: 0 }).effect[0];

interface Exact {
  readonly n: number;
  readonly seed: number;
  readonly scale: number;
  readonly edges_target_source_effect: [number, number, number][];
}

describe("the oracle's exact effects", () => {
  const { networks } = knownAnswers<{ networks: Exact[] }>("exact_effect");

  test.each(networks)("$n neurons, seed $seed: to 1e-9 at the weight before rounding", (exact) => {
    const { wiring, weight } = createConnectivity(exact.n, exact.seed);
    expect(Math.abs(weight / exact.scale - 1)).toBeLessThan(1e-12);
    expect(exact.edges_target_source_effect.length).toBe(wiring.source.length);
    exact.edges_target_source_effect.forEach(([target, source, effect], arrow) => {
      expect(wiring.source[arrow]).toBe(source);
      expect(arrow).toBeGreaterThanOrEqual(wiring.rowStart[target]);
      expect(arrow).toBeLessThan(wiring.rowStart[target + 1]);
      const got = equalWeightEffect(wiring.rowStart[target + 1] - wiring.rowStart[target], weight);
      expect(Math.abs(got - effect)).toBeLessThan(1e-9);
    });
  });

  test.each(networks)(
    "$n neurons, seed $seed: arrow by arrow, as near as the rounded weight allows",
    (exact) => {
      const { effect } = exactEffect(notebookNetwork(exact.n, exact.seed));
      // The outcome rises by at most ¼ per drive, and the weight is off by half a step of the grid at most.
      exact.edges_target_source_effect.forEach(([, , expected], arrow) => {
        expect(Math.abs(effect[arrow] - expected)).toBeLessThan(0.25 * (0.5 / one));
      });
    },
  );
});

/** Every pattern of a row's sources, the noise by the trapezoid rule: shares nothing with the code under test. */
function bruteForce(weights: readonly number[], probability = 0.5) {
  const step = 0.25;
  const mean = (drive: number, power: number) => {
    let sum = 0;
    for (let e = -12; e <= 12; e += step) sum += Math.exp(-e * e * 0.5) / (1 + Math.exp(-drive - e)) ** power;
    return (sum * step) / Math.sqrt(2 * Math.PI);
  };
  const patterns = 2 ** weights.length;
  const bit = (pattern: number, i: number) => Math.floor(pattern / 2 ** i) % 2;
  const average = (power: number, kept: (pattern: number) => boolean) => {
    let sum = 0;
    let shares = 0;
    for (let pattern = 0; pattern < patterns; pattern++) {
      if (!kept(pattern)) continue;
      const share = weights.reduce(
        (product, _, i) => product * (bit(pattern, i) === 1 ? probability : 1 - probability),
        1,
      );
      shares += share;
      sum +=
        share *
        mean(
          weights.reduce((drive, weight, i) => drive + weight * bit(pattern, i), 0),
          power,
        );
    }
    return sum / shares;
  };
  const raw = [1, 2, 3, 4].map((power) => average(power, () => true));
  const arm = (i: number, state: number) => {
    const kept = (pattern: number) => bit(pattern, i) === state;
    return average(2, kept) - average(1, kept) ** 2;
  };
  return {
    effect: weights.map(
      (_, i) =>
        average(1, (pattern) => bit(pattern, i) === 1) - average(1, (pattern) => bit(pattern, i) === 0),
    ),
    off: weights.map((_, i) => arm(i, 0)),
    on: weights.map((_, i) => arm(i, 1)),
    variance: raw[1] - raw[0] ** 2,
    fourth: raw[3] - 4 * raw[2] * raw[0] + 6 * raw[1] * raw[0] ** 2 - 3 * raw[0] ** 4,
  };
}

/** A network whose row 0 has these weights; nobody else has any. */
function rowOf(weights: readonly number[]): Network {
  const neurons = Math.max(1, weights.length);
  return networkOf(Array.from({ length: neurons }, (_, target) => (target === 0 ? weights : [])));
}

const designed = (changes: Partial<Design>): Design => ({ ...notebookDesign, ...changes });

describe.each<[string, number[]]>([
  ["no arrows", []],
  ["one", [0.75]],
  ["equal", [0.5, 0.5, 0.5, 0.5, 0.5]],
  ["equal and negative", [-0.5, -0.5, -0.5]],
  ["unequal", [0.5, -1.25, 2, 0.125]],
  ["one of them without weight", [0.5, 0.5, -0.5, 0.5]],
  ["nearly saturated", [3, 3, 3, 3]],
])("a row of %s", (_, weights) => {
  test("is what all its patterns say", () => {
    const got = exactEffect(rowOf(weights));
    const expected = bruteForce(weights);
    expect(got.effect.length).toBe(weights.length);
    expected.effect.forEach((effect, i) => {
      expect(Math.abs(got.effect[i] - effect)).toBeLessThan(1e-14);
    });
    expect(Math.abs(got.outcomeVariance[0] - expected.variance)).toBeLessThan(1e-14);
    expect(Math.abs(got.outcomeFourth[0] - expected.fourth)).toBeLessThan(1e-14);
    expect(got.arms).toBeNull();
  });

  test("and with a probability other than ½", () => {
    const got = exactEffect(rowOf(weights), designed({ probability: 0.25 * whole }));
    const expected = bruteForce(weights, 0.25);
    expected.effect.forEach((effect, i) => {
      expect(Math.abs(got.effect[i] - effect)).toBeLessThan(1e-14);
      expect(Math.abs(got.arms!.off[i] - expected.off[i])).toBeLessThan(1e-14);
      expect(Math.abs(got.arms!.on[i] - expected.on[i])).toBeLessThan(1e-14);
    });
    expect(Math.abs(got.outcomeVariance[0] - expected.variance)).toBeLessThan(1e-14);
  });
});

test("a source of weight 0 among unequal ones has no effect, and the rest are as without it", () => {
  const silent: Network = {
    neurons: 3,
    rowStart: Uint32Array.of(0, 3, 3, 3),
    source: Uint32Array.of(0, 1, 2),
    weight: Int32Array.of(one / 2, 0, one / 2),
  };
  const { effect } = exactEffect(silent);
  expect(effect[1]).toBeCloseTo(0, 15);
  expect(effect[0]).toBeCloseTo(equalWeightEffect(2, 0.5), 14);
});

test.each([1000, 100_000])("in-degree %i: as a normal drive of the same mean and variance", (inDegree) => {
  const weight = 1 / (1.01 * inDegree);
  const others = inDegree - 1;
  const deviation = Math.sqrt(1 + (weight * weight * others) / 4);
  const step = 0.1;
  let expected = 0;
  for (let i = -100; i <= 100; i++) {
    const drive = (weight * others) / 2 + deviation * i * step;
    const gain = 1 / (1 + Math.exp(-drive - weight)) - 1 / (1 + Math.exp(-drive));
    expected += (gain * step * Math.exp(-((i * step) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  }
  expect(equalWeightEffect(inDegree, weight) / expected).toBeCloseTo(1, 9);
});

test("no arrows: nothing, and the variance of noise alone", () => {
  const { effect, outcomeVariance } = exactEffect(networkOf([[0]]));
  expect(effect).toHaveLength(0);
  // NumPy 2.4: e = linspace(-12, 12, 200001); trapezoid((1 / (1 + exp(-e)))**2 * exp(-e*e/2) / sqrt(2*pi), e) - 0.25
  expect(outcomeVariance[0]).toBeCloseTo(0.043379035858092996, 12);
  expect(equalWeightEffect(5, 0)).toBe(0);
});

test.each<[string, number[]]>([
  ["the largest weights there are", [2000, -1990.5, 3.25, -8, 0.5]],
  ["one far out", [-2047]],
  ["ten of them, hundreds of standard deviations apart", [200, 201, -199, 150, -150.5, 90, -3, 5, 80, -75]],
])("saturated: %s, to 1e-13", (_, weights) => {
  const got = exactEffect(rowOf(weights), designed({ probability: 0.25 * whole }));
  const expected = bruteForce(weights, 0.25);
  expected.effect.forEach((effect, i) => {
    expect(Math.abs(got.effect[i] - effect)).toBeLessThan(1e-13);
    expect(Math.abs(got.arms!.on[i] - expected.on[i])).toBeLessThan(1e-13);
  });
  expect(Math.abs(got.outcomeVariance[0] - expected.variance)).toBeLessThan(1e-13);
  expect(Math.abs(got.outcomeFourth[0] - expected.fourth)).toBeLessThan(1e-13);
});

/** What was computed elsewhere: of the row, and of some of its arrows [arrow, effect, variance at 0, variance at 1]. */
interface Computed {
  readonly variance: number;
  readonly fourth: number;
  readonly arrows: readonly (readonly [number, number, number, number])[];
}

/** The largest difference from it. */
function distance({ effect, outcomeVariance, outcomeFourth, arms }: Estimand, computed: Computed): number {
  const { off, on } = arms!;
  const differences = computed.arrows.flatMap(([arrow, ...values]) =>
    [effect[arrow], off[arrow], on[arrow]].map((value, index) => value - values[index]),
  );
  return Math.max(
    ...[outcomeVariance[0] - computed.variance, outcomeFourth[0] - computed.fourth, ...differences].map(
      Math.abs,
    ),
  );
}

// The distribution of the drive on its grid, source by source (NumPy), then SciPy's expit and norm.pdf on a grid of
// the noise: e = arange(-12, 12.01, 0.25); sum(0.25 · norm.pdf(e) · expit(drive + e) ** power).
test("200 unequal weights of both signs, as by convolution, to 1e-13", () => {
  const weights = Array.from({ length: 200 }, (_, i) => (((37 * (i + 1)) % 101) - 40) * 8 + i + 1);
  const network = rowOf(weights.map((weight) => weight / 4096));
  expect(network.source.length).toBe(200);
  const got = exactEffect(network, designed({ probability: 19661 }));
  const computed: Computed = {
    variance: 0.009705239599175353,
    fourth: 0.0008809885259557504,
    arrows: [
      [0, -0.0004419184522244102, 0.009685952310643065, 0.009750105914672957],
      [99, 0.005553309672438722, 0.009939655515628365, 0.009136689696333411],
      [199, 0.0018374614158558344, 0.00978445158308916, 0.009518050947819101],
    ],
  };
  expect(distance(got, computed)).toBeLessThan(1e-13);
  const half = exactEffect(network);
  expect(Math.abs(half.effect[0] - -0.00010968483663542639)).toBeLessThan(1e-13);
  expect(Math.abs(half.effect[99] - 0.0013921049305852806)).toBeLessThan(1e-13);
  expect(Math.abs(half.effect[199] - 0.00045780096182457264)).toBeLessThan(1e-13);
  expect(Math.abs(half.outcomeVariance[0] - 0.0008015290648039075)).toBeLessThan(1e-13);
});

// As above, with the 256 shares of a spontaneous state by SciPy's quad, from 255 · expit(ε) and ε's norm.pdf.
describe("sources that are left alone", () => {
  const inUnits = (sizes: number[]) => rowOf(sizes.map((size) => (255 * size) / 2 ** 14));
  const twelve = inUnits([61, -34, 17, 90, -5, 8, -77, 45, 29, -52, 3, 12]);

  test("one at a time, to 1e-13", () => {
    const computed: Computed = {
      variance: 0.04463799219832787,
      fourth: 0.004891373872816129,
      arrows: [
        [0, 0.17393458731977163, 0.04906742834150485, 0.03483535587249198],
        [6, -0.21902215804043057, 0.031737284392299614, 0.0490592238600035],
        [10, 0.008589032600712976, 0.04500279629430781, 0.04425998274503001],
      ],
    };
    expect(distance(exactEffect(twelve, designed({ kind: "one" })), computed)).toBeLessThan(1e-13);
  });

  test("a random subset, each set to 1 in three of ten, to 1e-13", () => {
    const design = designed({ kind: "subset", share: 0.25 * whole, probability: 19661 });
    const computed: Computed = {
      variance: 0.053306041496834544,
      fourth: 0.006443335265412131,
      arrows: [
        [0, 0.17005607424808677, 0.05598185510184439, 0.04142575777334778],
        [6, -0.21871478129181232, 0.039899313603574904, 0.05550205284692156],
        [10, 0.00842278760359938, 0.05362090720110241, 0.05289986495170884],
      ],
    };
    expect(distance(exactEffect(twelve, design), computed)).toBeLessThan(1e-13);
  });

  test("one hidden source among others that are set, as its states weigh in", () => {
    const weights = [0.75, -0.5, 0.75];
    const got = exactEffect(rowOf(weights), designed({ hidden: Uint8Array.of(0, 0, 1) }));
    const mean = (drive: number) => meanOutcome(drive);
    const shares = stateShares(0, 1);
    const over = (f: (drive: number) => number) =>
      shares.reduce((sum, share, state) => sum + share * f((0.75 * state) / 255), 0);
    const first = over((d) => (mean(d + 0.75) - mean(d) + mean(d + 0.25) - mean(d - 0.5)) / 2);
    const second = over((d) => (mean(d - 0.5) - mean(d) + mean(d + 0.25) - mean(d + 0.75)) / 2);
    expect(Math.abs(got.effect[0] - first)).toBeLessThan(1e-14);
    expect(Math.abs(got.effect[1] - second)).toBeLessThan(1e-14);
    // Were the hidden one set, the others would be as always.
    expect(Math.abs(got.effect[2] - exactEffect(rowOf(weights)).effect[2])).toBeLessThan(1e-14);
  });

  test("with noise they share, to 1e-10: the mean over the common draw, every 0.2", () => {
    const design = designed({ kind: "one", common: 26214 });
    const computed: Computed = {
      variance: 0.038744916962653864,
      fourth: 0.004056809752239543,
      arrows: [
        [0, 0.17060360717862377, 0.043422465198864835, 0.02804259669475373],
        [1, -0.09463420238294873, 0.03459957433551586, 0.04376608297316026],
        [2, 0.25037010092999035, 0.04392454245221744, 0.022872799990202308],
      ],
    };
    expect(distance(exactEffect(inUnits([61, -34, 90]), design), computed)).toBeLessThan(1e-10);
  });
});

test.each([20_480 / 2 ** 20, 0.5, -1.25])(
  "two trials that share all but a source of weight %f: their difference scatters, and so does its rounding",
  (weight) => {
    const network = networkOf([
      [0, weight],
      [0, 0],
    ]);
    const { effect, arms } = exactEffect(network, { ...notebookDesign, kind: "same-noise" });
    // No other source: the drive is noise alone. A sum over its normal density, fine enough for where rounding jumps.
    const spacing = 1e-4;
    let [mean, squares] = [0, 0];
    for (let noise = -8; noise <= 8; noise += spacing) {
      const share = (spacing * Math.exp((-noise * noise) / 2)) / Math.sqrt(2 * Math.PI);
      const difference = 1 / (1 + Math.exp(-noise - weight)) - 1 / (1 + Math.exp(-noise));
      const beyond = 255 * difference - Math.floor(255 * difference);
      mean += share * difference;
      squares += share * (difference ** 2 + (beyond * (1 - beyond)) / 255 ** 2);
    }
    expect(effect[0]).toBeCloseTo(mean, 10);
    // The rounding's part, 2.6e-6, is known to a tenth.
    expect(Math.abs((arms?.paired?.[0] ?? 0) - (squares - mean ** 2))).toBeLessThan(2.6e-7);
  },
);
