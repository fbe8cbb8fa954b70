import type { ArrowList } from "./arrowList";
import type { Places } from "./curves";

/**
 * The neuron at or right beside a point, or null.
 *
 * Units    pixels of the stage; pixel: one of the screen's in these.
 */
export function neuronAt(
  { layout, disc, reach }: Places,
  atX: number,
  atY: number,
  pixel: number,
): number | null {
  const { x, y, z } = layout;
  let nearest = Math.max(disc, 6 * pixel) + 3 * pixel;
  let found: number | null = null;
  // No index: comparing a million numbers takes a millisecond or two, and nearly all of them end here.
  for (let neuron = 0; neuron < x.length; neuron++) {
    const dx = Math.abs(reach * x[neuron] - atX);
    if (dx >= nearest) continue;
    // Of two that lie behind each other the one in front is meant.
    const behind = z && z[neuron] < 0 ? disc + 2 * pixel : 0;
    const distance = Math.hypot(dx, reach * y[neuron] - atY) + behind;
    if (distance >= nearest) continue;
    nearest = distance;
    found = neuron;
  }
  return found;
}

export interface Hit {
  readonly source: number;
  readonly target: number;
  /** Distance, more for what is hard to see. */
  readonly cost: number;
}

export const nearer = (a: Hit | null, b: Hit | null): Hit | null =>
  a && b ? (a.cost <= b.cost ? a : b) : (a ?? b);

/** How far beside an arrow one may point, in pixels of the screen. */
const reach = 6;

/**
 * The arrow at or right beside a point, or null; the more visible of two.
 *
 * Shapes   curves [8 × arrows], see curve.
 * Units    pixels of the stage; pixel: one of the screen's in these; visible 0…1.
 */
export function arrowAt(
  arrows: ArrowList,
  curves: Float32Array,
  x: number,
  y: number,
  pixel: number,
  width: (arrow: number) => number,
  visible: (arrow: number) => number,
): Hit | null {
  const samples = arrows.source.length <= 200 ? 32 : 12;
  let found: Hit | null = null;
  for (let arrow = 0; arrow < arrows.source.length; arrow++) {
    const near = reach * pixel + width(arrow) / 2;
    const distance = distanceTo(curves, 8 * arrow, x, y, near, samples);
    if (distance > near) continue;
    const cost = distance + 4 * pixel * (1 - visible(arrow));
    if (found && cost >= found.cost) continue;
    found = { source: arrows.source[arrow], target: arrows.target[arrow], cost };
  }
  return found;
}

/** Distance from a point to a curve, or Infinity if it is surely more than `near`. */
function distanceTo(
  curves: Float32Array,
  at: number,
  x: number,
  y: number,
  near: number,
  samples: number,
): number {
  const [a, b, c, d] = [curves[at], curves[at + 2], curves[at + 4], curves[at + 6]];
  const [e, f, g, h] = [curves[at + 1], curves[at + 3], curves[at + 5], curves[at + 7]];
  // A curve lies within the hull of its four points.
  if (x < Math.min(a, b, c, d) - near || x > Math.max(a, b, c, d) + near) return Number.POSITIVE_INFINITY;
  if (y < Math.min(e, f, g, h) - near || y > Math.max(e, f, g, h) + near) return Number.POSITIVE_INFINITY;
  let nearest = Number.POSITIVE_INFINITY;
  let fromX = a;
  let fromY = e;
  for (let sample = 1; sample <= samples; sample++) {
    const part = sample / samples;
    const rest = 1 - part;
    const [p, q, r, s] = [rest ** 3, 3 * part * rest ** 2, 3 * part ** 2 * rest, part ** 3];
    const toX = p * a + q * b + r * c + s * d;
    const toY = p * e + q * f + r * g + s * h;
    const legX = toX - fromX;
    const legY = toY - fromY;
    const square = legX * legX + legY * legY || 1;
    const foot = Math.min(1, Math.max(0, ((x - fromX) * legX + (y - fromY) * legY) / square));
    nearest = Math.min(nearest, Math.hypot(x - fromX - foot * legX, y - fromY - foot * legY));
    fromX = toX;
    fromY = toY;
  }
  return nearest;
}
