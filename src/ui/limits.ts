import { parseDecimal } from "../model/decimal";
import { type ParameterName, parameters } from "../model/experiment";

/** The allowed number nearest to a bad one, or null where there is no such thing. */
export function nearest(name: ParameterName, value: string): number | null {
  const parameter = parameters[name];
  const number = parseDecimal(value.trim());
  if (parameter.kind !== "number" || !Number.isFinite(number)) return null;
  const inside = Math.min(parameter.max, Math.max(parameter.min, number));
  return parameter.whole ? Math.round(inside) : inside;
}
