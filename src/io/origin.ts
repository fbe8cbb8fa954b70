import { designOf, isNotebookDesign, trialsTogether } from "../model/design";
import { type EngineKind, type Experiment, parameters, parseExperiment } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { countSources, sourcesAhead } from "../model/sources";
import type { Sums } from "../model/sums";
import { impossible } from "../model/sumsBounds";
import { keyFrom } from "../model/threefry";

/** What sums are of: said by the first line of a session, and by the result beside them. */
export interface Origin {
  readonly experiment: Experiment;
  /** from: the first trial; to: one past the last, the trial to go on with. */
  readonly trials: { readonly from: number; readonly to: number };
  /** What computed it last; null if parts of it disagree. */
  readonly engine: EngineKind | null;
  readonly sumsHash: string;
}

/** Makes the sentence about a field of a file: what it is, and what is allowed. */
export const refuser =
  (name: string) =>
  (field: string, value: unknown, allowed: string): InputError =>
    new InputError(`${name}: ${field} is ${shown(value)}; allowed: ${allowed}`);

/**
 * What sums are of, out of JSON that anybody may have written.
 *
 * least    trials that there are at least
 * Errors   InputError with the name of the file: which field, and what is allowed.
 */
export function parseOrigin(given: JsonRecord, name: string, least: 0 | 1): Origin {
  const refuse = refuser(name);
  const { experiment: fields, engine, sumsHash } = given;
  if (!isRecord(fields)) throw refuse("experiment", fields, "an object");
  const experiment = saying(name, () => parseExperiment(fields));
  if (experiment.network === "file" && experiment.fileHash === "")
    throw refuse("fileHash", "", "64 hexadecimal digits, which say what network is in the file");
  const trials = parseTrials(given.trials, name, experiment, least);
  if (engine !== null && !parameters.engine.choices.includes(engine as EngineKind))
    throw refuse("engine", engine, `${parameters.engine.choices.join(" or ")} or null`);
  if (typeof sumsHash !== "string" || !/^[0-9a-f]{64}$/.test(sumsHash))
    throw refuse("sumsHash", sumsHash, "64 hexadecimal digits");
  return { experiment, trials, engine: engine as EngineKind | null, sumsHash };
}

function parseTrials(given: unknown, name: string, { design, trials: most }: Experiment, least: 0 | 1) {
  if (!isRecord(given) || !hasExactly(given, ["from", "to"]))
    throw refuser(name)("trials", given, "from and to, and nothing else");
  const unit = trialsTogether(design);
  const isTrial = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) % unit === 0;
  const { from, to } = given;
  if (!isTrial(from) || !isTrial(to) || !(from + least <= to && to <= most))
    throw new InputError(
      `${name}: trials is from ${shown(from)} to ${shown(to)}; allowed: ${unit === 1 ? "whole" : "even"} numbers ` +
        `that ${least > 0 ? "ascend" : "do not descend"}, up to the ${most.toLocaleString("en")} of the experiment`,
    );
  return { from, to };
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const hasExactly = (value: JsonRecord, fields: readonly string[]): boolean =>
  Object.keys(value).length === fields.length && fields.every((field) => Object.hasOwn(value, field));

/**
 * How many sources an experiment has.
 *
 * Errors   InputError as of countSources.
 */
export function columnsOf(experiment: Experiment): number {
  const { hidden } = designOf(experiment, keyFrom(experiment.seed));
  const unseen = hidden?.reduce((sum, bit) => sum + bit, 0) ?? 0;
  return countSources(experiment.sources, experiment.neurons, unseen);
}

/**
 * Why these sums are not of this experiment and these trials, or of any that there can be, in words; null if
 * they may be. They may have fewer sources, as those of tiles that were interrupted.
 *
 * Errors   InputError if there are no such sources.
 */
export function contradiction(
  { experiment, trials }: Pick<Origin, "experiment" | "trials">,
  sums: Sums,
): string | null {
  const done = trials.to - trials.from;
  if (sums.trials !== done)
    return `its sums are of ${sums.trials} trials; allowed: ${done}, as it says itself`;
  if (sums.targets !== experiment.neurons)
    return `its sums are of ${sums.targets} targets; allowed: the ${experiment.neurons} neurons`;
  const isPlain = isNotebookDesign(designOf(experiment, keyFrom(experiment.seed)));
  const arms = sums.arms && (sums.arms.paired ? "paired" : "apart");
  if (arms !== (isPlain ? null : experiment.design === "same-noise" ? "paired" : "apart"))
    return `its sums are of another design; allowed: ${experiment.design}, as it says itself`;
  if (!areAmong(sums.sources, experiment))
    return `its sums are of other sources; allowed: ${experiment.sources}, as it says itself`;
  return impossible(sums);
}

/** Whether an experiment can have these sources, and one of them at least. */
function areAmong(sources: Uint32Array, experiment: Experiment): boolean {
  if (sources.length < 1 || sources.length > columnsOf(experiment)) return false;
  const known = sourcesAhead(experiment.sources, experiment.neurons);
  // Which have the most arrows, only the network says.
  if (known === null) return true;
  // Both ascend.
  let at = 0;
  return sources.every((source) => {
    while (known[at] < source) at++;
    return known[at] === source;
  });
}

/** Errors of somebody who does not know the file, with its name. */
export function saying<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${name}: ${error.message}`);
    throw error;
  }
}
