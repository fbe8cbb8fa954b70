import type { ProxyMarked } from "comlink";
import type { Run, Task } from "../engine/engine";
import type { Limits } from "../model/plan";
import type { Sums } from "../model/sums";
import type { MatrixPainter } from "../view/matrixPainter";
import type { Painter } from "../view/painter";
import type { TellPlaces, Wired } from "./wired";

/** Why the GPU engine is not there, as the first half of a sentence. */
export interface NoGpu {
  readonly reason: string;
}

/** The GPU engine, as it names itself, and what it can hold. */
export interface FoundGpu {
  readonly adapter: string;
  readonly limits: Limits;
}

/** The worker that has the GPU: everything that computes or draws on it does so here, on one device. */
export interface Studio extends Painter, MatrixPainter {
  /** For who must know that the worker could be loaded. */
  isThere(): true;
  /**
   * Readies the kernels, where that has not been done.
   *
   * Returns  the adapter, or why there is none: that a kernel does not compile is a reason, too.
   */
  openEngine(): Promise<FoundGpu | NoGpu>;
  /** Resolves when the device of the engine is gone: its runs are over then, and it can be opened again. */
  engineLost(): Promise<string>;
  openRun(task: Task, begun: Sums | null): Promise<Run & ProxyMarked>;
  /** Bytes of all buffers and textures on the device, of engine and pictures. */
  held(): number;
  /** Lends the engine to the thread at the other end, which wants sums and no pictures; see lentEngine. */
  lend(port: MessagePort): Promise<void>;
  /** What was lent last is over, and its buffers are free. */
  endLending(): void;
  /**
   * Finds places for a network, in steps between which frames and trials have their turn. It ends the one before.
   *
   * Errors   Error, as a sentence, if there is no WebGPU.
   */
  settle(wired: Wired, tell: TellPlaces): Promise<void>;
  stopSettling(): void;
}
