import { totalmem } from "node:os";
import type { Task } from "../engine/engine";
import { numbersOf } from "../engine/words";
import { isNotebookDesign, notebookDesign } from "../model/design";
import { InputError } from "../model/inputError";
import { arrows } from "../model/network";
import { type Forecast, forecast, type Limits } from "../model/plan";

/**
 * Memory of this process, in bytes; null where it was not forecast.
 *
 * forecast   what the run was expected to take at most: the four below together
 * program    the runner with its engine, measured before the run
 * network, engine, results   see model/plan.ts; on a graphics card of its own, what the engine holds is not the process's
 * peak       most that the process ever held, as the system counts it
 */
export interface Memory {
  readonly forecast: number | null;
  readonly program: number | null;
  readonly network: number | null;
  readonly engine: number | null;
  readonly results: number | null;
  readonly peak: number;
}

export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

export const unknownMemory = (): Memory => ({
  ...{ forecast: null, program: null, network: null, engine: null, results: null },
  peak: peakMemory(),
});

export const inMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;

/** Compiling kernels takes this much in software, once the first trials run. */
const engineProgram = { gpu: 150 * 2 ** 20, cpu: 0 } as const;

/** What the runner holds itself, once its engine is there and before a run. */
export const programMemory = (kind: keyof typeof engineProgram): number =>
  process.memoryUsage.rss() + engineProgram[kind];

export const sizeOf = ({ network, sources, trials, design = notebookDesign }: Omit<Task, "key">) => ({
  ...{ neurons: network.neurons, sources: sources.length, arrows: arrows(network), trials },
  ...numbersOf(isNotebookDesign(design), design.kind),
});

/** Memory that this process may use: the machine's, or what it was given of it. */
export function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}

/**
 * What a run of all of a task's sources takes.
 *
 * Errors   InputError if an engine's limits, or this machine's memory, have no room for it, with what would fit.
 */
export function forecastOf(task: Task, limits: Limits, program: number): Memory {
  const { network, sources } = task;
  const tiles = "; --tiles auto takes all of them, in turn";
  let parts: Forecast;
  try {
    parts = forecast(sizeOf(task), limits);
  } catch (error) {
    throw error instanceof InputError && sources.length > 1 ? new InputError(error.message + tiles) : error;
  }
  const memory = memoryOf(parts, program);
  const here = memoryHere();
  if (memory.forecast > here) {
    const perSource = (parts.results + parts.engine) / sources.length;
    const fits = Math.floor((here - program - parts.network) / perSource);
    throw new InputError(
      `${network.neurons.toLocaleString("en")} targets × ${sources.length.toLocaleString("en")} sources need ` +
        `${inMiB(memory.forecast)}; there are ${inMiB(here)} here` +
        (fits > 0 ? `, which fits ${fits.toLocaleString("en")} sources${tiles}` : ""),
    );
  }
  return memory;
}

export function memoryOf(parts: Forecast, program: number): Memory & { readonly forecast: number } {
  const { network, engine, results } = parts;
  return { forecast: program + network + engine + results, program, ...parts, peak: peakMemory() };
}
