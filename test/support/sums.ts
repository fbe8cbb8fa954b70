import type { ReadBytes } from "../../src/io/sumsFile";
import type { Sums } from "../../src/model/sums";
import { allOf } from "./networks";

/** Sums of a few trials, term by term: perturbation[trial][column] of 0 and 1, outcome[trial][target] of 0…255. */
export function sumsOf(
  perturbation: readonly (readonly number[])[],
  outcome: readonly (readonly number[])[],
  sources: Uint32Array = allOf(perturbation[0].length),
): Sums {
  const total = (term: (trial: number) => number) =>
    perturbation.reduce((sum, _, trial) => sum + term(trial), 0);
  const targets = allOf(outcome[0].length);
  const columns = allOf(perturbation[0].length);
  return {
    trials: perturbation.length,
    targets: targets.length,
    sources,
    perturbed: Float64Array.from(columns, (column) => total((trial) => perturbation[trial][column])),
    outcome: Float64Array.from(targets, (target) => total((trial) => outcome[trial][target])),
    outcomeSquared: Float64Array.from(targets, (target) => total((trial) => outcome[trial][target] ** 2)),
    pair: Float64Array.from(allOf(targets.length * columns.length), (pair) => {
      const target = Math.floor(pair / columns.length);
      const column = pair % columns.length;
      return total((trial) => perturbation[trial][column] * outcome[trial][target]);
    }),
    arms: null,
  };
}

/** Sums of no trials. */
export function emptySums(sources: Uint32Array, targets: number): Sums {
  return {
    trials: 0,
    targets,
    sources,
    perturbed: new Float64Array(sources.length),
    outcome: new Float64Array(targets),
    outcomeSquared: new Float64Array(targets),
    pair: new Float64Array(targets * sources.length),
    arms: null,
  };
}

/** Reads bytes that are all there. */
export const readFrom =
  (bytes: Uint8Array): ReadBytes =>
  (from, length) =>
    bytes.subarray(from, from + length);
