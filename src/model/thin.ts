/** Points of a curve, x ascending. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** So many columns keep the ends and the extremes of what falls into them. */
const columns = 2048;
/** What lies nearer to the drawn line than this is not worth a point. */
const unseen = 1e-4;

/**
 * Takes the points of a curve in the unit square, any number of them, and keeps those that a picture needs.
 *
 * First, each of 2,048 columns keeps its first, lowest, highest and last point; then points are taken one by one, each
 * time the one that lies farthest from the line drawn so far. What falls between is at most a 2,048th away in x plus
 * what the most points allowed cannot follow.
 *
 * Source   the columns: Jugel et al. (2014), M4; the choice of points: Ramer (1972), Douglas & Peucker (1973).
 */
export class Thinner {
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private column = -1;
  private points = 0;
  private readonly kept = { first: point(), lowest: point(), highest: point(), last: point() };

  /** The next point; x must not fall. */
  add(x: number, y: number): void {
    const { first, lowest, highest, last } = this.kept;
    const column = Math.floor(x * columns);
    if (column !== this.column) {
      this.flush();
      this.column = column;
      for (const one of [first, lowest, highest]) set(one, this.points, x, y);
    }
    if (y < lowest.y) set(lowest, this.points, x, y);
    if (y > highest.y) set(highest, this.points, x, y);
    set(last, this.points++, x, y);
  }

  /** At most so many of the points, ends included. */
  most(count: number): Points {
    this.flush();
    this.column = -1;
    return farthestFirst(this.x, this.y, count);
  }

  private flush(): void {
    if (this.column < 0) return;
    const { first, lowest, highest, last } = this.kept;
    let before = -1;
    for (const { at, x, y } of [first, lowest, highest, last].sort((a, b) => a.at - b.at)) {
      if (at === before) continue;
      before = at;
      this.x.push(x);
      this.y.push(y);
    }
  }
}

interface Kept {
  at: number;
  x: number;
  y: number;
}

const point = (): Kept => ({ at: 0, x: 0, y: 0 });

function set(kept: Kept, at: number, x: number, y: number): void {
  kept.at = at;
  kept.x = x;
  kept.y = y;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly farthest: number;
  readonly distance: number;
}

function farthestFirst(x: readonly number[], y: readonly number[], most: number): Points {
  const stretch = (from: number, to: number): Stretch => {
    let farthest = from;
    let distance = 0;
    const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
    const length = Math.hypot(dx, dy);
    for (let index = from + 1; index < to; index++) {
      const [px, py] = [x[index] - x[from], y[index] - y[from]];
      const far = length > 0 ? Math.abs(px * dy - py * dx) / length : Math.hypot(px, py);
      if (far > distance) [farthest, distance] = [index, far];
    }
    return { from, to, farthest, distance };
  };
  const last = x.length - 1;
  const stretches = last > 0 ? [stretch(0, last)] : [];
  while (stretches.length > 0 && stretches.length + 1 < most) {
    let worst = 0;
    for (let index = 1; index < stretches.length; index++)
      if (stretches[index].distance > stretches[worst].distance) worst = index;
    const { from, to, farthest, distance } = stretches[worst];
    if (distance < unseen) break;
    stretches[worst] = stretch(from, farthest);
    stretches.push(stretch(farthest, to));
  }
  const chosen = [...(last >= 0 ? [0] : []), ...stretches.map(({ to }) => to).sort((a, b) => a - b)];
  return {
    x: Float64Array.from(chosen, (index) => x[index]),
    y: Float64Array.from(chosen, (index) => y[index]),
  };
}
