import type { Band } from "../model/predict";
import { decimalsFor, fixed } from "../ui/words";
import type { Expectation } from "./desk";

/** A measure of all pairs, with what was to be expected of it at that many trials. */
export interface Measure {
  readonly value: number | null;
  readonly band: Band | null;
}

/** The band is taken where it is next known at or before these trials. */
export function measure(
  expected: readonly Expectation[],
  trials: number,
  value: number | null,
  of: (one: Expectation) => Band | null,
): Measure {
  const at = expected.findLast((one) => one.trials <= trials);
  return { value, band: at ? of(at) : null };
}

/** Near 1 a measure may have next to no scatter left, and more decimals than this nobody reads. */
const mostDecimals = 4;

/** The value with as many decimals as the scatter of such runs allows; three where that is not known. */
export function measureText({ value, band }: Measure): string {
  if (value === null) return "–";
  if (!band) return fixed(value, 3);
  const standardError = (band.high - band.low) / 3.92;
  return fixed(value, Math.max(2, decimalsFor(standardError, value > 0.1 ? mostDecimals : undefined)));
}
