import { certaintyOf, type Estimates } from "../model/estimate";
import type { Network } from "../model/network";
import type { Outgoing } from "../model/outgoing";
import type { ArrowList } from "../view/arrowList";
import type { Effects, Ego } from "../view/painter";
import { columnOf } from "../view/pixels";
import { standsOut } from "./digest";

/** The arrows out of one neuron, as `Outgoing` has them. */
export interface Outwards {
  readonly target: Uint32Array;
  readonly arrow: Uint32Array;
}

export const outwards = ({ targetStart, target, arrow }: Outgoing, neuron: number): Outwards => ({
  target: target.slice(targetStart[neuron], targetStart[neuron + 1]),
  arrow: arrow.slice(targetStart[neuron], targetStart[neuron + 1]),
});

/** A neuron's arrows as far as they are drawn, and how many there are. */
export interface EgoNetwork extends Ego {
  /** True arrows, in and out; a self-connection is one. */
  readonly truths: number;
  /** Estimated ones that stand out. */
  readonly found: number;
}

/**
 * Everything that joins one neuron with others: true arrows, and estimated ones that stand out; of more than `most`
 * of either the largest effects.
 *
 * exact    [arrows] exact effects
 * Missing  pairs without an effect are no arrows.
 */
export function egoOf(
  neuron: number,
  { rowStart, source }: Network,
  exact: Float64Array,
  { target, arrow }: Outwards,
  estimates: Estimates | null,
  most: number,
): EgoNetwork {
  const truth = new Gathered();
  for (let at = rowStart[neuron]; at < rowStart[neuron + 1]; at++)
    truth.add(source[at], neuron, exact[at], 0);
  for (let at = 0; at < target.length; at++)
    if (target[at] !== neuron) truth.add(neuron, target[at], exact[arrow[at]], 0);

  const found = new Gathered();
  let effects: Effects | null = null;
  if (estimates) {
    const { effect, standardError, freedom, sources, targets } = estimates;
    const columns = sources.length;
    const certainty = (pair: number, column: number) =>
      certaintyOf(Math.abs(effect[pair]) / standardError[pair], freedom[column]);
    const visit = (row: number, column: number) => {
      const pair = row * columns + column;
      const sure = certainty(pair, column);
      if (sure >= standsOut) found.add(sources[column], row, effect[pair], Math.min(sure, 1e6));
    };
    const own = columnOf(sources, neuron);
    for (let column = 0; column < columns; column++) visit(neuron, column);
    if (own >= 0) {
      for (let row = 0; row < targets; row++) if (row !== neuron) visit(row, own);
      effects = { effect: new Float32Array(targets), certainty: new Float32Array(targets) };
      for (let row = 0, pair = own; row < targets; row++, pair += columns) {
        const sure = certainty(pair, own);
        effects.effect[row] = Number.isNaN(sure) ? Number.NaN : effect[pair];
        effects.certainty[row] = sure;
      }
    }
  }
  return {
    neuron,
    truth: truth.largest(most),
    estimates: found.largest(most),
    effects,
    truths: truth.count,
    found: found.count,
  };
}

/** Arrows as they are found, and the largest of them. */
class Gathered {
  private readonly list: { source: number; target: number; effect: number; certainty: number }[] = [];

  add(source: number, target: number, effect: number, certainty: number): void {
    this.list.push({ source, target, effect, certainty });
  }

  get count(): number {
    return this.list.length;
  }

  /** The largest effect last: it is drawn on top. */
  largest(most: number): ArrowList {
    const chosen = this.list
      .sort((a, b) => Math.abs(a.effect) - Math.abs(b.effect))
      .slice(Math.max(0, this.list.length - most));
    return {
      source: Uint32Array.from(chosen, ({ source }) => source),
      target: Uint32Array.from(chosen, ({ target }) => target),
      effect: Float32Array.from(chosen, ({ effect }) => effect),
      certainty: Float32Array.from(chosen, ({ certainty }) => certainty),
    };
  }
}
