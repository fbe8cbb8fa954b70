import { mostTrials, Share, tileTargets } from "../src/engine/cpu/share";
import { type Hiring, type Step, startThread, theModule } from "../src/engine/cpu/threads";
import type { Task } from "../src/engine/engine";
import { recipeOf } from "../src/engine/recipe";
import { trialGrid } from "../src/model/params";
import { bitsOf, type Pairs, type Place, transposed } from "./pairs";

/**
 * The CPU engine's pair sums alone, in all its threads: the calls that it makes for the first so many trials of a task,
 * without what draws the trials.
 *
 * given    multiplied instead of the task's own trials, which must be as many: all sources, and the outcomes of the
 *          first targets, as many as the kernel takes at a time, for all the others too
 * Returns  what does it once, and entries of the product of what is given
 */
export async function cpuPairs(task: Task, trials: number, hiring: Hiring, given?: Pairs) {
  const module = await theModule();
  const { neurons } = task.network;
  const rowOf = (index: number) => Math.round((index * neurons) / hiring.threads);
  const workers = Array.from({ length: hiring.threads }, (_, index) => {
    const thread = startThread(hiring);
    const [from, to] = [rowOf(index), rowOf(index + 1)];
    return { thread, share: new Share(thread, index, task, recipeOf(task), from, to, hiring.threads), index };
  });
  const all = <T>(work: (worker: (typeof workers)[number]) => Promise<T>) => Promise.all(workers.map(work));
  const inputs = given && inputsOf(given);
  await all(async ({ thread, share, index }) => {
    await share.open(module);
    await share.advance(0, mostTrials);
    if (inputs) await thread.does(index, inputs);
  });
  const sums = () => all(async ({ share }) => (await share.sums()).pairs[0]);
  const before = given && (await sums());
  const stepsOf = ({ from, to }: Share): Step[] => {
    const steps: Step[] = [];
    for (let at = 0; at < trials; at += mostTrials) {
      steps.push(["set", { words: wholeWords(Math.min(at + mostTrials, trials) - at) }]);
      for (let tile = 0; tile < Math.ceil((to - from) / tileTargets); tile++)
        steps.push(["call", "add", 0, tile, 0]);
    }
    return steps;
  };
  let times = 0;
  return {
    async add(): Promise<void> {
      times++;
      await all(({ thread, share, index }) => thread.does(index, stepsOf(share)));
    },
    /** Of the target that stood for the one asked for, see repeated. */
    async entries(places: readonly Place[]): Promise<number[]> {
      const after = await sums();
      return places.map(({ target, source }) => {
        const worker = workers.findIndex(({ share }) => target < share.to);
        const at = (target - workers[worker].share.from) * task.sources.length + source;
        return (after[worker][at] - before![worker][at]) / times;
      });
    },
    /** The target whose outcomes stand for a target's. */
    repeated: (target: number) =>
      (target - workers.find(({ share }) => target < share.to)!.share.from) % tileTargets,
    close: () => all(({ thread, index }) => thread.does(index, [["close"]])),
  };
}

/** Rows of bits and bytes are whole vectors. */
const wholeWords = (trials: number): number => 4 * Math.ceil(trialGrid(0, trials).words / 4);

function inputsOf(given: Pairs): Step[] {
  const { neurons, trials, outcome } = given;
  if (trials > mostTrials) throw new RangeError(`at most ${mostTrials} trials are multiplied at a time`);
  const words = wholeWords(trials);
  const rows = bitsOf(given, words);
  const bits = new Uint32Array(rows.length);
  for (let source = 0; source < neurons; source++)
    for (let word = 0; word < words; word++) bits[word * neurons + source] = rows[source * words + word];
  const bytes = new Uint8Array(32 * words * tileTargets);
  bytes.set(transposed(outcome.subarray(0, tileTargets * trials), trials));
  const array = (name: string, given: Uint8Array): Step => ["array", name, given.byteLength, given];
  return [array("sourceBits", new Uint8Array(bits.buffer)), array("byTrial", bytes)];
}
