import { describe, expect, test } from "vitest";
import { doAgainstSee } from "../../src/doSee";
import { fill, type Lesson, type MathNode, pictureIds, placeholders } from "../../src/lessons/lesson";
import { lessons } from "../../src/lessons/lessons";
import { exactEffect } from "../../src/model/estimand";
import { parseExperiment } from "../../src/model/experiment";
import { arrows, findArrow, one } from "../../src/model/network";
import { predictor } from "../../src/model/predict";
import { fitLine, twoArms } from "../../src/model/twoArms";
import { networkOf } from "../../src/network";
import { denseOf, replayNotebook } from "../../src/replay/notebook";

const sentences = (lesson: Lesson) => [
  lesson.text,
  lesson.question,
  lesson.reveal,
  lesson.revealPrivate ?? "A.",
  lesson.replay,
  lesson.fresh,
];

describe("every lesson", () => {
  test("they are seven, in order, each with its key and a name of its own", () => {
    expect(lessons.map(({ number, key }) => `${number}${key}`)).toEqual([
      "11",
      "22",
      "33",
      "44",
      "55",
      "66",
      "77",
    ]);
    const names = lessons.map(({ name }) => name);
    expect(new Set(names).size).toBe(7);
    for (const name of names) expect(name).toMatch(/^[a-z-]+$/);
  });

  test.each(lessons.map((lesson) => [lesson.name, lesson] as const))("%s says all it has to", (_, lesson) => {
    const { title, text, question, numbers, picture, beside, experiment, view, note } = lesson;
    expect(title).toMatch(/^[A-Z]/);
    const count = text.match(/[.?](?= |$)/g)?.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThanOrEqual(3);
    expect(question).toContain("?");
    for (const sentence of [...sentences(lesson), note ?? "A."]) {
      expect(sentence).toMatch(/^([A-Z]|create_|simulate_).*[.?]$/);
      expect(sentence).not.toMatch(/ {2}|—| – |!/);
    }
    for (const id of [picture, ...beside]) expect(pictureIds).toContain(id);
    expect(() => parseExperiment(experiment)).not.toThrow();
    if (view.select) expect(view.select).toMatch(/^\d+(-\d+)?$/);

    const asked = [text, question, lesson.reveal].flatMap(placeholders);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(numbers).sort());
    for (const name of placeholders(lesson.revealPrivate ?? "")) expect(asked).toContain(name);
    for (const { means, replay } of Object.values(numbers)) {
      expect(means).not.toBe("");
      expect(replay).not.toBe("");
    }
    // What only the page may fill in is in no sentence about NumPy.
    expect([lesson.replay, lesson.fresh, note ?? ""].flatMap(placeholders)).toEqual([]);
  });

  test.each(lessons.map(({ name, equation }) => [name, equation] as const))(
    "%s has an equation in MathML, and in words",
    (_, { mathml, words }) => {
      const { names, texts } = within(mathml);
      expect(names).toEqual(expect.arrayContaining(["mrow", "mi", "mo"]));
      expect(names.filter((name) => !(name in partsOf) && !leaves.has(name))).toEqual(["math"]);
      expect(words).toMatch(/^[A-Z].*\.$/);
      // Letters that the bundled serif has; see lessons/equations.ts.
      expect(texts).not.toMatch(/[^ -~\u00a0-\u00ff\u0370-\u03ff→−]/);
    },
  );
});

test("placeholders are filled, and an unknown one stays in sight", () => {
  expect(fill("{a} of {b}, {a}", { a: "1" })).toBe("1 of {b}, 1");
});

