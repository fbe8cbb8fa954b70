import { type ArrowSeries, arrowSeries, largestInSeries } from "./arrowSeries";
import { stateShares, stateTransform } from "./spontaneous";
import { type ArrowSums, Together } from "./together";

/**
 * Arrows into one target that are alike.
 *
 * Units    weight: drive per unit of the source's state; share: chance that a trial sets the source while another
 *          one is looked at (otherwise it is spontaneous); count: arrows.
 */
export interface Group {
  readonly weight: number;
  readonly share: number;
  readonly count: number;
}

/**
 * How sources come by their states.
 *
 * Units    probability: that a source that is set is set to 1; common: part of the noise's variance that all
 *          spontaneous states share. Both 0…1.
 */
export interface Chances {
  readonly probability: number;
  readonly common: number;
}

/** Means of an outcome and of its square. */
export interface Pair {
  readonly mean: number;
  readonly square: number;
}

/**
 * A target's outcome, over all trials and with one source of a group held.
 *
 * Shapes   effect, off, on: per group; off and on are empty where nobody asked for arms.
 * Units    moments: of outcome, outcome², …, outcome⁴; effect: outcome per perturbation.
 */
export interface RowOutcome {
  readonly moments: readonly [number, number, number, number];
  readonly effect: Float64Array;
  readonly off: readonly Pair[];
  readonly on: readonly Pair[];
}

/** From here on the integrands are below 1e-18. */
const lastFrequency = 7;

/** The sum sees drives so far beyond a row's own as their opposites: an outcome is within 3e-16 of 0 or 1 there. */
const margin = 36;

/**
 * E o, E o′, E o″, E o‴ for the outcome o = sigmoid(D + ε), ε ~ N(0, 1), as integrals over the characteristic
 * function φ of the drive D: tanh(x/2) = 2 ∫ sin(ωx) / sinh(πω) dω over ω > 0, so
 *
 *     E o = ½ + ∫ Im φ(ω) e^(−ω²/2) / sinh(πω) dω,    E o′ = ∫ Re φ(ω) ω e^(−ω²/2) / sinh(πω) dω,
 *
 * and so on with ω², ω³. Independent sources multiply: φ(ω) = Π φ_k(weight_k ω), and a source that is held at 1
 * rather than 0 multiplies the others' product by exp(i · weight · ω). The powers follow from o′ = o − o².
 *
 * The integral is a sum over midpoints. Its only error is aliasing: it takes sigmoid(x) − ½ for a function that
 * turns its sign every 2π / step, so the step is chosen for the row's largest drive and then some.
 *
 * In a row of more than a few different arrows the small ones go together, by series in their weights (see Together):
 * its cost grows with the arrows then, and no longer with arrows × frequencies.
 *
 * With common noise the spontaneous states are independent only once the common draw is known; then everything is
 * averaged over it, by the trapezoid rule.
 *
 * Errors   1e-13, absolute. Where spontaneous states share more than 0.99 of their noise, the rounding to 255 steps
 *          shows between the draws: 1e-10 at 0.999 and 1e-7 at 1, for weights up to 1.4 (against draws 16 times denser).
 * Source   Poisson's summation formula; Gradshteyn & Ryzhik 3.981.1 for the transform of tanh.
 */
export function rowOutcome(groups: readonly Group[], chances: Chances, withArms = true): RowOutcome {
  const sums = new Sums(groups.length, withArms);
  if (chances.common === 0 || groups.every(({ share }) => share === 1)) {
    addRow(groups, chances.probability, spontaneous(0, 1), 1, sums);
  } else {
    const spread = Math.sqrt(1 - chances.common);
    for (const { draw, weight } of commonDraws(groups, chances.common))
      addRow(
        groups,
        chances.probability,
        spontaneous(Math.sqrt(chances.common) * draw, spread),
        weight,
        sums,
      );
  }
  return sums.outcome();
}

/** What a source that is left alone brings to its target. */
interface Spontaneous {
  readonly transform: ReturnType<typeof stateTransform>;
  series(probability: number, share: number): ArrowSeries;
}

const spontaneous = remembered((centre: number, spread: number): Spontaneous => {
  const shares = stateShares(centre, spread);
  return {
    transform: stateTransform(shares),
    series: remembered((probability: number, share: number) => arrowSeries(probability, share, shares)),
  };
});

/** The last few hundred of two numbers: those of one share of common noise. */
function remembered<T>(make: (first: number, second: number) => T) {
  const most = 512;
  const known = new Map<string, T>();
  return (first: number, second: number): T => {
    const key = `${first} ${second}`;
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= most) known.clear();
      value = make(first, second);
      known.set(key, value);
    }
    return value;
  };
}

