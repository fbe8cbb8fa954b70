import { drive } from "../engine/drive";
import { designOf, trialsTogether } from "../model/design";
import { keyFrom } from "../model/threefry";
import { openedOrMade } from "../network";
import { withEngine } from "./engines";
import type { RunOptions } from "./options";
import { progressOf, say, withNetworkProgress } from "./report";
import { conclude, prepareFolder, type Result } from "./result";
import { sourcesOf } from "./sources";

/**
 * Runs the trials and draws the conclusions. Interrupted (Ctrl-C), it keeps what is done.
 *
 * Returns  the result; `cancelled` if it has fewer trials than were asked for.
 */
export async function run(options: RunOptions): Promise<{ result: Result; cancelled: boolean }> {
  const { experiment, file, from, chunk, confidence, out } = options;
  prepareFolder(out);
  const named = withNetworkProgress((tell) => openedOrMade(experiment, file, tell));
  const { network } = named;
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = sourcesOf(experiment, network, design);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    return await withEngine(experiment.engine, async (engine) => {
      const task = await engine.open({
        network,
        key,
        design,
        sources,
        trials: experiment.trials,
      });
      const progress = progressOf("trials", from, experiment.trials);
      const start = performance.now();
      const to = await drive(task, from, experiment.trials, {
        ...(chunk === null ? {} : { chunk }),
        unit: trialsTogether(design.kind),
        signal: stop.signal,
        onProgress: progress.at,
      });
      const sums = await task.sums();
      const seconds = (performance.now() - start) / 1000;
      progress.end();
      task.release();
      if (to < experiment.trials)
        say(`Interrupted: trials ${from} to ${to} of ${experiment.trials} are done.`);
      const provenance = {
        experiment: { ...experiment, engine: engine.kind },
        engine: engine.kind,
        adapter: engine.adapter,
        trials: { from, to },
        seconds,
      };
      return {
        result: await conclude(provenance, named, sums, confidence, out),
        cancelled: to < experiment.trials,
      };
    });
  } finally {
    process.off("SIGINT", interrupt);
  }
}
