import { parseArgs } from "node:util";
import { readPlaces } from "../io/places";
import { type FileNetwork, formatOf } from "../io/readNetwork";
import { trialsTogether } from "../model/design";
import {
  type EngineKind,
  type Experiment,
  maxTrials,
  parseExperiment,
  parseParameter,
} from "../model/experiment";
import { type Confidence, confidenceRanges, defaultConfidence } from "../model/inference";
import { InputError } from "../model/inputError";
import { defaultZ } from "../model/needed";
import type { Places } from "../model/places";
import { defaultBurnIn, defaultChains, mostChains, mostTimeSteps } from "../model/watch";
import { aboutFile } from "../network";
import { type NotebookOptions, notebookDefaults } from "../replay/notebook";
import { checkFile, fileInput, fileOptions, isFile, openFile, sourcesByNumber } from "./file";
import { type GenerateOption, generateOptionNames, generateOptions, parseGenerate } from "./generate";
import { type Begun, readBegun } from "./resume";

/** What `run` was asked to do. */
export interface RunOptions extends Which {
  readonly from: number;
  readonly chunk: number | null;
  readonly confidence: Confidence;
  /** Sources of a tile where the network is recovered in tiles; null: all sources at once. */
  readonly tiles: number | "auto" | null;
  readonly keepSums: boolean;
  readonly out: string | null;
  /** What it goes on with; null: it begins with no trials. */
  readonly begun: Begun | null;
  /** The file that the session is written to, if it is. */
  readonly session: string | null;
  readonly json: boolean;
}

const wholeNumber = /^\d{1,15}$/;
const decimal = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i;

function whole(text: string, what: string, min: number, max: number): number {
  const value = wholeNumber.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new InputError(
      `${what} is ${JSON.stringify(text)}; allowed: a whole number from ${min.toLocaleString("en")} to ${max.toLocaleString("en")}`,
    );
  return value;
}

/** `--trials -5` as `--trials=-5`: parseArgs would take the number for an option and not say what is allowed. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    const isValue = option !== undefined && /^--[\w-]+$/.test(option) && /^-[\d.]/.test(arg);
    if (isValue) joined[joined.length - 1] = `${option}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** parseArgs, with its complaints as one sentence. */
