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

test("a design with arms of its own has sums of both, and others have none", () => {
  const has = (given: Parameters<typeof parseExperiment>[0], arms: ReturnType<typeof armsOf> | null) =>
    contradiction(
      { experiment: parseExperiment({ sources: "0", ...given }), trials: { from: 0, to: 0 } },
      { ...emptySums(Uint32Array.of(0), 6), arms },
    );
  const armsOf = (paired: boolean) => ({
    paired,
    off: new Float64Array(1),
    ...{ pairOff: new Float64Array(6), squaredOn: new Float64Array(6), squaredOff: new Float64Array(6) },
  });
  const [apart, paired] = [armsOf(false), armsOf(true)];
  expect(has({}, null)).toBeNull();
  expect(has({ design: "subset" }, apart)).toBeNull();
  expect(has({ design: "same-noise" }, paired)).toBeNull();
  const another = /^its sums are of another design; allowed: /;
  expect(has({}, apart)).toMatch(another);
  expect(has({ design: "subset" }, null)).toMatch(another);
  expect(has({ design: "subset" }, paired)).toMatch(another);
  expect(has({ design: "same-noise" }, apart)).toMatch(another);
});
