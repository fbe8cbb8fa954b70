import { nodeThreads } from "../src/engine/cpu/node";
import { mostTrials, Share, tileTargets } from "../src/engine/cpu/share";
import { type Step, startThread, theModule } from "../src/engine/cpu/threads";
import type { Task } from "../src/engine/engine";
import { recipeOf } from "../src/engine/recipe";
import { trialGrid } from "../src/model/params";

/**
 * The CPU engine's pair sums alone, in all its threads: the calls that it makes for the first so many trials of a task,
 * without what draws the trials.
 *
 * Returns  what does it once, and the number of threads
 */
export async function cpuPairs(task: Task, trials: number) {
  const hiring = nodeThreads();
  const module = await theModule();
  const { neurons } = task.network;
  const rowOf = (index: number) => Math.round((index * neurons) / hiring.threads);
  const workers = Array.from({ length: hiring.threads }, (_, index) => {
    const thread = startThread(hiring);
    const [from, to] = [rowOf(index), rowOf(index + 1)];
    return { thread, share: new Share(thread, index, task, recipeOf(task), from, to), index };
  });
  await Promise.all(
    workers.map(async ({ share }) => {
      await share.open(module);
      await share.advance(0, mostTrials);
    }),
  );
  const stepsOf = ({ from, to }: Share): Step[] => {
    const steps: Step[] = [];
    for (let at = 0; at < trials; at += mostTrials) {
      const { words } = trialGrid(at, Math.min(at + mostTrials, trials));
      steps.push(["set", { words: 4 * Math.ceil(words / 4) }]);
      for (let tile = 0; tile < Math.ceil((to - from) / tileTargets); tile++)
        steps.push(["call", "add", 0, tile, 0]);
    }
    return steps;
  };
  return {
    threads: hiring.threads,
    add: () => Promise.all(workers.map(({ thread, share, index }) => thread.does(index, stepsOf(share)))),
  };
}
