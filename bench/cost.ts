import { progressOf } from "../src/cli/report";
import type { Engine, Run } from "../src/engine/engine";
import { parseExperiment } from "../src/model/experiment";
import { drivesOf, type Speeds, secondsFor } from "../src/model/needed";
import { arrows, type Network } from "../src/model/network";
import { keyFrom } from "../src/model/threefry";
import { networkOf } from "../src/network";
import type { Report } from "./index";
import { median } from "./interleaved";

// What a trial costs: outcomes, which grow with arrows and neurons, and pair sums, which grow with sources × targets.
// Two speeds must predict all sizes and all numbers of sources.

const sizes = [512, 1024, 2048, 4096, 8192];
const inDegree = 20;
/** All × all up to here; it takes too long in software above. */
const mostAllPairs = 2048;
const someSources = [1, 64, 256];

/** A measurement is repeated, in turn with all others, and takes at least so long each time. */
const repeats = 5;
const leastSeconds = 0.3;

/** Measured and predicted may differ by this factor either way: other work on the machine, caches, dispatches. */
const tolerance = 1.5;

interface Point {
  readonly neurons: number;
  readonly sources: number;
  readonly arrows: number;
  readonly run: Run;
  /** Trials of one measurement. */
  trials: number;
  next: number;
  readonly seconds: number[];
}

async function measure(point: Point): Promise<number> {
  const start = performance.now();
  await point.run.advance(point.next, point.next + point.trials);
  point.next += point.trials;
  return (performance.now() - start) / 1000;
}

/** Opens a run and finds how many trials take long enough. */
async function ready(engine: Engine, network: Network, sources: number): Promise<Point> {
  const { neurons } = network;
  const run = await engine.open({
    network,
    key: keyFrom("cost"),
    sources: Uint32Array.from({ length: sources }, (_, column) => Math.floor((column * neurons) / sources)),
    trials: 2 ** 22,
  });
  const point: Point = {
    ...{ neurons, sources, arrows: arrows(network), run, trials: 256, next: 0, seconds: [] },
  };
  // What is compiled and allocated on the way does not count, and slices need some trials to find their size.
  await measure(point);
  while ((await measure(point)) < leastSeconds && point.trials < 2 ** 14) point.trials *= 2;
  return point;
}

/** Seconds per trial of each point against the prediction. */
export async function cost(engine: Engine): Promise<Report> {
  const networks = new Map(
    sizes.map((neurons) => [
      neurons,
      networkOf(parseExperiment({ network: "in-degree", neurons, inDegree, seed: "cost" })),
    ]),
  );
  const points: Point[] = [];
  const wanted = sizes.flatMap((neurons) => [
    ...someSources.map((sources) => ({ neurons, sources })),
    ...(neurons <= mostAllPairs ? [{ neurons, sources: neurons }] : []),
  ]);
  const progress = progressOf("measurements", 0, wanted.length * (1 + repeats));
  for (const { neurons, sources } of wanted) {
    const network = networks.get(neurons);
    if (network) points.push(await ready(engine, network, sources));
    progress.at(points.length);
  }
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [index, point] of points.entries()) {
      point.seconds.push((await measure(point)) / point.trials);
      progress.at((repeat + 1) * points.length + index);
    }
  progress.end();
  for (const { run } of points) run.release();

  const measured = points.map((point) => ({ ...point, perTrial: median(point.seconds) }));
  const speeds = speedsOf(measured);
  const numbers = measured.map(({ neurons, sources, arrows: count, perTrial }) => {
    const predicted = secondsFor(neurons, sources, count, 1, speeds);
    return { neurons, arrows: count, sources, measured: perTrial, predicted, ratio: perTrial / predicted };
  });
  const micro = (seconds: number) => (1e6 * seconds).toPrecision(3);
  const markdown = [
    "# Cost of a trial",
    "",
    `Networks of ${inDegree} inputs a neuron, sources × all targets. Predicted: (arrows + 30 neurons) / ` +
      `${(speeds.drivesPerSecond / 1e6).toPrecision(3)} million a second + sources × targets / ` +
      `${(speeds.pairUpdatesPerSecond / 1e6).toPrecision(3)} million a second: two speeds for all rows. ` +
      `Medians of ${repeats}, all rows in turn.`,
    "",
    "| neurons | arrows | sources | pairs | measured, µs per trial | predicted | ratio |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...numbers.map(({ neurons, arrows: count, sources, measured: seconds, predicted, ratio }) =>
      [
        `| ${neurons.toLocaleString("en")}`,
        count.toLocaleString("en"),
        sources.toLocaleString("en"),
        (neurons * sources).toLocaleString("en"),
        micro(seconds),
        micro(predicted),
        `${ratio.toFixed(2)} |`,
      ].join(" | "),
    ),
  ].join("\n");
  const holds = numbers.every(({ ratio }) => ratio < tolerance && ratio > 1 / tolerance);
  return { markdown, numbers: { speeds, rows: numbers }, holds };
}

/** The two speeds that fit best: by least squares of the relative errors, so that every row counts alike. */
function speedsOf(
  points: readonly (Pick<Point, "neurons" | "sources" | "arrows"> & { readonly perTrial: number })[],
): Speeds {
  const sum = { dd: 0, dp: 0, pp: 0, d: 0, p: 0 };
  for (const { neurons, sources, arrows: count, perTrial } of points) {
    const drives = drivesOf(neurons, count, 1) / perTrial;
    const pairs = (neurons * sources) / perTrial;
    sum.dd += drives * drives;
    sum.dp += drives * pairs;
    sum.pp += pairs * pairs;
    sum.d += drives;
    sum.p += pairs;
  }
  const determinant = sum.dd * sum.pp - sum.dp ** 2;
  return {
    drivesPerSecond: determinant / (sum.d * sum.pp - sum.p * sum.dp),
    pairUpdatesPerSecond: determinant / (sum.p * sum.dd - sum.d * sum.dp),
  };
}
