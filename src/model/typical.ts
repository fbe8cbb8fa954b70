import quantile from "@stdlib/stats-base-dists-normal-quantile";
import { type Design, notebookDesign } from "./design";
import { rowFacts, shareOfOthers } from "./estimand";
import type { Experiment } from "./experiment";
import { defaultZ, needed } from "./needed";
import type { Network } from "./network";
import { armShares, armsScatter, pairedScatter } from "./pairs";
import type { Group } from "./row";

/**
 * What to expect of a network of some kind and size, without making one.
 *
 * arrows       into a neuron, on average
 * others       arrows beside it into the target of an arrow: mean and standard deviation
 * largest      singular value of the signed pattern
 * inhibitory, inhibition   as in the experiment
 */
export interface Typical {
  readonly neurons: number;
  readonly arrows: number;
  readonly others: { readonly mean: number; readonly deviation: number };
  readonly largest: number;
  readonly inhibitory: number;
  readonly inhibition: number;
}

/** The notebook's own, whatever its size. */
const notebookDensity = 0.1;

/**
 * Networks of an experiment's kind at another size; of a file's density and equal weights, where it comes from one.
 *
 * The largest singular value of many small random entries is that of their mean, m = arrows · rms of the signs, and a
 * bit: m² + the scatter of its rows' and its columns' sums + (scatter of its entries)² / m².
 *
 * Missing  null if there is none: no arrows, or fewer neurons than inputs or blocks.
 * Source   Füredi & Komlós (1981), and their argument for entries of which one side's sums are fixed.
 */
export function typicalOf(experiment: Experiment, neurons: number, made?: Network): Typical | null {
  const counts = countsOf(experiment, neurons, made);
  if (counts === null || !(counts.arrows > 0)) return null;
  const { arrows, rows, columns } = counts;
  const { network } = experiment;
  const isSigned = network !== "notebook" && network !== "file" && experiment.inhibitory > 0;
  const inhibitory = isSigned ? experiment.inhibitory : 0;
  const inhibition = isSigned ? experiment.inhibition : 1;
  const square = 1 + inhibitory * (inhibition ** 2 - 1);
  const fourth = 1 + inhibitory * (inhibition ** 4 - 1);
  const entries = arrows * (1 - arrows / neurons);
  const mean = arrows ** 2 * square;
  const largest = Math.sqrt(
    mean +
      rows * square +
      (entries * (fourth - square ** 2)) / square +
      columns * square +
      (columns * square) ** 2 / mean,
  );
  const chance = (neurons - 1) / neurons;
  const others =
    rows > 0
      ? { mean: arrows * chance, deviation: Math.sqrt(rows * chance) }
      : { mean: arrows - 1, deviation: 0 };
  return { neurons, arrows, others, largest, inhibitory, inhibition };
}

/** Arrows into a neuron on average, and the variances of the numbers of arrows into one and out of one. */
function countsOf(experiment: Experiment, neurons: number, made: Network | undefined) {
  const { network, inDegree, blocks, between, rewiring, density } = experiment;
  const chance = (of: number, probability: number) => ({
    arrows: of * probability,
    variance: of * probability * (1 - probability),
  });
  const even = (probability: number) => {
    const { arrows, variance } = chance(neurons, probability);
    return { arrows, rows: variance, columns: variance };
  };
  switch (network) {
    case "notebook":
      return even(notebookDensity);
    case "random":
      return even(density);
    case "file":
      return even(made ? made.source.length / made.neurons ** 2 : 0);
    case "blocks": {
      if (blocks > neurons) return null;
      const within = chance(neurons / blocks, density);
      const across = chance(neurons - neurons / blocks, between);
      const variance = within.variance + across.variance;
      return { arrows: within.arrows + across.arrows, rows: variance, columns: variance };
    }
    case "in-degree":
      if (inDegree > neurons) return null;
      return { arrows: inDegree, rows: 0, columns: inDegree * (1 - inDegree / neurons) };
    case "small-world":
      if (inDegree >= neurons) return null;
      return {
        arrows: inDegree,
        rows: 0,
        columns: inDegree * rewiring * (2 - rewiring) * (1 - inDegree / neurons),
      };
  }
}

/** As in networkOf. */
const scale = 1.01;

/**
 * Trials until a share of the arrows stands out in a typical network.
 *
 * Errors   against the networks of NumPy's seed 42: −10 % at 25 neurons, +6 % at 100, +2 % at 400, below 0.1 % at
 *          1,000, because one singular value is off by that. The lab's own kinds: below 1 % at 1,000, with strong
 *          inhibition in rows of 10 up to 17 %, on a ring that is not rewired 26 %. At one density trials grow like neurons².
 */
export function typicalNeeds(
  typical: Typical,
  share: number,
  design: Design = notebookDesign,
  z = defaultZ,
): number | null {
  const { inhibitory, others } = typical;
  const signs = [true, false].filter((sign) => (sign ? 1 - inhibitory : inhibitory) > 0);
  if (signs.length === 1) return atQuantile(typical, share, signs[0], design, z);
  const steps = others.deviation > 0 ? 16 : 1;
  const parts = signs.flatMap((isExcitatory) =>
    Array.from({ length: steps }, (_, step) => ({
      part: (isExcitatory ? 1 - inhibitory : inhibitory) / steps,
      trials: atQuantile(typical, (step + 0.5) / steps, isExcitatory, design, z) ?? Number.POSITIVE_INFINITY,
    })),
  );
  parts.sort((a, b) => a.trials - b.trials);
  let sum = 0;
  const last = parts.find(({ part }) => {
    sum += part;
    return sum >= share - 1e-12;
  });
  return last && Number.isFinite(last.trials) ? last.trials : null;
}

/** Trials for an arrow of one sign into a row that is so long: of such arrows, this share has a shorter one. */
function atQuantile(
  { neurons, others, largest, inhibitory, inhibition }: Typical,
  share: number,
  isExcitatory: boolean,
  design: Design,
  z: number,
): number | null {
  const { mean, deviation } = others;
  const rest = Math.round(mean + (deviation > 0 ? quantile(share, 0, 1) * deviation : 0));
  const beside = Math.max(0, Math.min(neurons - 1, rest));
  const negative = Math.round(beside * inhibitory);
  const weight = 1 / (scale * largest);
  const hiddenPart = partHidden(design);
  const groups: Group[] = [];
  // The arrow's own group is the first.
  for (const sign of [isExcitatory, !isExcitatory]) {
    const count = (sign ? beside - negative : negative) + (sign === isExcitatory ? 1 : 0);
    const least = sign === isExcitatory ? 1 : 0;
    const observed = Math.max(least, Math.round(count * (1 - hiddenPart)));
    const signed = sign ? weight : -inhibition * weight;
    if (observed > 0) groups.push({ weight: signed, share: shareOfOthers(design), count: observed });
    if (count > observed) groups.push({ weight: signed, share: 0, count: count - observed });
  }
  const { effect, on, off, paired } = rowFacts(groups, design);
  const shares = armShares(design, Math.max(1, Math.round(neurons * (1 - hiddenPart))));
  const scatter = paired.length > 0 ? pairedScatter(paired[0], shares) : armsScatter(on[0], off[0], shares);
  return needed(effect[0], scatter, shares, design, z);
}

const partHidden = ({ hidden }: Design): number =>
  hidden ? hidden.reduce((sum, bit) => sum + bit, 0) / hidden.length : 0;
