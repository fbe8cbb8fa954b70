import { progressOf, say } from "../src/cli/report";
import { type DoSee, doAgainstSee } from "../src/doSee";
import type { Watcher } from "../src/engine/engine";
import type { Report } from "./index";

// Do against see: agreement with the connectivity of create_connectivity(N, 42), by watching (lagged correlation) and
// by perturbing (difference in means), after the same number of time steps. With noise in common, watching settles on
// the wrong answer; without, it is only slower.

/** Expected: agreement of watching and of perturbing, as measured before this was written, in two or three digits. */
interface Row {
  readonly neurons: number;
  readonly common: number;
  readonly expected: readonly (readonly [steps: number, see: number, done: number])[];
}

const rows: readonly Row[] = [
  {
    neurons: 25,
    common: 0.3,
    expected: [
      [5_000, 0.54, 0.9],
      [50_000, 0.55, 0.988],
      [1_000_000, 0.56, 0.998],
    ],
  },
  {
    neurons: 25,
    common: 0.7,
    expected: [
      [5_000, 0.3, 0.92],
      [50_000, 0.3, 0.991],
      [1_000_000, 0.3, 0.998],
    ],
  },
  {
    neurons: 100,
    common: 0,
    expected: [
      [5_000, 0.36, 0.56],
      [50_000, 0.77, 0.9],
      [500_000, 0.967, 0.989],
      [2_000_000, 0.991, 0.997],
    ],
  },
  {
    neurons: 100,
    common: 0.7,
    expected: [
      [5_000, 0.13, 0.59],
      [50_000, 0.14, 0.91],
      [1_000_000, 0.14, 0.995],
    ],
  },
  {
    neurons: 256,
    common: 0,
    expected: [
      [5_000, 0.15, 0.26],
      [50_000, 0.44, 0.65],
      [500_000, 0.84, 0.94],
      [2_000_000, 0.951, 0.984],
    ],
  },
];

/**
 * How far a run may lie from what is expected. In the row that scatters most (100 neurons, 0.7 in common) one run has a
 * standard deviation of 0.024 at 5,000 steps, and both sides scatter; the last digit was rounded.
 */
const tolerance = (steps: number): number => 0.07 * Math.sqrt(5_000 / steps) + 0.005;

const show = (value: number | null) => (value === null ? "unknown" : value.toFixed(3));

/** The whole table; it holds if every number lies within its tolerance. */
export async function doSee(engine: Watcher): Promise<Report> {
  const numbers: object[] = [];
  const lines = [
    "| N | noise in common | steps | correlation (expected) | perturbation (expected) |",
    "| --- | --- | --- | --- | --- |",
  ];
  let holds = true;
  for (const { neurons, common, expected } of rows) {
    const progress = progressOf(`N = ${neurons}, ${common} in common: steps`, 0, expected.at(-1)![0]);
    const onPoint = ({ steps, see, do: done }: DoSee) => {
      progress.at(steps);
      const [, wantedSee, wantedDo] = expected.find(([at]) => at === steps) ?? [
        steps,
        Number.NaN,
        Number.NaN,
      ];
      const isNear = (value: number | null, wanted: number) =>
        value !== null && Math.abs(value - wanted) <= tolerance(steps);
      holds &&= isNear(see, wantedSee) && isNear(done, wantedDo);
      numbers.push({ neurons, common, steps, see, do: done, expected: { see: wantedSee, do: wantedDo } });
      const line = `| ${neurons} | ${common} | ${steps.toLocaleString("en")} | ${show(see)} (${wantedSee}) | ${show(done)} (${wantedDo}) |`;
      lines.push(line);
      // The whole table takes long in software: what is known by then must not be lost.
      say(line);
    };
    const question = { neurons, networkSeed: 42, common, steps: expected.map(([steps]) => steps) };
    await doAgainstSee(question, { engine, onPoint });
    progress.end();
  }
  return { markdown: lines.join("\n"), numbers: { rows: numbers }, holds };
}
