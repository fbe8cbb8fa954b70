import { parseDecimal } from "./decimal";
import { type DesignKind, designKinds } from "./design";
import { InputError, shown } from "./inputError";
import { shorter, sourcesAllowed, sourcesPattern } from "./sources";
import { mostLaneTrials } from "./threefry";

export type EngineKind = "gpu" | "cpu";
export type NetworkKind = "notebook" | "random" | "in-degree" | "blocks" | "small-world" | "file";

/** Everything that decides a result, and nothing else. Frozen; replaced whole, never edited. */
export interface Experiment {
  readonly network: NetworkKind;
  readonly neurons: number;
  readonly density: number;
  readonly inDegree: number;
  readonly blocks: number;
  readonly between: number;
  readonly rewiring: number;
  readonly inhibitory: number;
  readonly inhibition: number;
  readonly networkSeed: number;
  readonly file: string;
  readonly fileHash: string;
  readonly seed: string;
  readonly trials: number;
  readonly design: DesignKind;
  readonly probability: number;
  readonly share: number;
  readonly common: number;
  readonly hidden: number;
  readonly sources: string;
  readonly engine: EngineKind;
}

interface Common<T> {
  readonly default: T;
  readonly label: string;
  readonly unit: string;
  readonly help: string;
  /** Controls that belong together; without it, what every experiment needs. */
  readonly group?: "design";
  /** The parameter decides nothing unless this holds; controls do not show it then. */
  readonly applies?: (experiment: Experiment) => boolean;
}

export type Parameter =
  | (Common<number> & {
      readonly kind: "number";
      readonly whole: boolean;
      readonly min: number;
      readonly max: number;
    })
  | (Common<string> & {
      readonly kind: "text";
      readonly maxLength: number;
      /** An empty text is allowed. */
      readonly optional?: boolean;
      /** What texts look like, where not all are allowed, and the same in words. */
      readonly pattern?: RegExp;
      readonly allowed?: string;
      /** The same in fewer characters, for a text that has too many. */
      readonly shorter?: (text: string) => string;
    })
  | (Common<string> & { readonly kind: "choice"; readonly choices: readonly string[] });

/** The kinds of network that the lab makes from the seed. */
const isMade = ({ network }: Experiment): boolean => network !== "notebook" && network !== "file";

/** As many as have random numbers of their own. */
export const maxTrials = mostLaneTrials;

