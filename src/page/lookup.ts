import { findArrow, type Network } from "../model/network";
import type { Outgoing } from "../model/outgoing";
import type { ArrowList } from "../view/arrowList";
import { columnOf, type Pixels, pixelAt } from "../view/pixels";

/** Certainty from which an estimated arrow is named without knowing the truth: 4 standard errors. */
const nameable = 4;

/** Exact effect of a pair: 0 where there is no arrow. */
export function exactOf(network: Network, exact: Float64Array, source: number, target: number): number {
  const arrow = findArrow(network, target, source);
  return arrow < 0 ? 0 : exact[arrow];
}

/** Which neurons a neuron truly sends to and receives from. */
export function trueNeighbours(
  { rowStart, source }: Network,
  { targetStart, target }: Outgoing,
  neuron: number,
): { to: number[]; from: number[] } {
  return {
    to: [...target.subarray(targetStart[neuron], targetStart[neuron + 1])],
    from: [...source.subarray(rowStart[neuron], rowStart[neuron + 1])],
  };
}

/** The same, as far as the estimates tell. */
export function foundNeighbours(arrows: ArrowList, neuron: number): { to: number[]; from: number[] } {
  const to: number[] = [];
  const from: number[] = [];
  for (let arrow = 0; arrow < arrows.source.length; arrow++) {
    if (arrows.certainty[arrow] < nameable) continue;
    if (arrows.source[arrow] === neuron) to.push(arrows.target[arrow]);
    if (arrows.target[arrow] === neuron) from.push(arrows.source[arrow]);
  }
  const ascending = (a: number, b: number) => a - b;
  return { to: to.sort(ascending), from: from.sort(ascending) };
}

/** The estimate of a pair, if its pixel shows it; null where another pair is shown or none. */
export function estimateOf(
  pixels: Pixels | null,
  source: number,
  target: number,
): { effect: number; standardError: number; pooled: number } | null {
  if (!pixels) return null;
  const { sources, window, down, across, pooling } = pixels;
  if (pooling === "mean" && down * across > 1) return null;
  const column = columnOf(sources, source);
  const pixel = pixelAt(pixels, target, column);
  if (column < 0 || pixel < 0 || pixels.pair[pixel] !== target * sources.length + column) return null;
  const pooled = (at: number, block: number, from: number, to: number) =>
    Math.min(block, to - from - Math.floor((at - from) / block) * block);
  return {
    effect: pixels.value[pixel],
    standardError: pixels.standardError[pixel],
    pooled:
      pooled(column, across, window.columnFrom, window.columnTo) *
      pooled(target, down, window.rowFrom, window.rowTo),
  };
}

/** The true arrows with their exact effects; of more than `most` a sample of so many, evenly spaced in the network. */
export function truthArrows(
  { neurons, rowStart, source }: Network,
  exact: Float64Array,
  most: number,
): ArrowList {
  const all = source.length;
  const shown = Math.min(all, most);
  const arrows = Uint32Array.from({ length: shown }, (_, at) => Math.floor((at * all) / shown));
  const target = new Uint32Array(shown);
  for (let row = 0, at = 0; row < neurons && at < shown; row++)
    while (at < shown && arrows[at] < rowStart[row + 1]) target[at++] = row;
  return {
    source: arrows.map((arrow) => source[arrow]),
    target,
    effect: Float32Array.from(arrows, (arrow) => exact[arrow]),
    certainty: new Float32Array(shown),
  };
}
