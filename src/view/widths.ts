import type { Places } from "./curves";

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

/** Width of an arrow without effect, and the largest. */
const fine = 0.8;
const broad = 10;

/** As many arrows as are drawn in any large network, before it is known how many there will be. */
const crowd = 800;

/**
 * arrows   how many there are to be, and of these are drawn in fact.
 * scale    effect of full width.
 */
export function widthsOf(
  { disc, reach, zoom }: Places,
  arrows: { readonly all: number; readonly drawn: number },
  scale: number,
): Widths {
  const expected = Math.max(4, Math.min(arrows.all, Math.max(crowd, arrows.drawn)));
  // Of this width the arrows leave about half of the picture free.
  const airy = (1.6 * reach) / expected;
  // Who looks closely sees them twice as wide, and then only farther apart.
  const closely = Math.min(1, 2 / zoom);
  const thinnest = fine * closely;
  const most = Math.max(thinnest, Math.min(Math.max(0.36 * disc, 2 * thinnest), broad * closely, airy));
  return {
    thinnest,
    widest: most,
    body: (effect) => thinnest + (most - thinnest) * Math.min(1.8, Math.abs(effect) / scale),
    veil: Math.min(1, Math.max(0.15, airy / fine)),
  };
}