/** The one table of parameters: defaults, ranges, units. Controls, URL and runner read it. */
export const parameters = {
  network: {
    kind: "choice",
    choices: ["notebook", "random", "in-degree", "blocks", "small-world", "file"],
    default: "notebook",
    label: "network",
    unit: "",
    help:
      "notebook: NumPy's create_connectivity(neurons, network seed). The lab's own, made from the seed: random, every " +
      "arrow by chance; in-degree, as many inputs for everyone; blocks, dense within and sparse between; small-world, " +
      "inputs from neighbours on a ring, some of them rewired. file: one that was opened",
  },
  neurons: {
    kind: "number",
    whole: true,
    min: 1,
    max: 1_000_000,
    default: 6,
    label: "neurons",
    unit: "neurons",
    help: "size of the network, N",
  },
  density: {
    kind: "number",
    whole: false,
    min: 0,
    max: 1,
    default: 0.1,
    label: "density",
    unit: "arrows per ordered pair",
    help: "probability of each arrow, self-connections included; the notebook's is 0.1; in blocks, of those within one",
    applies: ({ network }) => network === "random" || network === "blocks",
  },
  inDegree: {
    kind: "number",
    whole: true,
    min: 1,
    max: 1_000_000,
    default: 4,
    label: "in-degree",
    unit: "arrows",
    help: "arrows into each neuron, from as many different sources",
    applies: ({ network }) => network === "in-degree" || network === "small-world",
  },
  blocks: {
    kind: "number",
    whole: true,
    min: 1,
    max: 1_000_000,
    default: 4,
    label: "blocks",
    unit: "blocks",
    help: "neighbouring neurons in groups of one size, as nearly as can be",
    applies: ({ network }) => network === "blocks",
  },
  between: {
    kind: "number",
    whole: false,
    min: 0,
    max: 1,
    default: 0.01,
    label: "between",
    unit: "arrows per ordered pair",
    help: "probability of each arrow from one block to another",
    applies: ({ network }) => network === "blocks",
  },
  rewiring: {
    kind: "number",
    whole: false,
    min: 0,
    max: 1,
    default: 0.1,
    label: "rewiring",
    unit: "of the inputs",
    help: "probability that an input comes from anywhere instead of from a neighbour on the ring",
    applies: ({ network }) => network === "small-world",
  },
  inhibitory: {
    kind: "number",
    whole: false,
    min: 0,
    max: 1,
    default: 0,
    label: "inhibitory",
    unit: "of the neurons",
    help: "neurons, chosen at random, all of whose outgoing arrows are negative (Dale's principle)",
    applies: isMade,
  },
  inhibition: {
    kind: "number",
    whole: false,
    min: 0.01,
    max: 100,
    default: 1,
    label: "inhibition",
    unit: "times a positive weight",
    help: "strength of a negative arrow; 4 balances one inhibitory neuron in five",
    applies: (experiment) => isMade(experiment) && experiment.inhibitory > 0,
  },
  networkSeed: {
    kind: "number",
    whole: true,
    min: 0,
    max: 2 ** 32 - 1,
    default: 42,
    label: "network seed",
    unit: "",
    help: "NumPy's seed for the notebook's network",
    applies: (experiment) => experiment.network === "notebook",
  },
  file: {
    kind: "text",
    maxLength: 255,
    optional: true,
    default: "",
    label: "file",
    unit: "",
    help: "name of the file that the network is in",
    applies: ({ network }) => network === "file",
  },
  fileHash: {
    kind: "text",
    maxLength: 64,
    optional: true,
    pattern: /^([0-9a-f]{64})?$/,
    allowed: "64 hexadecimal digits",
    default: "",
    label: "file hash",
    unit: "",
    help: "SHA-256 of the network as it was read from the file: only the same network gives the same results",
    applies: ({ network }) => network === "file",
  },
  seed: {
    kind: "text",
    maxLength: 100,
    default: "lecture",
    label: "seed",
    unit: "",
    help: "any text; decides the perturbations and the noise, and the wiring of a network that the lab makes",
  },
  trials: {
    kind: "number",
    whole: true,
    min: 1,
    max: maxTrials,
    default: 25_000,
    label: "trials",
    unit: "trials",
    help: "independent random perturbations, each with its outcome one step later",
  },
  design: {
    kind: "choice",
    choices: designKinds,
    default: "all",
    group: "design",
    label: "design",
    unit: "",
    help:
      "which neurons a trial sets at random: all (the notebook); one at a time; a random subset; or one with the " +
      "same noise in both arms, which only a simulation can do. The others are left alone",
  },
  probability: {
    kind: "number",
    whole: false,
    min: 0.01,
    max: 0.99,
    default: 0.5,
    group: "design",
    label: "probability",
    unit: "of 1",
    help: "that a neuron that is set is set to 1; the notebook's is ½",
    applies: (experiment) => experiment.design !== "same-noise",
  },
  share: {
    kind: "number",
    whole: false,
    min: 0.01,
    max: 1,
    default: 0.25,
    group: "design",
    label: "share set",
    unit: "of the neurons",
    help: "probability that a neuron is set in a trial, in the design subset",
    applies: (experiment) => experiment.design === "subset",
  },
  common: {
    kind: "number",
    whole: false,
    min: 0,
    max: 1,
    default: 0,
    group: "design",
    label: "shared noise",
    unit: "of the variance",
    help: "part of the noise that all neurons share, an input nobody sees; each neuron's own distribution stays",
  },
  hidden: {
    kind: "number",
    whole: false,
    min: 0,
    max: 0.9,
    default: 0,
    group: "design",
    label: "hidden",
    unit: "of the neurons",
    help: "neurons that are there but are neither set nor observed; their rows and columns are missing",
  },
  sources: {
    kind: "text",
    // Some 400 neurons that are no neighbours; with every comma escaped, a link still fits into 8,000 characters.
    maxLength: 2000,
    pattern: sourcesPattern,
    allowed: sourcesAllowed,
    shorter,
    default: "auto",
    group: "design",
    label: "sources",
    unit: "",
    help:
      "whose effects are estimated: all; top:64, those with the most outgoing arrows; or a list such as 17,42 or 0-63, " +
      "of a network from a file also by name, id:NAME. " +
      "auto is all up to 4,096 neurons, above that top:64",
  },
  engine: {
    kind: "choice",
    choices: ["gpu", "cpu"],
    default: "gpu",
    label: "engine",
    unit: "",
    help: "gpu: WGSL compute shaders; cpu: WebAssembly in all cores. Both give the same bits",
  },
} as const satisfies Record<keyof Experiment, Parameter>;

