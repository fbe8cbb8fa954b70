import { afterEach, describe, expect, test, vi } from "vitest";
import { createTwinEngine } from "../../src/engine/cpu/twins";
import type { Task } from "../../src/engine/engine";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { type Params, trialGrid } from "../../src/model/params";
import { randomBits } from "../../src/model/randomBits";
import { type Key, keyFrom, lane, mostLaneNeurons, mostLaneTrials } from "../../src/model/threefry";
import { checkWatch } from "../../src/model/watch";
import { signsOf } from "../../src/model/wiring/signs";
import { generators, type MadeKind } from "../../src/model/wiring/wiring";
import { networkOf } from "../../src/network";

// No counter serves two draws: the proof is at `lane`, and here every counter is written down beside what it was drawn
// for. The names come from where a result is written and from the trials that were asked for, never from the counter.

/** What is broken, to see that it would show. */
interface Fault {
  lane?(stream: number, neuron: number, use: number): [stream: number, neuron: number, use: number];
  number?(number: number): number;
  params?(params: Params): Params;
}

const book = vi.hoisted(() => {
  const nameOf = new Map<string, string>();
  const counterOf = new Map<string, string>();
  const pending: string[] = [];
  return {
    fault: {} as Fault,
    pending,
    /** Names that a counter, or counters that a name, was seen with before. */
    clashes: [] as string[],
    /** What is drawn at the moment: set by whoever asks for it. */
    now: { from: 0, to: 0, rows: 0, isPaired: false, isShared: false, isWatched: false, time: 0 },
    take: () => pending.splice(0),
    write(name: string, counter: string) {
      const [name0, counter0] = [nameOf.get(counter) ?? name, counterOf.get(name) ?? counter];
      if (name0 !== name || counter0 !== counter)
        this.clashes.push(`${name}: ${counter}, ${counter0}, ${name0}`);
      nameOf.set(counter, name);
      counterOf.set(name, counter);
    },
    names: () => [...counterOf.keys()],
    clear() {
      nameOf.clear();
      counterOf.clear();
      pending.length = 0;
      this.clashes = [];
      this.fault = {};
    },
  };
});

vi.mock("../../src/model/threefry", async (original) => {
  const real = await original<typeof import("../../src/model/threefry")>();
  return {
    ...real,
    lane: (stream: number, neuron: number, use = 0) =>
      real.lane(...(book.fault.lane?.(stream, neuron, use) ?? ([stream, neuron, use] as const))),
    threefry2x32(counter0: number, counter1: number, key: Key) {
      const number = (book.fault.number?.(counter0) ?? counter0) >>> 0;
      book.pending.push(`${key.join()} ${number} ${counter1 >>> 0}`);
      return real.threefry2x32(number, counter1, key);
    },
  };
});

/** An array that tells each place that is written to; what has been drawn by then was drawn for it. */
const watched = (array: Uint32Array, onWrite: (at: number, drawn: string[]) => void): Uint32Array =>
  new Proxy(array, {
    get: (words, at) => words[Number(at)],
    set(words, at, value) {
      onWrite(Number(at), book.take());
      words[Number(at)] = value;
      return true;
    },
  });

/** The grid of the trials that were asked for. */
const grid = () => {
  const { from, to } = book.now;
  const base = 64 * Math.floor(from / 64);
  return { base, words: 2 * Math.ceil((to - base) / 64) };
};

/** Bit planes of 64 trials: the last one drawn decides most, and is the only one for ½. */
const writePlanes = (what: string, words: number) => (at: number, drawn: string[]) => {
  const neuron = Math.floor(at / words);
  const block = grid().base / 64 + Math.floor((at % words) / 2);
  for (const [place, counter] of drawn.reverse().entries())
    book.write(`${what} of neuron ${neuron} in block ${block}, plane ${place}`, counter);
};

vi.mock("../../src/model/perturb", async (original) => {
  const real = await original<typeof import("../../src/model/perturb")>();
  return {
    perturb(params: Params, perturbation: Uint32Array) {
      book.now.rows = 0;
      const given = book.fault.params?.(params) ?? params;
      real.perturb(given, watched(perturbation, writePlanes("value", grid().words)));
    },
  };
});

