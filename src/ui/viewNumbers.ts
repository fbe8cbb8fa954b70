import { parseDecimal } from "../model/decimal";
import { confidenceRanges, defaultConfidence } from "../model/inference";
import { InputError, shown } from "../model/inputError";

/** View options that are numbers: what they may be. They never start a run. */
export const viewNumbers = {
  level: { ...confidenceRanges.level, default: defaultConfidence.level },
  rate: { ...confidenceRanges.rate, default: defaultConfidence.rate },
  /** Standard errors at which an arrow stands out, for planning. */
  z: { min: 1, max: 10, default: 3 },
} as const;

export type ViewNumber = keyof typeof viewNumbers;
export const viewNumberNames = Object.keys(viewNumbers) as ViewNumber[];

/**
 * A view option from what was typed.
 *
 * Errors   InputError that names the option, the value and the allowed range.
 */
export function parseViewNumber(name: ViewNumber, text: string): number {
  const { min, max } = viewNumbers[name];
  const value = parseDecimal(text.trim());
  if (!(value >= min && value <= max))
    throw new InputError(`${name} is ${shown(text)}; allowed: a number from ${min} to ${max}`);
  return value;
}

/** The allowed number nearest to a bad one, or the usual one where there is no such thing. */
export function nearestViewNumber(name: ViewNumber, text: string): number {
  const { min, max, default: usual } = viewNumbers[name];
  const value = parseDecimal(text.trim());
  return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : usual;
}
