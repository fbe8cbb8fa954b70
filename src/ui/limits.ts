import { type Experiment, type ParameterName, parameters, parseParameter } from "../model/experiment";
import { InputError } from "../model/inputError";

/** The kinds of network that the page can make by itself. */
export const kindsForPage: readonly string[] = parameters.network.choices.filter((kind) => kind !== "file");

/**
 * A parameter as the page accepts it: the table's rules. Whether all of them together fit is told by the page's
 * forecast.
 *
 * Errors   InputError that names the field, the value and what is allowed.
 */
export function parseForPage<Name extends ParameterName>(name: Name, value: unknown): Experiment[Name] {
  if (name === "network" && value === "file")
    throw new InputError(
      `network is "file"; allowed: ${kindsForPage.join(" or ")}, since the page opens no files`,
    );
  return parseParameter(name, value);
}

/** The allowed number nearest to a bad one, or null where there is no such thing. */
export function nearest(name: ParameterName, value: string): number | null {
  const parameter = parameters[name];
  const number = Number(value);
  if (parameter.kind !== "number" || value.trim() === "" || !Number.isFinite(number)) return null;
  const inside = Math.min(parameter.max, Math.max(parameter.min, number));
  return parameter.whole ? Math.round(inside) : inside;
}
