import type { Estimates } from "./estimate";
import { type Discoveries, eachUpTo } from "./inference";
import { tailProbability } from "./studentT";

/** Bytes that are written once and read again from the beginning, outside of memory where there can be many. */
export interface Spill {
  /** A piece is good until the call returns. */
  write(piece: Uint8Array): void;
  /** All that was written, in pieces; a piece is good until the next one is taken. */
  read(): Iterable<Uint8Array>;
  /** Forgets what was written. */
  clear(): void;
}

/** A pair of which an effect may be claimed. */
export interface Candidate {
  readonly source: number;
  readonly target: number;
  readonly effect: number;
  readonly standardError: number;
  readonly pValue: number;
}

/** A record of the spill: p, effect, standard error as float64; source, target as u32. */
const recordBytes = 32;

/**
 * Bytes of candidates to be expected on the spill at most: every other pair below the rate by chance, but see
 * `Candidates`, and all arrows.
 */
export const spillBytes = (pairs: number, arrows: number, rate: number): number =>
  recordBytes * (0.5 * rate * (1 + rate) * pairs + arrows);

/**
 * Benjamini & Hochberg's discoveries among all pairs, although only some sources are seen at a time.
 *
 * A pair is a candidate if it could still be among them if all pairs to come were. That cut falls from `rate` towards
 * the last one, so about half of the p-values below the rate that come by chance are kept. See `discover` for the
 * procedure; the result is the same.
 *
 * Units    rate: share of false discoveries that is put up with, on average.
 */
export class Candidates {
  private tested = 0;
  private passed = 0;
  private count = 0;
  private left: number;
  private kept: Spill;
  private spare: Spill;

  /** pairs: how many will come, at most; above mostSorted candidates are thinned on the spill before they are sorted. */
  constructor(
    private readonly rate: number,
    pairs: number,
    { spill }: { readonly spill: () => Spill },
    private readonly mostSorted = 2 ** 22,
  ) {
    this.left = pairs;
    this.kept = spill();
    this.spare = spill();
  }

  /** Sources that come after all that were added before. */
  add(estimates: Estimates): void {
    const { sources, effect, standardError, freedom } = estimates;
    const columns = sources.length;
    this.left -= effect.length;
    for (let pair = 0; pair < effect.length; pair++)
      if (!Number.isNaN(effect[pair]) && !Number.isNaN(standardError[pair])) this.tested++;
    const ends = new Uint32Array(columns + 1);
    eachUpTo(estimates, this.rate, (_, __, column) => {
      ends[column + 1]++;
    });
    for (let column = 0; column < columns; column++) ends[column + 1] += ends[column];
    this.passed += ends[columns];
    const cut = this.cutAt(this.passed + this.left, this.tested + this.left);
    // Column by column, so that the order is that of the sources, whatever the tiles.
    const order = new Uint32Array(ends[columns]);
    const ratios = new Float64Array(ends[columns]);
    const at = ends.slice();
    eachUpTo(estimates, this.rate, (pair, ratio, column) => {
      order[at[column]] = pair;
      ratios[at[column]++] = ratio;
    });
    const writer = new RecordWriter(this.kept);
    for (let column = 0; column < columns; column++) {
      for (let index = ends[column]; index < ends[column + 1]; index++) {
        const pair = order[index];
        const pValue = tailProbability(ratios[index], freedom[column]);
        if (pValue > cut) continue;
        this.count++;
        writer.put(pValue, effect[pair], standardError[pair], sources[column], Math.floor(pair / columns));
      }
    }
    writer.flush();
  }

  /** The largest p-value that so many of so many tested allow. */
  private cutAt(count: number, tested: number): number {
    // A hair more, because the last cut is rounded in another way.
    return Math.min(1, (count / tested) * this.rate * (1 + 1e-12));
  }

  /** To be called once, when all sources have been added, or no more will come. */
  discover(): Discoveries {
    const { rate, tested } = this;
    const none = { rate, tested, claimed: 0, largestP: null };
    if (tested === 0) return none;
    // The claimed ones are the largest set whose size allows all of its p-values: it lies within every set that is
    // found by starting with all and leaving out those that its size does not allow.
    for (let before = Number.POSITIVE_INFINITY; this.count > this.mostSorted && this.count < before; ) {
      before = this.count;
      const cut = this.cutAt(before, tested);
      const writer = new RecordWriter(this.spare);
      this.count = 0;
      for (const { pValue, effect, standardError, source, target } of read(this.kept)) {
        if (pValue > cut) continue;
        this.count++;
        writer.put(pValue, effect, standardError, source, target);
      }
      writer.flush();
      this.kept.clear();
      [this.kept, this.spare] = [this.spare, this.kept];
    }
    const pValues = new Float64Array(this.count);
    let at = 0;
    for (const { pValue } of read(this.kept)) pValues[at++] = pValue;
    pValues.sort();
    let claimed = pValues.length;
    while (claimed > 0 && pValues[claimed - 1] > (claimed / tested) * rate) claimed--;
    return claimed === 0 ? none : { rate, tested, claimed, largestP: pValues[claimed - 1] };
  }

  /** The discoveries, by source and target. */
  *claimed({ largestP }: Discoveries): Generator<Candidate> {
    if (largestP !== null)
      for (const candidate of read(this.kept)) if (candidate.pValue <= largestP) yield candidate;
    this.kept.clear();
    this.spare.clear();
  }
}

class RecordWriter {
  private readonly view = new DataView(new ArrayBuffer(recordBytes * 2 ** 14));
  private at = 0;

  constructor(private readonly spill: Spill) {}

  put(pValue: number, effect: number, standardError: number, source: number, target: number): void {
    const { view, at } = this;
    view.setFloat64(at, pValue);
    view.setFloat64(at + 8, effect);
    view.setFloat64(at + 16, standardError);
    view.setUint32(at + 24, source);
    view.setUint32(at + 28, target);
    this.at += recordBytes;
    if (this.at === view.byteLength) this.flush();
  }

  flush(): void {
    if (this.at > 0) this.spill.write(new Uint8Array(this.view.buffer, 0, this.at));
    this.at = 0;
  }
}

/** Pieces may end anywhere between two records of the writer, which writes whole ones. */
function* read(spill: Spill): Generator<Candidate> {
  for (const piece of spill.read()) {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < view.byteLength; at += recordBytes)
      yield {
        pValue: view.getFloat64(at),
        effect: view.getFloat64(at + 8),
        standardError: view.getFloat64(at + 16),
        source: view.getUint32(at + 24),
        target: view.getUint32(at + 28),
      };
  }
}

/** A spill in memory. */
export function memorySpill(): Spill {
  let pieces: Uint8Array[] = [];
  return {
    write: (piece) => {
      pieces.push(piece.slice());
    },
    read: () => pieces,
    clear: () => {
      pieces = [];
    },
  };
}
