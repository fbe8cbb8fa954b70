import type { Glance } from "../io/glance";
import type { Format, ReadOptions } from "../io/readNetwork";
import type { Saved, Session, SessionHead } from "../io/sessionFile";
import type { Design } from "../model/design";
import type { Experiment } from "../model/experiment";
import type { Confidence } from "../model/inference";
import type { PackedNames } from "../model/names";
import type { Network } from "../model/network";
import type { Outgoing } from "../model/outgoing";
import type { Places } from "../model/places";
import type { Band } from "../model/predict";
import type { Recovery } from "../model/recovery";
import type { Judged } from "../model/summary";
import type { Sums } from "../model/sums";
import type { Cells, Pixels } from "../view/pixels";
import type { ContestPoint, ContestRequest, ExpectedAt } from "./contest";
import type { ChosenArrows } from "./digest";
import type { EgoNetwork, Outwards } from "./ego";
import type { Kept } from "./kept";
import type { Rung, RungRequest } from "./ladder";
import type { LessonData, LessonRequest } from "./lessonData";
import type { Needs, PairNeed } from "./needs";
import type { FileFacts } from "./openedFile";
import type { Writing } from "./save";
import type { TellTiles, TileRequest, TilesDone } from "./tileRun";
import type { Wired } from "./wired";

/** What is being done before the first trial, and the share of it that is done; null where nobody knows. */
export interface Preparation {
  readonly work: "reading" | "wiring" | "scale" | "effects" | "expectations";
  readonly share: number | null;
}

/** What there is to draw, before anything is computed of it. */
export interface Laid {
  readonly network: Network;
  readonly outgoing: Outgoing;
  readonly design: Design;
  /** Whose effects are estimated, ascending: the columns of every matrix. */
  readonly sources: Uint32Array;
  readonly weights: Pixels;
  /** What the neurons are called; null where that is their numbers. */
  readonly names: PackedNames | null;
}

/** A part of the matrices. */
export interface CellsOnShow {
  readonly weights: Pixels;
  /** null before anything was evaluated. */
  readonly effects: Pixels | null;
}

/** What is known of an experiment before its first trial. */
export interface Known {
  /** Exact effect per arrow, aligned with network.source. */
  readonly exact: Float64Array;
  /** The largest magnitude among them; 0 where there are none. */
  readonly largest: number;
  /** What to expect along the way, at ascending numbers of trials. */
  readonly expected: readonly Expectation[];
}

export type Prepared = Laid & Known;

export interface Expectation {
  readonly trials: number;
  readonly agreement: Band | null;
  readonly rmsError: Band;
  readonly auroc: Band | null;
}

/** The effects alone, which are seen first. */
export interface Effects {
  readonly trials: number;
  /** [sources] Degrees of freedom of a column's standard errors. */
  readonly freedom: Float64Array;
  readonly effects: Pixels;
}

/** What else the pictures need of the same sums. */
export interface Judgement extends ChosenArrows {
  readonly summary: Judged;
}

export type Picture = Effects & Judgement;

/** The area under the ROC, of so many trials: of large networks it comes later than their picture, and not for each. */
export interface Area {
  readonly trials: number;
  /** As in Summary. */
  readonly auroc: number | null;
}

/**
 * One pair's estimate.
 *
 * Missing  NaN: an empty arm, or too few trials for a standard error.
 */
export interface PairEstimate {
  readonly effect: number;
  readonly standardError: number;
}

/** How well the wiring comes out of what was evaluated last. */
export interface Recovered {
  readonly trials: number;
  readonly recovery: Recovery;
  readonly agreement: number | null;
}

/** Sums by their hash: the runner's `sumsHash`. */
export interface SumsName {
  readonly trials: number;
  readonly sumsHash: string;
}

/** What a session says of whose sums it holds. */
export type SavedBy = Pick<Saved, "experiment" | "engine" | "adapter" | "understood">;

/** The sums of a run that the browser keeps. */
export type KeptSums = Pick<Kept, "sums" | "opened">;

