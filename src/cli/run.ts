import { dirname } from "node:path";
import { drive } from "../engine/drive";
import type { Task, Watcher } from "../engine/engine";
import { describeFile, type NamedNetwork } from "../io/readNetwork";
import { designOf, trialsTogether } from "../model/design";
import { keyFrom } from "../model/threefry";
import { openedOrMade } from "../network";
import { withEngine } from "./engines";
import { prepareFolder } from "./folder";
import { forecastOf, programMemory } from "./memory";
import type { RunOptions } from "./options";
import { progressOf, say, withNetworkProgress } from "./report";
import { conclude, type Result } from "./result";
import { checkSources, writeSession } from "./resume";
import { sourcesOf } from "./sources";
import { recoverInTiles } from "./tiles";

/** A result; `cancelled` if it has fewer trials, or fewer sources, than were asked for. */
export interface Outcome {
  readonly result: Result;
  readonly cancelled: boolean;
}

/** Runs the trials and draws the conclusions. Interrupted (Ctrl-C), it keeps what is done. */
export async function run(options: RunOptions): Promise<Outcome> {
  const { experiment, file, out, session, begun } = options;
  prepareFolder(out);
  prepareFolder(session && dirname(session), "the folder of --session");
  const before = process.memoryUsage.rss();
  const named = withNetworkProgress((tell) => openedOrMade(experiment, file, tell));
  const { network } = named;
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = sourcesOf(experiment, network, design);
  if (begun) checkSources(begun, sources);
  const task: Task = { network, key, design, sources, trials: experiment.trials };
  const made = process.memoryUsage.rss() - before;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    return await withEngine(experiment.engine, (engine) => {
      // The network is forecast by itself.
      const program = Math.max(before, programMemory(engine.kind) - Math.max(0, made));
      const work = options.tiles === null ? runAtOnce : recoverInTiles;
      return work(engine, task, named, options, program, stop.signal);
    });
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function runAtOnce(
  engine: Watcher,
  task: Task,
  named: NamedNetwork,
  { experiment, file, from, begun, session, chunk, confidence, out }: RunOptions,
  program: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const memory = forecastOf(task, engine.limits, program);
  const run = await engine.open(task, begun?.sums ?? null);
  const progress = progressOf("trials", from, experiment.trials);
  const start = performance.now();
  const to = await drive(run, from, experiment.trials, {
    ...(chunk === null ? {} : { chunk }),
    unit: trialsTogether(experiment.design),
    signal,
    onProgress: progress.at,
  });
  const sums = await run.sums();
  const seconds = (performance.now() - start) / 1000;
  progress.end();
  run.release();
  const cancelled = to < experiment.trials;
  if (cancelled) say(`Interrupted: trials ${from} to ${to} of ${experiment.trials} are done.`);
  const provenance = {
    experiment: { ...experiment, engine: engine.kind },
    engine: engine.kind,
    adapter: engine.adapter,
    trials: { from: begun?.trials.from ?? from, to },
    resumedAt: begun && from,
    seconds,
    memory,
    tiles: null,
  };
  if (session !== null && sums.trials > 0)
    writeSession(session, { ...provenance, understood: file && describeFile(file) }, sums);
  return { result: await conclude(provenance, named, sums, confidence, out), cancelled };
}
