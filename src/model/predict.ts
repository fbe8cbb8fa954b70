import quantile from "@stdlib/stats-base-dists-normal-quantile";
import { areaPredictor } from "./area";
import { type Design, notebookDesign } from "./design";
import type { Estimand } from "./estimand";
import type { Network } from "./network";
import { armShares, inverseArms, observedSources, pairsOf } from "./pairs";

/** The median of what a run will show, and the limits that 95 % of runs stay within. */
export interface Band {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What a run of so many trials should show, before it is run.
 *
 * Units    agreement: correlation; rmsError: outcome per perturbation; auroc: share of 1.
 * Missing  agreement is null where the wiring leaves nothing to agree with: all pairs of one weight; auroc without
 *          arrows, or without other pairs. With too few trials (below 2; in other designs than the notebook's, below
 *          8 in an arm) both are null and the numbers of rmsError NaN, likewise where neurons share noise: then the
 *          errors of a source's effects go together, and bands for independent ones would be too narrow.
 */
export interface Prediction {
  readonly trials: number;
  readonly agreement: Band | null;
  readonly rmsError: Band;
  readonly auroc: Band | null;
}

/** Prediction at one number of trials; `predictor` is cheaper for many. */
export const predict = (
  trials: number,
  network: Network,
  estimand: Estimand,
  sources: Uint32Array,
  design: Design = notebookDesign,
): Prediction => predictor(network, estimand, sources, design)(trials);

/**
 * Predictions at any number of trials, from one walk over the arrows.
 *
 * The error of each pair is taken as normal and independent of the others', its variance as the scatter within the
 * arms times the mean of 1/n₁ + 1/n₀, as the design has them. So the squared RMS error is a weighted χ². With X, normal, the effects'
 * projection on the centred weights, and Y, a weighted χ² again, the square of what is left, agreement is
 * X / √(X² + Y), and Fisher's z of it asinh(X / √Y). The limits of z are joined from those of X and of Y, which
 * hardly depend on each other, because r is off the weights and v nearly the same everywhere (see PairMoments).
 *
 * Shapes   sources: which neurons are the columns, each at most once. Hidden ones are left out.
 * Errors   RangeError without sources.
 * Source   Satterthwaite (1946) for the weighted χ²; Fisher (1915) for z; Zou & Donner (2008) for joining limits.
 */
export function predictor(
  network: Network,
  estimand: Estimand,
  sources: Uint32Array,
  design: Design = notebookDesign,
) {
  if (sources.length === 0) throw new RangeError("a prediction needs at least one source");
  const moments = pairMoments(network, estimand, sources, design);
  const areaBand = areaPredictor(pairsOf(network, estimand, sources, design));
  const turns = observedSources(sources, design).length;
  return (trials: number): Prediction => {
    const unit = design.common > 0 ? Number.NaN : inverseArms(trials, design, turns);
    if (Number.isNaN(unit) || moments.pairs === 0) return { trials, ...nothing };
    return {
      trials,
      agreement: moments.hasContrast ? agreementBand(moments, unit) : null,
      rmsError: rmsErrorBand(moments, unit, trials),
      auroc: areaBand(unit),
    };
  };
}

const nothing = {
  agreement: null,
  rmsError: { expected: Number.NaN, low: Number.NaN, high: Number.NaN },
  auroc: null,
} as const;

const band = (at: (probability: number) => number): Band => ({
  expected: at(0.5),
  low: at(0.025),
  high: at(0.975),
});

function rmsErrorBand(moments: PairMoments, unit: number, trials: number): Band {
  const { pairs, scatter, scatterSquared, rowScatter } = moments;
  if (scatter === 0) return { expected: 0, low: 0, high: 0 };
  // The errors of a row share the scatter that its target happens to have, so at fewer trials than sources
  // there is less freedom than there are pairs.
  const freedom = (2 * scatter ** 2) / (2 * scatterSquared + rowScatter / trials);
  const meanSquare = (unit * scatter) / pairs;
  return band((probability) => Math.sqrt((meanSquare / freedom) * chiSquareQuantile(probability, freedom)));
}

function agreementBand(moments: PairMoments, unit: number): Band {
  const { pairs, aligned, rest, scatter, scatterSquared } = moments;
  const { alignedScatter, alignedScatterSquared, alignedMix, restScatter } = moments;
  const varianceX = unit * alignedScatter;
  // Y is what is left of the effects off two directions: the constant, and the centred weights.
  const meanScatter = scatter / pairs;
  const meanY = rest + unit * (scatter - meanScatter - alignedScatter);
  const tracesY =
    scatterSquared * (1 - 2 / pairs) -
    2 * alignedScatterSquared +
    meanScatter ** 2 +
    alignedScatter ** 2 +
    2 * (alignedMix ** 2 / pairs);
  const varianceY = 4 * unit * restScatter + 2 * unit ** 2 * tracesY;
  const deviationX = Math.sqrt(varianceX);
  if (!(meanY > 1e-12 * (aligned ** 2 + varianceX))) {
    // Two pairs, or no scatter at all: the effects are aligned with the weights, up to their sign.
    return band((probability) => Math.sign(aligned + quantile(probability, 0, 1) * deviationX));
  }
  const freedom = (2 * meanY ** 2) / varianceY;
  const atY = (probability: number) =>
    varianceY > 0 ? (meanY / freedom) * chiSquareQuantile(probability, freedom) : meanY;
  const fisher = (x: number, y: number) => Math.asinh(x / Math.sqrt(y));
  const typicalY = atY(0.5);
  const centre = fisher(aligned, typicalY);
  return band((probability) => {
    if (probability === 0.5) return Math.tanh(centre);
    // How far each of the two alone would move z; a small Y takes it away from 0.
    const stepX = fisher(aligned + quantile(probability, 0, 1) * deviationX, typicalY) - centre;
    const stepY = fisher(aligned, atY(aligned > 0 ? 1 - probability : probability)) - centre;
    return Math.tanh(centre + Math.sign(probability - 0.5) * Math.sqrt(stepX ** 2 + stepY ** 2));
  });
}

/**
 * Sums over all pairs. Of one pair, v (scatter) is the variance of an outcome within an arm, c (aligned) its centred
 * weight, scaled so that Σ c² = 1, b its centred exact effect, r = b − (Σ c b) c the rest of that.
 */
interface PairMoments {
  readonly pairs: number;
  readonly hasContrast: boolean;
  /** Σ v, Σ v² */
  readonly scatter: number;
  readonly scatterSquared: number;
  /** Σ over targets of sources² · trials · variance of the scatter that a run shows */
  readonly rowScatter: number;
  /** Σ c b */
  readonly aligned: number;
  /** Σ r² */
  readonly rest: number;
  /** Σ c² v, Σ c² v², Σ c v */
  readonly alignedScatter: number;
  readonly alignedScatterSquared: number;
  readonly alignedMix: number;
  /** Σ r² v */
  readonly restScatter: number;
}

/** One walk per pass over targets and arrows; pairs without an arrow are alike in a row and counted at once. */
function pairMoments(
  network: Network,
  estimand: Estimand,
  sources: Uint32Array,
  design: Design,
): PairMoments {
  const eachPair = pairsOf(network, estimand, sources, design);
  let pairs = 0;
  let weightSum = 0;
  let weightLow = Number.POSITIVE_INFINITY;
  let weightHigh = Number.NEGATIVE_INFINITY;
  let effectSum = 0;
  eachPair((count, weight, effect) => {
    pairs += count;
    weightSum += count * weight;
    effectSum += count * effect;
    weightLow = Math.min(weightLow, weight);
    weightHigh = Math.max(weightHigh, weight);
  });
  const weightMean = weightSum / pairs;
  const effectMean = effectSum / pairs;
  let weightSquares = 0;
  let product = 0;
  eachPair((count, weight, effect) => {
    weightSquares += count * (weight - weightMean) ** 2;
    product += count * (weight - weightMean) * (effect - effectMean);
  });
  const hasContrast = weightHigh > weightLow;
  const length = hasContrast ? Math.sqrt(weightSquares) : 1;
  const aligned = product / length;
  const sum = { scatter: 0, scatterSquared: 0, rest: 0, restScatter: 0 };
  const alignedSum = { alignedScatter: 0, alignedScatterSquared: 0, alignedMix: 0 };
  eachPair((count, weight, effect, v) => {
    const c = (weight - weightMean) / length;
    const r = effect - effectMean - aligned * c;
    sum.scatter += count * v;
    sum.scatterSquared += count * v * v;
    sum.rest += count * r * r;
    sum.restScatter += count * r * r * v;
    alignedSum.alignedScatter += count * c * c * v;
    alignedSum.alignedScatterSquared += count * c * c * v * v;
    alignedSum.alignedMix += count * c * v;
  });
  const rowScatter = scatterOfRows(estimand, sources, design);
  return { pairs, hasContrast, rowScatter, aligned, ...sum, ...alignedSum };
}

/** Two trials that share everything have their own scatter, which is left out. */
function scatterOfRows(
  { outcomeVariance, outcomeFourth }: Estimand,
  sources: Uint32Array,
  design: Design,
): number {
  if (design.kind === "same-noise") return 0;
  const columns = observedSources(sources, design).length;
  const { on, off } = armShares(design, columns);
  // 1 where every trial counts for every source, half of them in each arm.
  const share = (1 / on + 1 / off) / 4;
  let scatter = 0;
  outcomeVariance.forEach((variance, target) => {
    if (!design.hidden?.[target]) scatter += (columns * share) ** 2 * (outcomeFourth[target] - variance ** 2);
  });
  return scatter;
}

/**
 * Quantile of χ². From 30 degrees of freedom Wilson–Hilferty; below, where that is off (at 1 its lower limit is
 * negative), bisection of the series of the incomplete gamma function.
 */
export function chiSquareQuantile(probability: number, freedom: number): number {
  if (freedom >= 30) {
    const width = 2 / (9 * freedom);
    return freedom * (1 - width + quantile(probability, 0, 1) * Math.sqrt(width)) ** 3;
  }
  const half = freedom / 2;
  const lowerGamma = (x: number) => {
    let term = 1 / half;
    let sum = term;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= x / (half + n);
      sum += term;
    }
    return sum * Math.exp(half * Math.log(x) - x);
  };
  // At 120 all of the distribution is below, so the complete gamma function comes from the same series.
  let low = 0;
  let high = 120;
  const complete = lowerGamma(high);
  for (let halving = 0; halving < 200; halving++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (lowerGamma(middle) < probability * complete) low = middle;
    else high = middle;
  }
  return 2 * high;
}