/** Draws of the common noise and their weights: as dense as the row's drive can make the outcome follow them. */
function commonDraws(groups: readonly Group[], common: number) {
  const drive = groups.reduce((sum, { weight, count }) => sum + Math.abs(weight) * count, 0);
  // A power of 2 divides the step, so that rows have their draws in common.
  const step = 2 ** Math.floor(Math.log2((2 * Math.PI) / (24 + 1.5 * drive * Math.sqrt(common))));
  const each = Math.ceil(9 / step);
  return Array.from({ length: 2 * each + 1 }, (_, index) => {
    const draw = (index - each) * step;
    return { draw, weight: (step * Math.exp((-draw * draw) / 2)) / Math.sqrt(2 * Math.PI) };
  });
}

/** Frequencies and what the integrands are multiplied by there: [ω, 1, ω, ω², ω³ times the kernel] in turn. */
const nodes = (() => {
  const known = new Map<number, Float64Array>();
  return (range: number): Float64Array => {
    // Rows of similar range share their nodes.
    const rounded = 2 * Math.ceil(range / 2);
    let values = known.get(rounded);
    if (values === undefined) {
      const step = (2 * Math.PI) / (rounded + margin);
      values = new Float64Array(5 * Math.ceil(lastFrequency / step));
      for (let at = 0, frequency = step / 2; at < values.length; at += 5, frequency += step) {
        const kernel = (step * Math.exp((-frequency * frequency) / 2)) / Math.sinh(Math.PI * frequency);
        values.set(
          [frequency, kernel, frequency * kernel, frequency ** 2 * kernel, frequency ** 3 * kernel],
          at,
        );
      }
      known.set(rounded, values);
    }
    return values;
  };
})();

/** Integrals that have been added up. */
class Sums implements ArrowSums {
  mean = 0;
  slope = 0;
  second = 0;
  third = 0;
  readonly effect: Float64Array;
  readonly arms: ArrowSums["arms"];

  constructor(groups: number, withArms: boolean) {
    const perGroup = () => new Float64Array(groups);
    this.effect = perGroup();
    this.arms = withArms
      ? { off: perGroup(), offSlope: perGroup(), on: perGroup(), onSlope: perGroup() }
      : null;
  }

  outcome(): RowOutcome {
    const first = 0.5 + this.mean;
    const square = first - this.slope;
    const cube = (this.second - first + 3 * square) / 2;
    const fourth = (first - 7 * square + 12 * cube - this.third) / 6;
    const { effect, arms } = this;
    const arm = (mean: Float64Array, slope: Float64Array): Pair[] =>
      Array.from(mean, (value, group) => ({ mean: 0.5 + value, square: 0.5 + value - slope[group] }));
    return {
      moments: [first, square, cube, fourth],
      effect,
      off: arms ? arm(arms.off, arms.offSlope) : [],
      on: arms ? arm(arms.on, arms.onSlope) : [],
    };
  }
}

/** So many frequencies are worked out at once. */
const block = 32;

/** What is held of a row while its integrals are added up: the same arrays for all rows, since making them costs. */
const held = {
  together: new Together(),
  state: new Float64Array(2),
  /** The product of all groups so far, at each frequency of a block: real, imaginary. */
  product: new Float64Array(2 * block),
  single: {
    half: new Float64Array(0),
    before: new Float64Array(0),
    others: new Float64Array(0),
    all: new Float64Array(0),
  },
};

function heldFor(groups: number): typeof held.single {
  if (held.single.all.length < 2 * block * groups) {
    const perGroup = () => new Float64Array(2 * block * Math.ceil(1.5 * groups));
    held.single = { half: perGroup(), before: perGroup(), others: perGroup(), all: perGroup() };
  }
  return held.single;
}

