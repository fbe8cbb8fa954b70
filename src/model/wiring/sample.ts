import type { Words } from "./words";

/**
 * Draws different whole numbers below `end`, every set of them as likely, in as many steps as there are numbers.
 *
 * Source   Floyd in Bentley & Floyd (1987), A sample of brilliance.
 */
export class Sampler {
  /** Which sample a number was last in. */
  private readonly last: Uint32Array;
  private sample = 0;

  constructor(mostEnd: number) {
    this.last = new Uint32Array(mostEnd);
  }

  /** Fills `numbers`, ascending; there are at most `end` of them. */
  fill(numbers: Uint32Array, end: number, words: Words): void {
    const { last } = this;
    const sample = ++this.sample;
    for (let at = 0, top = end - numbers.length; at < numbers.length; at++, top++) {
      const drawn = words.below(top + 1);
      const number = last[drawn] === sample ? top : drawn;
      last[number] = sample;
      numbers[at] = number;
    }
    numbers.sort();
  }
}
