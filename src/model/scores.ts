import type { Estimates } from "./estimate";
import type { Network } from "./network";
import { rowReader } from "./rows";

/**
 * The effects that are not missing, arrows and other pairs apart, each sorted once: enough for every measure that
 * compares ranks.
 *
 * Shapes   arrow, other: ascending. arrowEffect, arrowWeight: aligned with each other, in the order of the matrix.
 * Units    arrowWeight: as network.weight.
 */
export interface Scores {
  readonly arrow: Float64Array;
  readonly other: Float64Array;
  readonly arrowEffect: Float64Array;
  readonly arrowWeight: Float64Array;
}

export function scoresOf(estimates: Pick<Estimates, "effect" | "sources">, network: Network): Scores {
  let known = 0;
  for (const effect of estimates.effect) if (!Number.isNaN(effect)) known++;
  const collector = new ScoreCollector(known, network);
  collector.add(estimates);
  return collector.scores();
}

/** Collects scores some sources at a time, at most so many. */
export class ScoreCollector {
  // Arrows from the front, other pairs from the back: one copy is enough for 4,096 × 4,096.
  private readonly values: Float64Array;
  private readonly weight: Float64Array;
  private arrows = 0;
  private others: number;

  constructor(
    most: number,
    private readonly network: Network,
  ) {
    this.values = new Float64Array(most);
    this.weight = new Float64Array(Math.min(most, network.source.length));
    this.others = most;
  }

  add({ effect, sources }: Pick<Estimates, "effect" | "sources">): void {
    const { network } = this;
    const weightRow = rowReader(network, network.weight);
    for (let target = 0, pair = 0; target < network.neurons; target++) {
      const weights = weightRow(target);
      for (let column = 0; column < sources.length; column++, pair++) {
        if (Number.isNaN(effect[pair])) continue;
        const value = weights[sources[column]];
        if (value === 0) this.values[--this.others] = effect[pair];
        else {
          this.weight[this.arrows] = value;
          this.values[this.arrows++] = effect[pair];
        }
      }
    }
  }

  /** Sorts what was collected, once: nothing can be added after it. */
  scores(): Scores {
    const arrow = this.values.subarray(0, this.arrows);
    const arrowEffect = arrow.slice();
    return {
      arrow: arrow.sort(),
      other: this.values.subarray(this.others).sort(),
      arrowEffect,
      arrowWeight: this.weight.subarray(0, this.arrows),
    };
  }
}
