import { exactEffect } from "../../../src/model/estimand";
import { parseExperiment } from "../../../src/model/experiment";
import { predictor } from "../../../src/model/predict";
import { fitLine, twoArms } from "../../../src/model/twoArms";
import { networkOf } from "../../../src/network";
import { trialsOf } from "../../../src/replay/estimates";
import { denseOf, type NotebookReplay, notebookDefaults, replayNotebook } from "../../../src/replay/notebook";
import type { BarsData } from "../../../src/view/bars";
import { niceEnd } from "../../../src/view/colours";
import type { DotsData } from "../../../src/view/dots";
import type { PlateauData } from "../../../src/view/plateau";
import type { RastersData } from "../../../src/view/raster";
import type { Ladder, ScalingData } from "../../../src/view/scaling";
import type { ScatterData } from "../../../src/view/scatter";

// What the lessons show, from the notebook's own numbers: pictures should be looked at with true data in them.

export const notebook = (neurons: number): NotebookReplay => replayNotebook({ ...notebookDefaults, neurons });

export function dotsOf({ twoNeurons }: NotebookReplay, trials: number, truth: boolean): DotsData {
  const { on, off } = twoNeurons;
  const arms = twoArms(off, on, trials);
  return {
    off: { values: off, ...arms.off },
    on: { values: on, ...arms.on },
    trials,
    difference: arms.difference,
    standardError: arms.standardError,
    exact: truth ? 1 : null,
    ...(trials === off.length && { digits: `${String(arms.difference).slice(0, 8)}…` }),
  };
}

export const rastersOf = (replay: NotebookReplay, covered: boolean): RastersData => ({
  panels: [
    { title: "Standard", raster: replay.standard, perturbed: false },
    { title: "Perturbed", raster: replay.perturbed, perturbed: true },
  ],
  covered,
});

export const rasterOf = ({ standard }: NotebookReplay): RastersData => ({
  panels: [{ title: "Standard", raster: standard, perturbed: false }],
  covered: false,
});

export function barsOf({ single, neurons }: NotebookReplay, truth: boolean): BarsData {
  const { perturbation, outcome } = trialsOf(single.raster);
  const arm = (target: number, value: number) =>
    outcome[target].filter((_, trial) => perturbation[single.source][trial] === value);
  const estimand = exactColumn(neurons, single.source);
  return {
    source: single.source,
    effect: single.effect,
    standardError: Float64Array.from(
      single.effect,
      (_, target) => twoArms(arm(target, 0), arm(target, 1)).standardError,
    ),
    freedom: perturbation[single.source].length - 2,
    exact: truth ? estimand : null,
    scale: niceEnd(Math.max(...estimand)),
  };
}

function exactColumn(neurons: number, from: number): Float64Array {
  const network = networkOf(parseExperiment({ neurons }));
  const { effect } = exactEffect(network);
  const column = new Float64Array(neurons);
  for (let target = 0; target < neurons; target++)
    for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++)
      if (network.source[arrow] === from) column[target] = effect[arrow];
  return column;
}

export function scatterOf({ neurons, connectivity, all }: NotebookReplay): ScatterData {
  const weights = denseOf(connectivity);
  return {
    sources: Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
    x: { title: "weight, drive per perturbation", name: "weight", values: weights },
    y: { title: "effect, outcome per perturbation", name: "effect", values: all.differenceInMeans },
    fit: fitLine(weights, all.differenceInMeans),
  };
}

export const proportionOf = ({ neurons, all }: NotebookReplay): ScatterData => ({
  sources: Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
  x: { title: "difference in means", name: "difference in means", values: all.differenceInMeans },
  y: { title: "correlation estimate R", name: "correlation estimate R", values: all.correlationEstimate },
  fit: fitLine(all.differenceInMeans, all.correlationEstimate),
});

/** Measured with `lab run --network notebook:N:42 --seed lecture`. */
const measured = {
  fixed: [
    [6, 0.9838],
    [25, 0.893],
    [100, 0.5561],
    [400, 0.1767],
  ],
  growing: [
    [6, 0.7657],
    [25, 0.893],
    [100, 0.9369],
  ],
} as const;

export function scalingOf(grown: boolean): ScalingData {
  const neurons = [6, 25, 100, 400, 1000];
  const at = neurons.map((size) => {
    const network = networkOf(parseExperiment({ neurons: size }));
    return predictor(
      network,
      exactEffect(network),
      Uint32Array.from({ length: size }, (_, neuron) => neuron),
    );
  });
  const ladder = (
    name: string,
    trials: (neurons: number) => number,
    found: readonly (readonly [number, number])[],
  ): Ladder => ({
    name,
    measured: found.map(([size, agreement]) => ({ neurons: size, trials: trials(size), agreement })),
    expected: neurons.flatMap((size, index) => {
      const { agreement } = at[index](trials(size));
      return agreement ? [{ neurons: size, trials: trials(size), ...agreement }] : [];
    }),
  });
  return {
    neurons,
    ladders: [
      ladder("2,500 trials", () => 2500, measured.fixed),
      { ...ladder("4 trials for each pair", (size) => 4 * size * size, measured.growing), hidden: !grown },
    ],
  };
}

/** Measured by `doAgainstSee` with the seed "lecture" and 70 % of the noise shared, and with private noise. */
const standings = {
  shared: [
    [1_000, 0.282, 0.709],
    [5_000, 0.306, 0.903],
    [10_000, 0.301, 0.958],
    [100_000, 0.305, 0.992],
    [1_000_000, 0.304, 0.999],
  ],
  plain: [
    [1_000, 0.437, 0.678],
    [5_000, 0.773, 0.893],
    [10_000, 0.866, 0.947],
    [100_000, 0.983, 0.993],
    [1_000_000, 0.998, 0.999],
  ],
} as const;

export function plateauOf(revealed: boolean): PlateauData {
  const points = (found: readonly (readonly [number, number, number])[]) =>
    found.map(([steps, see, done]) => ({ steps, see, do: done }));
  const shared = points(standings.shared);
  return {
    steps: shared.map(({ steps }) => steps),
    points: revealed ? shared : shared.slice(0, 2),
    plain: revealed ? points(standings.plain) : [],
    expected: [],
    isShared: true,
    covered: revealed ? null : shared[2].steps,
  };
}
