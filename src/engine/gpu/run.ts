import { notebookDesign } from "../../model/design";
import { arrows } from "../../model/network";
import type { Params } from "../../model/params";
import { type Limits, type Plan, plan, wordTrials } from "../../model/plan";
import { compareSums } from "../../model/sameness";
import { wholeWords } from "../../model/slice";
import type { Sums } from "../../model/sums";
import type { Run, Task } from "../engine";
import { recipeOf } from "../recipe";
import { spotOf } from "../spot";
import { turns } from "../turns";
import { wordsFromSums } from "../words";
import { accumulators } from "./accumulators";
import { attempt, inTime } from "./attempt";
import { inputTables, storage, uniform, upload } from "./buffers";
import type { OpenDevice } from "./device";
import { type Compiler, paramsBytes, paramsSize } from "./kernels";
import type { SumBuffers } from "./look";
import type { Sight } from "./sight";
import { kernelsOf, type VariantName, variants } from "./variants";
import { Witness, type Witnessed } from "./witness";

/** A run whose sums can be drawn where they are. */
export interface GpuRun extends Run {
  /**
   * Lends the sums between two chunks; the next one waits until the work is submitted.
   *
   * Missing  null for designs with arms of their own, whose sums a picture takes from `sums`.
   */
  look(work: (sums: SumBuffers | null) => Promise<void>): Promise<void>;
}

/** What runs of the notebook's design need, and what those with arms of their own do. */
export const plainKernels = ["perturb", "count", "respond", "tally"] as const;
const armKernels = ["perturb", "choose", "impose", "evolve", "count", "tally", "square"] as const;

/**
 * How much work fits a submission, learned as it runs: a run begins with what the one before it learned, so that its first
 * sums do not wait for many small submissions.
 *
 * affordable  pair-updates, in which the cost of all work is counted.
 */
export interface Pace {
  affordable: number;
}

/** Longest time one submission should keep the adapter busy, in milliseconds. */
const submissionTime = 50;

/**
 * Opens a run on a device; `begun` as in Engine.open.
 *
 * Errors   InputError if the task does not fit; OutOfMemory; Error if the device is lost or does not do what it is told.
 */
