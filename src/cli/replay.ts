import type { Raster } from "../model/dynamics";
import { denseOf, type NotebookOptions, type NotebookReplay, replayNotebook } from "../replay/notebook";
import { inLines, progressOf } from "./report";

/** Time steps of a raster that are printed: as many as the notebook draws. */
const shownSteps = 10;
/** A matrix with more rows than this is for a program to read. */
const mostShownRows = 12;

/** Undefined numbers are null. */
type Numbers = readonly (number | null)[];
type Matrix = readonly Numbers[];

/** The JSON of `replay`: matrices [target][source], rasters [neuron][step]. */
export interface Replay extends Omit<NotebookOptions, "selected"> {
  readonly twoNeurons: number;
  readonly connectivity: Matrix;
  readonly largestSingularValue: number;
  readonly standardFirst10: Matrix;
  readonly perturbedFirst10: Matrix;
  readonly single: {
    readonly source: number;
    readonly effect: Numbers;
    readonly agreement: number | null;
  };
  readonly all: {
    readonly correlationEstimate: Matrix;
    readonly agreement: number | null;
    readonly differenceInMeans: Matrix;
    readonly differenceInMeansAgreement: number | null;
  };
}

/** The notebook's cells in NumPy's own stream, as far as they are printed. */
export function replay(options: NotebookOptions): Replay {
  let progress = { what: "", ...progressOf("", 0, 0) };
  const notebook = replayNotebook(options, (what, done, of) => {
    if (progress.what !== what) {
      progress.end();
      progress = { what, ...progressOf(what, 0, of) };
    }
    progress.at(done);
  });
  progress.end();
  return toJson(notebook);
}

function toJson(notebook: NotebookReplay): Replay {
  const { neurons, seed, timesteps, twoNeurons, connectivity, largestSingularValue, single, all } = notebook;
  const matrix = (values: Float64Array) => rowsOf(values, neurons, neurons);
  const first = (raster: Raster) => rowsOf(raster.state, timesteps, shownSteps);
  return {
    neurons,
    seed,
    timesteps,
    twoNeurons: twoNeurons.differenceInMeans,
    connectivity: matrix(denseOf(connectivity)),
    largestSingularValue,
    standardFirst10: first(notebook.standard),
    perturbedFirst10: first(notebook.perturbed),
    single: {
      source: single.source,
      effect: numbers(single.effect),
      agreement: numberOrNull(single.agreement),
    },
    all: {
      correlationEstimate: matrix(all.correlationEstimate),
      agreement: numberOrNull(all.agreement),
      differenceInMeans: matrix(all.differenceInMeans),
      differenceInMeansAgreement: numberOrNull(all.differenceInMeansAgreement),
    },
  };
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

const numbers = (values: Float64Array): Numbers => Array.from(values, numberOrNull);

/** The first `columns` of each row of a matrix whose rows are `width` long. */
function rowsOf(values: Float64Array, width: number, columns: number): Matrix {
  return Array.from({ length: values.length / width }, (_, row) =>
    numbers(values.subarray(row * width, row * width + Math.min(width, columns))),
  );
}

/** A replay for a person. */
export function describeReplay(result: Replay): string {
  const { neurons, seed, timesteps, single, all } = result;
  const table = (what: string, rows: Matrix) =>
    neurons > mostShownRows
      ? [`${what}: ${neurons} rows, printed with --json`]
      : [`${what}:`, ...rows.map((row) => row.map((value) => padded(value, 4)).join(""))];
  return inLines([
    `the notebook with N = ${neurons.toLocaleString("en")}, NumPy seed ${seed}, ${timesteps.toLocaleString("en")} time steps`,
    `two neurons: difference in means ${result.twoNeurons}`,
    ...(result.largestSingularValue > 0
      ? []
      : ["no arrow was drawn: the notebook divides 0 by 0 here, this replay goes on without arrows"]),
    ...table("connectivity, from (column) → to (row)", result.connectivity),
    ...table(`standard dynamics, neuron (row) by time step 0 to ${shownSteps - 1}`, result.standardFirst10),
    ...table("perturbed dynamics, every even time step set to 0 or 1", result.perturbedFirst10),
    ...table(
      `effect of neuron ${single.source} on each neuron`,
      single.effect.map((value) => [value]),
    ),
    `agreement with its column of the connectivity ${shown(single.agreement, 6)}`,
    ...table("all neurons, correlation estimate, from (column) → to (row)", all.correlationEstimate),
    `agreement with the connectivity ${shown(all.agreement, 6)}`,
    ...table("all neurons, difference in means, from (column) → to (row)", all.differenceInMeans),
    `agreement with the connectivity ${shown(all.differenceInMeansAgreement, 6)}`,
  ]);
}

const shown = (value: number | null, digits: number): string =>
  value === null ? "unknown" : value.toFixed(digits);

const padded = (value: number | null, digits: number): string => shown(value, digits).padStart(9);
