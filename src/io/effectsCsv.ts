import type { Estimand } from "../model/estimand";
import type { Estimates } from "../model/estimate";
import { type Confidence, defaultConfidence, discover, inferrer, isDiscovery } from "../model/inference";
import { findArrow, type Network, one } from "../model/network";
import { csvField } from "./edgesCsv";

export const csvHeader =
  "source,target,effect,standard_error,exact_effect,weight,interval_low,interval_high,p_value,discovery";

/**
 * Every pair of the estimates as a line of CSV, row by row of the matrix: "from" is the source, "to" the target.
 *
 * Units    effect, standard_error, exact_effect and the ends of the interval at the chosen level: outcome (0…1) per
 *          perturbation; weight: drive per perturbation; p_value: of "no effect"; discovery: 1 if the pair is among
 *          the discoveries at the chosen rate, otherwise 0.
 * Names    those of the neurons, where they have any; their numbers otherwise.
 * Missing  an empty field: an effect with an empty arm; a standard error below 3 trials, and all that needs one. A pair
 *          without an arrow has exact effect and weight 0.
 * Digits   as many as make each number read back as the same float64.
 */
export function* csvLines(
  estimates: Estimates,
  network: Network,
  estimand: Estimand,
  { level, rate }: Confidence = defaultConfidence,
  names: readonly string[] | null = null,
): Generator<string> {
  const { sources, targets, effect, standardError } = estimates;
  const field = (value: number) => (Number.isNaN(value) ? "" : String(value));
  const called = (neuron: number) => (names ? csvField(names[neuron]) : neuron);
  const infer = inferrer(estimates, level);
  const discoveries = discover(estimates, rate);
  yield csvHeader;
  for (let target = 0, pair = 0; target < targets; target++) {
    for (const source of sources) {
      const arrow = findArrow(network, target, source);
      const [exact, weight] = arrow < 0 ? [0, 0] : [estimand.effect[arrow], network.weight[arrow] / one];
      const { low, high, pValue } = infer(pair);
      const discovery = Number.isNaN(pValue) ? "" : Number(isDiscovery(discoveries, pValue));
      yield [
        ...[called(source), called(target), field(effect[pair]), field(standardError[pair]), exact, weight],
        ...[field(low), field(high), field(pValue), discovery],
      ].join(",");
      pair++;
    }
  }
}