describe("the numbers that the lessons name", () => {
  const replay = replayNotebook();
  const { neurons, twoNeurons, connectivity, single, all } = replay;
  const network = networkOf(parseExperiment());
  const estimand = exactEffect(network);
  const named = (lesson: number, name: string) => lessons[lesson - 1].numbers[name].replay;
  const near = (text: string, value: number) => {
    const decimals = text.split(".")[1]?.length ?? 0;
    expect(value.toFixed(decimals)).toBe(text);
  };

  test("1: the notebook's difference in means, cut and not rounded, and its error", () => {
    expect(String(twoNeurons.differenceInMeans)).toBe("0.9907195190159408");
    expect(named(1, "difference")).toBe(`${String(twoNeurons.differenceInMeans).slice(0, 8)}…`);
    near(named(1, "standardError"), twoArms(twoNeurons.off, twoNeurons.on).standardError);
  });

  test("2 and 3: arrows, effect, noise, and the trials it takes", () => {
    expect(named(2, "neurons")).toBe(String(neurons));
    expect(named(2, "arrows")).toBe(String(arrows(network)));
    for (const arrow of ["1 → 0", "5 → 1", "3 → 5", "4 → 5"]) {
      expect(lessons[1].replay).toContain(arrow);
      const [source, target] = arrow.split(" → ").map(Number);
      expect(findArrow(network, target, source)).toBeGreaterThanOrEqual(0);
    }
    expect(lessons[1].replay).toContain(connectivity.weight[0].toFixed(6));
    const effect = estimand.effect[findArrow(network, 1, 5)];
    const noise = Math.sqrt(estimand.outcomeVariance[1]);
    for (const lesson of [2, 3]) {
      near(named(lesson, "effect"), effect);
      near(named(lesson, "noise"), noise);
    }
    const needed = 4 * 9 * (estimand.outcomeVariance[1] / effect ** 2);
    expect(Math.abs(Number(named(3, "trialsNeeded")) / needed - 1)).toBeLessThan(0.1);
  });

  test("4: the source, its arrow, and the agreement of its bars", () => {
    expect([single.source, lessons[3].view.source]).toEqual([1, 1]);
    expect(named(4, "sends")).toBe("sends an arrow to 0");
    near(named(4, "agreement"), single.agreement);
    expect(lessons[3].replay).toContain(single.agreement.toFixed(6));
    near(named(4, "standardError"), Math.sqrt((4 / 2500) * estimand.outcomeVariance[2]));
  });

  test("5: the line, and both agreements", () => {
    const weights = denseOf(connectivity);
    const fit = fitLine(weights, all.differenceInMeans);
    near(named(5, "slope"), fit!.slope);
    near(named(5, "agreement"), all.differenceInMeansAgreement);
    expect(fit!.r).toBeCloseTo(all.differenceInMeansAgreement, 12);
    near(named(5, "weight"), network.weight[0] / one);
    for (const agreement of [all.agreement, all.differenceInMeansAgreement])
      expect(lessons[4].replay).toContain(agreement.toFixed(6));
    const exact = weights.map((_, pair) => {
      const arrow = findArrow(network, Math.floor(pair / neurons), pair % neurons);
      return arrow < 0 ? 0 : estimand.effect[arrow];
    });
    const reached = fitLine(weights, exact)!.r;
    near(named(5, "exactAgreement"), reached);
    expect(lessons[4].note).toContain(reached.toFixed(4));
  });

  test("6: what theory expects on NumPy's networks, at fixed trials and with 4 for each pair", () => {
    const ladder = lessons[5].view.ladder!;
    for (const size of ladder.neurons) {
      const larger = networkOf(parseExperiment({ neurons: size }));
      const predict = predictor(
        larger,
        exactEffect(larger),
        Uint32Array.from({ length: size }, (_, neuron) => neuron),
      );
      near(named(6, `fixed${size}`), predict(ladder.trials).agreement!.expected);
      if (size >= 100)
        near(named(6, `grown${size}`), predict(ladder.trialsPerPair * size ** 2).agreement!.expected);
    }
  });

  test("7: what the room sees before it predicts, and that watching takes two and a half times as long", async () => {
    const { experiment, view, note } = lessons[6];
    const { steps, shown } = view.contest!;
    expect(named(7, "first")).toBe(steps[shown - 1].toLocaleString("en"));
    expect(named(7, "last")).toBe(steps.at(-1)!.toLocaleString("en"));
    const { neurons: size, networkSeed, common } = parseExperiment(experiment);
    const question = { neurons: size, networkSeed, seed: "lecture" };
    const points = await doAgainstSee({ ...question, common, steps: steps.slice(0, shown) });
    const last = points.at(-1)!;
    near(named(7, "seeFirst"), last.see!);
    near(named(7, "doFirst"), last.do!);
    expect(note).toContain("two and a half times");
    const [sooner, later] = await doAgainstSee({ ...question, common: 0, steps: [20_000, 50_000] });
    expect(Math.abs(later.see! - sooner.do!)).toBeLessThan(0.005);
    // Hidden neurons alone cost watching next to nothing.
    const [half] = await doAgainstSee({ ...question, common: 0, hidden: 0.5, steps: [50_000] });
    expect(Math.abs(half.see! - later.see!)).toBeLessThan(0.01);
  });
});

describe("two arms and a fitted line", () => {
  test("two arms: means of the first trials, and the error of their difference", () => {
    const { off, on, difference, standardError } = twoArms([1, 2, 3, 100], [4, 4, 7, 100], 3);
    expect([off.mean, on.mean, difference]).toEqual([2, 5, 3]);
    expect(standardError).toBeCloseTo(Math.sqrt(1 / 3 + 3 / 3), 12);
    expect(twoArms([1], [2], 0).off.mean).toBeNaN();
    expect(twoArms([1], [2]).standardError).toBeNaN();
  });

  test("a line through points leaves out what is missing, and says when there is none", () => {
    const fit = fitLine([0, 1, Number.NaN, 2], [1, 3, 9, 5]);
    expect(fit!.slope).toBeCloseTo(2, 12);
    expect(fit!.intercept).toBeCloseTo(1, 12);
    expect(fit!.r).toBe(1);
    expect(fitLine([1, 1], [2, 3])).toBeNull();
    expect(fitLine([1], [2])).toBeNull();
  });
});

/** How many parts MathML gives an element; null: any number. */
const partsOf: Readonly<Record<string, number | null>> = {
  mrow: null,
  mtable: null,
  mtr: null,
  mtd: 1,
  msub: 2,
  msup: 2,
  mfrac: 2,
  msubsup: 3,
};
/** These hold text; mspace holds nothing. */
const leaves = new Set(["mi", "mn", "mo", "mtext", "mspace"]);

/** Every element's name, and all text; throws where an element has parts that MathML does not give it. */
function within({ name, parts }: MathNode): { names: string[]; texts: string } {
  const isLeaf = leaves.has(name);
  const asked = isLeaf ? Number(name !== "mspace") : (partsOf[name] ?? parts.length);
  if (parts.length !== asked) throw new Error(`<${name}> has ${parts.length} parts, not ${asked}`);
  const inside = parts.map((part) => {
    if ((typeof part === "string") !== isLeaf) throw new Error(`<${name}> holds ${typeof part}`);
    return typeof part === "string" ? { names: [], texts: part } : within(part);
  });
  return {
    names: [name, ...inside.flatMap(({ names }) => names)],
    texts: inside.map(({ texts }) => texts).join(""),
  };
}
