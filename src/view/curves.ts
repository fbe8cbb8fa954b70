import type { ArrowList } from "./arrowList";
import type { Layout } from "./layout";

/** A layout put into a picture: its numbers times `reach` are pixels around the picture's middle, y upwards. */
export interface Places {
  readonly layout: Layout;
  /** Radius of a neuron's disc. */
  readonly disc: number;
  /** Radius of the ring or disc of all neurons. */
  readonly reach: number;
  /** How closely one looks: pixels of the screen to one of these. */
  readonly zoom: number;
}

/** Discs this small on the screen have no rim: it would hide the filling. */
export const areDots = ({ disc, zoom }: Places): boolean => disc * zoom < 3.5;

/** Largest radius of a disc that one looks at closely, on the screen. */
const largestDisc = 72;

/**
 * Scales a layout to a picture of this size, with room for loops and numbers outside. Who looks closely sees larger
 * discs, but no larger than is good to read, and dots only where these come apart.
 */
export function place(layout: Layout, width: number, height: number, zoom = 1): Places {
  const half = Math.max(60, Math.min(width, height) / 2);
  const room = Math.min(0.095 * half, 0.33 * layout.spacing * half, 36);
  // A ring of dots must be seen; a disc full of them may be as fine as sand.
  const least = layout.ring ? 1.6 : 0.5;
  const disc = Math.max(least / zoom, Math.min(room, largestDisc / zoom));
  const margin = layout.x.length === 1 ? half * 0.4 : Math.max(2.55 * Math.max(least, room) + 8, 30);
  return { layout, disc, reach: half - margin, zoom };
}

/** The curves of all arrows of a list, 8 numbers each. */
export function bend(places: Places, { source, target }: ArrowList): Float32Array {
  const curves = new Float32Array(8 * source.length);
  for (let arrow = 0; arrow < source.length; arrow++)
    curve(places, source[arrow], target[arrow], curves, 8 * arrow);
  return curves;
}

/** Clear space between an arrow's tip and the disc it points to. */
const gapAt = ({ disc, zoom }: Places) => Math.min(3, disc) / Math.max(1, zoom / 2);

/**
 * The arrow source → target as a cubic Bézier curve, from rim to rim: 8 numbers into
 * `out` at `offset`. It keeps to the right of the straight line, so that the arrow back
 * lies beside it. A self-connection is a loop on the outer side.
 */
export function curve(
  places: Places,
  source: number,
  target: number,
  out: Float32Array,
  offset: number,
): void {
  const { layout, disc, reach } = places;
  const fromX = reach * layout.x[source];
  const fromY = reach * layout.y[source];
  if (source === target) {
    loop(fromX, fromY, disc, gapAt(places), out, offset);
    return;
  }
  const toX = reach * layout.x[target];
  const toY = reach * layout.y[target];
  const dx = toX - fromX;
  const dy = toY - fromY;
  const distance = Math.hypot(dx, dy) || 1;
  // Long chords of a ring are drawn towards the middle by themselves; short ones need the bend to part.
  const bend = 0.13 * distance;
  const middleX = (fromX + toX) / 2 + (dy / distance) * bend;
  const middleY = (fromY + toY) / 2 - (dx / distance) * bend;
  const leave = Math.hypot(middleX - fromX, middleY - fromY) || 1;
  const start = Math.min(disc, leave);
  const startX = fromX + ((middleX - fromX) / leave) * start;
  const startY = fromY + ((middleY - fromY) / leave) * start;
  const end = Math.min(disc + gapAt(places), leave);
  const endX = toX + ((middleX - toX) / leave) * end;
  const endY = toY + ((middleY - toY) / leave) * end;
  out[offset] = startX;
  out[offset + 1] = startY;
  out[offset + 2] = startX + (2 / 3) * (middleX - startX);
  out[offset + 3] = startY + (2 / 3) * (middleY - startY);
  out[offset + 4] = endX + (2 / 3) * (middleX - endX);
  out[offset + 5] = endY + (2 / 3) * (middleY - endY);
  out[offset + 6] = endX;
  out[offset + 7] = endY;
}

function loop(x: number, y: number, disc: number, gap: number, out: Float32Array, offset: number): void {
  const distance = Math.hypot(x, y);
  const outX = distance > 1e-6 ? x / distance : 0;
  const outY = distance > 1e-6 ? y / distance : 1;
  const put = (index: number, angle: number, radius: number) => {
    out[offset + index] = x + radius * (outX * Math.cos(angle) - outY * Math.sin(angle));
    out[offset + index + 1] = y + radius * (outX * Math.sin(angle) + outY * Math.cos(angle));
  };
  const far = 3.1 * disc + 2 * gap;
  put(0, 0.62, disc);
  put(2, 0.72, far);
  put(4, -0.72, far);
  put(6, -0.62, disc + gap);
}