vi.mock("../../src/model/choose", async (original) => {
  const real = await original<typeof import("../../src/model/choose")>();
  return {
    ...real,
    choose(params: Params, turn: Uint32Array, perturbation: Uint32Array, off: Uint32Array) {
      const given = book.fault.params?.(params) ?? params;
      real.choose(given, turn, watched(perturbation, writePlanes("choice", grid().words)), off);
    },
  };
});

/** Noise, four trials a word, row by row; what is common to all is drawn before the first word is written. */
function watchedNoise(what: string, array: Uint32Array, firstRow: number): Uint32Array {
  const { from, to, isPaired, isShared } = book.now;
  const { base, words } = grid();
  const step = (trial: number) => (isPaired ? Math.floor(trial / 2) : trial);
  let isFirst = true;
  return watched(array, (at, drawn) => {
    if (isFirst && isShared)
      for (const [trial, counter] of drawn.splice(0, 32 * words).entries())
        book.write(`common noise of ${what} ${step(base + trial)}`, counter);
    isFirst = false;
    const first = base + 4 * (at % (8 * words));
    const neuron = firstRow + Math.floor(at / (8 * words));
    const trials = [0, 1, 2, 3].map((byte) => first + byte).filter((trial) => trial >= from && trial < to);
    if (drawn.length !== trials.length)
      book.clashes.push(`${drawn.length} draws for ${trials.length} trials`);
    for (const [index, trial] of trials.entries())
      book.write(`noise of neuron ${neuron} in ${what} ${step(trial)}`, drawn[index]);
  });
}

vi.mock("../../src/model/respond", async (original) => {
  const { respond } = await original<typeof import("../../src/model/respond")>();
  return {
    respond(...[params, ...arrays]: Parameters<typeof respond>) {
      const outcome = arrays.pop() as Uint32Array;
      const inputs = arrays as unknown as Parameters<typeof respond> extends [Params, ...infer A, infer _]
        ? A
        : never;
      respond(book.fault.params?.(params) ?? params, ...inputs, watchedNoise("step", outcome, book.now.rows));
      book.now.rows += params.targets;
    },
  };
});

vi.mock("../../src/model/evolve", async (original) => {
  const { evolve } = await original<typeof import("../../src/model/evolve")>();
  return {
    evolve(...[params, ...arrays]: Parameters<typeof evolve>) {
      const outcome = arrays.pop() as Uint32Array;
      const inputs = arrays as unknown as Parameters<typeof evolve> extends [Params, ...infer A, infer _]
        ? A
        : never;
      const { now } = book;
      const isFree = params.fromRest === 1;
      const what = now.isWatched ? `time ${now.time++}, chain` : isFree ? "free step" : "step";
      const row = isFree || now.isWatched ? 0 : now.rows;
      evolve(book.fault.params?.(params) ?? params, ...inputs, watchedNoise(what, outcome, row));
      if (!isFree) now.rows += params.targets;
    },
  };
});

const seed = "counters";
const key = keyFrom(seed);

function taskOf(given: Record<string, unknown>): Task {
  const experiment = parseExperiment({ network: "in-degree", inDegree: 2, neurons: 5, seed, ...given });
  const network = networkOf(experiment);
  const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
  const design = designOf(experiment, key);
  book.take();
  return { network, key, design, sources, trials: 1000 };
}

/** Runs trials cut at these places, and tiles of so many sources one after the other. */
async function runTrials(
  given: Record<string, unknown>,
  cuts: readonly number[],
  tile = Infinity,
): Promise<void> {
  const task = taskOf(given);
  const { sources } = task;
  Object.assign(book.now, {
    isPaired: given.design === "same-noise",
    isShared: Number(given.common ?? 0) > 0,
  });
  for (let first = 0; first < sources.length; first += tile) {
    const some = sources.subarray(first, first + tile);
    const run = await createTwinEngine().open({ ...task, sources: some, turns: sources });
    for (const [part, from] of cuts.slice(0, -1).entries()) {
      Object.assign(book.now, { from, to: cuts[part + 1] });
      await run.advance(from, cuts[part + 1]);
    }
  }
}

