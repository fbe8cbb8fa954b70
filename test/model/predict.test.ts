import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { exactEffect } from "../../src/model/estimand";
import { findArrow, type Network, weightOf } from "../../src/model/network";
import { type Band, chiSquareQuantile, predict, predictor } from "../../src/model/predict";
import { agreementWith } from "../../src/model/summary";
import { allOf, networkOf, notebookNetwork } from "../support/networks";

type Random = () => number;

const gauss = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const everyPair = (network: Network, sources: Uint32Array) =>
  [...allOf(network.neurons)].flatMap((target) => [...sources].map((source) => ({ target, source })));

/** Effects with independent normal errors, as the prediction supposes. */
function supposed(network: Network, sources: Uint32Array, trials: number) {
  const estimand = exactEffect(network);
  const pairs = everyPair(network, sources).map(({ target, source }) => {
    const arrow = findArrow(network, target, source);
    const exact = arrow < 0 ? 0 : estimand.effect[arrow];
    const within = estimand.outcomeVariance[target] - exact ** 2 / 4;
    return { exact, deviation: Math.sqrt((4 / trials) * within) };
  });
  return (random: Random) =>
    Float64Array.from(pairs, ({ exact, deviation }) => exact + deviation * gauss(random));
}

/** Effects of trials that are really run, in float64. */
function run(network: Network, sources: Uint32Array, trials: number) {
  const { neurons } = network;
  const weight = allOf(neurons ** 2);
  const dense = Float64Array.from(weight, (at) => weightOf(network, Math.floor(at / neurons), at % neurons));
  return (random: Random) => {
    const on = new Float64Array(neurons);
    const sum = new Float64Array(neurons);
    const both = new Float64Array(neurons ** 2);
    const state = new Float64Array(neurons);
    for (let trial = 0; trial < trials; trial++) {
      for (let i = 0; i < neurons; i++) state[i] = random() < 0.5 ? 1 : 0;
      for (let i = 0; i < neurons; i++) on[i] += state[i];
      for (let target = 0; target < neurons; target++) {
        let drive = gauss(random);
        for (let source = 0; source < neurons; source++)
          drive += dense[target * neurons + source] * state[source];
        const outcome = 1 / (1 + Math.exp(-drive));
        sum[target] += outcome;
        for (let source = 0; source < neurons; source++)
          both[target * neurons + source] += state[source] * outcome;
      }
    }
    return Float64Array.from(everyPair(network, sources), ({ target, source }) => {
      const product = both[target * neurons + source];
      return product / on[source] - (sum[target] - product) / (trials - on[source]);
    });
  };
}

/** Shares of runs inside the bands, and below the expected value. */
function shares(
  network: Network,
  sources: Uint32Array,
  trials: number,
  runs: number,
  model: typeof supposed,
  seed: string,
) {
  const { agreement, rmsError } = predict(trials, network, exactEffect(network), sources);
  const exact = supposed(network, sources, Number.POSITIVE_INFINITY)(() => 0.5);
  const draw = model(network, sources, trials);
  const random = seedrandom(seed);
  const count = { agreementIn: 0, agreementBelow: 0, rmsIn: 0, rmsBelow: 0 };
  const inside = (value: number, { low, high }: Band) => (low <= value && value <= high ? 1 : 0);
  for (let i = 0; i < runs; i++) {
    const effects = draw(random);
    const rms = Math.sqrt(
      effects.reduce((sum, effect, pair) => sum + (effect - exact[pair]) ** 2, 0) / effects.length,
    );
    count.rmsIn += inside(rms, rmsError);
    count.rmsBelow += rms < rmsError.expected ? 1 : 0;
    const agreed = agreementWith(effects, sources, network);
    expect(agreed === null).toBe(agreement === null);
    if (agreed === null || agreement === null) continue;
    count.agreementIn += inside(agreed, agreement);
    count.agreementBelow += agreed < agreement.expected ? 1 : 0;
  }
  for (const key of Object.keys(count) as (keyof typeof count)[]) count[key] /= runs;
  return { ...count, hasAgreement: agreement !== null };
}

const two = networkOf([
  [0, 0.9],
  [0, 0],
]);
const six = notebookNetwork(6, 42);
const twentyFive = notebookNetwork(25, 7);

describe.each<[string, Network, Uint32Array, number]>([
  ["1 neuron", networkOf([[0.99]]), allOf(1), 4000],
  ["2 neurons", two, allOf(2), 4000],
  ["6 neurons", six, allOf(6), 4000],
  ["6 neurons, one source", six, Uint32Array.of(3), 4000],
  ["25 neurons", twentyFive, allOf(25), 2000],
])("%s: 95 % of runs lie in the band, half below its middle", (name, network, sources, runs) => {
  test.each([100, 1000, 25_000])("%i trials", (trials) => {
    const got = shares(network, sources, trials, runs, supposed, `${name} ${trials}`);
    expect(Math.abs(got.rmsIn - 0.95)).toBeLessThan(0.02);
    // At 100 trials the mean of 1/n₁ + 1/n₀ is 1 % above the 4 / trials of this model; 625 pairs notice.
    if (trials > 100) expect(Math.abs(got.rmsBelow - 0.5)).toBeLessThan(0.05);
    if (!got.hasAgreement) return;
    expect(Math.abs(got.agreementIn - 0.95)).toBeLessThan(0.02);
    expect(Math.abs(got.agreementBelow - 0.5)).toBeLessThan(0.06);
  });
});

