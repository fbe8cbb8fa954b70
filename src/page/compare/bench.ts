import type { KernelCheck } from "../../engine/gpu/check";
import type { Deviations } from "../../model/deviations";
import type { Experiment } from "../../model/experiment";
import type { Network } from "../../model/network";
import type { Sameness } from "../../model/sameness";
import type { Sums } from "../../model/sums";
import type { Pixels } from "../../view/pixels";
import type { OpenedFile } from "../openedFile";

/** The two engines, by where their sums come from. */
export type Side = "gpu" | "cpu";

/** What is known before the first trial. */
export interface Ready {
  readonly network: Network;
  /** Whose effects are compared, ascending: the columns. */
  readonly sources: Uint32Array;
  /** The largest magnitude of an exact effect: the end of the colour scale. */
  readonly largest: number;
}

/** One engine's sums as a picture. freedom: [sources] degrees of, of a column's standard errors. hash: SHA-256 of the canonical bytes; null where the page has no such thing. */
export interface SidePicture {
  readonly effects: Pixels;
  readonly freedom: Float64Array;
  readonly hash: string | null;
}

export interface Verdict {
  readonly sameness: Omit<Sameness, "pairs">;
  /** 1 where a word differs. */
  readonly cells: Pixels;
}

/**
 * One pair, by everything that was computed of it so far.
 *
 * Units    outcome per perturbation.
 * Missing  null: not computed yet, or of none of the sources. NaN: an empty arm, or too few trials.
 */
export interface PairNumbers {
  readonly gpu: Estimate | null;
  readonly cpu: Estimate | null;
  readonly model: Estimate | null;
  readonly exact: number;
  readonly isDifferent: boolean;
}

export interface Estimate {
  readonly effect: number;
  readonly standardError: number;
}

/** Every kernel against its twin, on the worker's own device. */
export interface SelfCheck {
  readonly adapter: string;
  readonly kernels: readonly KernelCheck[];
}

/** Compare mode's worker: the CPU engine, the float64 model, and whatever takes time. One thing at a time. */
export interface Bench {
  /** `opened`: the file that the network is in, if it is in one; it is read again. */
  prepare(experiment: Experiment, opened: Pick<OpenedFile, "file" | "options"> | null): Promise<Ready>;
  /** Opens the CPU engine's run. */
  open(): Promise<void>;
  advance(from: number, to: number): Promise<void>;
  /** Takes the GPU's sums, or, without any, the CPU engine's own, which ends its run. */
  take(side: Side, sums: Sums | null): Promise<SidePicture>;
  /** Both sums, word by word. */
  judge(): Verdict;
  /** More trials of the float64 model; the first call begins it. */
  model(trials: number): void;
  /** The float64 model against the GPU, or against the CPU where there is no GPU. */
  deviations(): Deviations;
  pair(source: number, target: number): PairNumbers;
  /** Has nothing to do with what was prepared; where there is no GPU, there is nothing to check. */
  check(onProgress: (done: number, of: number) => void): Promise<SelfCheck>;
}
