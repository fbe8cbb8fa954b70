import { drive } from "../../../src/engine/drive";
import { createGpuEngine } from "../../../src/engine/gpu/engine";
import { taskOf } from "./ours";

/** Milliseconds of a run of the GPU engine, its sums included, and of reading these alone. */
export interface ReadBack {
  readonly whole: number;
  readonly reading: number;
}

/** Some runs with one engine; the first is left out. */
export async function readBacks(neurons: number, trials: number, rounds: number): Promise<ReadBack[]> {
  const engine = await createGpuEngine(navigator.gpu);
  const task = taskOf(neurons, trials);
  const found: ReadBack[] = [];
  for (let round = -1; round < rounds; round++) {
    const run = await engine.open(task);
    const start = performance.now();
    await drive(run, 0, trials);
    const read = performance.now();
    await run.sums();
    const end = performance.now();
    run.release();
    if (round >= 0) found.push({ whole: end - start, reading: end - read });
  }
  engine.close();
  return found;
}
