import type { Candidate } from "../model/candidates";
import type { Estimand } from "../model/estimand";
import { findArrow, type Network, one } from "../model/network";
import { csvField } from "./edgesCsv";

export const discoveriesHeader = "source,target,effect,standard_error,p_value,weight,exact_effect";

/** Lines are handed on in pieces of so many. */
const pieceLines = 10_000;

/**
 * Discoveries as lines of CSV in pieces, each with the number of arrows among its lines.
 *
 * Units    effect, standard_error and exact_effect: outcome (0…1) per perturbation; weight: drive per perturbation;
 *          p_value: of "no effect". A pair without an arrow has weight and exact effect 0.
 * Digits   as many as make each number read back as the same float64.
 */
export function* discoveryLines(
  edges: Iterable<Candidate>,
  network: Network,
  estimand: Estimand,
  names: readonly string[] | null,
): Generator<{ lines: string; arrows: number }> {
  let lines = [discoveriesHeader];
  let arrows = 0;
  const called = (neuron: number) => (names ? csvField(names[neuron]) : neuron);
  const piece = () => ({ lines: `${lines.join("\n")}\n`, arrows });
  for (const { source, target, effect, standardError, pValue } of edges) {
    const arrow = findArrow(network, target, source);
    const [weight, exact] = arrow < 0 ? [0, 0] : [network.weight[arrow] / one, estimand.effect[arrow]];
    if (weight !== 0) arrows++;
    lines.push([called(source), called(target), effect, standardError, pValue, weight, exact].join(","));
    if (lines.length < pieceLines) continue;
    yield piece();
    [lines, arrows] = [[], 0];
  }
  if (lines.length > 0) yield piece();
}
