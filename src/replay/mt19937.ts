const size = 624;
const shift = 397;

/**
 * NumPy's legacy generator, `np.random.seed(seed)` and the calls after it, number for number.
 *
 * Errors   RangeError unless the seed is a whole number of 32 bits.
 * Source   Matsumoto & Nishimura (1998), MT19937, init_genrand and genrand_res53; NumPy's mtrand.
 */
export class LegacyRandom {
  private readonly state = new Uint32Array(size);
  private position = size;
  /** The second number of a polar pair, kept until it is asked for; NaN when there is none. */
  private spare = Number.NaN;

  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
      throw new RangeError(`seed is ${seed}; allowed: a whole number from 0 to ${2 ** 32 - 1}`);
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < size; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  }

  /** 32 uniform bits. */
  uint32(): number {
    if (this.position === size) this.refill();
    let word = this.state[this.position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** `random_sample()`: uniform in [0, 1) with 53 bits, two words each. */
  randomSample(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** `choice(n, p)`: an index drawn by cumulative search; takes `cumulative(p)`, so that many draws share it. */
  choice(cdf: Float64Array): number {
    const sample = this.randomSample();
    let index = 0;
    while (cdf[index] <= sample) index++;
    return index;
  }

  /** `choice([0, 1])`: the lowest bit of a word of its own. (A range of 1 under a mask of 1 is never rejected.) */
  bit(): number {
    return this.uint32() & 1;
  }

  /**
   * `randn()`: standard normal by the polar method. It comes in pairs, and the second waits through whatever is
   * drawn in between. `multivariate_normal(zeros, eye)` of n numbers is n of these, in order: the singular
   * vectors of eye that NumPy multiplies by are eye itself.
   *
   * Errors   up to 2 units in the last place, from the logarithm, which no standard rounds.
   */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const second = this.spare;
      this.spare = Number.NaN;
      return second;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * this.randomSample() - 1;
      y = 2 * this.randomSample() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.spare = factor * x;
    return factor * y;
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < size; i++) {
      const mixed = (state[i] & 0x80000000) | (state[i + 1 < size ? i + 1 : 0] & 0x7fffffff);
      const twist = -(mixed & 1) & 0x9908b0df;
      state[i] = state[i < size - shift ? i + shift : i + shift - size] ^ (mixed >>> 1) ^ twist;
    }
    this.position = 0;
  }
}

/** The cumulative probabilities that `choice` searches, rounded as NumPy rounds them: cumsum, then over its last. */
export function cumulative(p: readonly number[]): Float64Array {
  const cdf = Float64Array.from(p);
  for (let i = 1; i < cdf.length; i++) cdf[i] += cdf[i - 1];
  return cdf.map((value) => value / cdf[cdf.length - 1]);
}