/** The worker: everything of the page that takes time and needs no GPU. One thing at a time. */
export interface Desk {
  /** A look at the beginning of a file; without a format, it is found out. */
  glance(file: File, format: Format | null): Promise<Glance>;
  /** Reads the network in a file and keeps it: what is laid later, of kind `file`, is that. */
  read(file: File, options: ReadOptions, tell: (now: Preparation) => void): Promise<FileFacts>;
  /** Where the neurons of that network are, from a table of its own. */
  readPlaces(file: File, tell: (now: Preparation) => void): Promise<Places>;
  /** Ends that. */
  endPlaces(): void;
  /** Forgets the run and what was evaluated of it; what was made of the experiment before that stays. */
  again(): void;
  /** Makes the network of an experiment; the other calls are about the last one. */
  lay(experiment: Experiment, tell: (now: Preparation) => void): Laid;
  /** What is known of it before its first trial. */
  know(tell: (now: Preparation) => void): Known;
  /** The network once more, for who takes it to another thread. */
  copied(): Network;
  /** Opens the CPU engine's run of it, from sums that are there already or from none, numbers it and names what computes it. */
  open(begun: Sums | null): Promise<{ readonly number: number; readonly adapter: string }>;
  advance(from: number, to: number): Promise<void>;
  sums(): Promise<Sums>;
  /** Frees a run, if it is still the one that is open; without a number whichever is. */
  release(number?: number): void;
  /** Estimates; without sums, from the CPU engine's. */
  evaluate(sums: Sums | null, cells: Cells): Promise<Effects>;
  /** Judges what was evaluated last. At most so many arrows come back. */
  judge(mostArrows: number): Judgement;
  /** Bytes of the arrays that are kept here: the network, sums, effects. */
  held(): number;
  /** Of what was evaluated last; others have their turns meanwhile. Null before that, and if it was ended. */
  area(): Promise<Area | null>;
  /** Ends what area does. */
  endArea(): void;
  /** Another part of the matrices, of what was laid and of what was evaluated last. */
  cells(cells: Cells): CellsOnShow;
  /** One pair of what was evaluated last; null before that, and where the first neuron is none of the sources. */
  pair(source: number, target: number): PairEstimate | null;
  /**
   * What joins one neuron with others, in what was readied and evaluated last, `most` arrows of a kind at most; null
   * before the exact effects are known. `out`: its arrows outwards, which the page has.
   */
  ego(neuron: number, out: Outwards, most: number): EgoNetwork | null;
  /** The network's arrows once more, to be handed on: by target and by source. */
  wired(): Wired;
  /** Curves, discoveries and coverage of what was evaluated last; takes a sort. Null before that. */
  recover(confidence: Confidence): Recovered | null;
  /**
   * Recovers all sources of what was readied, in tiles, on the engine at the port or, without one, on the CPU's. `onCpu`
   * hears why, if what was lent failed and the CPU goes on.
   */
  recoverAll(
    request: TileRequest,
    lent: MessagePort | null,
    tell: TellTiles,
    onCpu: (reason: string) => void,
  ): Promise<TilesDone>;
  /** Ends that; the tiles that are done are kept. */
  endRecovering(): void;
  /** Trials until arrows stand out by z standard errors, in what was readied; null before that. */
  needs(z: number): Needs | null;
  pairNeed(z: number, source: number, target: number): PairNeed | null;
  /** A file of what was evaluated last, or of its network and places; tells how many bytes it has so far. */
  write(
    writing: Writing,
    confidence: Confidence,
    places: Places | null,
    tell: (bytes: number) => void,
  ): Promise<Blob>;
  /** Ends what is being written. */
  endWriting(): void;
  /** SHA-256 of sums; without any, the CPU engine's. */
  hash(sums: Sums | null): Promise<SumsName>;
  /** A session of what was laid, as a file: with these sums or, without any, the CPU engine's. endWriting ends it. */
  saveSession(sums: Sums | null, by: SavedBy, tell: (bytes: number) => void): Promise<Blob>;
  /** What a session's file says of itself; its sums are not read yet. */
  readHead(file: File): SessionHead;
  readSession(file: File): Session;
  /** Keeps the same in the browser's storage; false where it cannot. `opened`: it began with a session out of a file. */
  keep(sums: Sums | null, by: SavedBy, opened: boolean): Promise<boolean>;
  /** The sums of what was laid that the browser keeps, or null. */
  kept(): Promise<KeptSums | null>;
  /** The browser keeps them no longer. */
  forget(): Promise<void>;
  /** The numbers of the lessons; has nothing to do with what was readied. */
  lesson(request: LessonRequest): Promise<LessonData>;
  /** One network of growing size, likewise. */
  rung(request: RungRequest): Promise<Rung>;
  /** Watching against perturbing, likewise; each point is told when it is there. A new one ends the last. */
  contest(request: ContestRequest, tell: (point: ContestPoint) => void): Promise<void>;
  expectContest(request: ContestRequest): ExpectedAt[];
  endContest(): void;
}
