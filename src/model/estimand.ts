import { type Design, isNotebookDesign, notebookDesign, shareSet, whole } from "./design";
import { type Network, one } from "./network";
import { pairedVariance } from "./paired";
import { remembering } from "./remembered";
import { type Chances, type Group, type RowOutcome, rowOutcome } from "./row";

/**
 * What the trials estimate, known exactly: the other sources stay as the design has them, and the noise is N(0, 1).
 * Where all of them are set, noise that the neurons share changes nothing, since each one's own remains N(0, 1).
 *
 * Shapes   effect: per arrow, aligned with network.source (a pair without an arrow has effect 0);
 *          outcomeVariance, outcomeFourth: per target, second and fourth central moment of one outcome over
 *          perturbations and noise, without the rounding to 8 bits (which adds 1 / (6 · 255²), less than a
 *          ten-thousandth of the variance). Under `one` and `same-noise` no source is set here: that is what
 *          the targets without an arrow from the source do.
 * Units    effect: outcome (0…1) per perturbation; outcomeVariance: outcome²; outcomeFourth: outcome⁴.
 */
export interface Estimand {
  readonly effect: Float64Array;
  readonly outcomeVariance: Float64Array;
  readonly outcomeFourth: Float64Array;
  /** null where the arms are of one size and every neuron is set: then outcomeVariance − effect² / 4 is their mean. */
  readonly arms: ArmVariances | null;
}

/**
 * How outcomes scatter while the source is held, per arrow.
 *
 * Shapes   off, on: variance of the outcome with the source at 0 and at 1, aligned with network.source, without
 *          rounding to 8 bits. paired: variance of the difference of two trials that share everything but the
 *          source, with rounding; null but for the design `same-noise`.
 * Units    outcome².
 */
export interface ArmVariances {
  readonly off: Float64Array;
  readonly on: Float64Array;
  readonly paired: Float64Array | null;
}

/**
 * Average causal effect of each arrow, and how each target's outcome scatters, for any weights and any design.
 * An arrow from a neuron that is hidden has the effect that it would have if it were set. `tell` hears the share that
 * is done.
 *
 * Of all arrows, whichever sources a run has: rows whose arrows are alike are worked out once, and in others weights
 * up to 0.25 cost little (see Together). So nothing is ever missing, and what is expected of a run rests on every row.
 *
 * Errors   1e-13 in the effects and moments (see rowOutcome, also for neurons that share nearly all their noise), the
 *          probabilities taken as the design rounds them and a spontaneous state as the trials round it, to 255 steps
 *          at random.
 */
export function exactEffect(
  network: Network,
  design: Design = notebookDesign,
  tell?: (share: number) => void,
): Estimand {
  const { neurons, rowStart, source } = network;
  const effect = new Float64Array(source.length);
  const outcomeVariance = new Float64Array(neurons);
  const outcomeFourth = new Float64Array(neurons);
  const arms = isNotebookDesign(design) ? null : emptyArms(source.length, design);
  const groupsOf = grouping(network, design);
  const known = remembering<RowFacts>(mostKnown);
  const stride = Math.ceil(neurons / 128);
  for (let target = 0; target < neurons; target++) {
    if (target % stride === 0) tell?.(target / neurons);
    const { groups, groupOf, key } = groupsOf(target);
    const facts = () => rowFacts(groups, design, arms !== null);
    const row = key === null ? facts() : known(key, facts);
    outcomeVariance[target] = row.variance;
    outcomeFourth[target] = row.fourth;
    const start = rowStart[target];
    for (let arrow = start; arrow < rowStart[target + 1]; arrow++) {
      const group = groupOf[arrow - start];
      effect[arrow] = row.effect[group];
      if (!arms) continue;
      arms.off[arrow] = row.off[group];
      arms.on[arrow] = row.on[group];
      if (arms.paired) arms.paired[arrow] = row.paired[group];
    }
  }
  return { effect, outcomeVariance, outcomeFourth, arms };
}

const chancesOf = ({ probability, common }: Design): Chances => ({
  probability: probability / whole,
  common: common / whole,
});

const emptyArms = (arrows: number, { kind }: Design): ArmVariances => ({
  off: new Float64Array(arrows),
  on: new Float64Array(arrows),
  paired: kind === "same-noise" ? new Float64Array(arrows) : null,
});

/**
 * What there is to know of a target, from its row.
 *
 * Shapes   effect, off, on, paired: per group; off and on are empty where nobody asked for arms, paired is but for the
 *          design `same-noise`.
 * Units    as in Estimand and ArmVariances.
 */
export interface RowFacts {
  readonly variance: number;
  readonly fourth: number;
  readonly effect: Float64Array;
  readonly off: readonly number[];
  readonly on: readonly number[];
  readonly paired: readonly number[];
}

export function rowFacts(groups: readonly Group[], design: Design, withArms = true): RowFacts {
  const row = rowOutcome(groups, chancesOf(design), withArms);
  const { moments, effect } = row;
  const armVariance = ({ mean, square }: { mean: number; square: number }) => varianceOf(mean, square);
  return {
    variance: varianceOf(moments[0], moments[1]),
    fourth: fourthOf(row),
    effect,
    off: row.off.map(armVariance),
    on: row.on.map(armVariance),
    paired: design.kind === "same-noise" ? groups.map((_, group) => pairedVariance(groups, group, row)) : [],
  };
}

/** What rounding leaves below 0 is 0. */
const varianceOf = (mean: number, square: number): number => Math.max(0, square - mean * mean);

/** Fourth central moment; at least the variance squared. */
function fourthOf({ moments: [first, second, third, fourth] }: RowOutcome): number {
  const central = fourth - 4 * third * first + 6 * second * first ** 2 - 3 * first ** 4;
  return Math.max(varianceOf(first, second) ** 2, central);
}

/** Rows of no more different kinds of arrows are remembered: they come again. */
const mostRemembered = 4;
/** Different rows, of some hundred bytes each; in files with counts for weights hardly any two may be alike. */
const mostKnown = 2 ** 14;

/** Finds the arrows of a row that are alike; what it returns is good until the next row. */
function grouping({ rowStart, source, weight }: Network, design: Design) {
  const groupOfKind = new Map<number, number>();
  let groupOf = new Uint32Array(0);
  return (target: number): { groups: Group[]; groupOf: Uint32Array; key: string | null } => {
    const start = rowStart[target];
    const length = rowStart[target + 1] - start;
    if (length > groupOf.length) groupOf = new Uint32Array(2 * length);
    groupOfKind.clear();
    const kinds: number[] = [];
    const counts: number[] = [];
    for (let index = 0; index < length; index++) {
      const kind = 2 * weight[start + index] + (design.hidden?.[source[start + index]] ?? 0);
      let group = groupOfKind.get(kind);
      if (group === undefined) {
        group = kinds.push(kind) - 1;
        counts.push(0);
        groupOfKind.set(kind, group);
      }
      counts[group]++;
      groupOf[index] = group;
    }
    const setOrNot = [shareOfOthers(design), 0];
    const groups = kinds.map((kind, group) => ({
      weight: Math.floor(kind / 2) / one,
      share: setOrNot[kind & 1],
      count: counts[group],
    }));
    const key =
      kinds.length > mostRemembered ? null : kinds.map((kind, group) => `${kind}×${counts[group]}`).join();
    return { groups, groupOf, key };
  };
}

/** Of a neuron that is not hidden. */
export const shareOfOthers = (design: Design): number => shareSet({ ...design, hidden: null }, 0);
