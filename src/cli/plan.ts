import { drive } from "../engine/drive";
import type { Engine, Task, Watcher } from "../engine/engine";
import { numbersOf } from "../engine/words";
import {
  type Design,
  type DesignKind,
  designKinds,
  designOf,
  estimandInWords,
  isNotebookDesign,
  isSimulationOnly,
} from "../model/design";
import type { Estimand } from "../model/estimand";
import type { EngineKind, Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import {
  type ArrowNeeds,
  arrowNeeds,
  bytesFor,
  drivesOf,
  type Speeds,
  secondsFor,
  trialsNeeded,
} from "../model/needed";
import { arrows, type Network } from "../model/network";
import { predict } from "../model/predict";
import { keyFrom } from "../model/threefry";
import { typicalNeeds, typicalOf } from "../model/typical";
import { openedOrMade } from "../network";
import { withEngine } from "./engines";
import { forecastOf, inMiB, type Memory, programMemory } from "./memory";
import type { PlanOptions } from "./options";
import { exactEffectWithProgress, inLines, say, withNetworkProgress } from "./report";
import { sourcesOf } from "./sources";

/** Trials until half, 95 % and all of the arrows stand out; null: they never do, or there are none. */
interface Needs {
  readonly half: number | null;
  readonly most: number | null;
  readonly all: number | null;
}

/** What a run of so many trials takes; null where there is nothing to run, or no room for it. */
interface Cost {
  readonly seconds: number | null;
  readonly bytes: number | null;
}

/** The JSON of `plan`; the README says what each field means. */
export interface PlanResult {
  readonly experiment: Experiment;
  readonly z: number;
  readonly arrows: number;
  readonly trials: Needs;
  readonly arrow: ArrowNeeds | null;
  readonly engine: EngineKind;
  readonly adapter: string;
  readonly speeds: Speeds;
  readonly cost: Cost;
  /** Of a run of `trials.most`; null where there is nothing to run, or no room for it. */
  readonly memory: Omit<Memory, "peak"> | null;
  /** Every design for the same number of trials, each against its own exact effect. */
  readonly designs: readonly DesignAtBudget[];
  readonly curve: readonly (Cost & { readonly neurons: number } & { readonly trials: Omit<Needs, "all"> })[];
}

/** What a design brings for `trials.most` of the design asked for; null where there is no telling. */
interface DesignAtBudget {
  readonly design: DesignKind;
  readonly estimand: string;
  readonly simulationOnly: boolean;
  readonly rmsError: number | null;
  readonly trials: Omit<Needs, "all">;
}

const curveNeurons = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000];

/** How many trials a network needs, and what they take on this machine. */
export async function planTrials({ experiment, file, z, arrow }: PlanOptions): Promise<PlanResult> {
  const { network } = withNetworkProgress((tell) => openedOrMade(experiment, file, tell));
  const design = designOf(experiment, keyFrom(experiment.seed));
  const sources = sourcesOf(experiment, network, design);
  const estimand = exactEffectWithProgress(network, design);
  const needs = trialsNeeded(network, estimand, sources, design, z);
  const of = oneArrow(network, estimand, sources, design, z, arrow);
  const { products } = numbersOf(isNotebookDesign(design), design.kind);
  return withEngine(experiment.engine, async (engine) => {
    const program = programMemory(engine.kind);
    const speeds = await measure(engine, network, sources, design);
    const cost = (neurons: number, columns: number, among: number, trials: number | null): Cost =>
      trials === null
        ? { seconds: null, bytes: null }
        : {
            seconds: secondsFor(neurons, columns, among, trials, speeds),
            bytes: bytesFor({ neurons, sources: columns, arrows: among, trials, products }),
          };
    const task = { network, key: keyFrom(experiment.seed), design, sources };
    const trials = { half: needs.of(0.5), most: needs.of(0.95), all: needs.of(1) };
    return {
      experiment: { ...experiment, engine: engine.kind },
      z,
      arrows: needs.arrows,
      trials,
      arrow: of,
      engine: engine.kind,
      adapter: engine.adapter,
      speeds,
      memory: trials.most === null ? null : memoryFor({ ...task, trials: trials.most }, engine, program),
      cost: cost(network.neurons, sources.length, arrows(network), trials.most),
      designs: designKinds.map((kind) =>
        designAtBudget(
          { ...experiment, design: kind },
          network,
          sources,
          z,
          trials.most,
          kind === experiment.design ? estimand : null,
        ),
      ),
      curve: curveNeurons.flatMap((neurons) => {
        const typical = typicalOf(experiment, neurons, network);
        if (typical === null) return [];
        const most = typicalNeeds(typical, 0.95, design, z);
        return {
          neurons,
          trials: { half: typicalNeeds(typical, 0.5, design, z), most },
          ...cost(neurons, neurons, neurons * typical.arrows, most),
        };
      }),
    };
  });
}

/** As `run` forecasts it, and refuses where there is no room; here that is said, and the rest of the plan stands. */
function memoryFor(task: Task, { limits }: Watcher, program: number): PlanResult["memory"] {
  try {
    const { peak: _, ...memory } = forecastOf(task, limits, program);
    return memory;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say(error.message);
    return null;
  }
}

