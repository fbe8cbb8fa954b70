import { describe, expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { arrows } from "../../src/model/network";
import { largestSingularValue } from "../../src/model/singularValue";
import { resolveSources } from "../../src/model/sources";
import { keyFrom } from "../../src/model/threefry";
import { generators, type MadeKind } from "../../src/model/wiring/wiring";
import { arrowsExpected, networkOf, scalingSteps } from "../../src/network";
import { forceBytes, forecast } from "../../src/page/forecast";
import type { Progress } from "../../src/page/session";
import { withOrWithout } from "../../src/page/sourceList";
import { memoryText } from "../../src/page/status";

describe("before a run", () => {
  test.each([
    [{ network: "notebook", neurons: 200 }, 0.02],
    [{ network: "random", neurons: 3000, density: 0.01 }, 0.02],
    [{ network: "blocks", neurons: 1000, blocks: 7, density: 0.1, between: 0.003 }, 0.03],
    [{ network: "in-degree", neurons: 500, inDegree: 20 }, 0],
    [{ network: "small-world", neurons: 500, inDegree: 6 }, 0],
  ])("the arrows of %o are known as nearly as can be", (given, part) => {
    const experiment = parseExperiment(given);
    const found = arrows(networkOf(experiment));
    expect(Math.abs(arrowsExpected(experiment) - found)).toBeLessThanOrEqual(part * found);
  });

  test.each([
    { network: "random", density: 0.005 },
    { network: "blocks", blocks: 40, density: 0.5, between: 0 },
    { network: "small-world", inDegree: 12, rewiring: 0.1 },
    { network: "small-world", inDegree: 12, rewiring: 0.001 },
    { network: "small-world", inDegree: 12, rewiring: 0 },
  ])("no more steps than are forecast find the scale of %o, and in rings not many less", (given) => {
    const experiment = parseExperiment({ ...given, neurons: 4000 });
    const wiring = generators[given.network as MadeKind](experiment, keyFrom(""));
    let steps = 0;
    largestSingularValue(wiring, { tell: () => steps++ });
    expect(steps).toBeLessThanOrEqual(scalingSteps(experiment));
    if (given.network === "small-world") expect(steps).toBeGreaterThanOrEqual(scalingSteps(experiment) / 5);
  });

  test("pairs, arrows and bytes are told; more sources take more", () => {
    const large = { network: "in-degree", neurons: 100_000, inDegree: 20 };
    const some = forecast(parseExperiment(large));
    expect(some).toMatchObject({ targets: 100_000, sources: 64, arrows: 2_000_000 });
    expect(some.bytes).toBeGreaterThan(6.4e6 * 24 + 2e6 * 32);
    expect(forecast(parseExperiment({ ...large, sources: "top:128" })).bytes).toBeGreaterThan(some.bytes);
    // Arms of their own have six sums a pair.
    expect(forecast(parseExperiment({ ...large, design: "subset" })).bytes).toBeGreaterThan(1.5 * some.bytes);
    // Pairs that share their noise have a variance more to an arrow.
    const [subset, paired] = ["subset", "same-noise"].map(
      (design) => forecast(parseExperiment({ ...large, design })).bytes,
    );
    expect(paired - subset).toBe(8 * 2e6);
  });

  test("places by forces take arrows both ways in the studio, and on its GPU", () => {
    const large = forecast(parseExperiment({ network: "in-degree", neurons: 100_000, inDegree: 20 }));
    // From the buffers: source, target and their arrow, in memory; source and target again on the GPU.
    expect(forceBytes(large) / (2e6 * (3 * 4 + 2 * 4))).toBeCloseTo(1, 0);
    // Said to two digits.
    const shown = (layout: "force" | "disc") =>
      memoryText({ forecast: { ...large, bytes: 400 * 2 ** 20 }, held: null } as Progress, layout);
    expect(shown("disc")).toBe("up to 400 MiB");
    expect(shown("force")).toBe("up to 450 MiB");
  });

  test.each([
    [
      { network: "in-degree", neurons: 100_000, sources: "all" },
      /100,000 targets × 100,000 sources need .*which fits 1,952 sources/,
    ],
    [{ neurons: 30_000 }, /neurons is 30,000; allowed for the notebook's network: up to 20,000/],
    [
      { network: "random", neurons: 1_000_000 },
      /density is 0\.1, about 100,000,000,000 arrows .*allowed: up to 0\.00027/,
    ],
    [{ network: "in-degree", neurons: 10, inDegree: 11 }, /in-degree is 11; allowed .*up to 10/],
    [{ neurons: 10, sources: "10" }, /there is no neuron 10/],
  ])("what does not fit is refused, with what would: %o", (given, sentence) => {
    expect(() => forecast(parseExperiment(given))).toThrow(sentence);
  });
});

describe("one source more, or less", () => {
  const network = networkOf(parseExperiment({ network: "random", neurons: 60 }));
  const few = resolveSources("3,17-19", network, null);

  test("is a list again", () => {
    expect(withOrWithout(few, 20, 60)).toBe("3,17-20");
    expect(withOrWithout(few, 18, 60)).toBe("3,17,19");
  });

  test("nothing selected, the last one, and everyone are answered in a sentence", () => {
    expect(() => withOrWithout(few, null, 60)).toThrow(/^No neuron is selected/);
    expect(() => withOrWithout(Uint32Array.of(5), 5, 60)).toThrow(/^Neuron 5 is the only source/);
    expect(() => withOrWithout(resolveSources("all", network, null), 5, 60)).toThrow(
      /^Every neuron is a source/,
    );
  });
});
