import { expect, test } from "vitest";
import { exactEffect } from "../../src/model/estimand";
import { parseExperiment } from "../../src/model/experiment";
import { trialsNeeded } from "../../src/model/needed";
import { arrows } from "../../src/model/network";
import { typicalNeeds, typicalOf } from "../../src/model/typical";
import { networkOf } from "../../src/network";
import { allOf } from "../support/networks";

// The curve is made without a network; here it stands beside one of each kind. Strong inhibition in short rows leaves
// much to chance: which of the inputs are inhibitory, and on a ring without rewiring where they crowd.
const kinds: [Record<string, unknown>, number, number][] = [
  [{ network: "random" }, 0.01, 0.15],
  [{ network: "in-degree", inDegree: 10 }, 0.01, 0.15],
  [{ network: "blocks", density: 0.2, between: 0.02 }, 0.01, 0.15],
  [{ network: "small-world", inDegree: 10, rewiring: 0.2 }, 0.01, 0.2],
  [{ network: "small-world", inDegree: 10, rewiring: 0 }, 0.01, 0.27],
];

test.each(kinds)("%j: as many trials as in a network that was made", (kind, plain, balanced) => {
  for (const [signs, error] of [
    [{}, plain],
    [{ inhibitory: 0.2 }, plain],
    [{ inhibitory: 0.2, inhibition: 4 }, balanced],
  ] as const) {
    const experiment = parseExperiment({ ...kind, ...signs, neurons: 1000 });
    const typical = typicalOf(experiment, 1000)!;
    const network = networkOf(experiment);
    expect(Math.abs((typical.arrows * 1000) / arrows(network) - 1)).toBeLessThan(0.01);
    const needs = trialsNeeded(network, exactEffect(network), allOf(1000));
    for (const share of [0.5, 0.95])
      expect(Math.abs(typicalNeeds(typical, share)! / needs.of(share)! - 1)).toBeLessThan(error);
  }
});

test("there are no networks with more inputs or blocks than neurons, nor without arrows", () => {
  expect(typicalOf(parseExperiment({ network: "in-degree", inDegree: 9 }), 8)).toBeNull();
  expect(typicalOf(parseExperiment({ network: "in-degree", inDegree: 8 }), 8)?.arrows).toBe(8);
  expect(typicalOf(parseExperiment({ network: "small-world", inDegree: 8 }), 8)).toBeNull();
  expect(typicalOf(parseExperiment({ network: "blocks", blocks: 9 }), 8)).toBeNull();
  expect(typicalOf(parseExperiment({ network: "random", density: 0 }), 8)).toBeNull();
});