function designAtBudget(
  experiment: Experiment,
  network: Network,
  sources: Uint32Array,
  z: number,
  budget: number | null,
  known: Estimand | null,
): DesignAtBudget {
  const design = designOf(experiment, keyFrom(experiment.seed));
  const estimand = known ?? exactEffectWithProgress(network, design);
  const needs = trialsNeeded(network, estimand, sources, design, z);
  const error =
    budget === null ? null : predict(budget, network, estimand, sources, design).rmsError.expected;
  return {
    design: experiment.design,
    estimand: estimandInWords(experiment),
    simulationOnly: isSimulationOnly(experiment),
    rmsError: error === null || Number.isNaN(error) ? null : error,
    trials: { half: needs.of(0.5), most: needs.of(0.95) },
  };
}

function oneArrow(
  network: Network,
  estimand: Estimand,
  sources: Uint32Array,
  design: Design,
  z: number,
  arrow: PlanOptions["arrow"],
): ArrowNeeds | null {
  return arrow && arrowNeeds(network, estimand, arrow.source, arrow.target, sources, design, z);
}

/** Long enough to say how fast, short enough to wait for. */
const measuredSeconds = 0.4;
/** A block of draws: fewer cost as much. */
const fewTrials = 64;
/** However small the network: any machine is measured by then. */
const manyTrials = 2 ** 20;

/** Speeds from two short runs: with one column, where outcomes cost, and with all of them. */
export async function measure(
  engine: Engine,
  network: Network,
  sources: Uint32Array,
  design: Design,
): Promise<Speeds> {
  const secondsPerTrial = async (columns: Uint32Array) => {
    const task = { network, key: keyFrom("speed"), sources: columns, trials: 2 * manyTrials, design };
    const run = await engine.open(task);
    try {
      // What is compiled and allocated on the way does not count.
      await drive(run, 0, fewTrials);
      let from = fewTrials;
      for (let trials = fewTrials; ; ) {
        const start = performance.now();
        await drive(run, from, from + trials);
        await run.sums();
        const seconds = (performance.now() - start) / 1000;
        from += trials;
        if (seconds > measuredSeconds || trials >= manyTrials) return seconds / trials;
        // A large network takes seconds for the first few, a small one needs thousands of times as many.
        trials *= Math.min(16, manyTrials / trials, Math.ceil((1.5 * measuredSeconds) / seconds));
      }
    } finally {
      run.release();
    }
  };
  const { neurons } = network;
  const narrow = await secondsPerTrial(sources.subarray(0, 1));
  const wide = sources.length > 1 ? await secondsPerTrial(sources) : narrow;
  // Where one column is all there is, or pairs cost next to nothing, they cost at most as much as the rest.
  const perPair = Math.max(wide - narrow, wide / 100) / (neurons * Math.max(1, sources.length - 1));
  return {
    drivesPerSecond: drivesOf(neurons, arrows(network), 1) / narrow,
    pairUpdatesPerSecond: 1 / perPair,
  };
}

/** A plan for a person. */
export function describePlan({
  z,
  arrows: count,
  trials,
  arrow,
  cost,
  memory,
  curve,
  designs,
  engine,
  adapter,
}: PlanResult): string {
  const many = (value: number | null) => (value === null ? "never" : value.toLocaleString("en"));
  const costs = ({ seconds, bytes }: Cost) =>
    seconds === null
      ? ""
      : `${seconds < 90 ? `${seconds.toPrecision(2)} s` : duration(seconds)}, ` +
        (bytes === null
          ? "more memory than there is room for"
          : `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`);
  return inLines([
    `trials until the expected |effect| is ${z} standard errors, of ${count.toLocaleString("en")} arrows`,
    `half of them ${many(trials.half)}, 95 % ${many(trials.most)}, all ${many(trials.all)}`,
    ...(arrow
      ? [`${arrow.source} → ${arrow.target}, exact effect ${arrow.effect.toFixed(5)}: ${many(arrow.trials)}`]
      : []),
    `95 % on this machine (${engine} engine, ${adapter}): ${costs(cost)}`,
    ...(memory?.forecast ? [`memory of the whole runner ${inMiB(memory.forecast)}`] : []),
    `designs, each against its own exact effect: RMS error after ${many(trials.most)} trials, and trials for 95 % of the arrows`,
    ...designs.map(({ design, rmsError, trials: own, simulationOnly }) =>
      [
        design.padStart(12),
        (rmsError === null ? "unknown" : rmsError.toPrecision(3)).padStart(10),
        many(own.most).padStart(14),
        simulationOnly ? "  only in a simulation" : "",
      ].join(""),
    ),
    "networks of this kind and design:",
    ...curve.map(
      (point) =>
        `${point.neurons.toLocaleString("en").padStart(8)} neurons ${many(point.trials.most).padStart(16)} trials  ${costs(point)}`,
    ),
  ]);
}

function duration(seconds: number): string {
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.ceil(seconds / 3600)} h`;
  return `${Math.ceil(seconds / 86_400).toLocaleString("en")} days`;
}
