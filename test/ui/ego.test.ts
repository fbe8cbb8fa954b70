import { describe, expect, test } from "vitest";
import { certaintyOf, type Estimates } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { outgoing } from "../../src/model/outgoing";
import { networkOf } from "../../src/network";
import { type EgoNetwork, egoOf, outwards } from "../../src/page/ego";
import { Egos } from "../../src/page/egos";
import { createForces, forceSteps } from "../../src/page/forces";
import { captionOf } from "../../src/page/graphWords";
import { truthArrows } from "../../src/page/lookup";
import type { ArrowList } from "../../src/view/arrowList";

const neurons = 200;
const network = networkOf(parseExperiment({ network: "random", neurons, density: 0.06, seed: "ego" }));
const out = outgoing(network);
const exact = Float64Array.from(network.source, (_, arrow) => ((arrow * 37) % 101) / 100 - 0.5);
const sources = Uint32Array.of(3, 17, 60, 199);

/** Made up: effects that depend on the pair alone, of all signs and certainties; some are missing. */
const estimates: Estimates = {
  trials: 1e6,
  targets: neurons,
  sources,
  freedom: new Float64Array(sources.length).fill(1e6),
  effect: Float64Array.from({ length: neurons * sources.length }, (_, pair) =>
    pair % 50 === 7 ? Number.NaN : Math.sin(pair * pair) / 10,
  ),
  standardError: new Float64Array(neurons * sources.length).fill(0.02),
};

const listed = ({ source, target, effect }: ArrowList) =>
  Array.from(source, (from, at) => `${from}-${target[at]}: ${effect[at].toFixed(5)}`).sort();

/** All true arrows of a neuron, by looking at every arrow there is. */
function truly(neuron: number): string[] {
  const found: string[] = [];
  for (let row = 0; row < neurons; row++)
    for (let at = network.rowStart[row]; at < network.rowStart[row + 1]; at++)
      if (row === neuron || network.source[at] === neuron)
        found.push(`${network.source[at]}-${row}: ${exact[at].toFixed(5)}`);
  return found.sort();
}

function estimated(neuron: number): string[] {
  const found: string[] = [];
  for (let row = 0; row < neurons; row++)
    for (let column = 0; column < sources.length; column++) {
      const effect = estimates.effect[row * sources.length + column];
      if (row !== neuron && sources[column] !== neuron) continue;
      if (certaintyOf(Math.abs(effect) / 0.02, 1e6) >= 3)
        found.push(`${sources[column]}-${row}: ${effect.toFixed(5)}`);
    }
  return found.sort();
}

describe("what joins a neuron with others", () => {
  test("is what a look at every arrow and every pair finds, for sources and others", () => {
    const looped = [...Array(neurons).keys()].find((one) =>
      truly(one).some((arrow) => arrow.startsWith(`${one}-${one}:`)),
    );
    for (const neuron of [0, 17, 60, 199, looped ?? 1]) {
      const ego = egoOf(neuron, network, exact, outwards(out, neuron), estimates, 1000);
      expect(listed(ego.truth)).toEqual(truly(neuron));
      expect(listed(ego.estimates)).toEqual(estimated(neuron));
      expect([ego.truths, ego.found]).toEqual([truly(neuron).length, estimated(neuron).length]);
      expect(ego.effects !== null).toBe(sources.includes(neuron));
    }
    const { effects } = egoOf(60, network, exact, outwards(out, 60), estimates, 1000);
    for (let row = 0; row < neurons; row++)
      expect(effects?.effect[row]).toEqual(Math.fround(estimates.effect[4 * row + 2]));
  });

  test("of more than there is room for, the largest, the very largest on top", () => {
    const ego = egoOf(17, network, exact, outwards(out, 17), estimates, 5);
    const sizes = truly(17).map((arrow) => Math.abs(Number(arrow.split(": ")[1])));
    const largest = sizes.sort((a, b) => a - b).slice(-5);
    expect(Array.from(ego.truth.effect, (effect) => Number(Math.abs(effect).toFixed(5)))).toEqual(largest);
    expect(ego.truths).toBe(sizes.length);
    expect(ego.estimates.source).toHaveLength(5);
  });

  test("before there are estimates, it is the true arrows alone", () => {
    const ego = egoOf(17, network, exact, outwards(out, 17), null, 1000);
    expect(ego).toMatchObject({ effects: null, found: 0 });
    expect(listed(ego.truth)).toEqual(truly(17));
  });
});

