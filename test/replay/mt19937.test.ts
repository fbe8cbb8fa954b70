import { describe, expect, test } from "vitest";
import { cumulative, LegacyRandom } from "../../src/replay/mt19937";
import { knownAnswers } from "../support/kat";

interface Stream {
  readonly uint32: number[];
  readonly random_sample: number[];
  readonly "choice_p_0.9_0.1": number[];
}

const { streams } = knownAnswers<{ streams: Record<string, Stream> }>("numpy_legacy_streams");

describe.each(Object.entries(streams))("NumPy's stream of seed %s", (seed, stream) => {
  const draw = <Value>(count: number, next: (random: LegacyRandom) => Value) => {
    const random = new LegacyRandom(Number(seed));
    return Array.from({ length: count }, () => next(random));
  };

  test("uint32", () => {
    expect(draw(stream.uint32.length, (random) => random.uint32())).toEqual(stream.uint32);
  });

  test("random_sample", () => {
    expect(draw(stream.random_sample.length, (random) => random.randomSample())).toEqual(
      stream.random_sample,
    );
  });

  test("choice with probabilities", () => {
    const cdf = cumulative([0.9, 0.1]);
    const expected = stream["choice_p_0.9_0.1"];
    expect(draw(expected.length, (random) => random.choice(cdf))).toEqual(expected);
  });
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
