import type { ProxyMarked } from "comlink";
import type { Run, Task } from "../engine/engine";
import type { MatrixPainter } from "../view/matrixPainter";
import type { Painter } from "../view/painter";
import type { TellPlaces, Wired } from "./wired";

/** Why the GPU engine is not there, as the first half of a sentence. */
export interface NoGpu {
  readonly reason: string;
}

/** The worker that has the GPU: everything that computes or draws on it does so here, on one device. */
export interface Studio extends Painter, MatrixPainter {
  /** For who must know that the worker could be loaded. */
  isThere(): true;
  /**
   * Readies the kernels, where that has not been done.
   *
   * Returns  the adapter, as it names itself, or why there is none.
   * Errors   Error if a kernel does not compile.
   */
  openEngine(): Promise<{ readonly adapter: string } | NoGpu>;
  /** Resolves when the device of the engine is gone: its runs are over then, and it can be opened again. */
  engineLost(): Promise<string>;
  openRun(task: Task): Promise<Run & ProxyMarked>;
  /**
   * Finds places for a network, in steps between which frames and trials have their turn. It ends the one before.
   *
   * Errors   Error, as a sentence, if there is no WebGPU.
   */
  settle(wired: Wired, tell: TellPlaces): Promise<void>;
  stopSettling(): void;
}
