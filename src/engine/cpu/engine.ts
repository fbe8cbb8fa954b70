import { notebookDesign } from "../../model/design";
import { arrows } from "../../model/network";
import { plan, wordTrials } from "../../model/plan";
import type { Sums } from "../../model/sums";
import type { WatchTask } from "../../model/watch";
import type { Task, WatchRun } from "../engine";
import { recipeOf } from "../recipe";
import { turns } from "../turns";
import { concatenate, sumsFromWords, type Words, wordsFromSums } from "../words";
import { openThreadWatch, watchersThatFit } from "./chains";
import { cpuLimits } from "./limits";
import { pageThreads } from "./page";
import { Share, sharesThatFit } from "./share";
import { type Hiring, startThread, type Thread, theModule } from "./threads";
import { type CpuEngine, type CpuRun, createTwinEngine } from "./twins";

/**
 * The fast engine without a GPU: WebAssembly with 128-bit vectors in as many threads as there are cores; bit for bit
 * the sums of the kernels and of their twins. Where there are no threads or no such vectors, the twins themselves.
 */
export function createCpuEngine(hiring: Hiring | null = pageThreads()): CpuEngine {
  const twins = createTwinEngine();
  if (!hiring) return twins;
  return {
    ...twins,
    adapter: adapterOf(hiring.threads),
    open: async (task, begun = null) => (await openRun(task, hiring, begun)) ?? twins.open(task, begun),
    watch: async (task) => (await openWatch(task, hiring)) ?? twins.watch(task),
  };
}

const adapterOf = (threads: number) => `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}, WASM`;

/** A share of fewer targets would spend more time on what all shares have in common. */
const leastTargets = 16;

/** Threads wait for the next run: to start one takes longer than a small run. */
const hired = new WeakMap<Hiring, Thread[]>();
let sharesSoFar = 0;

function theThreads(hiring: Hiring, wanted: number): Thread[] {
  const threads = hired.get(hiring) ?? [];
  hired.set(hiring, threads);
  for (const [index, thread] of threads.entries())
    if (thread.isBroken()) threads[index] = startThread(hiring);
  while (threads.length < wanted) threads.push(startThread(hiring));
  return threads.slice(0, wanted);
}

/**
 * Returns  null where there is no WebAssembly, or none with 128-bit vectors.
 * Errors   InputError if the task does not fit, as plan and recipeOf say; RangeError as wordsFromSums.
 */
async function openRun(task: Task, hiring: Hiring, begun: Sums | null): Promise<CpuRun | null> {
  const { network, sources, trials, design = notebookDesign } = task;
  const { neurons } = network;
  const recipe = recipeOf(task);
  const { products, hasArms } = recipe;
  plan(
    { neurons, sources: sources.length, arrows: arrows(network), trials, products: products.length },
    cpuLimits,
  );
  const before = begun && wordsFromSums(begun, sources, neurons, hasArms);
  let done = begun?.trials ?? 0;
  let isWide = done > wordTrials;
  const module = await theModule().catch(() => null);
  if (!module) return null;
  const wanted = Math.min(hiring.threads, Math.ceil(neurons / leastTargets), sharesThatFit(recipe, neurons));
  const threads = theThreads(hiring, wanted);
  const rowOf = (index: number) => Math.round((index * neurons) / threads.length);
  const shares = threads.map(
    (thread, index) => new Share(thread, sharesSoFar++, task, recipe, rowOf(index), rowOf(index + 1), wanted),
  );
  const all = <T>(work: (share: Share) => Promise<T>) => Promise.all(shares.map(work));
  const release = () => {
    for (const share of shares) share.release();
  };
  await all((share) => share.open(module, before, isWide)).catch((error: unknown) => {
    release();
    throw new Error(`there is no memory for this run: ${error instanceof Error ? error.message : error}`);
  });
  // Sums never hold half a chunk.
  const inTurn = turns();

  const sums = async () => {
    const parts = await all((share) => share.sums());
    const rowsOf = (product: number) => {
      if (parts.length === 1) return parts[0].pairs[product];
      const rows = new Float64Array(neurons * sources.length);
      for (const [index, { from }] of shares.entries())
        rows.set(parts[index].pairs[product], from * sources.length);
      return rows;
    };
    const outcomes = parts.map((part) => part.outcomes);
    return sumsFromWords(
      sources,
      {
        perturbed: inTwo([parts[0].perturbed]),
        off: parts[0].offCounts && inTwo([parts[0].offCounts]),
        outcomes: inTwo(outcomes),
        pairs: products.map((_, product) => rowsOf(product)),
      },
      design.kind === "same-noise",
    );
  };

  return {
    adapter: adapterOf(threads.length),
    advance: (from, to) =>
      inTurn(async () => {
        if (!isWide && done + to - from > wordTrials) {
          await all((share) => share.widen());
          isWide = true;
        }
        await all((share) => share.advance(from, to));
        done += to - from;
      }),
    sums: () => inTurn(sums),
    held: () => shares.reduce((bytes, share) => bytes + share.held, 0),
    release,
  };
}

/** Returns  null as openRun does. */
async function openWatch(task: WatchTask, hiring: Hiring): Promise<WatchRun | null> {
  const module = await theModule().catch(() => null);
  if (!module) return null;
  const threads = theThreads(hiring, Math.min(hiring.threads, watchersThatFit(task)));
  const number = sharesSoFar;
  sharesSoFar += threads.length;
  return openThreadWatch(task, module, threads, number);
}

/** Words that lie in pairs, as all low ones and all high ones. */
function inTwo(parts: readonly Uint32Array[]): Words {
  const words = concatenate(parts);
  const every = (first: number) =>
    Uint32Array.from({ length: words.length / 2 }, (_, at) => words[2 * at + first]);
  return [every(0), every(1)];
}