/** Adds one row's integrals, `amount` times. */
function addRow(
  groups: readonly Group[],
  probability: number,
  spontaneous: Spontaneous,
  amount: number,
  sums: Sums,
): void {
  let up = 0;
  let down = 0;
  for (const { weight, count } of groups) {
    if (weight > 0) up += weight * count;
    else down -= weight * count;
  }
  const rule = nodes(Math.max(up, down));
  const { single, small } = sorted(groups);
  const { together, state, product } = held;
  const hasSmall = small.length > 0;
  if (hasSmall) together.begin(groups, small, (share) => spontaneous.series(probability, share));
  // Where there are many groups their angles turn from one frequency to the next: sines and cosines cost most.
  const turns = groups.length > fewGroups;
  // Of each group: exp(iθ/2), the product of the groups before it, and the group's own but for one source.
  const { half, before, others, all } = heldFor(single.length);
  const { effect, arms } = sums;
  for (let first = 0; first < rule.length; first += 5 * block) {
    const end = Math.min(rule.length, first + 5 * block);
    for (let node = first, to = 0; node < end; node += 5, to += 2) {
      product[to] = 1;
      product[to + 1] = 0;
      if (hasSmall) {
        together.transform(rule[node], state);
        product[to] = state[0];
        product[to + 1] = state[1];
      }
    }
    for (let place = 0; place < single.length; place++) {
      const { weight, share, count } = groups[single[place]];
      const turn = (weight * (rule[5] - rule[0])) / 2;
      const turnX = Math.cos(turn);
      const turnY = Math.sin(turn);
      let cosine = Math.cos((weight * rule[first]) / 2);
      let sine = Math.sin((weight * rule[first]) / 2);
      for (let node = first, to = 0, at = 2 * block * place; node < end; node += 5, to += 2, at += 2) {
        const theta = weight * rule[node];
        if (!turns) {
          cosine = Math.cos(theta / 2);
          sine = Math.sin(theta / 2);
        }
        half[at] = cosine;
        half[at + 1] = sine;
        // 1 + p (exp(iθ) − 1), with exp(iθ) − 1 = 2i sin(θ/2) exp(iθ/2): small weights lose nothing.
        let x = 1 - 2 * share * probability * sine * sine;
        let y = 2 * share * probability * sine * cosine;
        if (share < 1) {
          spontaneous.transform(theta, state);
          x += (1 - share) * (state[0] * cosine - state[1] * sine - 1);
          y += (1 - share) * (state[0] * sine + state[1] * cosine);
        }
        const real = product[to];
        const imaginary = product[to + 1];
        before[at] = real;
        before[at + 1] = imaginary;
        let restReal = 1;
        let restImaginary = 0;
        for (let rest = count - 1, a = x, b = y; rest > 0; rest >>= 1) {
          if (rest & 1) {
            const real = restReal * a - restImaginary * b;
            restImaginary = restReal * b + restImaginary * a;
            restReal = real;
          }
          const real = a * a - b * b;
          b = 2 * a * b;
          a = real;
        }
        others[at] = restReal;
        others[at + 1] = restImaginary;
        all[at] = restReal * x - restImaginary * y;
        all[at + 1] = restReal * y + restImaginary * x;
        product[to] = real * all[at] - imaginary * all[at + 1];
        product[to + 1] = real * all[at + 1] + imaginary * all[at];
        if (turns) {
          const next = cosine * turnX - sine * turnY;
          sine = cosine * turnY + sine * turnX;
          cosine = next;
        }
      }
    }
    for (let node = first, to = 0; node < end; node += 5, to += 2) {
      const real = product[to];
      const imaginary = product[to + 1];
      const kernel = amount * rule[node + 1];
      sums.mean += kernel * imaginary;
      sums.slope += amount * rule[node + 2] * real;
      sums.second -= amount * rule[node + 3] * imaginary;
      sums.third -= amount * rule[node + 4] * real;
      if (hasSmall) together.add(rule[node], kernel * real, kernel * imaginary);
      product[to] = 1;
      product[to + 1] = 0;
    }
    // Backwards, with the product of the groups behind.
    for (let place = single.length - 1; place >= 0; place--) {
      const group = single[place];
      let groupEffect = effect[group];
      for (let node = first, to = 0, at = 2 * block * place; node < end; node += 5, to += 2, at += 2) {
        const kernel = amount * rule[node + 1];
        const kernel1 = amount * rule[node + 2];
        const real = product[to];
        const imaginary = product[to + 1];
        const a = before[at] * others[at] - before[at + 1] * others[at + 1];
        const b = before[at] * others[at + 1] + before[at + 1] * others[at];
        const x = a * real - b * imaginary;
        const y = a * imaginary + b * real;
        const cosine = half[at];
        const sine = half[at + 1];
        const moreX = -2 * sine * (x * sine + y * cosine);
        const moreY = 2 * sine * (x * cosine - y * sine);
        groupEffect += kernel * moreY;
        if (arms) {
          arms.off[group] += kernel * y;
          arms.offSlope[group] += kernel1 * x;
          arms.on[group] += kernel * (y + moreY);
          arms.onSlope[group] += kernel1 * (x + moreX);
        }
        product[to] = real * all[at] - imaginary * all[at + 1];
        product[to + 1] = real * all[at + 1] + imaginary * all[at];
      }
      effect[group] = groupEffect;
    }
  }
  if (hasSmall) together.tell(sums);
}

/** Up to so many different groups are dealt with one by one: networks whose arrows are alike are rows of such. */
const fewGroups = 4;

/** Which groups are dealt with one by one, and which together. */
function sorted(groups: readonly Group[]) {
  const single: number[] = [];
  const small: number[] = [];
  groups.forEach(({ weight }, group) => {
    const isSmall = groups.length > fewGroups && Math.abs(weight) <= largestInSeries;
    (isSmall ? small : single).push(group);
  });
  return { single, small };
}