export type ParameterName = keyof Experiment;
export const parameterNames = Object.keys(parameters) as ParameterName[];

const watchedNames = [
  "network",
  "neurons",
  "density",
  "inDegree",
  "blocks",
  "between",
  "rewiring",
  "inhibitory",
  "inhibition",
  "networkSeed",
  "file",
  "fileHash",
  "seed",
  "common",
  "hidden",
] as const satisfies readonly ParameterName[];

/** What matters of an experiment to a network that is only watched. */
export type Watched = Pick<Experiment, (typeof watchedNames)[number]>;

export const watchedPart = (experiment: Experiment): Watched =>
  Object.fromEntries(watchedNames.map((name) => [name, experiment[name]])) as unknown as Watched;

/** What a parameter may be, as words for a message. */
export function allowed(name: ParameterName): string {
  const parameter: Parameter = parameters[name];
  if (parameter.kind === "choice") return parameter.choices.join(" or ");
  if (parameter.kind === "text") {
    const length = `1 to ${parameter.maxLength.toLocaleString("en")} characters`;
    return parameter.allowed ? `${parameter.allowed}, in ${length}` : `a text of ${length}`;
  }
  const range = `${parameter.min.toLocaleString("en")} to ${parameter.max.toLocaleString("en")}`;
  return parameter.whole ? `a whole number from ${range}` : `a number from ${range}`;
}

/**
 * One parameter from text or value.
 *
 * Errors   InputError that names the field, the value and the allowed range.
 */
export function parseParameter<Name extends ParameterName>(name: Name, value: unknown): Experiment[Name] {
  const parameter: Parameter = parameters[name];
  const refuse = () => new InputError(`${parameter.label} is ${shown(value)}; allowed: ${allowed(name)}`);
  if (parameter.kind === "number") {
    const number = typeof value === "string" ? parseDecimal(value.trim()) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) throw refuse();
    if (number < parameter.min || number > parameter.max) throw refuse();
    if (parameter.whole && !Number.isInteger(number)) throw refuse();
    return number as Experiment[Name];
  }
  if (typeof value !== "string") throw refuse();
  if (parameter.kind === "text" && parameter.shorter && value.length > parameter.maxLength) {
    const text = parameter.shorter(value);
    if (text.length <= parameter.maxLength) return parseParameter(name, text);
  }
  const good =
    parameter.kind === "choice"
      ? parameter.choices.includes(value)
      : (value.length > 0 || parameter.optional === true) &&
        value.length <= parameter.maxLength &&
        (parameter.pattern?.test(value) ?? true);
  if (!good) throw refuse();
  return value as Experiment[Name];
}

/**
 * A whole experiment from whatever was given; the rest are defaults.
 *
 * Errors   InputError, see parseParameter; also for a name that is no parameter.
 */
export function parseExperiment(given: Readonly<Record<string, unknown>> = {}): Experiment {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name))
      throw new InputError(`${shown(name)} is no parameter; there are ${parameterNames.join(", ")}`);
  }
  const entries = parameterNames.map((name) => [
    name,
    given[name] === undefined ? parameters[name].default : parseParameter(name, given[name]),
  ]);
  return Object.freeze(Object.fromEntries(entries)) as Experiment;
}

/** The parameters that decide something in this experiment; what its network or design ignores is left out. */
export const decisive = (experiment: Experiment): Partial<Experiment> =>
  Object.fromEntries(
    parameterNames
      .filter((name) => (parameters[name] as Parameter).applies?.(experiment) ?? true)
      .map((name) => [name, experiment[name]]),
  );
