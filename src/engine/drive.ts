import { mostChunkTrials } from "../model/plan";
import type { Sums } from "../model/sums";
import type { Engine, Run, Task, WatchRun } from "./engine";

export interface DriveOptions {
  /** Trials of every chunk; without it the chunks adapt to the time they take. */
  readonly chunk?: number;
  /** Trials that belong together: chunks are whole multiples. */
  readonly unit?: number;
  /** Time a chunk should take, in milliseconds. */
  readonly chunkTime?: number;
  /** Chunks that adapt are multiples of this: the run's own grain of trials, or single time steps. */
  readonly grain?: number;
  readonly signal?: AbortSignal;
  /** Told the next trial to come, after each chunk. */
  readonly onProgress?: (next: number) => void;
}

/**
 * Runs the trials, or the time steps, from…to − 1 chunk by chunk: short ones, so that the page stays alive,
 * a cancel is obeyed and no watchdog resets the device. Chunks decide nothing but time.
 *
 * Returns  the next trial to come: `to`, or less if the signal stopped it. What was done
 *          is in the run's sums, and a later call can go on from there.
 * Errors   whatever the run's advance rejects with; the run is over then.
 */
export async function drive(
  run: Pick<Run, "advance" | "grain"> | Pick<WatchRun, "advance">,
  from: number,
  to: number,
  options: DriveOptions = {},
): Promise<number> {
  const { chunkTime = 50, unit = 1, signal, onProgress } = options;
  const grain = options.grain ?? ("grain" in run ? run.grain : undefined) ?? 64;
  // However large a chunk was asked for: between chunks a cancel is heard.
  let chunk = unit * Math.ceil(Math.min(options.chunk ?? grain, mostChunkTrials) / unit);
  let next = from;
  while (next < to && !signal?.aborted) {
    const end = Math.min(next + chunk, to);
    const start = performance.now();
    await run.advance(next, end);
    const time = performance.now() - start;
    next = end;
    onProgress?.(next);
    if (!options.chunk) {
      const wanted = chunk * Math.min(2, Math.max(0.25, chunkTime / Math.max(time, 0.1)));
      chunk = Math.min(mostChunkTrials, Math.max(grain, grain * Math.round(wanted / grain)));
    }
    // A turn of the event loop, so that keys, cancels and signals are heard.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return next;
}

/**
 * The sums of all trials of a small task, in one go; nothing of its run is kept.
 *
 * Errors   as open, advance and sums of the engine.
 */
export async function sumsOf(engine: Engine, task: Task): Promise<Sums> {
  const run = await engine.open(task);
  try {
    await run.advance(0, task.trials);
    return await run.sums();
  } finally {
    run.release();
  }
}
