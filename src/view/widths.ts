import type { Places } from "./curves";
import type { GraphNetwork } from "./painter";

/** How wide the arrows of a network are drawn, in pixels. */
export interface Widths {
  /** Of an arrow with this effect. */
  body(effect: number): number;
  /** Of an arrow without effect, and of one whose effect is that of the scale's end. */
  readonly thinnest: number;
  readonly widest: number;
  /** Opacity at which even so many arrows as there are leave the picture open, like threads of a veil. */
  readonly veil: number;
}

/** Width of an arrow without effect. */
const thinnest = 0.8;

/** As many arrows as are drawn in any large network, before it is known how many there will be. */
const crowd = 800;

/** drawn   arrows that are drawn in fact. */
export function widthsOf(network: GraphNetwork, { disc, reach }: Places, drawn: number): Widths {
  const expected = Math.max(4, Math.min(network.arrows, Math.max(crowd, drawn)));
  // Of this width the arrows leave about half of the picture free.
  const airy = (1.6 * reach) / expected;
  const most = Math.max(thinnest, Math.min(0.36 * disc, 10, airy));
  return {
    thinnest,
    widest: most,
    body: (effect) => thinnest + (most - thinnest) * Math.min(1.8, Math.abs(effect) / network.scale),
    veil: Math.min(1, Math.max(0.15, airy / thinnest)),
  };
}
