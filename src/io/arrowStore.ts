import { InputError } from "../model/inputError";
import type { Wiring } from "../model/network";

/** More than this many rows of a file are refused: with what is needed to sort them they would fill 2 GiB. */
export const mostRows = 2 ** 26;

/**
 * What reading so many rows holds at most: the rows while they are sorted, the names several times over (as bytes, as
 * texts, with their keys), and 32 MiB of pieces of the file that are read and not yet forgotten.
 */
export const readingBytes = (rows: number, neurons: number): number => 28 * rows + 200 * neurons + 2 ** 25;

/** A wiring with weights as they were read. */
export interface Weighted extends Wiring {
  /** [arrows] */
  readonly weight: Float64Array;
  /** Arrows that were added to one between the same two neurons. */
  readonly added: number;
}

const blockLength = 2 ** 16;

/**
 * Collects arrows as they come and sorts them into rows: in typed arrays, in time and memory of the arrows' number.
 *
 * Memory   28 bytes an arrow at most: two numbers of 4 bytes and one of 8 while they come, and those of the sorted
 *          ones while they are sorted.
 */
export class ArrowStore {
  private count = 0;
  private readonly sources: Uint32Array[] = [];
  private readonly targets: Uint32Array[] = [];
  private readonly weights: Float64Array[] = [];

  /** @param name of the file, for messages. */
  constructor(private readonly name: string) {}

  /** An arrow between two neurons by their numbers. */
  add(source: number, target: number, weight: number): void {
    const at = this.count % blockLength;
    if (at === 0) {
      if (this.count >= mostRows)
        throw new InputError(
          `${this.name} has more than ${mostRows.toLocaleString("en")} arrows; allowed: up to that many, which take 2 GiB`,
        );
      this.sources.push(new Uint32Array(blockLength));
      this.targets.push(new Uint32Array(blockLength));
      this.weights.push(new Float64Array(blockLength));
    }
    const block = this.sources.length - 1;
    this.sources[block][at] = source;
    this.targets[block][at] = target;
    this.weights[block][at] = weight;
    this.count++;
  }

  /**
   * All arrows, sorted by target and then by source; those between the same two neurons are one, their weights added
   * from the smallest up, so that the order in which they came decides nothing. Empties the store.
   *
   * Shapes   numbers: [neurons], the final number of each neuron.
   */
  sort(numbers: Uint32Array): Weighted {
    const neurons = numbers.length;
    const bySource = this.takeBySource(numbers);
    const rowStart = startsOf(bySource.target, neurons);
    const source = new Uint32Array(this.count);
    const weight = new Float64Array(this.count);
    const next = rowStart.slice();
    for (let from = 0; from < neurons; from++)
      for (let arrow = bySource.start[from]; arrow < bySource.start[from + 1]; arrow++) {
        const at = next[bySource.target[arrow]]++;
        source[at] = from;
        weight[at] = bySource.weight[arrow];
      }
    return addDuplicates({ neurons, rowStart, source, weight });
  }

  /** Sorted by source; block by block, so that what is read is let go. */
  private takeBySource(numbers: Uint32Array) {
    const start = new Uint32Array(numbers.length + 1);
    this.sources.forEach((block, index) => {
      const length = Math.min(blockLength, this.count - index * blockLength);
      for (let at = 0; at < length; at++) start[numbers[block[at]] + 1]++;
    });
    for (let neuron = 0; neuron < numbers.length; neuron++) start[neuron + 1] += start[neuron];
    const target = new Uint32Array(this.count);
    const weight = new Float64Array(this.count);
    const next = start.slice();
    for (let index = this.sources.length - 1; index >= 0; index--) {
      const [sources, targets, weights] = [this.sources.pop()!, this.targets.pop()!, this.weights.pop()!];
      const length = Math.min(blockLength, this.count - index * blockLength);
      for (let at = 0; at < length; at++) {
        const to = next[numbers[sources[at]]]++;
        target[to] = numbers[targets[at]];
        weight[to] = weights[at];
      }
    }
    return { start, target, weight };
  }
}

function startsOf(target: Uint32Array, neurons: number): Uint32Array {
  const start = new Uint32Array(neurons + 1);
  for (const row of target) start[row + 1]++;
  for (let row = 0; row < neurons; row++) start[row + 1] += start[row];
  return start;
}

/** Makes one of arrows between the same two neurons, which lie side by side; in place. */
function addDuplicates({ neurons, rowStart, source, weight }: Omit<Weighted, "added">): Weighted {
  let kept = 0;
  let arrow = 0;
  for (let target = 0; target < neurons; target++) {
    const end = rowStart[target + 1];
    rowStart[target] = kept;
    while (arrow < end) {
      const from = source[arrow];
      let after = arrow + 1;
      while (after < end && source[after] === from) after++;
      let sum = weight[arrow];
      if (after > arrow + 1)
        sum = weight
          .subarray(arrow, after)
          .sort()
          .reduce((total, value) => total + value);
      source[kept] = from;
      weight[kept++] = sum;
      arrow = after;
    }
  }
  rowStart[neurons] = kept;
  return {
    ...{ neurons, rowStart, added: source.length - kept },
    source: source.slice(0, kept),
    weight: weight.slice(0, kept),
  };
}
