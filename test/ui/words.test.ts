import { describe, expect, test } from "vitest";
import {
  decimalsFor,
  duration,
  fixed,
  list,
  neuronSentence,
  pairDetailsSentence,
  pairSentence,
  percent,
  pText,
  roughly,
  withError,
} from "../../src/ui/words";

describe("numbers", () => {
  test("never have more digits than their error allows", () => {
    expect(withError(0.13937, 0.0036)).toBe("0.139 ± 0.004");
    expect(withError(0.13937, 0.036)).toBe("0.14 ± 0.04");
    expect(withError(0.13937, 0.36)).toBe("0.1 ± 0.4");
    expect(withError(0.13937, 3.6)).toBe("0 ± 4");
    // 0.0097 is 0.01 in one digit, so the value has two places, not three.
    expect(withError(0.13937, 0.0097)).toBe("0.14 ± 0.01");
    expect(withError(-0.00004, 0.001)).toBe("0.000 ± 0.001");
    expect(withError(-0.1394, 0.001)).toBe("−0.139 ± 0.001");
  });

  test("decimals", () => {
    expect(decimalsFor(0.004)).toBe(3);
    expect(decimalsFor(0.00096)).toBe(3);
    expect(decimalsFor(20)).toBe(0);
    expect(decimalsFor(0)).toBe(6);
    expect(fixed(-0.001, 2)).toBe("0.00");
  });

  test("rates, times and lists", () => {
    expect(roughly(867)).toBe("870");
    expect(roughly(12_345)).toBe("12,000");
    expect(roughly(31_415_926)).toBe("31 million");
    expect(roughly(0)).toBe("0");
    expect(duration(0.2)).toBe("less than a second");
    expect(duration(42.4)).toBe("42 s");
    expect(duration(600)).toBe("10 min");
    expect(list([1, 2, 3])).toBe("1, 2, 3");
    expect(list([1, 2, 3, 4, 5], 3)).toBe("1, 2 and 3 more");
  });
});

describe("sentences", () => {
  const pair = { source: 5, target: 1, effect: 0.1394, standardError: 0.0036, exact: 0.1409 };

  test("say from where to where", () => {
    expect(pairSentence(pair)).toBe("neuron 5 → neuron 1: effect 0.139 ± 0.004, exact 0.141");
    expect(pairSentence({ ...pair, source: 1, target: 5, effect: -0.0011, exact: 0 })).toBe(
      "neuron 1 → neuron 5: effect −0.001 ± 0.004, exact 0",
    );
  });

  test("keep the truth to themselves when it is hidden", () => {
    expect(pairSentence({ ...pair, exact: null })).toBe("neuron 5 → neuron 1: effect 0.139 ± 0.004");
    expect(neuronSentence(5, [1], [3, 4], false)).toBe(
      "neuron 5, as far as can be told, sends arrows to 1; receives from 3, 4",
    );
  });

  test("say when nothing is known", () => {
    expect(pairSentence({ ...pair, effect: null })).toMatch(/neuron 5 → neuron 1: effect not known yet/);
    expect(pairSentence({ ...pair, standardError: Number.NaN })).toMatch(/not known yet/);
  });

  test("of neurons", () => {
    expect(neuronSentence(5, [1], [3, 4], true)).toBe("neuron 5 sends arrows to 1; receives from 3, 4");
    expect(neuronSentence(2, [], [], true)).toBe("neuron 2 sends no arrows; receives none");
  });
});

describe("how sure", () => {
  const pair = {
    level: 0.95,
    low: 0.13112,
    high: 0.1469,
    standardError: 0.0036,
    pValue: 0,
    z: 3,
    needed: 74,
  };

  test("interval, p-value and trials", () => {
    expect(pairDetailsSentence(pair)).toBe(
      "95 % interval 0.131 to 0.147, p < 10^−99; stands out (z = 3) from 74 trials on",
    );
    expect(pairDetailsSentence({ ...pair, low: -0.0084, high: 0.0061, pValue: 0.7549, needed: null })).toBe(
      "95 % interval −0.008 to 0.006, p = 0.75",
    );
    expect(pairDetailsSentence({ ...pair, high: Number.NaN })).toBe("");
  });

  test.each([
    [1, "p = 1"],
    [0.0437, "p = 0.044"],
    [0.001, "p = 0.001"],
    [0.00096, "p = 1 × 10^−3"],
    [4.2e-17, "p = 4 × 10^−17"],
    [1e-100, "p < 10^−99"],
  ])("p of %d", (p, words) => expect(pText(p)).toBe(words));

  test.each([
    [0.05, "5 %"],
    [0.94444, "94.4 %"],
    [0.9999, "99.99 %"],
    [0.99999, "> 99.99 %"],
    [1, "100 %"],
    [0, "0 %"],
  ])("a share of %d", (share, words) => expect(percent(share)).toBe(words));
});
