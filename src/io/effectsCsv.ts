import type { Estimand } from "../model/estimand";
import type { Estimates } from "../model/estimate";
import { findArrow, type Network, one } from "../model/network";

export const csvHeader = "source,target,effect,standard_error,exact_effect,weight";

/**
 * Every pair of the estimates as a line of CSV, row by row of the matrix: "from" is the source, "to" the target.
 *
 * Units    effect, standard_error, exact_effect: outcome (0…1) per perturbation; weight: drive per perturbation.
 * Missing  an empty field: an effect with an empty arm, a standard error below 3 trials. A pair without an arrow
 *          has exact effect and weight 0.
 * Digits   as many as make each number read back as the same float64.
 */
export function* csvLines(estimates: Estimates, network: Network, estimand: Estimand): Generator<string> {
  const { sources, targets, effect, standardError } = estimates;
  const field = (value: number) => (Number.isNaN(value) ? "" : String(value));
  yield csvHeader;
  for (let target = 0, pair = 0; target < targets; target++) {
    for (const source of sources) {
      const arrow = findArrow(network, target, source);
      const [exact, weight] = arrow < 0 ? [0, 0] : [estimand.effect[arrow], network.weight[arrow] / one];
      yield `${source},${target},${field(effect[pair])},${field(standardError[pair])},${exact},${weight}`;
      pair++;
    }
  }
}
