import { describe, expect, test } from "vitest";
import type { Raster } from "../../src/model/dynamics";
import { differenceInMeans, trialsOf } from "../../src/replay/estimates";
import {
  denseOf,
  type NotebookReplay,
  notebookDefaults,
  replayNotebook,
  twoNeuronTrial,
} from "../../src/replay/notebook";
import { knownAnswers } from "../support/kat";

interface Notebook {
  readonly n: number;
  readonly seed: number;
  readonly timesteps: number;
  readonly selected: number;
  readonly two_neuron_difference_in_means: number;
  readonly largest_singular_value: number;
  readonly connectivity: number[][];
  readonly standard_first_10: number[][];
  readonly standard_last: number[];
  readonly perturbed_first_10: number[][];
  readonly perturbed_last: number[];
  readonly single_effect: number[];
  readonly single_correlation: number;
  readonly all_correlation_estimate: number[][];
  readonly all_correlation: number;
  readonly all_difference_in_means: number[][];
  readonly all_difference_in_means_correlation: number;
}

/** Where exp, log and the machine's BLAS have a say; measured: at most 8e-15. */
function expectClose(got: Iterable<number>, expected: readonly number[]) {
  const values = [...got];
  expect(values.length).toBe(expected.length);
  expect(
    values.map((value, index) => Math.abs(value - expected[index])).filter((d) => !(d <= 1e-12)),
  ).toEqual([]);
}

const columns = ({ neurons, timesteps, state }: Raster, from: number, count: number): number[][] =>
  Array.from({ length: neurons }, (_, neuron) => [
    ...state.subarray(neuron * timesteps + from, neuron * timesteps + from + count),
  ]);

const evenColumns = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.filter((_, step) => step % 2 === 0));

describe.each(["notebook_n6", "notebook_n25_seed7"])("%s, cell by cell", (name) => {
  const notebook = knownAnswers<Notebook>(name);
  const { n, seed, timesteps, selected } = notebook;
  const replay: NotebookReplay = replayNotebook({ neurons: n, seed, timesteps, selected });

  test("two neurons, to the last digit", () => {
    expect(replay.twoNeurons.differenceInMeans).toBe(notebook.two_neuron_difference_in_means);
    expect(replay.twoNeurons.differenceInMeans).toBe(0.9907195190159408);
  });

  test("connectivity: every arrow, its weight to 1e-12", () => {
    const dense = denseOf(replay.connectivity);
    const expected = notebook.connectivity.flat();
    expect([...dense].map((weight) => weight > 0)).toEqual(expected.map((weight) => weight > 0));
    expectClose(dense, expected);
    expectClose([replay.largestSingularValue], [notebook.largest_singular_value]);
  });

  test("standard dynamics, first and last", () => {
    expectClose(columns(replay.standard, 0, 10).flat(), notebook.standard_first_10.flat());
    expectClose(columns(replay.standard, timesteps - 1, 1).flat(), notebook.standard_last);
  });

  test("perturbed dynamics, first and last: the perturbations exactly", () => {
    const first = columns(replay.perturbed, 0, 10);
    expect(evenColumns(first)).toEqual(evenColumns(notebook.perturbed_first_10));
    expectClose(first.flat(), notebook.perturbed_first_10.flat());
    expectClose(columns(replay.perturbed, timesteps - 1, 1).flat(), notebook.perturbed_last);
  });

  test("one neuron's effects", () => {
    expect(replay.single.source).toBe(selected);
    expectClose(replay.single.effect, notebook.single_effect);
    expectClose([replay.single.agreement], [notebook.single_correlation]);
  });

  test("all neurons at once", () => {
    const { all } = replay;
    expectClose(all.correlationEstimate, notebook.all_correlation_estimate.flat());
    expectClose([all.agreement], [notebook.all_correlation]);
    expectClose(all.differenceInMeans, notebook.all_difference_in_means.flat());
    expectClose([all.differenceInMeansAgreement], [notebook.all_difference_in_means_correlation]);
  });
});

test("an odd number of time steps: the last column has no outcome and is left out", () => {
  // NumPy 2.4.6, create_connectivity(4, 5) and the notebook's own cells with timesteps = 101, selected_neuron = 2; for
  // all neurons with perturbed_X[:, :100], since the cell raises ValueError on unequal lengths.
  const replay = replayNotebook({ neurons: 4, seed: 5, timesteps: 101, selected: 2 });
  const last = (raster: Raster) => columns(raster, 100, 1).flat();
  expectClose(
    last(replay.standard),
    [0.9078424441261057, 0.36051417276455927, 0.6879587765688846, 0.7561181893530333],
  );
  expectClose(
    last(replay.perturbed),
    [0.5013709455196094, 0.5457735515584546, 0.7815502817544029, 0.7214846542720074],
  );
  expectClose(
    last(replay.single.raster),
    [0.823852165445859, 0.175202965155211, 0.7325887133783185, 0.09784906591374624],
  );
  expectClose(
    replay.single.effect,
    [0.13206166954698006, -0.05009084570064726, 0.0544319854141172, -0.10645650654144606],
  );
  expectClose(
    replay.all.correlationEstimate,
    [
      [-0.05034730155408897, 0.004276207468602307, -0.0614706385342485, 0.5658620121128233],
      [-0.019404943630727832, 0.21314037670017477, 0.1756498731972556, 0.13020054893922853],
      [0.07026381633725956, -0.021936880247712964, -0.050334020124318916, -0.14586173519182372],
      [-0.10390903394098937, 0.07794505393811021, 0.23960606819343072, 0.35440030356071517],
    ].flat(),
  );
  expectClose(
    replay.all.differenceInMeans,
    [
      [-0.021427980234898336, 0.0017681909302371679, -0.02541780919897041, 0.23398118190712747],
      [-0.008099936129261076, 0.0864371204390127, 0.07123319138168754, 0.05280163573003793],
      [0.030907396066415738, -0.009374991874148308, -0.021510854065399987, -0.06233578187650862],
      [-0.04191684871853957, 0.030548453736565895, 0.09390711173308508, 0.1388976045374955],
    ].flat(),
  );
});