export function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>["options"]>(
  args: readonly string[],
  options: Options & {},
  positionals = false,
) {
  try {
    return parseArgs({ args: joinNegative(args), options, allowPositionals: positionals, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(message.split(/\.\s|\n/, 1)[0]);
  }
}

/** `notebook:N:SEED`. */
function parseNetwork(text: string): Record<string, unknown> {
  const [kind, neurons, networkSeed, ...rest] = text.split(":");
  if (kind !== "notebook" || !neurons || !networkSeed || rest.length > 0)
    throw new InputError(
      `--network is ${JSON.stringify(text)}; allowed: notebook:N:SEED, such as notebook:6:42`,
    );
  return { network: "notebook", neurons, networkSeed };
}

/** `--network`, or `--generate` and what belongs to it. */
function parseWhichNetwork(
  values: { readonly [name in "network" | GenerateOption]?: string },
  file: FileNetwork | null,
): Record<string, unknown> {
  if (values.network === undefined) return parseGenerate(values);
  const network = file ? aboutFile(file) : parseNetwork(values.network);
  for (const name of generateOptionNames) {
    if (values[name] !== undefined)
      throw new InputError(
        `--${name} is ${values[name]}, but --network ${values.network} decides that; give one of them`,
      );
  }
  return network;
}

/** `25000` for the first 25,000 trials, `1000..2000` for those from 1000 to 1999. */
function parseTrials(text: string): { from: number; to: number } {
  const [first, second, ...rest] = text.split("..");
  const what = "--trials";
  if (rest.length > 0) throw new InputError(`${what} is ${JSON.stringify(text)}; allowed: COUNT or FROM..TO`);
  if (second === undefined) return { from: 0, to: whole(first, what, 1, maxTrials) };
  const from = whole(first, `${what} from`, 0, maxTrials - 1);
  return { from, to: whole(second, `${what} to`, from + 1, maxTrials) };
}

/** `--tiles auto`, or the number of sources of a tile. */
function parseTiles(text: string | undefined): RunOptions["tiles"] {
  if (text === undefined || text === "auto") return text ?? null;
  if (!wholeNumber.test(text) || Number(text) < 1)
    throw new InputError(
      `--tiles is ${JSON.stringify(text)}; allowed: auto, or the number of sources of a tile, 1 or more`,
    );
  return Number(text);
}

/** `--level` and `--rate`, as parseArgs wants them. */
export const confidenceOptions = { level: { type: "string" }, rate: { type: "string" } } as const;

/**
 * How sure to be; what is not given is 0.95 and 0.05.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export function parseConfidence(values: { readonly [name in keyof Confidence]?: unknown }): Confidence {
  const given = (name: keyof Confidence) => {
    const text = values[name];
    const { min, max } = confidenceRanges[name];
    if (text === undefined) return defaultConfidence[name];
    const value = typeof text === "string" && decimal.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new InputError(
        `--${name} is ${JSON.stringify(text)}; allowed: a number from ${min} to ${max}, such as ${defaultConfidence[name]}`,
      );
    return value;
  };
  return { level: given("level"), rate: given("rate") };
}

export const parseEngine = (text: string | undefined): EngineKind => parseParameter("engine", text ?? "gpu");

/** Which network, which of its neurons are hidden and what noise they share; see the table of parameters. */
const networkOptions = {
  network: { type: "string" },
  ...generateOptions,
  seed: { type: "string" },
  common: { type: "string" },
  hidden: { type: "string" },
  engine: { type: "string" },
  ...fileOptions,
} as const;

/** Which neurons a trial sets, and whose effects are estimated. */
const designOptions = {
  design: { type: "string" },
  probability: { type: "string" },
  share: { type: "string" },
  sources: { type: "string" },
} as const;

type ExperimentOption = keyof typeof networkOptions | keyof typeof designOptions;

/** An experiment, and the file that its network is in, if it is in one. */
interface Which {
  readonly experiment: Experiment;
  readonly file: FileNetwork | null;
}

/** The experiment that these options ask for; `trials`: the number of the trial to stop before. */
async function parseWhichExperiment(
  values: { readonly [name in ExperimentOption]?: string },
  trials?: number,
): Promise<Which> {
  const { seed, design, probability, share, common, hidden } = values;
  const given = { seed, design, probability, share, common, hidden, trials };
  const engine = parseEngine(values.engine);
  // Before the file, which may be large.
  parseExperiment({ ...given, engine });
  const file = await openFile(values);
  const sources = sourcesByNumber(values.sources, file);
  const network = parseWhichNetwork(values, file);
  return { experiment: parseExperiment({ ...given, sources, ...network, engine }), file };
}

/**
 * The options of `run`.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export async function parseRun(args: readonly string[]): Promise<RunOptions> {
  const { values } = parse(args, {
    ...networkOptions,
    ...designOptions,
    trials: { type: "string" },
    chunk: { type: "string" },
    tiles: { type: "string" },
    "keep-sums": { type: "boolean" },
    ...confidenceOptions,
    out: { type: "string" },
    resume: { type: "string" },
    session: { type: "string" },
    json: { type: "boolean" },
  });
  const tiles = parseTiles(values.tiles);
  for (const name of ["resume", "session"] as const)
    if (tiles !== null && values[name] !== undefined)
      throw new InputError(
        `--${name} is ${JSON.stringify(values[name])}; allowed without --tiles, of which no sums are held`,
      );
  const rest = {
    chunk: values.chunk === undefined ? null : whole(values.chunk, "--chunk", 1, maxTrials),
    confidence: parseConfidence(values),
    tiles,
    keepSums: values["keep-sums"] ?? false,
    out: values.out ?? null,
    session: values.session ?? null,
    json: values.json ?? false,
  };
  if (tiles !== null && values.out === undefined)
    throw new InputError("--tiles was given without --out; allowed: a folder for edges.csv and result.json");
  if (tiles === null && values["keep-sums"])
    throw new InputError("--keep-sums was given without --tiles; without tiles --out always keeps the sums");
  if (values.resume !== undefined) return { ...rest, ...(await parseResume(values.resume, values)) };
  const { from, to } = parseTrials(values.trials ?? "25000");
  // Tiles are for recovering everything.
  const sources = values.sources ?? (tiles === null ? undefined : "all");
  const { experiment, file } = await parseWhichExperiment(
    sources === undefined ? values : { ...values, sources },
    to,
  );
  const together = trialsTogether(experiment.design);
  if (from % together !== 0 || to % together !== 0)
    throw new InputError(
      `--trials is ${values.trials}; allowed with --design ${experiment.design}: even numbers, since two trials share their noise`,
    );
  return {
    experiment,
    ...{ file, from, begun: null },
    ...rest,
  };
}

/**
 * What goes on: the experiment is that of the trials before, and up to `--trials` of them now.
 *
 * Errors   InputError as of readBegun; also for an option that would make it another experiment.
 */
async function parseResume(
  place: string,
  values: { readonly [name in ExperimentOption | "trials"]?: string },
): Promise<Which & Pick<RunOptions, "from" | "begun">> {
  const kept: readonly string[] = ["network", "engine", ...Object.keys(fileOptions)];
  for (const name of Object.keys({ ...networkOptions, ...designOptions }) as ExperimentOption[])
    if (values[name] !== undefined && !kept.includes(name))
      throw new InputError(
        `--${name} is ${values[name]}, but the experiment is that of --resume ${place}; allowed: without it`,
      );
  const begun = await readBegun(place);
  const { network } = values;
  if (network !== undefined && !isFile(network))
    throw new InputError(
      `--network is ${network}, but the network is that of --resume ${place}; allowed: the file that it is in`,
    );
  const file = await openFile(values);
  checkFile(begun.experiment, file, place);
  const { to: from } = begun.trials;
  const together = trialsTogether(begun.experiment.design);
  const trials =
    values.trials === undefined
      ? begun.experiment.trials
      : whole(values.trials, "--trials with --resume", from, maxTrials);
  if (trials % together !== 0)
    throw new InputError(
      `--trials is ${trials}; allowed with --design ${begun.experiment.design}: even numbers, since two trials share their noise`,
    );
  const engine = values.engine === undefined ? begun.experiment.engine : parseEngine(values.engine);
  return { experiment: parseExperiment({ ...begun.experiment, trials, engine }), file, from, begun };
}

/** What `plan` was asked to do. */
export interface PlanOptions extends Which {
  readonly z: number;
  readonly arrow: { readonly source: number; readonly target: number } | null;
  readonly json: boolean;
}

/** `5-1` for the arrow 5 → 1. */
function parseArrow(text: string | undefined, neurons: number): PlanOptions["arrow"] {
  if (text === undefined) return null;
  const [source, target, ...rest] = text.split("-");
  if (target === undefined || rest.length > 0)
    throw new InputError(`--arrow is ${JSON.stringify(text)}; allowed: SOURCE-TARGET, such as 5-1`);
  return {
    source: whole(source, "--arrow source", 0, neurons - 1),
    target: whole(target, "--arrow target", 0, neurons - 1),
  };
}

function parseZ(text: string | undefined): number {
  if (text === undefined) return defaultZ;
  const z = decimal.test(text) ? Number(text) : Number.NaN;
  if (!(z >= 0.1 && z <= 100))
    throw new InputError(
      `--z is ${JSON.stringify(text)}; allowed: a number from 0.1 to 100, such as ${defaultZ}`,
    );
  return z;
}

/**
 * The options of `plan`.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export async function parsePlan(args: readonly string[]): Promise<PlanOptions> {
  const { values } = parse(args, {
    ...networkOptions,
    ...designOptions,
    z: { type: "string" },
    arrow: { type: "string" },
    json: { type: "boolean" },
  });
  const { experiment, file } = await parseWhichExperiment(values);
  return {
    experiment,
    file,
    z: parseZ(values.z),
    arrow: parseArrow(values.arrow, experiment.neurons),
    json: values.json ?? false,
  };
}

/** What `watch` was asked to do. */
export interface WatchOptions extends Which {
  readonly steps: number;
  readonly chains: number;
  readonly burnIn: number;
  readonly json: boolean;
}

/**
 * The options of `watch`.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export async function parseWatch(args: readonly string[]): Promise<WatchOptions> {
  const { values } = parse(args, {
    ...networkOptions,
    steps: { type: "string" },
    chains: { type: "string" },
    "burn-in": { type: "string" },
    json: { type: "boolean" },
  });
  const { experiment, file } = await parseWhichExperiment(values);
  const given = (name: "steps" | "chains" | "burn-in", otherwise: number, min: number, max: number) =>
    values[name] === undefined ? otherwise : whole(values[name], `--${name}`, min, max);
  const chains = given("chains", defaultChains, 1, mostChains);
  return {
    experiment,
    file,
    steps: given("steps", 50_000, 1, 2 ** 32),
    chains,
    burnIn: given("burn-in", defaultBurnIn, 0, mostTimeSteps(chains) - 1),
    json: values.json ?? false,
  };
}

/** What `export` was asked to do. */
export interface ExportOptions extends Which {
  /** Where the neurons are; null where nobody says so. */
  readonly places: Places | null;
  readonly out: string;
  readonly json: boolean;
}

/**
 * The options of `export`.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export async function parseExport(args: readonly string[]): Promise<ExportOptions> {
  const { values } = parse(args, {
    ...networkOptions,
    places: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  });
  if (values.out === undefined)
    throw new InputError("export was given no --out; allowed: a file that ends in .csv, .npy or .graphml");
  const { out, places: table, json = false } = values;
  if (table !== undefined && formatOf(out) !== "graphml")
    throw new InputError(
      `--places is ${table}, but --out is ${out}; allowed: a .graphml, which can hold them`,
    );
  const which = await parseWhichExperiment(values);
  const { experiment, file } = which;
  const places =
    table === undefined
      ? (file?.places ?? null)
      : await readPlaces(fileInput("places", table), experiment.neurons, file?.names ?? null);
  return { ...which, places, out, json };
}

/** The largest replay, 2,000 neurons for 5,000 time steps, takes minutes, 1 GB of memory and 190 MB of JSON. */
const mostReplayNeurons = 2000;
const mostReplayStates = 10_000_000;

/**
 * The options of `replay`; what is not given is the notebook's own.
 *
 * Errors   InputError: which option, its value, what is allowed.
 */
export function parseReplay(args: readonly string[]): NotebookOptions & { readonly json: boolean } {
  const { values } = parse(args, {
    neurons: { type: "string" },
    seed: { type: "string" },
    timesteps: { type: "string" },
    selected: { type: "string" },
    json: { type: "boolean" },
  });
  const given = (name: keyof NotebookOptions, min: number, max: number) =>
    values[name] === undefined ? notebookDefaults[name] : whole(values[name], `--${name}`, min, max);
  const neurons = given("neurons", 1, mostReplayNeurons);
  const seed = given("seed", 0, 2 ** 32 - 1);
  const timesteps = given("timesteps", 1, mostReplayStates);
  if (neurons * timesteps > mostReplayStates)
    throw new InputError(
      `--timesteps is ${timesteps.toLocaleString("en")}; allowed for ${neurons.toLocaleString("en")} neurons: ` +
        `up to ${Math.floor(mostReplayStates / neurons).toLocaleString("en")}`,
    );
  const selected = Math.min(given("selected", 0, neurons - 1), neurons - 1);
  return { neurons, seed, timesteps, selected, json: values.json ?? false };
}
