import { type Experiment, type ParameterName, parameters, parseParameter } from "../model/experiment";
import { InputError } from "../model/inputError";

/** The page estimates all × all, so its pairs are what it must hold. */
export const mostNeurons = 4096;

/** The kinds of network that the page can make by itself. */
export const kindsForPage: readonly string[] = parameters.network.choices.filter((kind) => kind !== "file");

/**
 * A parameter as the page accepts it: the table's rules, and what fits the page.
 *
 * Errors   InputError that names the field, the value and what is allowed.
 */
export function parseForPage<Name extends ParameterName>(name: Name, value: unknown): Experiment[Name] {
  if (name === "network" && value === "file")
    throw new InputError(
      `network is "file"; allowed: ${kindsForPage.join(" or ")}, since the page opens no files`,
    );
  if (name !== "neurons") return parseParameter(name, value);
  const refuse = () =>
    new InputError(
      `${parameters.neurons.label} is ${JSON.stringify(value)}; allowed: a whole number from 1 to ` +
        `${mostNeurons.toLocaleString("en")}, since the page estimates every pair`,
    );
  try {
    const neurons = parseParameter(name, value);
    if ((neurons as number) <= mostNeurons) return neurons;
  } catch {
    throw refuse();
  }
  throw refuse();
}

/** The allowed number nearest to a bad one, or null where there is no such thing. */
export function nearest(name: ParameterName, value: string): number | null {
  const parameter = parameters[name];
  const number = Number(value);
  if (parameter.kind !== "number" || value.trim() === "" || !Number.isFinite(number)) return null;
  const most = name === "neurons" ? mostNeurons : parameter.max;
  const inside = Math.min(most, Math.max(parameter.min, number));
  return parameter.whole ? Math.round(inside) : inside;
}
