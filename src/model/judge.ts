import { Agreement } from "./agreement";
import type { Estimand } from "./estimand";
import type { Estimates } from "./estimate";
import { halfWidthsOf } from "./inference";
import type { Network } from "./network";
import { arrowVisitor, rowReader } from "./rows";

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
  /** Pairs whose interval at 0.95 does. */
  covered95 = 0;
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
    const halfWidths = halfWidthsOf(estimates, this.level);
    const halfWidths95 = this.level === 0.95 ? halfWidths : halfWidthsOf(estimates, 0.95);
    for (const halfWidth of halfWidths) if (halfWidth < this.halfWidthLeast) this.halfWidthLeast = halfWidth;
    this.ofWeights.add(effect, sources, network);
    // A sum of its own for each source, see above.
    const squares = new Float64Array(sources.length);
    const counted: Counted = { ...estimates, halfWidths, halfWidths95, squares };
    const exactRow = rowReader(network, estimand.effect);
    for (let target = 0; target < targets; target++) addRow(this, counted, exactRow(target), target);
    // As if there were no arrows, of which there are few.
    const eachArrow = arrowVisitor(network, sources);
    eachArrow((pair, column, arrow) => {
      const reach = halfWidths[column] * standardError[pair];
      if (network.weight[arrow] === 0 || Number.isNaN(reach) || Number.isNaN(effect[pair])) return;
      this.arrows++;
      this.others--;
      if (Math.abs(effect[pair]) > reach) this.positive--;
    });
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

interface Counted extends Pick<Estimates, "sources" | "effect" | "standardError"> {
  readonly halfWidths: Float64Array;
  readonly halfWidths95: Float64Array;
  readonly squares: Float64Array;
}

/** Adds the pairs of a target; in a function of its own, which a browser makes fast after a few rows. */
function addRow(
  judge: Judge,
  { sources, effect, standardError, halfWidths, halfWidths95, squares }: Counted,
  exact: Float64Array,
  target: number,
): void {
  let known = 0;
  let tested = 0;
  let covered = 0;
  let covered95 = 0;
  let positive = 0;
  for (let column = 0, pair = target * sources.length; column < sources.length; column++, pair++) {
    const value = effect[pair];
    if (Number.isNaN(value)) continue;
    const error = value - exact[sources[column]];
    known++;
    squares[column] += error * error;
    const reach = halfWidths[column] * standardError[pair];
    if (Number.isNaN(reach)) continue;
    tested++;
    if (Math.abs(error) <= halfWidths95[column] * standardError[pair]) covered95++;
    if (Math.abs(error) <= reach) covered++;
    if (Math.abs(value) > reach) positive++;
  }
  judge.known += known;
  judge.others += tested;
  judge.covered += covered;
  judge.covered95 += covered95;
  judge.positive += positive;
}
