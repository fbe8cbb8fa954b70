import { InputError } from "../model/inputError";
import { checkRows, type Network, one, onGrid } from "../model/network";
import type { Places } from "../model/places";
import { largestSingularValue, Unsettled } from "../model/singularValue";
import type { Weighted } from "./arrowStore";

/** Weights as the file has them, or divided by 1.01 times their largest singular value, as the lab's own networks are. */
export const scales = ["as-given", "singular-value"] as const;
export type Scale = (typeof scales)[number];

/** Largest weight that is read when it will be scaled: beyond it a float64 could not add up so many. */
export const mostCount = 1e15;

/** If all weights of a file are smaller than this, float64 loses their squares, and with them their scale. */
const leastLargest = 1e-100;
const smallWeights = 1e-50;

/** What a reader makes of a file, before weights are rounded. */
export interface ReadArrows {
  readonly weighted: Weighted;
  /** What the neurons are called; null where they have no names but their numbers. */
  readonly names: string[] | null;
  /** Rows of an edge list, edges of a graph, numbers of a matrix that are not 0. */
  readonly rows: number;
  readonly scale: Scale;
  /** How the file was understood, for a person: what its columns are, which way its matrix runs. */
  readonly understood: string;
  /** Where the neurons are, if the file says so. */
  readonly places?: Places | null;
}

/** A weight of 2,048 fills an i32 with its 20 fraction bits. */
export const mostWeight = 2 ** 31 / one;

/**
 * Weights of a file on the fixed-point grid.
 *
 * Units    of the network: drive per perturbation; factor: what the file's weights were multiplied by.
 * Missing  arrows whose weight is 0 on the grid are none; `vanished` counts those among them that had a weight.
 * Errors   InputError that names the row of the matrix if it could overflow, and what helps.
 */
export function weigh(
  weighted: Weighted,
  scale: Scale,
  name: string,
  names: readonly string[] | null,
  tell: (share: number) => void = () => {},
): { network: Network; factor: number; vanished: number } {
  const { neurons, rowStart, source, weight } = weighted;
  const largest = scale === "as-given" ? 0 : scaleOf(weighted, name, tell);
  const factor = largest > 0 ? 1 / (1.01 * largest) : 1;
  const fixed = new Int32Array(weight.length);
  const from = new Uint32Array(source.length);
  const starts = new Uint32Array(neurons + 1);
  const called = (neuron: number) => names?.[neuron] ?? String(neuron);
  const advice = scale === "as-given" ? "; or let the network be scaled by its largest singular value" : "";
  let kept = 0;
  let vanished = 0;
  for (let target = 0; target < neurons; target++) {
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
      const value = weight[arrow] * factor;
      const rounded = onGrid(value);
      if (!(Math.abs(rounded) < mostWeight * one))
        throw new InputError(
          `${name}: the arrow ${called(source[arrow])} → ${called(target)} weighs ${value}; allowed: below ±${mostWeight.toLocaleString("en")}${advice}`,
        );
      if (rounded === 0) {
        if (value !== 0) vanished++;
        continue;
      }
      from[kept] = source[arrow];
      fixed[kept++] = rounded;
    }
    starts[target + 1] = kept;
  }
  const network = {
    neurons,
    rowStart: starts,
    source: shortened(from, kept),
    weight: shortened(fixed, kept),
  };
  try {
    return { network: checkRows(network), factor, vanished };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const row = /^row (\d+)/.exec(error.message)?.[1];
    const who = names && row ? ` (row ${row} is ${names[Number(row)]})` : "";
    throw new InputError(`${name}: ${error.message}${who}${advice}`);
  }
}

/**
 * The largest singular value.
 *
 * Errors   InputError if it cannot be found.
 */
function scaleOf(weighted: Weighted, name: string, tell: (share: number) => void): number {
  const most = weighted.weight.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0);
  if (most > 0 && most < leastLargest)
    throw new InputError(
      `${name}: the largest weight is ${most}; allowed: ${leastLargest} or more, to be scaled`,
    );
  // Its search needs their fourth powers, which float64 loses sooner: small ones are counted in a unit of their own size.
  const unit = most > 0 && most < smallWeights ? 2 ** Math.floor(Math.log2(most)) : 1;
  const ofSource = unit < 1 ? new Float64Array(weighted.neurons).fill(1 / unit) : null;
  try {
    return unit * largestSingularValue(weighted, { ofArrow: weighted.weight, ofSource, tell });
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw new InputError(`${name}: ${error.message}; allowed: weights as they are given`);
  }
}

const shortened = <T extends Uint32Array | Int32Array>(array: T, length: number): T =>
  length === array.length ? array : (array.slice(0, length) as T);