describe("trials that are really run", () => {
  test.each<[string, Network, number, number]>([
    ["2 neurons, 100 trials", two, 100, 2000],
    ["6 neurons, 300 trials", six, 300, 1500],
    ["25 neurons, 100 trials", twentyFive, 100, 600],
    // Fewer trials than sources: the errors of a row scatter together, and the arms are uneven.
    ["60 neurons, 40 trials", notebookNetwork(60, 7), 40, 500],
  ])("%s", (name, network, trials, runs) => {
    const got = shares(network, allOf(network.neurons), trials, runs, run, name);
    const sampling = 3 * Math.sqrt((0.95 * 0.05) / runs);
    expect(Math.abs(got.rmsIn - 0.95)).toBeLessThan(0.01 + sampling);
    expect(Math.abs(got.agreementIn - 0.95)).toBeLessThan(0.01 + sampling);
  });
});

test("six neurons, 2,500 trials: the error is √(4 × scatter / trials)", () => {
  const { agreement, rmsError } = predict(2500, six, exactEffect(six), allOf(6));
  expect(rmsError.expected).toBeCloseTo((2 * 0.2077) / 50, 3);
  expect(rmsError.low).toBeGreaterThan(0.006);
  expect(rmsError.high).toBeLessThan(0.012);
  expect(agreement?.expected).toBeGreaterThan(0.975);
  expect(agreement?.high).toBeLessThan(1);
});

test("how agreement falls with size at 2,500 trials: .98, .91, .56, .18", () => {
  const at = (neurons: number, seed: number) => {
    const network = notebookNetwork(neurons, seed);
    return predict(2500, network, exactEffect(network), allOf(neurons)).agreement?.expected;
  };
  expect(at(6, 42)).toBeCloseTo(0.98, 1);
  expect(at(25, 42)).toBeCloseTo(0.91, 1);
  expect(at(100, 42)).toBeCloseTo(0.56, 1);
  expect(at(400, 42)).toBeCloseTo(0.18, 1);
});

test("without contrast in the wiring there is no agreement", () => {
  const everything = networkOf([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
  const nothing = networkOf([[], []]);
  for (const network of [everything, nothing, networkOf([[0.9]])]) {
    const prediction = predict(100, network, exactEffect(network), allOf(network.neurons));
    expect(prediction.agreement).toBeNull();
    expect(prediction.rmsError.expected).toBeGreaterThan(0);
  }
  const unused = predict(100, six, exactEffect(six), Uint32Array.of(0));
  expect(unused.agreement).toBeNull();
});

test("two pairs always agree, one way or the other", () => {
  const at = (trials: number) => predict(trials, two, exactEffect(two), Uint32Array.of(1)).agreement;
  expect(at(1000)).toEqual({ expected: 1, low: 1, high: 1 });
  expect(at(4)).toEqual({ expected: 1, low: -1, high: 1 });
});

test("bands are in order and finite from 2 trials to the most there can be", () => {
  for (const network of [two, six, twentyFive]) {
    const at = predictor(network, exactEffect(network), allOf(network.neurons));
    for (const trials of [2, 3, 10, 1000, 1001, 1e6, 2 ** 32 - 64]) {
      const { agreement, rmsError } = at(trials);
      for (const { low, expected, high } of agreement ? [agreement, rmsError] : [rmsError]) {
        expect(low).toBeLessThanOrEqual(expected);
        expect(expected).toBeLessThanOrEqual(high);
        expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
      }
    }
    expect(at(1001).rmsError.expected / at(1000).rmsError.expected).toBeCloseTo(Math.sqrt(1000 / 1001), 4);
  }
});

test("one trial leaves every pair missing", () => {
  const { agreement, rmsError } = predict(1, six, exactEffect(six), allOf(6));
  expect(agreement).toBeNull();
  expect(rmsError).toEqual({ expected: NaN, low: NaN, high: NaN });
});

// By SciPy's chi2.ppf.
test.each([
  [1, 0.0009820691171752555, 0.454936423119572, 5.023886187314888],
  [1.5, 0.01311302116301894, 0.9083339566477007, 6.275807973333609],
  [4, 0.4844185570879299, 3.3566939800333224, 11.143286781877796],
  [29.9, 16.71620670680749, 29.236040757881852, 46.853744125300246],
])("quantiles of χ² with %d degrees of freedom", (freedom, low, middle, high) => {
  expect(chiSquareQuantile(0.025, freedom) / low).toBeCloseTo(1, 9);
  expect(chiSquareQuantile(0.5, freedom) / middle).toBeCloseTo(1, 9);
  expect(chiSquareQuantile(0.975, freedom) / high).toBeCloseTo(1, 9);
});

test.each([
  [30, 16.79077226556663, 46.97924224367115],
  [1000, 914.257153799259, 1089.530912478],
])("quantiles of χ² with %d degrees of freedom, to a thousandth", (freedom, low, high) => {
  expect(Math.abs(chiSquareQuantile(0.025, freedom) / low - 1)).toBeLessThan(1e-3);
  expect(Math.abs(chiSquareQuantile(0.975, freedom) / high - 1)).toBeLessThan(1e-3);
});