async function watchChains(chains: number, times: number, common: number): Promise<void> {
  const { network } = taskOf({});
  const now = {
    from: 0,
    to: chains,
    time: 0,
    rows: 0,
    isWatched: true,
    isPaired: false,
    isShared: common > 0,
  };
  Object.assign(book.now, now);
  const task = { network, key, hidden: null, chains, common: 65_536 * common, burnIn: 1 };
  await (await createTwinEngine().watch(task)).advance(0, times);
  book.now.isWatched = false;
}

/** The words of a row's lane come in their order; `tell` says where a row begins, with so few neurons. */
function makeNetwork(network: MadeKind, given: Record<string, unknown>): void {
  const experiment = parseExperiment({ network, seed, neurons: 100, ...given });
  let row = -1;
  const endRow = () => {
    for (const [word, counter] of book.take().entries())
      book.write(`words ${word} of row ${row} of the wiring`, counter);
    row++;
  };
  generators[network](experiment, key, endRow);
  endRow();
  expect(row).toBe(100);
}

/** Everything that an experiment can draw. */
async function drawEverything(): Promise<string[]> {
  makeNetwork("random", { density: 0.3 });
  makeNetwork("in-degree", { inDegree: 90 });
  makeNetwork("blocks", { blocks: 3, density: 0.5, between: 0.1 });
  makeNetwork("small-world", { inDegree: 20, rewiring: 0.5 });
  for (const [what, draw] of [
    ["hidden", () => designOf(parseExperiment({ neurons: 100, hidden: 0.2 }), key)],
    ["inhibitory", () => signsOf({ neurons: 100, inhibitory: 0.2, inhibition: 1 }, key)],
  ] as const) {
    draw();
    for (const [neuron, counter] of book.take().entries()) book.write(`${what}, neuron ${neuron}`, counter);
  }
  const designs = [
    {},
    { probability: 0.3, common: 0.5 },
    { design: "one", hidden: 0.4 },
    { design: "one", common: 0.5 },
    { design: "subset", share: 0.3 },
    { design: "subset", share: 0.5, probability: 0.01, common: 1 },
    { design: "same-noise" },
    { design: "same-noise", common: 0.5 },
  ];
  for (const given of designs) {
    await runTrials(given, [0, 140]);
    await runTrials(given, [0, 13, 64, 65, 130, 131, 140], 2);
  }
  await runTrials({ design: "subset" }, [mostLaneTrials - 70, mostLaneTrials - 3, mostLaneTrials]);
  await runTrials({ design: "one" }, [2 ** 31 - 5, 2 ** 31 + 5]);
  // More targets than a slice of them holds.
  await runTrials({ neurons: 1100 }, [62, 66]);
  await watchChains(70, 4, 0.5);
  return book.clashes;
}

afterEach(() => book.clear());

