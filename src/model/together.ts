import { type ArrowSeries, powers } from "./arrowSeries";
import type { Group } from "./row";

/** Integrals that belong to one arrow of a group: of its effect, and of mean and slope in each arm, see rowOutcome. */
export interface ArrowSums {
  readonly effect: Float64Array;
  /** null where nobody asks. */
  readonly arms: {
    readonly off: Float64Array;
    readonly offSlope: Float64Array;
    readonly on: Float64Array;
    readonly onSlope: Float64Array;
  } | null;
}

/** Arrows of one share: Σ count · weight^n, and what is multiplied by weight^n to tell of one of them. */
interface Part {
  share: number;
  series: ArrowSeries;
  readonly sums: Float64Array;
  readonly effect: Float64Array;
  readonly effectSlope: Float64Array;
  readonly off: Float64Array;
  readonly offSlope: Float64Array;
}

/**
 * Arrows of a row that are dealt with together, however many they are, through series in their weights.
 *
 * To the logarithm of the drive's characteristic function they bring Σ weight^n, times (iω)^n and a coefficient: a
 * polynomial in ω instead of a factor for each. And what one of them does to its target follows from the row's
 * derivatives E f⁽ⁿ⁾, f = o − ½: its effect is Σ coefficient · weight^n · E f⁽ⁿ⁾ (for a coin toss, the series of
 * 2 tanh(½ weight d/dx)). The n-th derivative is Im iⁿ ∫ φ(ω) ωⁿ e^(−ω²/2) / sinh(πω) dω.
 *
 * One object serves all rows, one after the other: making its arrays anew would cost as much as the rest.
 */
export class Together {
  private groups: readonly Group[] = [];
  private members: readonly number[] = [];
  private readonly parts: Part[] = [];
  private partsUsed = 0;
  /** Σ over the arrows of the coefficients of (iω)^n in log φ. */
  private readonly logarithm = new Float64Array(powers + 1);
  /** E f⁽ⁿ⁾, as far as frequencies have been added. */
  private readonly derivative = new Float64Array(powers + 2);

  /** Begins another row. `members`: which of its groups. */
  begin(
    groups: readonly Group[],
    members: readonly number[],
    seriesOf: (share: number) => ArrowSeries,
  ): void {
    this.groups = groups;
    this.members = members;
    this.partsUsed = 0;
    this.logarithm.fill(0);
    this.derivative.fill(0);
    for (const member of members) {
      const { weight, share, count } = groups[member];
      const { sums } = this.partOf(share, seriesOf);
      for (let power = 1, term = count * weight; power <= powers; power++, term *= weight)
        sums[power] += term;
    }
    for (let part = 0; part < this.partsUsed; part++) {
      const { series, sums } = this.parts[part];
      for (let power = 1; power <= powers; power++)
        this.logarithm[power] += series.logarithm[power] * sums[power];
    }
  }

  private partOf(share: number, seriesOf: (share: number) => ArrowSeries): Part {
    const { parts } = this;
    for (let part = 0; part < this.partsUsed; part++) if (parts[part].share === share) return parts[part];
    const series = seriesOf(share);
    if (this.partsUsed === parts.length) {
      const perPower = () => new Float64Array(powers + 1);
      parts.push({
        ...{ share, series, sums: perPower() },
        ...{ effect: perPower(), effectSlope: perPower(), off: perPower(), offSlope: perPower() },
      });
    }
    const part = parts[this.partsUsed++];
    part.share = share;
    part.series = series;
    part.sums.fill(0);
    return part;
  }

  /** Puts real and imaginary part of their characteristic function at `into`. */
  transform(frequency: number, into: Float64Array): void {
    const { logarithm } = this;
    const square = -frequency * frequency;
    let real = 0;
    let imaginary = 0;
    for (let power = powers; power > 0; power -= 2) {
      real = (real + logarithm[power]) * square;
      imaginary = imaginary * square + logarithm[power - 1];
    }
    imaginary *= frequency;
    const size = Math.exp(real);
    into[0] = size * Math.cos(imaginary);
    into[1] = size * Math.sin(imaginary);
  }

  /** Adds to the integrals what the row's whole characteristic function is, times the kernel, at a frequency. */
  add(frequency: number, real: number, imaginary: number): void {
    const { derivative } = this;
    const square = -frequency * frequency;
    let even = imaginary;
    let odd = frequency * real;
    for (let power = 0; power < powers + 2; power += 2) {
      derivative[power] += even;
      derivative[power + 1] += odd;
      even *= square;
      odd *= square;
    }
  }

  /** Adds what each arrow does, by its group. */
  tell({ effect: effects, arms }: ArrowSums): void {
    const { derivative, groups } = this;
    for (let at = 0; at < this.partsUsed; at++) {
      const { series, effect, effectSlope, off, offSlope } = this.parts[at];
      for (let power = 0; power <= powers; power++) {
        effect[power] = series.effect[power] * derivative[power];
        effectSlope[power] = series.effect[power] * derivative[power + 1];
        off[power] = series.off[power] * derivative[power];
        offSlope[power] = series.off[power] * derivative[power + 1];
      }
    }
    for (const member of this.members) {
      const { weight, share } = groups[member];
      let at = 0;
      while (this.parts[at].share !== share) at++;
      const part = this.parts[at];
      const effect = polynomial(part.effect, weight);
      effects[member] += effect;
      if (!arms) continue;
      const slope = polynomial(part.effectSlope, weight);
      const off = polynomial(part.off, weight);
      const offSlope = polynomial(part.offSlope, weight);
      arms.off[member] += off;
      arms.offSlope[member] += offSlope;
      arms.on[member] += off + effect;
      arms.onSlope[member] += offSlope + slope;
    }
  }
}

function polynomial(coefficients: Float64Array, x: number): number {
  let sum = 0;
  for (let power = powers; power >= 0; power--) sum = sum * x + coefficients[power];
  return sum;
}
