import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cumulative, LegacyRandom } from "../../src/replay/mt19937";
import { knownAnswers } from "../support/kat";

interface Stream {
  readonly uint32: number[];
  readonly random_sample: number[];
  readonly randn: number[];
  readonly choice_0_1: number[];
  readonly "choice_p_0.9_0.1": number[];
  readonly "mixed: choice5, randn3, choice5, mvn4, random_sample2": number[][];
}

const { streams } = knownAnswers<{ streams: Record<string, Stream> }>("numpy_legacy_streams");

const draw = <Value>(count: number, next: () => Value) => Array.from({ length: count }, next);

/** Normals hang on the logarithm of the engine; V8's gives NumPy's own, or up to 2 units in the last place beside. */
function expectNormals(got: readonly number[], expected: readonly number[]) {
  expect(got.length).toBe(expected.length);
  for (const [index, value] of got.entries()) expect(Math.abs(value - expected[index])).toBeLessThan(1e-14);
}

describe.each(Object.entries(streams))("NumPy's stream of seed %s", (seed, stream) => {
  const from = () => new LegacyRandom(Number(seed));

  test("uint32", () => {
    const random = from();
    expect(draw(stream.uint32.length, () => random.uint32())).toEqual(stream.uint32);
  });

  test("random_sample", () => {
    const random = from();
    expect(draw(stream.random_sample.length, () => random.randomSample())).toEqual(stream.random_sample);
  });

  test("choice with probabilities", () => {
    const random = from();
    const cdf = cumulative([0.9, 0.1]);
    const expected = stream["choice_p_0.9_0.1"];
    expect(draw(expected.length, () => random.choice(cdf))).toEqual(expected);
  });

  test("choice of 0 and 1", () => {
    const random = from();
    expect(draw(stream.choice_0_1.length, () => random.bit())).toEqual(stream.choice_0_1);
  });

  test("randn", () => {
    const random = from();
    expectNormals(
      draw(stream.randn.length, () => random.normal()),
      stream.randn,
    );
  });

  test("all of them in turn: the second normal of a pair waits through the bits in between", () => {
    const random = from();
    const [bits, normals, moreBits, multivariate, uniforms] =
      stream["mixed: choice5, randn3, choice5, mvn4, random_sample2"];
    expect(draw(5, () => random.bit())).toEqual(bits);
    expectNormals(
      draw(3, () => random.normal()),
      normals,
    );
    expect(draw(5, () => random.bit())).toEqual(moreBits);
    expectNormals(
      draw(4, () => random.normal()),
      multivariate,
    );
    expect(draw(2, () => random.randomSample())).toEqual(uniforms);
  });
});

test("a thousand seeds of choice and random_sample", () => {
  // Frozen from this generator after the streams above passed, then checked against NumPy's RandomState (2.4.6), which
  // gives the same hash: per seed choice([0, 1], 100), choice([0, 1], 100, p=[.9, .1]) and random_sample(400), the
  // choices as bytes, the samples as little-endian float64. 1,100 words a seed, so that the state is refilled.
  const cdf = cumulative([0.9, 0.1]);
  const hash = createHash("sha256");
  for (let index = 0; index < 1000; index++) {
    const random = new LegacyRandom(Math.imul(index, 0x9e3779b1) >>> 0);
    hash.update(Uint8Array.from({ length: 100 }, () => random.bit()));
    hash.update(Uint8Array.from({ length: 100 }, () => random.choice(cdf)));
    hash.update(Float64Array.from({ length: 400 }, () => random.randomSample()));
  }
  expect(hash.digest("hex")).toBe("b064261de57a2cb3a483b830d12651ef1d66e7db13fa4339e11943085b16b0c3");
});

test("the state is refilled more than once: word 10,000 of the authors' default seed", () => {
  // C++ names this value as the 10,000th of mt19937 with seed 5489 ([rand.predef]).
  const random = new LegacyRandom(5489);
  for (let i = 1; i < 10_000; i++) random.uint32();
  expect(random.uint32()).toBe(4123659995);
});

test("a sample equal to a cumulative probability belongs to the next choice", () => {
  const random = new LegacyRandom(0);
  random.randomSample = () => 0.5;
  expect(random.choice(cumulative([0.5, 0.5]))).toBe(1);
});

test.each([-1, 0.5, 2 ** 32, Number.NaN])("seed %s is refused", (seed) => {
  expect(() => new LegacyRandom(seed)).toThrow(/seed is .*; allowed: a whole number from 0 to 4294967295/);
});