test("no counter serves two draws, and no draw has two counters: all designs, chunks, tiles, watching, networks", async () => {
  expect(await drawEverything()).toEqual([]);
  // What was asked for was drawn: each neuron's noise in each trial, at every cut.
  const wanted = [0, 1, 2, 3, 4].flatMap((neuron) =>
    ["step", "free step"].flatMap((what) =>
      Array.from({ length: 140 }, (_, trial) => `noise of neuron ${neuron} in ${what} ${trial}`),
    ),
  );
  wanted.push(
    "value of neuron 4 in block 2, plane 0",
    "value of neuron 4 in block 2, plane 10",
    "choice of neuron 4 in block 2, plane 15",
    "common noise of free step 139",
    "noise of neuron 1099 in step 65",
    "noise of neuron 4 in time 3, chain 69",
    "common noise of time 3, chain 0",
    "hidden, neuron 99",
    "inhibitory, neuron 99",
    `noise of neuron 0 in step ${mostLaneTrials - 1}`,
  );
  const names = new Set(book.names());
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test("a watched network, whatever the number of chains", async () => {
  for (const [chains, common] of [
    [1, 0],
    [64, 1],
    [65, 0],
  ]) {
    await watchChains(chains, 5, common);
    expect(book.clashes).toEqual([]);
    expect(book.names()).toHaveLength(5 * (5 * chains + (common > 0 ? chains : 0)));
    book.clear();
  }
});

describe("it would show if", () => {
  const parts = ({ trialBase, trialFrom, trialTo }: Params) => ({
    trialBase: 0,
    trialFrom: trialFrom - trialBase,
    trialTo: trialTo - trialBase,
  });
  const faults: [string, Fault][] = [
    ["streams were one", { lane: (_, neuron, use) => [0, neuron, use] }],
    ["uses were one", { lane: (stream, neuron) => [stream, neuron, 0] }],
    ["planes of values and choices were one", { lane: (stream, neuron, use) => [stream, neuron, use & 15] }],
    ["neurons were one", { lane: (stream, _, use) => [stream, 0, use] }],
    ["neurons reached the use", { lane: (stream, neuron, use) => [stream, neuron + 64 * use, 0] }],
    ["numbers had 8 bits", { number: (number) => number & 255 }],
    ["numbers had 31 bits", { number: (number) => number % (2 ** 31 - 1) }],
    ["every chunk and every time step counted its trials from 0", { params: (p) => ({ ...p, ...parts(p) }) }],
    ["pairs of trials drew each for itself", { params: (p) => ({ ...p, pairs: 0 }) }],
    ["all trials came in pairs", { params: (p) => ({ ...p, pairs: 1 }) }],
    ["the free step were the step", { params: (p) => ({ ...p, noiseUse: 0 }) }],
  ];
  test.each(faults)("%s", async (_, fault) => {
    book.fault = fault;
    expect((await drawEverything()).length).toBeGreaterThan(0);
  });
});

describe("what would repeat draws is refused", () => {
  test("fields of a lane do not overlap", () => {
    const extremes = [0, 1, 2, 3].flatMap((stream) =>
      [0, 1, 15, 16, 31, 1023].flatMap((use) =>
        [0, 1, 2 ** 10, mostLaneNeurons - 1].map((neuron) => lane(stream, neuron, use)),
      ),
    );
    expect(new Set(extremes).size).toBe(extremes.length);
    expect(Math.max(...extremes)).toBe(2 ** 32 - 1);
  });

  test("trials past the last number, with what is allowed", async () => {
    const run = await createTwinEngine().open(taskOf({}));
    await expect(run.advance(mostLaneTrials - 1, mostLaneTrials + 1)).rejects.toThrow(
      "trials 4,294,967,231 to 4,294,967,233; allowed: up to 4,294,967,232, where random numbers would begin again",
    );
    expect(trialGrid(mostLaneTrials - 1, mostLaneTrials).trialTo).toBe(mostLaneTrials);
  });

  test("more neurons than a lane can tell apart", async () => {
    const neurons = mostLaneNeurons + 1;
    const network = {
      neurons,
      rowStart: new Uint32Array(neurons + 1),
      source: new Uint32Array(0),
      weight: new Int32Array(0),
    };
    const message =
      "the network has 1,048,577 neurons; allowed: up to 1,048,576, so that each has random numbers of its own";
    const task = { network, key, sources: Uint32Array.of(0), trials: 1 };
    await expect(createTwinEngine().open(task)).rejects.toThrow(message);
    const watch = { network, key, hidden: null, chains: 1, common: 0, burnIn: 0 };
    expect(() => checkWatch(watch)).toThrow(message);
  });

  test("chances of 0 and 1 draw nothing, in whatever use", () => {
    for (const firstUse of [0, 16]) {
      expect([...randomBits(0, 3, 2, firstUse, key)]).toEqual([0, 0]);
      expect([...randomBits(65_536, 3, 2, firstUse, key)]).toEqual([-1, -1]);
    }
    expect(book.take()).toEqual([]);
    randomBits(1, 3, 2, 0, key);
    expect(book.take()).toHaveLength(16);
  });
});
