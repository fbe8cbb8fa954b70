import { Agreement } from "./agreement";
import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import { halfWidthsOf } from "./inference";
import type { Network } from "./network";
import { rowReader } from "./rows";

/**
 * Compares estimates with the wiring and with the exact effect, some sources at a time, self-connections included; pairs
 * with an empty arm or a hidden neuron are left out.
 *
 * Every number is added up source by source first, and only then over the sources in their order: so it is the same to
 * the last bit in one piece and in tiles of any size.
 *
 * Errors   RangeError if estimates and network differ in targets.
 */
export class Judge {
  /** Pairs with an effect; with an effect and its error: arrows, and others. */
  known = 0;
  arrows = 0;
  others = 0;
  /** Pairs whose interval at `level` holds the exact effect, and others whose interval leaves out 0. */
  covered = 0;
  positive = 0;
  private pairs = 0;
  private covered95 = 0;
  private squares = 0;
  private halfWidthLeast = Number.POSITIVE_INFINITY;
  private readonly ofWeights = new Agreement();

  constructor(
    private readonly network: Network,
    private readonly estimand: Estimand,
    private readonly level: number,
  ) {}

  /** Sources that come after all that were added before. */
  add(estimates: Estimates): void {
    const { sources, targets, effect, standardError } = estimates;
    const { network, estimand } = this;
    if (targets !== network.neurons)
      throw new RangeError(
        `estimates of ${targets} targets do not fit a network of ${network.neurons} neurons`,
      );
    const exactRow = rowReader(network, estimand.effect);
    const weightRow = rowReader(network, network.weight);
    const halfWidths = halfWidthsOf(estimates, this.level);
    const halfWidths95 = this.level === 0.95 ? halfWidths : halfWidthsOf(estimates, 0.95);
    for (const halfWidth of halfWidths) if (halfWidth < this.halfWidthLeast) this.halfWidthLeast = halfWidth;
    this.ofWeights.add(effect, sources, network);
    // A sum of its own for each source, see above.
    const squares = new Float64Array(sources.length);
    for (let target = 0, pair = 0; target < targets; target++) {
      const exact = exactRow(target);
      const weights = weightRow(target);
      for (let column = 0; column < sources.length; column++, pair++) {
        const value = effect[pair];
        if (Number.isNaN(value)) continue;
        const source = sources[column];
        const weight = weights[source];
        const error = value - exact[source];
        this.known++;
        squares[column] += error * error;
        const reach = halfWidths[column] * standardError[pair];
        if (Number.isNaN(reach)) continue;
        if (Math.abs(error) <= halfWidths95[column] * standardError[pair]) this.covered95++;
        if (Math.abs(error) <= reach) this.covered++;
        if (weight !== 0) this.arrows++;
        else {
          this.others++;
          if (Math.abs(value) > reach) this.positive++;
        }
      }
    }
    for (const square of squares) this.squares += square;
    this.pairs += effect.length;
  }

  /** Pairs without an effect. */
  get missing(): number {
    return this.pairs - this.known;
  }

  /** Pairs with an effect and its error. */
  get tested(): number {
    return this.arrows + this.others;
  }

  /** Pearson correlation of the effects with the connectivity; null where either is constant. */
  get agreement(): number | null {
    return this.ofWeights.value;
  }

  /** Root mean square of effect − exact effect. */
  get rmsError(): number | null {
    return this.known > 0 ? Math.sqrt(this.squares / this.known) : null;
  }

  /** Share of pairs whose 95 % interval holds the exact effect. */
  get coverage95(): number | null {
    return this.tested > 0 ? this.covered95 / this.tested : null;
  }

  /** Of the intervals at `level`, in standard errors, for the source whose errors are known best. */
  get halfWidth(): number | null {
    return Number.isFinite(this.halfWidthLeast) ? this.halfWidthLeast : null;
  }
}
