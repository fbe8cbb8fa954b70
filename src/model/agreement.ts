import type { Network } from "./network";
import { rowReader } from "./rows";

/**
 * Pearson correlation of effects, of any kind, with the connectivity, over the pairs of some sources after others.
 *
 * Moments are taken source by source first and joined in the sources' order: so the result is the same to the last bit
 * in one piece and in tiles of any size.
 *
 * Source   Chan, Golub & LeVeque (1983), Am. Stat. 37, 242–247.
 */
export class Agreement {
  private readonly effect = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  private readonly weight = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  private moments: Moments = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

  /**
   * Shapes   effects: [neurons × sources], row = target; sources: which neurons the columns are.
   * Missing  NaN among the effects is left out.
   */
  add(effects: Float64Array, sources: Uint32Array, network: Network): void {
    const weightRow = rowReader(network, network.weight);
    const perColumn = () => new Float64Array(sources.length);
    const [n, x, y, xx, xy, yy] = Array.from({ length: 6 }, perColumn);
    for (let target = 0, pair = 0; target < network.neurons; target++) {
      const weights = weightRow(target);
      for (let column = 0; column < sources.length; column++, pair++) {
        const value = effects[pair];
        if (Number.isNaN(value)) continue;
        const weight = weights[sources[column]];
        n[column]++;
        x[column] += value;
        y[column] += weight;
        widen(this.effect, value);
        widen(this.weight, weight);
      }
    }
    for (let column = 0; column < sources.length; column++) {
      x[column] /= n[column];
      y[column] /= n[column];
    }
    for (let target = 0, pair = 0; target < network.neurons; target++) {
      const weights = weightRow(target);
      for (let column = 0; column < sources.length; column++, pair++) {
        if (Number.isNaN(effects[pair])) continue;
        const dx = effects[pair] - x[column];
        const dy = weights[sources[column]] - y[column];
        xx[column] += dx * dx;
        xy[column] += dx * dy;
        yy[column] += dy * dy;
      }
    }
    for (let column = 0; column < sources.length; column++) {
      const [of, squares] = [
        { n: n[column], x: x[column], y: y[column] },
        { xx: xx[column], yy: yy[column] },
      ];
      this.moments = joined(this.moments, { ...of, ...squares, xy: xy[column] });
    }
  }

  /** null if effects or weights are constant or none. */
  get value(): number | null {
    // By the range, because rounding leaves equal numbers a variance.
    if (!(this.effect.low < this.effect.high && this.weight.low < this.weight.high)) return null;
    const { xx, xy, yy } = this.moments;
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }
}

function widen(range: { low: number; high: number }, value: number): void {
  if (value < range.low) range.low = value;
  if (value > range.high) range.high = value;
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
