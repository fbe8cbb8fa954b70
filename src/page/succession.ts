import { mostInARow, reasonOf, type Successor } from "../engine/lasting";
import type { PageEngine, StudioEngine } from "./engines";
import type { NoGpu } from "./studio";

/** What a person is told of the engine, when it is another than asked for, or has been opened again. */
export type TellEngine = (note: string) => void;

/** What is said where there is no GPU to begin with; `reason`: the first half of a sentence. */
export const insteadNote = ({ reason }: NoGpu): string => `${reason}; the CPU engine is running instead.`;

/**
 * What goes on when an engine of the page fails: the GPU, opened again, as long as it gets on in between; then the CPU
 * engine, with the same sums.
 */
export function succession(
  gpu: () => Promise<StudioEngine | NoGpu>,
  onGpu: (studio: StudioEngine) => PageEngine,
  onCpu: () => PageEngine,
  tell: TellEngine,
): Successor<PageEngine> {
  let failures = 0;
  return async ({ engine, reason, error, inARow }) => {
    // What the CPU cannot do, nobody can.
    if (engine.kind === "cpu") throw error;
    failures++;
    const why = `The GPU failed (${reason})`;
    const found: StudioEngine | NoGpu =
      inARow >= mostInARow
        ? { reason: `${why}, ${inARow} times in a row` }
        : await gpu().catch((refused: unknown) => ({ reason: reasonOf(refused) }));
    if ("reason" in found) {
      const again =
        inARow >= mostInARow ? found.reason : `${why}, and cannot be had again now: ${found.reason}`;
      tell(`${again}; the CPU engine goes on with the same sums.`);
      return onCpu();
    }
    const times = failures === 1 ? "once" : `${failures} times`;
    tell(`${why} and was opened again, ${times} in this run; no trial is lost.`);
    return onGpu(found);
  };
}
