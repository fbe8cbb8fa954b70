import { certaintyOf } from "../model/estimate";
import { opacity } from "./colours";

/** Knots of a table, evenly spaced in ratio / (1 + ratio). */
const steps = 2048;

/**
 * Opacities of many effects, by column and |effect| in standard errors. Looked up, within half a step of 255 below a ratio of 50,
 * since a picture has a quarter of a million pixels and most columns know their errors equally well.
 *
 * freedom  [columns] degrees of freedom of a column's standard errors
 * Missing  a ratio of NaN is as faint as 0.
 */
export function opacities(freedom: Float64Array): (column: number, ratio: number) => number {
  const known = new Map<number, Float64Array>();
  const tableOf = (one: number) => {
    const table = known.get(one) ?? Float64Array.from({ length: steps + 1 }, (_, knot) => at(knot, one));
    known.set(one, table);
    return table;
  };
  const tables = Array.from(freedom, tableOf);
  return (column, ratio) => tables[column][Math.round(steps - steps / (1 + ratio)) || 0];
}

const at = (knot: number, freedom: number) => opacity(certaintyOf(knot / (steps - knot), freedom) || 0);
