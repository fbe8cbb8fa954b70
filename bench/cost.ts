import { progressOf } from "../src/cli/report";
import type { Engine, Run } from "../src/engine/engine";
import { parseExperiment } from "../src/model/experiment";
import { drivesOf, type Speeds, secondsFor } from "../src/model/needed";
import { arrows, type Network } from "../src/model/network";
import { keyFrom } from "../src/model/threefry";
import { networkOf } from "../src/network";
import type { Report } from "./index";

// What a trial costs: outcomes, which grow with arrows and neurons, and pair sums, which grow with sources × targets.
// Two speeds, measured at one size, must predict the other sizes.

const sizes = [512, 1024, 2048, 4096, 8192];
const inDegree = 20;
/** All × all up to here; it takes too long in software above. */
const mostAllPairs = 2048;
const calibrated = { neurons: 2048, narrow: 1, wide: 256 };

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
    ...{ neurons, sources, arrows: arrows(network), run, trials: 64, next: 0, seconds: [] },
  };
  // What is compiled and allocated on the way does not count, and slices need some trials to find their size.
  await measure(point);
  while ((await measure(point)) < leastSeconds && point.trials < 2 ** 14) point.trials *= 2;
  return point;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds per trial of each point against the prediction from two of them. */
export async function cost(engine: Engine): Promise<Report> {
  const networks = new Map(
    sizes.map((neurons) => [
      neurons,
      networkOf(parseExperiment({ network: "in-degree", neurons, inDegree, seed: "cost" })),
    ]),
  );
  const points: Point[] = [];
  const wanted = sizes.flatMap((neurons) => [
    ...[calibrated.narrow, 64, calibrated.wide].map((sources) => ({ neurons, sources })),
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

  const of = (sources: number) => {
    const found = points.find((point) => point.neurons === calibrated.neurons && point.sources === sources);
    if (!found) throw new Error(`nothing was measured with ${sources} sources`);
    return { ...found, perTrial: median(found.seconds) };
  };
  const speeds = speedsOf(of(calibrated.narrow), of(calibrated.wide));
  const numbers = points.map(({ neurons, sources, arrows: count, seconds }) => {
    const measured = median(seconds);
    const predicted = secondsFor(neurons, sources, count, 1, speeds);
    return { neurons, arrows: count, sources, measured, predicted, ratio: measured / predicted };
  });
  const micro = (seconds: number) => (1e6 * seconds).toPrecision(3);
  const markdown = [
    "# Cost of a trial",
    "",
    `Networks of ${inDegree} inputs a neuron, sources × all targets. Predicted: (arrows + 30 neurons) / ` +
      `${(speeds.drivesPerSecond / 1e6).toPrecision(3)} million a second + sources × targets / ` +
      `${(speeds.pairUpdatesPerSecond / 1e6).toPrecision(3)} million a second, from the two rows at ` +
      `${calibrated.neurons.toLocaleString("en")} neurons with ${calibrated.narrow} and ${calibrated.wide} sources. ` +
      `Medians of ${repeats}, all rows in turn.`,
    "",
    "| neurons | arrows | sources | pairs | measured, µs per trial | predicted | ratio |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...numbers.map(({ neurons, arrows: count, sources, measured, predicted, ratio }) =>
      [
        `| ${neurons.toLocaleString("en")}`,
        count.toLocaleString("en"),
        sources.toLocaleString("en"),
        (neurons * sources).toLocaleString("en"),
        micro(measured),
        micro(predicted),
        `${ratio.toFixed(2)} |`,
      ].join(" | "),
    ),
  ].join("\n");
  const holds = numbers.every(({ ratio }) => ratio < tolerance && ratio > 1 / tolerance);
  return { markdown, numbers: { speeds, rows: numbers }, holds };
}

interface Measured {
  readonly neurons: number;
  readonly sources: number;
  readonly arrows: number;
  readonly perTrial: number;
}

/** The two speeds at which one size takes as long as it does, with few sources and with many. */
function speedsOf(narrow: Measured, wide: Measured): Speeds {
  const perPair = (wide.perTrial - narrow.perTrial) / (narrow.neurons * (wide.sources - narrow.sources));
  const drives = narrow.perTrial - perPair * narrow.neurons * narrow.sources;
  return {
    drivesPerSecond: drivesOf(narrow.neurons, narrow.arrows, 1) / drives,
    pairUpdatesPerSecond: 1 / perPair,
  };
}
