import type { Network } from "./network";
import { arrowVisitor } from "./rows";

/**
 * Pearson correlation of effects, of any kind, with the connectivity, over the pairs of some sources after others.
 *
 * Moments are taken source by source first and joined in the sources' order: so the result is the same to the last bit
 * in one piece and in tiles of any size.
 *
 * Source   Chan, Golub & LeVeque (1983), Am. Stat. 37, 242–247.
 */
export class Agreement {
  /** The lowest and the highest of each. */
  private readonly effect = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  private readonly weight = this.effect.slice();
  private moments: Moments = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

  /**
   * Shapes   effects: [neurons × sources], row = target; sources: which neurons the columns are.
   * Missing  NaN among the effects is left out.
   */
  add(effects: Float64Array, sources: Uint32Array, network: Network): void {
    const columns = sources.length;
    const perColumn = () => new Float64Array(columns);
    const [x, y, xx, xy, yy] = Array.from({ length: 5 }, perColumn);
    const n = perColumn().fill(network.neurons);
    for (let from = 0; from < effects.length; from += columns) addRow(effects, from, x, n, this.effect);
    // Of the weights only those that are not 0 have to be looked at, and they are few.
    const eachArrow = arrowVisitor(network, sources);
    const arrows = perColumn();
    eachArrow((pair, column, arrow) => {
      if (Number.isNaN(effects[pair])) return;
      const weight = network.weight[arrow];
      arrows[column]++;
      y[column] += weight;
      widen(this.weight, weight);
    });
    for (let column = 0; column < columns; column++) {
      if (arrows[column] < n[column]) widen(this.weight, 0);
      x[column] /= n[column];
      y[column] /= n[column];
    }
    for (let from = 0; from < effects.length; from += columns) addSquares(effects, from, x, xx);
    // Deviations of the effects add up to nothing, so that those of the weights matter where there are arrows.
    eachArrow((pair, column, arrow) => {
      if (Number.isNaN(effects[pair])) return;
      const weight = network.weight[arrow];
      xy[column] += (effects[pair] - x[column]) * weight;
      yy[column] += (weight - y[column]) ** 2;
    });
    for (let column = 0; column < columns; column++) {
      const of = { n: n[column], x: x[column], y: y[column] };
      const others = (n[column] - arrows[column]) * y[column] ** 2;
      this.moments = joined(this.moments, { ...of, xx: xx[column], xy: xy[column], yy: yy[column] + others });
    }
  }

  /** null if effects or weights are constant or none. */
  get value(): number | null {
    // By the range, because rounding leaves equal numbers a variance.
    if (!(this.effect[0] < this.effect[1] && this.weight[0] < this.weight[1])) return null;
    const { xx, xy, yy } = this.moments;
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }
}

function widen(range: Float64Array, value: number): void {
  if (value < range[0]) range[0] = value;
  if (value > range[1]) range[1] = value;
}

// What is done with every pair stands in functions of a row: those a browser makes fast after a few rows, a long loop
// only after many pictures.

/** range: the lowest and the highest value so far. */
function addRow(
  effects: Float64Array,
  from: number,
  sum: Float64Array,
  n: Float64Array,
  range: Float64Array,
): void {
  let low = range[0];
  let high = range[1];
  for (let column = 0; column < sum.length; column++) {
    const value = effects[from + column];
    if (Number.isNaN(value)) {
      n[column]--;
      continue;
    }
    sum[column] += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  range[0] = low;
  range[1] = high;
}

function addSquares(effects: Float64Array, from: number, mean: Float64Array, squares: Float64Array): void {
  for (let column = 0; column < mean.length; column++) {
    const deviation = effects[from + column] - mean[column];
    if (!Number.isNaN(deviation)) squares[column] += deviation * deviation;
  }
}

/** Count, means, and sums of squares and products about the means, of numbers that come in twos. */
interface Moments {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

function joined(a: Moments, b: Moments): Moments {
  if (a.n === 0 || b.n === 0) return b.n === 0 ? a : b;
  const n = a.n + b.n;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const between = (a.n * b.n) / n;
  return {
    n,
    x: a.x + (dx * b.n) / n,
    y: a.y + (dy * b.n) / n,
    xx: a.xx + b.xx + dx * dx * between,
    xy: a.xy + b.xy + dx * dy * between,
    yy: a.yy + b.yy + dy * dy * between,
  };
}
