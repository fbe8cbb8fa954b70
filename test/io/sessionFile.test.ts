import { beforeAll, describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Engine, Task } from "../../src/engine/engine";
import { encodeSession, readHead, readSession, type Saved, type Session } from "../../src/io/sessionFile";
import { hashPieces } from "../../src/io/sha256";
import { encodeSums, hashSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import { type Experiment, parseExperiment } from "../../src/model/experiment";
import { InputError } from "../../src/model/inputError";
import { wordTrials } from "../../src/model/plan";
import { resolveSources } from "../../src/model/sources";
import { addSums, type Sums } from "../../src/model/sums";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { useGpuEngine } from "../support/gpu";
import { allOf } from "../support/networks";
import { emptySums, readFrom } from "../support/sums";

const gpu = useGpuEngine();
const twins = createTwinEngine();
const cpu = createCpuEngine(nodeThreads());

const bytesOf = (saved: Saved, sums: Sums) => new Uint8Array(Buffer.concat([...encodeSession(saved, sums)]));
const read = (bytes: Uint8Array) => readSession(readFrom(bytes), bytes.length, "a.perturbation-lab");

const savedOf = (experiment: Experiment, from: number, to: number): Saved => ({
  ...{ version: "0.1.0", experiment, trials: { from, to }, engine: "gpu" },
  ...{ adapter: "an adapter, “quoted”", understood: null },
});

const experimentOf = (given: Record<string, unknown>) =>
  parseExperiment({ network: "random", neurons: 9, density: 0.3, trials: 400, ...given });

function taskOf(experiment: Experiment): Task {
  const key = keyFrom(experiment.seed);
  const network = networkOf(experiment);
  const design = designOf(experiment, key);
  const sources = resolveSources(experiment.sources, network, design.hidden);
  return { network, key, design, sources, trials: experiment.trials };
}

async function sumsOf(engine: Engine, task: Task, from: number, to: number, begun?: Sums): Promise<Sums> {
  const run = await engine.open(task, begun);
  await run.advance(from, to);
  const sums = await run.sums();
  run.release();
  return sums;
}

const designs: [string, Record<string, unknown>][] = [
  ["the notebook's design", {}],
  ["of chosen sources", { sources: "top:3" }],
  ["one at a time", { design: "one", probability: 0.3 }],
  ["subsets, some neurons hidden", { design: "subset", share: 0.3, hidden: 0.2, sources: "1,3-5" }],
  ["the same noise in both arms", { design: "same-noise" }],
];

describe.each(designs)("%s", (_, given) => {
  test("what is read is what was written, and a run goes on with it on either engine", async () => {
    const experiment = experimentOf(given);
    const task = taskOf(experiment);
    const expected = hashSums(await sumsOf(twins, task, 0, 400));
    for (const [first, second] of [
      [gpu.engine, cpu],
      [cpu, gpu.engine],
    ] as const) {
      const sums = await sumsOf(first, task, 0, 234);
      const saved = savedOf(experiment, 0, 234);
      const found = read(bytesOf(saved, sums));
      expect(found.sums).toEqual(sums);
      expect(found.head).toMatchObject({ ...saved, sumsHash: hashSums(sums) });
      expect(hashSums(await sumsOf(second, task, 234, 400, found.sums))).toBe(expected);
    }
  });

  test("so it does past the first word of a sum", async () => {
    const experiment = experimentOf({ ...given, trials: 30_000_000 });
    const task = taskOf(experiment);
    const few = await sumsOf(twins, task, 0, 100);
    const times = (values: Float64Array) => values.map((value) => 200_000 * value);
    const timesAll = <T extends object>(of: T): T =>
      Object.fromEntries(
        Object.entries(of).map(([name, value]) => [
          name,
          value instanceof Float64Array ? times(value) : value,
        ]),
      ) as T;
    const many: Sums = { ...timesAll(few), trials: 20_000_000, arms: few.arms && timesAll(few.arms) };
    expect(many.trials).toBeGreaterThan(wordTrials);
    const found = read(bytesOf(savedOf(experiment, 0, many.trials), many));
    const expected = hashSums(addSums(many, await sumsOf(twins, task, 100, 164)));
    for (const engine of [gpu.engine, cpu])
      expect(hashSums(await sumsOf(engine, task, 100, 164, found.sums))).toBe(expected);
  });
});

test("pieces are the taker's: of many of them, each keeps what it had", () => {
  const experiment = parseExperiment({ neurons: 800, network: "random" });
  const sums = { ...emptySums(allOf(800), 800), trials: 64 };
  const pieces = [...encodeSession(savedOf(experiment, 0, 64), sums)];
  expect(pieces.length).toBeGreaterThan(4);
  expect(read(new Uint8Array(Buffer.concat(pieces))).sums).toEqual(sums);
});

describe("what is damaged", () => {
  let whole: Uint8Array;
  let session: Session;
  beforeAll(async () => {
    const experiment = experimentOf({ neurons: 4, design: "subset", seed: "Zürich" });
    session = {
      sums: await sumsOf(twins, taskOf(experiment), 0, 100),
      head: savedOf(experiment, 0, 100) as Session["head"],
    };
    whole = bytesOf(session.head, session.sums);
  });

  /** The one sentence that it is refused with. */
  const refusal = (bytes: Uint8Array): string => {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const { message } = error as InputError;
      expect(message).toMatch(/^a\.perturbation-lab[ :].*(allowed|there are)/);
      expect(message).not.toMatch(/\n|\. [A-Z]/);
      return message;
    }
    throw new Error("it was read");
  };

  test("whichever byte is another: refused in a sentence", () => {
    const kinds = new Set<string>();
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at] ^= flip;
        kinds.add(refusal(bytes).slice(0, 60));
      }
    }
    expect([...kinds].sort()).toEqual([
      "a.perturbation-lab does not begin as a session of this versi",
      "a.perturbation-lab is damaged: it has no first two lines of ",
      "a.perturbation-lab is damaged: the SHA-256 of its first line",
      "a.perturbation-lab is damaged: the SHA-256 of its sums is no",
    ]);
  });

  test("wherever it ends, and with more behind it", () => {
    for (let length = 0; length < whole.length; length++) refusal(whole.subarray(0, length));
    refusal(new Uint8Array([...whole, 0]));
    refusal(new Uint8Array(2 ** 17).fill(0x20));
  });

  test("a number of bytes that cannot be there is refused before anything is read for it", () => {
    const experiment = parseExperiment({ network: "in-degree", neurons: 1_000_000 });
    const bytes = bytesOf(savedOf(experiment, 0, 100), session.sums);
    let most = 0;
    const counted = (from: number, length: number) => {
      most = Math.max(most, length);
      return bytes.subarray(from, from + length);
    };
    expect(() => readHead(counted, bytes.length, "a.perturbation-lab")).toThrow(
      /^a\.perturbation-lab is damaged: its sums have 704 bytes, 704 by its first line; allowed for 64 sources and 1,000,000 targets: 528,001,056$/,
    );
    expect(most).toBeLessThan(2 ** 17);
  });

  /** With its hashes put right, as nobody's mistake would. */
  const forged = (
    change: (head: Record<string, unknown>) => unknown,
    sums = session.sums,
    asJson: (head: unknown) => string = JSON.stringify,
  ) => {
    const [line] = [...encodeSession(session.head, sums)];
    const head = JSON.parse(new TextDecoder().decode(line));
    const changed = new TextEncoder().encode(asJson(change(head) ?? head));
    const lines = [changed, new TextEncoder().encode(`\n${hashPieces([changed])}\n`)];
    return new Uint8Array(Buffer.concat([...lines, ...[...encodeSums(sums)].map((piece) => piece.slice())]));
  };
  const withHead = (more: Record<string, unknown>) => forged((head) => ({ ...head, ...more }));
  const withExperiment = (more: Record<string, unknown>) =>
    withHead({ experiment: { ...session.head.experiment, ...more } });
  const withSums = (change: (sums: Sums) => unknown) => {
    const copy = structuredClone(session.sums);
    change(copy);
    return forged(() => null, copy);
  };

  test("a first line that says what cannot be", () => {
    expect(read(forged(() => null)).sums).toEqual(session.sums);
    const cases: [Uint8Array, RegExp][] = [
      [withHead({ more: 1 }), /its first line has the fields "format, .*more"; allowed: format, version, /],
      [forged(({ adapter: _, ...head }) => head), /understood, sumsBytes, sumsHash"; allowed: format,/],
      [withHead({ version: 3 }), /version is 3; allowed: a text of up to 2,000 characters$/],
      [withHead({ adapter: "x".repeat(2001) }), /adapter is "x+… \(2,003 characters\); allowed: a text/],
      [withHead({ understood: [] }), /understood is a list; allowed: a text/],
      [withHead({ engine: "tpu" }), /engine is "tpu"; allowed: gpu or cpu or null$/],
      [withHead({ trials: { from: 0 } }), /trials is an object; allowed: from and to, and nothing else$/],
      [withHead({ trials: [0, 100] }), /trials is a list; allowed: from and to, and nothing else$/],
      [withHead({ trials: { from: 0, to: [100] } }), /trials is from 0 to a list; allowed: whole numbers/],
      [withHead({ trials: { from: 0, to: 401 } }), /up to the 400 of the experiment$/],
      [withHead({ trials: { from: 100, to: 100 } }), /numbers that ascend/],
      [withHead({ trials: { from: 0.5, to: 100 } }), /numbers that ascend/],
      [withHead({ trials: { from: 0, to: 99 } }), /its sums are of 100 trials; allowed: 99,/],
      [withHead({ sumsHash: "0".repeat(63) }), /sumsHash is "0+"; allowed: 64 hexadecimal digits$/],
      [withHead({ sumsHash: "0".repeat(64) }), /the SHA-256 of its sums is not the sumsHash/],
      [withHead({ sumsBytes: 1e300 }), /sumsBytes is 1e\+300; allowed: a whole number$/],
      [withHead({ sumsBytes: 704 + 8 }), /its sums have 704 bytes, 712 by its first line/],
      [withHead({ experiment: [] }), /experiment is a list; allowed: an object$/],
      [withExperiment({ neurons: 0 }), /neurons is 0; allowed: a whole number from 1 to 1,000,000$/],
      [withExperiment({ colour: 1 }), /"colour" is no parameter/],
      [withExperiment({ neurons: 5 }), /its sums have 704 bytes/],
      [withExperiment({ sources: "1,1,2,3" }), /sources names neuron 1 twice/],
      [withExperiment({ sources: "id:a" }), /allowed: names, if the network is in a file$/],
      [withExperiment({ network: "file" }), /fileHash is ""; allowed: 64 hexadecimal digits/],
      [withExperiment({ design: "same-noise" }), /its sums are of another design; allowed: same-noise,/],
    ];
    for (const [bytes, sentence] of cases) expect(refusal(bytes)).toMatch(sentence);
    // Names that mean something to JavaScript mean nothing here.
    const text = new TextDecoder().decode([...encodeSession(session.head, session.sums)][0]);
    const line = new TextEncoder().encode(text.replace('"experiment":{', '"experiment":{"__proto__":{},'));
    const rest = [...encodeSums(session.sums)].map((piece) => piece.slice());
    const named = Buffer.concat([line, Buffer.from(`\n${hashPieces([line])}\n`), ...rest]);
    expect(() => read(new Uint8Array(named))).toThrow(/"__proto__" is no parameter/);
  });

  test("lists as deep as a line can hold, wherever they stand", () => {
    // JSON is read to any depth, and not written.
    const lists = "[".repeat(30_000) + "]".repeat(30_000);
    const asJson = (head: unknown) => JSON.stringify(head).replace('"deep"', lists);
    const deep = (more: Record<string, unknown>) =>
      refusal(forged((head) => ({ ...head, ...more }), session.sums, asJson));
    const fields = ["version", "experiment", "trials", "engine", "adapter", "understood", "sumsHash"];
    for (const field of [...fields, "sumsBytes"])
      expect(deep({ [field]: "deep" })).toContain(`${field} is a list; allowed: `);
    expect(deep({ trials: { from: "deep", to: 100 } })).toContain("trials is from a list to 100; allowed: ");
    for (const name of ["seed", "neurons", "design"])
      expect(deep({ experiment: { ...session.head.experiment, [name]: "deep" } })).toContain(" is a list; ");
  });

  test("sums that no trials can add up to", () => {
    const numbers: [string, (sums: Sums) => Float64Array][] = [
      ["the number of trials on of source 0", ({ perturbed }) => perturbed],
      ["the number of trials off of source 0", ({ arms }) => arms?.off as Float64Array],
      ["the outcome of target 0", ({ outcome }) => outcome],
      ["the squared outcome of target 0", ({ outcomeSquared }) => outcomeSquared],
      ["the outcome on of source 0 and target 0", ({ pair }) => pair],
      ["the outcome off of source 0 and target 0", ({ arms }) => arms?.pairOff as Float64Array],
      ["the squared outcome on of source 0 and target 0", ({ arms }) => arms?.squaredOn as Float64Array],
      ["the squared outcome off of source 0 and target 0", ({ arms }) => arms?.squaredOff as Float64Array],
    ];
    for (const [words, of] of numbers) {
      const bytes = withSums((sums) => of(sums).fill(2 ** 40, 0, 1));
      expect(refusal(bytes)).toMatch(
        new RegExp(`contradicts itself: ${words} is 1099511627776; allowed: \\d+ to \\d+$`),
      );
    }
  });

  test("sums of other sources than those of the experiment", async () => {
    const task = taskOf(experimentOf({ neurons: 4, design: "subset", seed: "Zürich", sources: "0-2" }));
    const sums = await sumsOf(twins, task, 0, 100);
    const others = experimentOf({ ...session.head.experiment, sources: "1-3" });
    const bytes = forged((head) => ({ ...head, experiment: others }), sums);
    expect(refusal(bytes)).toMatch(/its sums are of other sources; allowed: 1-3,/);
  });
});
