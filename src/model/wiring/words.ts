import { type Key, threefry2x32 } from "../threefry";

/** The words of one lane of the counter-based generator, one after the other: 32 random bits each. */
export class Words {
  private lane = 0;
  private draw = 0;
  private second = 0;
  private hasSecond = false;

  constructor(private readonly key: Key) {}

  /** Goes to the first word of a lane. */
  start(lane: number): void {
    this.lane = lane;
    this.draw = 0;
    this.hasSecond = false;
  }

  next(): number {
    if (this.hasSecond) {
      this.hasSecond = false;
      return this.second;
    }
    const words = threefry2x32(this.draw++, this.lane, this.key);
    this.second = words[1] >>> 0;
    this.hasSecond = true;
    return words[0] >>> 0;
  }

  /**
   * A whole number from 0 to `end` − 1, each exactly as likely: the few words that would tip the balance are left out.
   * `end` is at most 2²¹, so that the product is exact.
   *
   * Source   Lemire (2019), Fast random integer generation in an interval.
   */
  below(end: number): number {
    const unfair = 2 ** 32 % end;
    for (;;) {
      const product = this.next() * end;
      const whole = Math.floor(product / 2 ** 32);
      if (product - whole * 2 ** 32 >= unfair) return whole;
    }
  }
}
