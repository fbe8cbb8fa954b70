import type { Experiment } from "../model/experiment";

/** The pictures that a lesson can ask for; the page knows how to draw each. */
export const pictureIds = [
  /** B with A at 0 and at 1. */
  "dots",
  "graph",
  /** The true connectivity. */
  "matrix",
  /** Standard dynamics alone. */
  "raster",
  /** Standard beside perturbed. */
  "rasters",
  /** One source's effects. */
  "bars",
  /** True connectivity beside the estimated effects. */
  "matrices",
  /** Effect against weight. */
  "scatter",
  /** Correlation estimate against difference in means. */
  "proportion",
  /** Agreement against N. */
  "scaling",
  /** Agreement against time steps, of watching and of perturbing. */
  "plateau",
] as const;
export type PictureId = (typeof pictureIds)[number];

/** An element of MathML, and what is in it. */
export interface MathNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parts: readonly (MathNode | string)[];
}

export interface Equation {
  /** A whole `<math>` element. */
  readonly mathml: MathNode;
  /** The same as a person reads it aloud. */
  readonly words: string;
}

/** A number that the page fills into a lesson's sentences, where they say {name}. */
export interface LessonNumber {
  readonly means: string;
  /** As it reads in the replay of the notebook, unless something else was chosen. */
  readonly replay: string;
}

/** What of the view a lesson sets when it opens; none of it starts a run. */
export interface LessonView {
  readonly truth: "shown" | "hidden";
  /** What is lit, as in a link: "5" a neuron, "5-1" the arrow from 5 to 1. */
  readonly select?: string;
  /** The source whose effects the bars show. */
  readonly source?: number;
  /** Time steps of the raster's first window. */
  readonly steps?: number;
  /** The step key goes by half-steps, perturb and respond, and what is to come is covered. */
  readonly halfSteps?: boolean;
  /** Trials in each arm of the two-neuron trial. */
  readonly trialsPerArm?: number;
  /** Networks of growing size: one number of trials for all, then so many for each ordered pair. */
  readonly ladder?: {
    readonly neurons: readonly number[];
    readonly trials: number;
    readonly trialsPerPair: number;
  };
  /** Watching against perturbing: the numbers of time steps, and how many of them the room sees before it predicts. */
  readonly contest?: { readonly steps: readonly number[]; readonly shown: number };
}

/** One chapter: what to say, what to show, what to set. Data, not code. */
export interface Lesson {
  readonly number: number;
  /** The key that opens it. */
  readonly key: string;
  /** In links and file names. */
  readonly name: string;
  readonly title: string;
  /** Two or three sentences, to be read aloud. */
  readonly text: string;
  readonly equation: Equation;
  /** What the room predicts before the truth is shown. */
  readonly question: string;
  /** What the truth shows. */
  readonly reveal: string;
  /** The same where no noise is shared, which is another story. */
  readonly revealPrivate?: string;
  readonly numbers: Readonly<Record<string, LessonNumber>>;
  /** Where the notebook's prose says something else than its code, or leaves something out. */
  readonly note?: string;
  /** The one picture that matters, and what stands beside it. */
  readonly picture: PictureId;
  readonly beside: readonly PictureId[];
  readonly experiment: Partial<Experiment>;
  readonly view: LessonView;
  /** What "this seed in NumPy" shows. */
  readonly replay: string;
  /** What "fresh trials" shows. */
  readonly fresh: string;
}

/** A lesson's sentence with its numbers filled in; an unknown one stays as {name}, so that it is seen. */
export const fill = (sentence: string, numbers: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => numbers[name] ?? whole);

/** The names that a sentence asks for. */
export const placeholders = (sentence: string): string[] =>
  [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
