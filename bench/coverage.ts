import { progressOf } from "../src/cli/report";
import { drive } from "../src/engine/drive";
import type { Engine } from "../src/engine/engine";
import { designOf, trialsTogether } from "../src/model/design";
import { exactEffect } from "../src/model/estimand";
import { estimate } from "../src/model/estimate";
import { parseExperiment } from "../src/model/experiment";
import { recover } from "../src/model/recovery";
import { keyFrom } from "../src/model/threefry";
import { networkOf } from "../src/network";
import type { Report } from "./index";

/** So many networks of one kind, each with its own seed. */
interface Case {
  readonly networks: number;
  readonly experiment: Readonly<Record<string, unknown>>;
}

const confidence = { level: 0.95, rate: 0.1 };

/** The notebook's design: more than 10 million pairs. */
const plain: readonly Case[] = [
  { networks: 400, experiment: { neurons: 25, trials: 2_500 } },
  { networks: 100, experiment: { neurons: 100, trials: 5_000 } },
  { networks: 40, experiment: { neurons: 256, density: 0.05, trials: 4_000 } },
  { networks: 25, experiment: { neurons: 400, trials: 6_000 } },
  { networks: 3, experiment: { neurons: 1_000, density: 0.02, trials: 4_000 } },
];

const others: readonly Case[] = [
  { networks: 20, experiment: { neurons: 100, trials: 5_000, probability: 0.2 } },
  { networks: 20, experiment: { neurons: 100, trials: 20_000, design: "one" } },
  { networks: 20, experiment: { neurons: 100, trials: 10_000, design: "subset", share: 0.3 } },
  { networks: 20, experiment: { neurons: 100, trials: 5_000, common: 0.7 } },
  { networks: 20, experiment: { neurons: 100, trials: 5_000, hidden: 0.3 } },
  { networks: 40, experiment: { neurons: 50, trials: 1_000, probability: 0.05 } },
];

/** What came of one case; counts of pairs, and false shares network by network. */
interface Tally {
  readonly name: string;
  readonly networks: number;
  pairs: number;
  covered: number;
  unconnected: number;
  positive: number;
  /** Share of false discoveries less its expectation, rate × share of the pairs without an arrow. */
  readonly excess: number[];
}

async function tallyOf(engine: Engine, { networks, experiment: given }: Case): Promise<Tally> {
  const { neurons, trials, ...rest } = given;
  const name = [
    `N ${neurons}`,
    `${trials} trials`,
    ...Object.entries(rest).map(([key, value]) => `${key} ${value}`),
  ];
  const tally: Tally = {
    ...{ name: name.join(", "), networks, pairs: 0, covered: 0, unconnected: 0, positive: 0 },
    excess: [],
  };
  const progress = progressOf(`${tally.name}: networks`, 0, networks);
  for (let number = 0; number < networks; number++) {
    const experiment = parseExperiment({ network: "random", seed: `coverage ${number}`, ...given });
    const network = networkOf(experiment);
    const key = keyFrom(experiment.seed);
    const design = designOf(experiment, key);
    const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
    const run = await engine.open({ network, key, sources, trials: experiment.trials, design });
    await drive(run, 0, experiment.trials, { unit: trialsTogether(design.kind) });
    const estimates = estimate(await run.sums(), design.hidden);
    run.release();
    const found = recover(estimates, network, exactEffect(network, design), confidence);
    const { interval, falsePositives, discoveries } = found;
    tally.pairs += discoveries.tested;
    tally.covered += Math.round((interval.coverage ?? 0) * discoveries.tested);
    tally.unconnected += falsePositives.pairs;
    tally.positive += falsePositives.count;
    const expected = (confidence.rate * falsePositives.pairs) / discoveries.tested;
    tally.excess.push((discoveries.falseShare ?? 0) - expected);
    progress.at(number + 1);
  }
  progress.end();
  return tally;
}

/** A share of a count, and how far it is from what is expected, in binomial standard errors. */
function share(hits: number, count: number, expected: number) {
  const value = hits / count;
  return { value, errors: (value - expected) / Math.sqrt((expected * (1 - expected)) / count) };
}

function judged(tally: Tally) {
  const { name, networks, pairs, covered, unconnected, positive, excess } = tally;
  const mean = excess.reduce((sum, value) => sum + value, 0) / excess.length;
  const variance = excess.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (excess.length - 1);
  return {
    ...{ name, networks, pairs, unconnected },
    coverage: share(covered, pairs, confidence.level),
    falsePositives: share(positive, unconnected, 1 - confidence.level),
    falseDiscoveries: { excess: mean, errors: mean / Math.sqrt(variance / excess.length) },
  };
}

const total = (tallies: readonly Tally[]): Tally => ({
  name: "together",
  networks: tallies.reduce((sum, one) => sum + one.networks, 0),
  pairs: tallies.reduce((sum, one) => sum + one.pairs, 0),
  covered: tallies.reduce((sum, one) => sum + one.covered, 0),
  unconnected: tallies.reduce((sum, one) => sum + one.unconnected, 0),
  positive: tallies.reduce((sum, one) => sum + one.positive, 0),
  excess: tallies.flatMap((one) => one.excess),
});

/**
 * Holds intervals to their level, false positives of unconnected pairs to 1 − level, and false discoveries to their
 * rate: each within three standard errors, over more than 10 million pairs of the notebook's design together, and
 * over each of the other designs.
 */
export async function coverage(engine: Engine): Promise<Report> {
  const tallies: Tally[] = [];
  for (const one of [...plain, ...others]) tallies.push(await tallyOf(engine, one));
  const together = judged(total(tallies.slice(0, plain.length)));
  const rows = [together, ...tallies.map(judged)];
  const binding = [together, ...rows.slice(1 + plain.length)];
  const errors = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
  const lines = rows.map(({ name, networks, pairs, coverage: c, falsePositives: p, falseDiscoveries: d }) =>
    [
      "",
      name,
      networks,
      pairs.toLocaleString("en"),
      `${(100 * c.value).toFixed(3)} % (${errors(c.errors)})`,
      `${(100 * p.value).toFixed(3)} % (${errors(p.errors)})`,
      `${(100 * d.excess).toFixed(2)} % (${errors(d.errors)})`,
      "",
    ].join(" | "),
  );
  const markdown = [
    "# Intervals, false positives, false discoveries",
    "",
    `95 % intervals by Student's t; pairs without an arrow at p < 0.05; Benjamini & Hochberg at ${confidence.rate}, as`,
    "false share less its expectation. In brackets: distance from what is promised, in standard errors.",
    "",
    "| case | networks | pairs | coverage | false positives | false discoveries |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines.map((line) => line.trim()),
  ].join("\n");
  const holds = binding.every((row) =>
    [row.coverage, row.falsePositives, row.falseDiscoveries].every(({ errors: off }) => Math.abs(off) <= 3),
  );
  return { markdown, numbers: rows, holds };
}
