import type { Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import type { MadeKind } from "../model/wiring/wiring";

/** What `--generate KIND:…` says of each kind, in its order. */
const inOrder = {
  random: ["neurons", "density"],
  "in-degree": ["neurons", "inDegree"],
  blocks: ["neurons", "blocks", "density", "between"],
  "small-world": ["neurons", "inDegree", "rewiring"],
} as const satisfies Record<MadeKind, readonly (keyof Experiment)[]>;

const kinds = Object.keys(inOrder) as MadeKind[];

/** The options that make a network, as parseArgs wants them. */
export const generateOptions = {
  generate: { type: "string" },
  neurons: { type: "string" },
  density: { type: "string" },
  "in-degree": { type: "string" },
  blocks: { type: "string" },
  between: { type: "string" },
  rewiring: { type: "string" },
  inhibitory: { type: "string" },
  inhibition: { type: "string" },
} as const;

export type GenerateOption = keyof typeof generateOptions;
export const generateOptionNames = Object.keys(generateOptions) as GenerateOption[];

const parameterOf = (option: Exclude<GenerateOption, "generate">) =>
  option === "in-degree" ? "inDegree" : option;
const optionOf = (parameter: string) => `--${parameter === "inDegree" ? "in-degree" : parameter}`;

/**
 * The network that `--generate KIND` or `--generate KIND:NUMBER:…` and the options beside it ask for; without it a
 * random one. The numbers of a kind may stop early, and options say the rest.
 *
 * Errors   InputError: an option that the kind has no use for, or a number that is given twice.
 */
export function parseGenerate(
  values: { readonly [name in GenerateOption]?: string },
): Record<string, unknown> {
  const text = values.generate ?? "random";
  const [name, ...numbers] = text.split(":");
  const kind = kinds.find((known) => known === name);
  if (kind === undefined)
    throw new InputError(
      `--generate is ${JSON.stringify(text)}; allowed: ${kinds.join(" or ")}, such as blocks:1000:4`,
    );
  const names: readonly string[] = inOrder[kind];
  if (numbers.length > names.length || numbers.includes(""))
    throw new InputError(
      `--generate is ${JSON.stringify(text)}; allowed: ${[kind, ...names.map((one) => optionOf(one).slice(2).toUpperCase())].join(":")}, or less of it from the left`,
    );
  const given: Record<string, unknown> = { network: kind };
  numbers.forEach((number, index) => {
    given[names[index]] = number;
  });
  for (const option of generateOptionNames) {
    const value = values[option];
    if (option === "generate" || value === undefined) continue;
    const parameter = parameterOf(option);
    const allowed = [...names, "inhibitory", "inhibition"];
    if (!allowed.includes(parameter))
      throw new InputError(
        `--${option} is ${value}, which --generate ${kind} has no use for; allowed: ${allowed.map(optionOf).join(", ")}`,
      );
    if (given[parameter] !== undefined)
      throw new InputError(`--${option} is ${value}, but --generate ${text} decides that; give one of them`);
    given[parameter] = value;
  }
  return given;
}