test("fewer time steps: what seeds anew begins the same, what runs on from before does not", () => {
  const long = replayNotebook({ ...notebookDefaults, timesteps: 50 });
  const short = replayNotebook({ ...notebookDefaults, timesteps: 21 });
  expect(columns(short.standard, 0, 21)).toEqual(columns(long.standard, 0, 21));
  expect(columns(short.perturbed, 0, 2)).not.toEqual(columns(long.perturbed, 0, 2));
  expect(columns(short.all.raster, 0, 20)).toEqual(columns(long.all.raster, 0, 20));
});

test("the selected neuron's column is the same measure as all columns", () => {
  for (const selected of [0, 5]) {
    const { single, all } = replayNotebook({ neurons: 6, seed: 42, timesteps: 200, selected });
    expect([...single.effect]).toEqual([...differenceInMeans(trialsOf(single.raster), selected)]);
    const column = [...all.differenceInMeans].filter((_, pair) => pair % 6 === selected);
    expect(column).toEqual([...differenceInMeans(trialsOf(all.raster), selected)]);
  }
});

describe("what cannot be known is NaN", () => {
  const numbers = (replay: NotebookReplay) => ({
    effects: [...replay.single.effect, ...replay.all.differenceInMeans, ...replay.all.correlationEstimate],
    agreements: [replay.single.agreement, replay.all.agreement, replay.all.differenceInMeansAgreement],
  });

  test.each([1, 2, 3])("%i time steps: no arm has a trial to compare with", (timesteps) => {
    const { effects, agreements } = numbers(replayNotebook({ ...notebookDefaults, timesteps }));
    expect(effects.length).toBe(6 + 36 + 36);
    expect([...effects, ...agreements].filter((value) => !Number.isNaN(value))).toEqual([]);
  });

  test("a seed that draws no arrow: effects of nothing, no agreement", () => {
    const replay = replayNotebook({ neurons: 3, seed: 1, timesteps: 2000, selected: 1 });
    expect([...denseOf(replay.connectivity)]).toEqual(new Array(9).fill(0));
    const { effects, agreements } = numbers(replay);
    expect(effects.filter((value) => !(Math.abs(value) < 0.15))).toEqual([]);
    expect(agreements).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test("a selected neuron without an arrow has effects and no agreement", () => {
    const { single, all } = replayNotebook({ ...notebookDefaults, timesteps: 500, selected: 0 });
    expect([...single.effect].every(Number.isFinite)).toBe(true);
    expect(single.agreement).toBeNaN();
    expect(all.agreement).toBeGreaterThan(0.8);
  });

  test("an arm without a trial spoils its column only, and the agreement as in NumPy", () => {
    const { all } = replayNotebook({ ...notebookDefaults, timesteps: 6 });
    const bySource = Array.from({ length: 6 }, (_, source) =>
      [...all.differenceInMeans].filter((_, pair) => pair % 6 === source).map(Number.isNaN),
    );
    for (const column of bySource) expect(new Set(column).size).toBe(1);
    expect(new Set(bySource.map(([first]) => first))).toEqual(new Set([true, false]));
    expect([...all.correlationEstimate].map(Number.isNaN)).toEqual(
      [...all.differenceInMeans].map(Number.isNaN),
    );
    expect(all.differenceInMeansAgreement).toBeNaN();
  });
});

test("the two-neuron trial: B with A at 1 is drawn first", () => {
  const { on, off } = twoNeuronTrial();
  expect([on.length, off.length]).toEqual([5000, 5000]);
  // NumPy: np.random.seed(12); np.random.randn()
  expectClose([on[0]], [1 + 0.47298583148997897]);
});

test("progress goes up to all time steps, then all sources", () => {
  const told: [string, number, number][] = [];
  replayNotebook({ ...notebookDefaults, timesteps: 11 }, (...progress) => told.push(progress));
  expect(told.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, done) => ["time steps", done + 1, 40]));
  expect(told.slice(40)).toEqual(Array.from({ length: 6 }, (_, done) => ["sources", done + 1, 6]));
});
