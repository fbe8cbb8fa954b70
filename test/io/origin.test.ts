import { expect, test } from "vitest";
import { contradiction } from "../../src/io/origin";
import { parseExperiment } from "../../src/model/experiment";
import { emptySums } from "../support/sums";

// What sums may say beside an experiment; sentences are tested where they are read, in sessions and results.

const ofSources = (sources: string, ...has: number[]) =>
  contradiction(
    { experiment: parseExperiment({ sources, hidden: 0.2 }), trials: { from: 5, to: 5 } },
    {
      ...emptySums(Uint32Array.from(has), 6),
      arms: {
        paired: false,
        off: new Float64Array(has.length),
        ...{ pairOff: new Float64Array(6 * has.length), squaredOn: new Float64Array(6 * has.length) },
        squaredOff: new Float64Array(6 * has.length),
      },
    },
  );

test("sums may be of some of the sources, as those of tiles, and of no others", () => {
  expect(ofSources("all", 0, 1, 2, 3, 4, 5)).toBeNull();
  expect(ofSources("all", 0, 1)).toBeNull();
  expect(ofSources("all", 1, 4)).toBeNull();
  expect(ofSources("5,1-2", 1, 2, 5)).toBeNull();
  expect(ofSources("5,1-2", 1, 5)).toBeNull();
  const others = /^its sums are of other sources; allowed: /;
  expect(ofSources("5,1-2", 1, 3)).toMatch(others);
  expect(ofSources("5,1-2", 0, 1)).toMatch(others);
  expect(ofSources("1-2", 1, 2, 5)).toMatch(others);
  expect(ofSources("all")).toMatch(others);
  // Five of the six neurons are observed; which of them have the most arrows, only the network says.
  expect(ofSources("top:2", 3, 5)).toBeNull();
  expect(ofSources("top:2", 1, 3, 5)).toMatch(others);
  expect(() => ofSources("top:6", 1)).toThrow(/allowed: top:1 to top:5, the number of observed neurons$/);
});