export async function openRun(
  open: OpenDevice,
  limits: Limits,
  compiler: Compiler,
  accumulates: VariantName,
  pace: Pace,
  task: Task,
  begun: Sums | null,
): Promise<GpuRun> {
  const { device } = open;
  const { network, sources, design = notebookDesign } = task;
  const { neurons } = network;
  const recipe = recipeOf(task);
  const { hasArms, products } = recipe;
  const { isSliced } = variants[accumulates];
  // Planes are added up in blocks of 256 trials, so that fewer gain nothing where the pair sums take most of the time:
  // in software a pair-update costs a ninth of an arrow or of a thirtieth of a neuron (bench cost).
  const isAllPairs = sources.length * neurons > 11 * (arrows(network) + 30 * neurons);
  const grain = isSliced && isAllPairs ? 256 : 64;
  const kernels = await compiler.need(
    [...(hasArms ? armKernels : plainKernels), ...kernelsOf(accumulates)],
    design.common > 0,
  );
  const cut: Plan = plan(
    {
      ...{ neurons, sources: sources.length, arrows: arrows(network) },
      ...{ trials: task.trials, products: products.length },
    },
    limits,
  );
  const before = begun && wordsFromSums(begun, sources, neurons, hasArms);
  const own: GPUBuffer[] = [];
  const keep = (buffer: GPUBuffer) => {
    own.push(buffer);
    return buffer;
  };
  const { made, taken } = attempt(open, () => {
    const accumulated = accumulators(
      device,
      recipe,
      sources,
      neurons,
      cut,
      design.kind === "same-noise",
      keep,
    );
    if (begun && begun.trials > wordTrials) accumulated.widen();
    if (before) accumulated.fill(before);
    return {
      sums: accumulated,
      params: keep(uniform(device, "params", paramsSize)),
      tables: {
        ...inputTables(device, network, sources, keep),
        turn: keep(upload(device, "turn", recipe.turn)),
      },
      noHigh: keep(storage(device, "no pair_high", 4)),
    };
  });
  const { sums, params, tables, noHigh } = made;
  const freeOwn = () => {
    for (const buffer of own) buffer.destroy();
    sums.release();
  };
  await taken.catch((error: unknown) => {
    freeOwn();
    throw error;
  });
  const { tileOf, rowOf, tileRows } = sums;

  /** What has been asked of the device since it was last waited for. */
  let pending: Promise<unknown>[] = [];
  const ask = <T>(work: () => T): T => {
    const { made, taken } = attempt(open, work);
    pending.push(taken);
    return made;
  };

  // Working buffers grow with the chunks; bind groups follow them.
  const working = Object.fromEntries(
    workingNames.map((name) => [name, keep(storage(device, name, 0))]),
  ) as Record<WorkingName, GPUBuffer>;
  const grow = (names: readonly WorkingName[], bytes: number) => {
    for (const name of names) {
      const buffer = working[name];
      if (buffer.size >= bytes) continue;
      own.splice(own.indexOf(buffer), 1);
      buffer.destroy();
      working[name] = ask(() => keep(storage(device, name, bytes)));
    }
  };

  let trials = begun?.trials ?? 0;
  /** Where the last trial lies in the last chunk's words. */
  let last = { words: 0, trial: -1 };

  const costOfRow = (words: number) =>
    32 * words * (products.length * sources.length + arrows(network) / neurons + 64);

  const spot = spotOf(network, recipe);
  const seen: Witnessed = {
    ...{ perturbed: sums.perturbed, off: sums.off, outcomes: sums.outcomes },
    pairs: (product, target) =>
      [sums.pairLow, sums.pairHigh].flatMap((pairs) => pairs?.[product][tileOf(target)] ?? []),
    working: (name) => working[name],
  };
  const witness = new Witness(device, sources, recipe, spot, seen, task.isBelieved);

  const submit = (given: Params, encode: (pass: GPUComputePassEncoder) => void, sight?: Sight) => {
    ask(() => {
      device.queue.writeBuffer(params, 0, paramsBytes(given));
      const encoder = device.createCommandEncoder();
      sight?.before(encoder);
      const pass = encoder.beginComputePass();
      encode(pass);
      pass.end();
      sight?.after(encoder);
      device.queue.submit([encoder.finish()]);
    });
  };

  /** Works through the targets in slices that keep the adapter busy for as long as one submission should. */
  const inSlices = async (
    words: number,
    most: (first: number) => number,
    work: (slice: Slice) => Promise<unknown> | undefined,
  ) => {
    for (let first = 0; first < neurons; ) {
      const afford = Math.max(1, Math.floor(pace.affordable / costOfRow(words)));
      // Slices begin at every fourth target, where a row of bytes may begin a binding.
      const targets = Math.min(4 * Math.ceil(afford / 4), most(first), neurons - first);
      const start = performance.now();
      // A check that fails is heard at once; that the work was refused is the better reason.
      const checked = work({ targetFrom: first, targets });
      await Promise.all([inTime(open, device.queue.onSubmittedWorkDone()), checked, ...pending]);
      pending = [];
      const time = Math.max(performance.now() - start, 0.1);
      const change = Math.min(2, Math.max(0.25, submissionTime / time));
      pace.affordable = Math.max(2 ** 16, Math.min(2 ** 36, costOfRow(words) * targets * change));
      first += targets;
    }
  };

  /**
   * Which neurons each trial sets, and the states of all of them before the step.
   *
   * Returns  neurons whose states tell whether each part of that was done.
   */
  const prepareStates = async (whole: Params): Promise<number[]> => {
    const free: number[] = [];
    const { neurons: rows, words } = whole;
    grow(["off"], 4 * rows * words);
    grow(["state"], 32 * rows * words);
    const { choose, evolve, impose } = kernels;
    submit(whole, (pass) => choose.encode(pass, choose.bind(params, { ...tables, ...working }), whole));
    if (recipe.leavesAlone) {
      await inSlices(
        words,
        () => neurons,
        (slice) => {
          const step = { ...recipe.freeStep(whole), ...slice };
          const rowsOfSlice = { buffer: working.state, offset: 32 * words * slice.targetFrom };
          // From rest no states are read; something has to be bound.
          const bound = { ...tables, state: noHigh, outcome: rowsOfSlice };
          submit(step, (pass) => evolve.encode(pass, evolve.bind(params, bound), step));
          free.push(slice.targetFrom);
          return undefined;
        },
      );
    }
    submit(whole, (pass) => impose.encode(pass, impose.bind(params, working), whole));
    return free;
  };

  /** Counts the trials that set each source, one way and the other. */
  const countTrials = (whole: Params, sight: Sight) => {
    const { count } = kernels;
    submit(
      whole,
      (pass) => {
        for (const [set, [low, high]] of [
          ["perturbation", sums.perturbed],
          ["off", sums.off],
        ] as const) {
          if (!low) continue;
          const bound = { sourceList: tables.sourceList, perturbation: working[set], low, high };
          count.encode(pass, count.bind(params, bound), whole);
        }
      },
      sight,
    );
  };

  /** The bits of the sources as sliced sums take them. */
  const alignBits = (whole: Params) => {
    const { align } = kernels;
    for (const set of new Set(products.map(([name]) => name))) {
      const aligned = alignedOf[set];
      grow([aligned], 4 * sources.length * wholeWords(whole.words));
      const bound = {
        sourceList: tables.sourceList,
        perturbation: working[set],
        aligned: working[aligned],
      };
      submit(whole, (pass) => align.encode(pass, align.bind(params, bound), whole));
    }
  };

  /** Adds up the pairs of a slice of targets, product by product. */
  const addPairs = (pass: GPUComputePassEncoder, part: Params, tile: number) => {
    const { slice, [accumulates]: accumulate } = kernels;
    for (const bytes of new Set(products.map(([, name]) => name))) {
      const outcome = working[bytes];
      if (isSliced) slice.encode(pass, slice.bind(params, { outcome, plane: working.plane }), part);
      products.forEach(([set, name], product) => {
        if (name !== bytes) return;
        const added = accumulate.bind(params, {
          sourceList: tables.sourceList,
          perturbation: working[set],
          aligned: working[alignedOf[set]],
          ...{ outcome, plane: working.plane },
          pairLow: sums.pairLow[product][tile],
          pairHigh: sums.pairHigh?.[product][tile] ?? noHigh,
        });
        accumulate.encode(pass, added, part);
      });
    }
  };

  const addChunk = async (from: number, to: number) => {
    const whole = recipe.paramsOf(from, to);
    const { words } = whole;
    pending = [];
    grow(["perturbation"], 4 * neurons * words);
    if (!sums.pairHigh && trials + to - from > wordTrials) ask(() => sums.widen());

    const { perturb, respond, evolve, tally, square } = kernels;
    submit(whole, (pass) => perturb.encode(pass, perturb.bind(params, working), whole));
    const free = hasArms ? await prepareStates(whole) : [];
    const watched = ask(() => witness.chunk(whole, free));
    countTrials(whole, watched.sight);
    const bits = inTime(open, watched.check());
    pending.push(bits);
    bits.catch(() => {});
    if (isSliced) alignBits(whole);

    const untilTileEnds = (first: number) => rowOf(tileOf(first)) + tileRows(tileOf(first)) - first;
    await inSlices(
      words,
      (first) => Math.min(cut.sliceTargets, untilTileEnds(first)),
      (part) => {
        const tile = tileOf(part.targetFrom);
        const slice: Params = { ...whole, ...part, tileFrom: rowOf(tile) };
        grow(hasArms ? ["outcome", "squareLow", "squareHigh"] : ["outcome"], 32 * part.targets * words);
        if (isSliced) grow(["plane"], 32 * part.targets * wholeWords(words));
        const bound = { ...tables, ...working };
        const { sight, check } = ask(() => watched.slice(slice, bits));
        submit(
          slice,
          (pass) => {
            const step = hasArms ? evolve : respond;
            step.encode(pass, step.bind(params, bound), slice);
            const [low, high] = sums.outcomes;
            tally.encode(pass, tally.bind(params, { ...bound, low, high }), slice);
            if (hasArms) square.encode(pass, square.bind(params, bound), slice);
            addPairs(pass, slice, tile);
          },
          sight,
        );
        return inTime(open, check());
      },
    );
    trials += to - from;
    last = { words, trial: to - 1 - whole.trialBase };
  };

  const sumBuffers = (): SumBuffers => ({
    trials,
    targets: neurons,
    sources: sources.length,
    perturbed: sums.perturbed[0],
    outcomes: [sums.outcomes[0], sums.outcomes[1]],
    last: { perturbation: working.perturbation, ...last },
    tiles: sums.pairLow[0].map((low, tile) => ({
      from: rowOf(tile),
      rows: tileRows(tile),
      low,
      high: sums.pairHigh?.[0][tile] ?? null,
    })),
  });

  // Chunks and snapshots take turns, so that a snapshot never sees half a chunk.
  const inTurn = turns();

  const read = async (): Promise<() => Promise<Sums>> => {
    const expected = trials;
    const known = new Map(witness.known);
    const { made, taken } = attempt(open, () => sums.read());
    return async () => {
      const [copies] = await Promise.all([inTime(open, made), taken]);
      return sums.sumsOf(copies, expected, known);
    };
  };
  const allSums = async () => (await inTurn(read))();
  const freeAll = () => {
    freeOwn();
    witness.release();
  };

  if (begun)
    try {
      if (compareSums(begun, await allSums()).different > 0)
        throw new Error("the GPU did not take over the sums that the run goes on with");
    } catch (error) {
      freeAll();
      throw error;
    }

  return {
    grain,
    advance: (from, to) =>
      inTurn(async () => {
        for (let at = from; at < to; at += cut.chunkTrials)
          await addChunk(at, Math.min(at + cut.chunkTrials, to));
      }),
    sums: allSums,
    async look(work) {
      // What goes wrong in a picture is not the run's failure.
      let problem: unknown = null;
      await inTurn(() =>
        inTime(open, work(hasArms ? null : sumBuffers())).catch((error: unknown) => {
          problem = error ?? new Error("the picture was not drawn");
        }),
      );
      if (problem !== null) throw problem;
    },
    release: () => {
      // Not under the hands of who looks at it, or copies from it.
      inTurn(async () => {}).then(freeAll, freeAll);
    },
  };
}

/** Working buffers of a chunk or a slice, by the names of the kernels' bindings. */
const workingNames = [
  ...(["perturbation", "off", "state", "outcome", "squareLow", "squareHigh"] as const),
  ...(["aligned", "alignedOff", "plane"] as const),
];
type WorkingName = (typeof workingNames)[number];

const alignedOf = { perturbation: "aligned", off: "alignedOff" } as const;

type Slice = Pick<Params, "targetFrom" | "targets">;