test("of neurons looked at one after the other the latest is asked for, and a lost question hinders nobody", async () => {
  const asked: number[] = [];
  const heard: (number | undefined)[] = [];
  const answers: ((ego: EgoNetwork | null) => void)[] = [];
  const egos = new Egos(
    (neuron) => {
      asked.push(neuron);
      return new Promise((resolve) => answers.push(resolve));
    },
    (ego) => heard.push(ego?.neuron),
  );
  const answer = async (at: number) => {
    answers[at](egoOf(asked[at], network, exact, outwards(out, asked[at]), null, 10));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  for (const neuron of [3, 4, 5]) egos.look(neuron);
  expect(asked).toEqual([3]);
  await answer(0);
  expect([asked, heard]).toEqual([[3, 5], []]);
  await answer(1);
  expect([heard, egos.latest?.neuron]).toEqual([[5], 5]);
  // Asked again, and another network comes before the answer.
  egos.refresh();
  egos.forget();
  expect([asked, heard, egos.latest]).toEqual([[3, 5, 5, 5], [5, undefined], null]);
  await answer(2);
  expect(heard).toHaveLength(2);
  await answer(3);
  expect(heard).toEqual([5, undefined, 5]);
  egos.look(null);
  expect(asked).toHaveLength(4);
});

test("of too many true arrows a sample is drawn, evenly spaced, each an arrow with its own effect", () => {
  const all = truthArrows(network, exact, 1e6);
  expect(all.source).toEqual(network.source);
  const sample = truthArrows(network, exact, 100);
  expect(sample.source).toHaveLength(100);
  const known = new Set(listed(all));
  for (const arrow of listed(sample)) expect(known.has(arrow)).toBe(true);
  expect(new Set(listed(sample)).size).toBe(100);
  // From all parts of the network.
  for (let part = 0; part < 4; part++) {
    const inPart = sample.target.filter((target) => Math.floor((4 * target) / neurons) === part);
    expect(Math.abs(inPart.length - 25)).toBeLessThan(6);
  }
});

test("the caption says what is shown, and of how many", () => {
  const whole = { shown: 70, all: 70 };
  const say = (given: Partial<Parameters<typeof captionOf>[0]>) =>
    captionOf({ neurons: 5000, layout: "", truth: null, estimates: whole, ego: null, ...given });
  expect(say({ neurons: 6 })).toBe("6 neurons");
  expect(say({ neurons: 1 })).toBe("1 neuron");
  expect(say({})).toBe("5,000 neurons · 70 arrows stand out by 3 standard errors");
  expect(say({ estimates: { shown: 2000, all: 4282 } })).toBe(
    "5,000 neurons · showing 2,000 of 4,282 arrows",
  );
  expect(say({ truth: { shown: 2000, all: 2_700_000 } })).toBe(
    "5,000 neurons · showing a sample of 2,000 of 2,700,000 true arrows, 70 stand out",
  );
  expect(say({ ego: 17, truth: { shown: 41, all: 41 } })).toBe(
    "5,000 neurons · arrows of neuron 17: 41 true, 70 stand out",
  );
  expect(say({ ego: 17, truth: { shown: 2000, all: 10_431 }, layout: "finding places · 40 %" })).toBe(
    "5,000 neurons · showing 2,000 of 10,431 true arrows of neuron 17, 70 stand out · finding places · 40 %",
  );
  expect(say({ ego: 17, estimates: { shown: 2000, all: 10_431 } })).toBe(
    "5,000 neurons · showing 2,000 of 10,431 arrows of neuron 17",
  );
});

test("forces bring the neurons of a block together, the same way every time", () => {
  const blocks = networkOf(
    parseExperiment({ network: "blocks", neurons: 240, blocks: 4, density: 0.15, between: 0.005 }),
  );
  const settle = (steps: number) => {
    const forces = createForces(blocks);
    while (forces.done < steps) forces.step();
    return forces.places();
  };
  const ratio = (places: Float32Array) => {
    const distances = { within: [0, 0], between: [0, 0] };
    for (let a = 0; a < 240; a++)
      for (let b = 0; b < a; b++) {
        const kind = Math.floor(a / 60) === Math.floor(b / 60) ? distances.within : distances.between;
        kind[0] += Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]);
        kind[1]++;
      }
    return distances.between[0] / distances.between[1] / (distances.within[0] / distances.within[1]);
  };
  expect(ratio(settle(0))).toBeLessThan(1.2);
  const settled = settle(forceSteps);
  expect(ratio(settled)).toBeGreaterThan(2);
  expect(settle(forceSteps)).toEqual(settled);
});
