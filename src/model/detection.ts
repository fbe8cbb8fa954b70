import type { Scores } from "./scores";
import { Thinner } from "./thin";

/** Curves are for drawing: more points than this nobody sees. */
export const mostCurvePoints = 256;

/**
 * How well |effect| tells arrows from other pairs, at every threshold from the highest down.
 *
 * Shapes   falsePositiveRate and truePositiveRate, recall and precision: aligned, a point a threshold, thinned to at
 *          most 256 for drawing straight lines between them. The areas are of all points.
 * Units    shares of 1. truePositiveRate = recall: of the arrows, those at or above the threshold; falsePositiveRate:
 *          of the other pairs, likewise; precision: of all pairs at or above the threshold, the arrows.
 */
export interface Detection {
  readonly roc: {
    /** Chance that a random arrow has the larger |effect| than a random other pair; a tie counts half. */
    readonly area: number;
    readonly falsePositiveRate: Float64Array;
    readonly truePositiveRate: Float64Array;
  };
  readonly precisionRecall: {
    /** Average precision: Σ precision × gain in recall over the thresholds. */
    readonly area: number;
    readonly recall: Float64Array;
    readonly precision: Float64Array;
  };
}

/**
 * Goes through all thresholds; pairs of equal |effect| pass one together.
 *
 * Missing  null without arrows, or without other pairs.
 */
export function detect({ arrow, other }: Scores): Detection | null {
  const [arrows, others] = [arrow.length, other.length];
  if (arrows === 0 || others === 0) return null;
  const fromArrows = new Descent(arrow);
  const fromOthers = new Descent(other);
  const roc = new Thinner();
  const precisionRecall = new Thinner();
  let found = 0;
  let mistaken = 0;
  let wins = 0;
  let precisions = 0;
  roc.add(0, 0);
  while (found + mistaken < arrows + others) {
    const threshold = Math.max(fromArrows.largest(), fromOthers.largest());
    const more = fromArrows.take(threshold);
    const moreMistaken = fromOthers.take(threshold);
    wins += moreMistaken * (found + more / 2);
    found += more;
    mistaken += moreMistaken;
    const precision = found / (found + mistaken);
    precisions += more * precision;
    roc.add(mistaken / others, found / arrows);
    precisionRecall.add(found / arrows, precision);
  }
  const rocPoints = roc.most(mostCurvePoints);
  const precisionRecallPoints = precisionRecall.most(mostCurvePoints);
  return {
    roc: {
      area: wins / (arrows * others),
      falsePositiveRate: rocPoints.x,
      truePositiveRate: rocPoints.y,
    },
    precisionRecall: {
      area: precisions / arrows,
      recall: precisionRecallPoints.x,
      precision: precisionRecallPoints.y,
    },
  };
}

/** Sorted numbers, read from both ends by falling absolute value. */
class Descent {
  private low = 0;
  private high: number;

  constructor(private readonly sorted: Float64Array) {
    this.high = sorted.length - 1;
  }

  /** −1 if none is left. */
  largest(): number {
    return this.low > this.high ? -1 : Math.max(-this.sorted[this.low], this.sorted[this.high]);
  }

  /** Takes all of this absolute value, the largest that is left; returns how many. */
  take(size: number): number {
    const left = this.high - this.low;
    while (this.low <= this.high && -this.sorted[this.low] === size) this.low++;
    while (this.low <= this.high && this.sorted[this.high] === size) this.high--;
    return left - (this.high - this.low);
  }
}
