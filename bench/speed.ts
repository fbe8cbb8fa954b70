import { say } from "../src/cli/report";
import { createCpuEngine } from "../src/engine/cpu/engine";
import { nodeThreads } from "../src/engine/cpu/node";
import type { Engine, Task } from "../src/engine/engine";
import { differenceInMeans, estimate } from "../src/model/estimate";
import { parseExperiment } from "../src/model/experiment";
import { keyFrom } from "../src/model/threefry";
import { networkOf } from "../src/network";
import { cpuPairs } from "./cpuPairs";
import type { Report } from "./index";
import { clocked, interleaved, type Timed } from "./interleaved";
import { type Numpy, startNumpy } from "./peers/numpy";

const trials = 2500;
const pairNeurons = 2048;
const jobNeurons = 1024;
const notebookNeurons = 200;
/** The notebook takes a hundredth of a second a time step; so many trials are timed, and taken to be the same. */
const notebookTrials = 50;
const rounds = 7;

/** At least so many times as fast. */
interface Goal {
  readonly what: string;
  readonly ours: Timed;
  readonly theirs: Timed;
  readonly least: number;
}

/** The CPU engine against NumPy: pair sums alone, the whole job, and the notebook's own calls. */
export async function speed(): Promise<Report> {
  const numpy = await startNumpy();
  if (typeof numpy === "string") {
    const markdown = `# Speed\n\nNot compared: ${numpy}.`;
    return { markdown, numbers: {}, holds: false };
  }
  try {
    return await compare(numpy);
  } finally {
    numpy.close();
  }
}

function taskOf(neurons: number): Task {
  return {
    network: networkOf(parseExperiment({ network: "random", neurons, seed: "speed" })),
    key: keyFrom("speed"),
    trials,
    sources: Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
  };
}

/**
 * Milliseconds from a network that is ready, on both sides, to the effects, or also to their standard errors. NumPy's
 * weights are in its memory; so are ours once a run is open.
 */
async function wholeJob(engine: Engine, task: Task, hasErrors: boolean): Promise<number> {
  const run = await engine.open(task);
  const time = await clocked(async () => {
    await run.advance(0, task.trials);
    const sums = await run.sums();
    if (hasErrors) estimate(sums, null, true);
    else differenceInMeans(sums, sums.pair);
  });
  run.release();
  return time;
}

async function compare(numpy: Numpy): Promise<Report> {
  const ask =
    (what: Parameters<Numpy["time"]>[0]["what"], neurons: number, type: "float32" | "float64") => () =>
      numpy.time({ what, type, neurons, trials: what === "notebook" ? notebookTrials : trials });

  say("pair sums");
  const kernel = await cpuPairs(taskOf(pairNeurons), trials, nodeThreads());
  const pairs = await interleaved(
    {
      ours: () => clocked(kernel.add),
      float32: ask("pairs", pairNeurons, "float32"),
      float64: ask("pairs", pairNeurons, "float64"),
    },
    rounds,
  );
  const correlations = await interleaved({ corrcoef: ask("correlations", pairNeurons, "float64") }, 3);

  say("whole jobs");
  const engine = createCpuEngine(nodeThreads());
  const task = taskOf(jobNeurons);
  const jobs = await interleaved(
    {
      ours: () => wholeJob(engine, task, false),
      withErrors: () => wholeJob(engine, task, true),
      float32: ask("job", jobNeurons, "float32"),
      float64: ask("job", jobNeurons, "float64"),
    },
    rounds,
  );
  const small = taskOf(notebookNeurons);
  const notebooks = await interleaved(
    {
      ours: () => wholeJob(engine, small, false),
      notebook: ask("notebook", notebookNeurons, "float64"),
    },
    3,
  );

  const goals: Goal[] = [
    { what: "pair sums, NumPy float32", ours: pairs.ours, theirs: pairs.float32, least: 2 },
    { what: "pair sums, NumPy float64", ours: pairs.ours, theirs: pairs.float64, least: 4 },
    { what: "whole job, NumPy float32", ours: jobs.ours, theirs: jobs.float32, least: 4 },
    { what: "whole job, NumPy float64", ours: jobs.ours, theirs: jobs.float64, least: 8 },
  ];
  const perSecond = ({ median }: Timed) => ((pairNeurons ** 2 * trials) / median / 1e6).toFixed(1);
  const ms = ({ median, fastest, slowest }: Timed) =>
    `${median.toFixed(1)} (${fastest.toFixed(1)}–${slowest.toFixed(1)})`;
  const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const factor = ((notebooks.notebook.median / notebooks.ours.median) * trials) / notebookTrials;
  const markdown = [
    "# Speed of the CPU engine",
    "",
    `${engine.adapter} against ${numpy.about}. ${trials.toLocaleString("en")} trials; medians of ${rounds} runs in ` +
      "turn, in brackets the fastest and the slowest; milliseconds.",
    "",
    `Pair sums alone, ${pairNeurons.toLocaleString("en")} × ${pairNeurons.toLocaleString("en")}:`,
    "",
    row("", "ms", "billion pair-updates a second"),
    row("---", "---", "---"),
    row("this engine", ms(pairs.ours), perSecond(pairs.ours)),
    row("NumPy float32", ms(pairs.float32), perSecond(pairs.float32)),
    row("NumPy float64", ms(pairs.float64), perSecond(pairs.float64)),
    row("NumPy corrcoef", ms(correlations.corrcoef), perSecond(correlations.corrcoef)),
    "",
    `Whole job, ${jobNeurons.toLocaleString("en")} neurons: random numbers, drive, outcomes, sums, effects:`,
    "",
    row("", "ms"),
    row("---", "---"),
    row("this engine", ms(jobs.ours)),
    row("this engine, with standard errors", ms(jobs.withErrors)),
    row("NumPy float32", ms(jobs.float32)),
    row("NumPy float64", ms(jobs.float64)),
    "",
    `The notebook's own calls, ${notebookNeurons} neurons: ${factor.toFixed(0)} times our time ` +
      `(${notebookTrials} of ${trials.toLocaleString("en")} trials were timed).`,
    "",
    row("goal", "times as fast", "at least", ""),
    row("---", "---", "---", "---"),
    ...goals.map(({ what, ours, theirs, least }) => {
      const ratio = theirs.median / ours.median;
      return row(what, ratio.toFixed(2), least, ratio >= least ? "holds" : "missed");
    }),
  ].join("\n");
  return {
    markdown,
    numbers: { numpy: numpy.about, pairs, correlations, jobs, notebooks, factor },
    holds: goals.every(({ ours, theirs, least }) => theirs.median >= least * ours.median),
  };
}
