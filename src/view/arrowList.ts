/**
 * Arrows to draw.
 *
 * Units    effect: outcome per perturbation; certainty: |effect| in standard errors.
 */
export interface ArrowList {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  readonly effect: Float32Array;
  readonly certainty: Float32Array;
}

export const noArrows: ArrowList = {
  source: new Uint32Array(0),
  target: new Uint32Array(0),
  effect: new Float32Array(0),
  certainty: new Float32Array(0),
};
