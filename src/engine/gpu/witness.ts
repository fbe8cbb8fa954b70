import { accumulate } from "../../model/accumulate";
import { count } from "../../model/count";
import type { Params } from "../../model/params";
import { square } from "../../model/square";
import { tally } from "../../model/tally";
import type { Recipe } from "../recipe";
import type { Spot } from "../spot";
import { concatenate } from "../words";
import { type Glimpse, Sight } from "./sight";

/** The buffers that are looked at; two of each sum, or one where there are no second words. */
export interface Witnessed {
  readonly perturbed: readonly GPUBuffer[];
  readonly off: readonly GPUBuffer[];
  readonly outcomes: readonly GPUBuffer[];
  /** Of the tile that holds a target. */
  pairs(product: number, target: number): readonly GPUBuffer[];
  working(name: "perturbation" | "off" | "state" | "outcome"): GPUBuffer;
}

/** Words that any later copy of a sum has to have, by buffer. */
export type Known = ReadonlyMap<GPUBuffer, { readonly at: number; readonly word: number }>;

/** Sources that are looked at, fewer where there are many trials, since all of these are gone through. */
const mostColumns = 8;
const mostRowTrials = 2 ** 15;
/** So many are tried for some that the trials set. */
const mostTries = 512;
/** From one place to the next; no size is likely to be a multiple of it. */
export const stride = 7919;

/**
 * Sees to it that a device did what it was told: wrong work raises no error, and a kernel that did not run leaves zeros
 * or what was there before. So one target of every slice is gone through again by the kernels' twins: its outcomes in a
 * block of 64 trials from the counters alone, and what its sums had to gain from all its outcomes and from the bits of
 * some sources; of a chunk also these sources' bits and counts, and some states. Every word has to be equal.
 *
 * A dispatch that is left out is missing in every target of its slice, so that any of them shows it; it would go unseen
 * where the words of other trials happen to be the same. No kernel has to know of this, and it costs what one target of
 * the slice costs.
 */
export class Witness {
  readonly known = new Map<GPUBuffer, { readonly at: number; readonly word: number }>();
  private readonly ofChunk: Sight;
  private readonly ofSlice: Sight;
  private walk = 0;

  constructor(
    device: GPUDevice,
    private readonly sources: Uint32Array,
    private readonly recipe: Recipe,
    private readonly spot: Spot,
    private readonly seen: Witnessed,
    /** What differs is let pass. */
    private readonly isBelieved = false,
  ) {
    this.ofChunk = new Sight(device);
    this.ofSlice = new Sight(device);
  }

  release(): void {
    this.ofChunk.release();
    this.ofSlice.release();
  }

  /**
   * Looks at what all targets of a chunk have in common.
   *
   * free  neurons whose states are looked at, where there are any.
   */
  chunk(whole: Params, free: readonly number[]): ChunkWitness {
    const { seen, sources, recipe, spot } = this;
    const { words } = whole;
    const block = this.next(words / 2);
    const sets = recipe.hasArms ? (["perturbation", "off"] as const) : (["perturbation"] as const);
    const columns = sets.map((_, set) => this.columnsSet(whole, block, set));
    const neurons = columns.map((of) => Array.from(of, (column) => sources[column]));
    const counts = [seen.perturbed, seen.off].slice(0, sets.length);
    const stateful = recipe.hasArms ? [...free, neurons[0][0]] : [];
    const places = columns.map((of) => [...of, sources.length]);
    this.ofChunk.look(
      counts.flatMap((both, set) =>
        both.flatMap((buffer) => places[set].map((at): Glimpse => [buffer, at, 1])),
      ),
      [
        ...sets.flatMap((name, set) =>
          neurons[set].map((neuron): Glimpse => [seen.working(name), neuron * words, words]),
        ),
        ...stateful.map((neuron): Glimpse => [seen.working("state"), 8 * words * neuron + 16 * block, 16]),
      ],
    );
    const check = async (): Promise<Uint32Array[]> => {
      const { before, after, made } = await this.ofChunk.read();
      const bits = neurons.map((of) => concatenate(made.splice(0, of.length)));
      for (const [set, of] of neurons.entries()) {
        of.forEach((neuron, index) => {
          const at = index * words + 2 * block;
          this.hold(
            `the bits of source ${neuron}`,
            bits[set].subarray(at, at + 2),
            spot.bitsOf(whole, block, neuron)[set],
          );
        });
        const sums = [before, after].map((words) => [
          concatenate(words.splice(0, of.length + 1)),
          concatenate(words.splice(0, of.length + 1)),
        ]);
        const own = { ...whole, sources: of.length };
        count(own, indices(of.length), bits[set], sums[0][0], sums[0][1]);
        for (const word of [0, 1]) this.hold("the trials counted", sums[1][word], sums[0][word]);
        this.remember(
          counts[set],
          sources.length,
          sums[0].map((of) => of.subarray(-1)),
        );
      }
      stateful.forEach((neuron, index) => {
        this.hold(
          `the states of neuron ${neuron}`,
          made[index],
          spot.stateOf(whole, block, neuron, made[index]),
        );
      });
      return bits;
    };
    return { sight: this.ofChunk, slice: (slice, bits) => this.slice(slice, block, columns, bits), check };
  }

  /** Looks at one target of a slice. */
  private slice(slice: Params, block: number, columns: readonly Uint32Array[], bits: Promise<Uint32Array[]>) {
    const { seen, recipe, spot, sources } = this;
    const { words } = slice;
    const target = slice.targetFrom + this.next(slice.targets);
    const sets = ["perturbation", "off"] as const;
    const pairs = recipe.products.map(([set], product) => ({
      buffers: seen.pairs(product, target),
      set: sets.indexOf(set),
      at: Array.from(
        columns[sets.indexOf(set)],
        (column) => (target - slice.tileFrom) * sources.length + column,
      ),
    }));
    this.ofSlice.look(
      [
        ...seen.outcomes.map((buffer): Glimpse => [buffer, 2 * target, 2]),
        ...pairs.flatMap(({ buffers, at }) =>
          buffers.flatMap((buffer) => at.map((place): Glimpse => [buffer, place, 1])),
        ),
      ],
      [[seen.working("outcome"), 8 * words * (target - slice.targetFrom), 8 * words]],
    );
    const check = async (): Promise<void> => {
      const [{ before, after, made }, ofSources] = await Promise.all([this.ofSlice.read(), bits]);
      const [outcome] = made;
      const one = { ...slice, targetFrom: 0, targets: 1, tileFrom: 0 };
      this.hold(
        `the outcomes of target ${target}`,
        outcome.subarray(16 * block, 16 * block + 16),
        spot.outcomeOf(slice, block, target),
      );
      const [low, high] = before.splice(0, 2);
      tally(one, outcome, low, high);
      const tallied = after.splice(0, 2);
      this.hold(`Σo and Σo² of target ${target}`, tallied[0], low);
      this.hold(`Σo and Σo² of target ${target}`, tallied[1], high);
      this.remember(seen.outcomes, 2 * target, [low, high]);
      const bytes = {
        outcome,
        squareLow: new Uint32Array(8 * words),
        squareHigh: new Uint32Array(8 * words),
      };
      if (recipe.hasArms) square(one, outcome, bytes.squareLow, bytes.squareHigh);
      for (const [product, { buffers, set, at }] of pairs.entries()) {
        const [, name] = recipe.products[product];
        const sums = buffers.map(() => concatenate(before.splice(0, at.length)));
        const found = buffers.map(() => concatenate(after.splice(0, at.length)));
        const own = { ...one, sources: at.length };
        accumulate(own, indices(at.length), ofSources[set], bytes[name], sums[0], sums[1] ?? noWords);
        for (const [word, sum] of sums.entries())
          this.hold(`the pair sums of target ${target}`, found[word], sum);
        this.remember(buffers, at[0], sums);
      }
    };
    return { sight: this.ofSlice, check };
  }

  /** Sources that some of 64 trials set to 1, or of set 1 to 0, as far as they are found. */
  private columnsSet(whole: Params, block: number, set: number): Uint32Array {
    const { length } = this.sources;
    const wanted = Math.min(length, mostColumns, Math.max(1, Math.floor(mostRowTrials / (32 * whole.words))));
    const found: number[] = [];
    const first = this.next(length);
    for (let tried = 0; tried < Math.min(length, mostTries) && found.length < wanted; tried++) {
      const column = (first + tried) % length;
      if (this.spot.bitsOf(whole, block, this.sources[column])[set].some((bits) => bits !== 0))
        found.push(column);
    }
    return Uint32Array.from(found.length > 0 ? found : [first]);
  }

  private hold(what: string, found: Uint32Array, expected: Uint32Array): void {
    if (!this.isBelieved) equal(what, found, expected);
  }

  private next(of: number): number {
    this.walk += stride;
    return this.walk % of;
  }

  private remember(buffers: readonly GPUBuffer[], at: number, sums: readonly Uint32Array[]): void {
    if (this.isBelieved) return;
    buffers.forEach((buffer, word) => {
      this.known.set(buffer, { at, word: sums[word][0] });
    });
  }
}

/** What is copied before and after a pass, and whether all is as it has to be. */
export interface ChunkWitness {
  readonly sight: Sight;
  slice(slice: Params, bits: Promise<Uint32Array[]>): { readonly sight: Sight; check(): Promise<void> };
  /**
   * Returns  the bits of the sources that are looked at, set by set, for the slices.
   * Errors   Error that says what is wrong.
   */
  check(): Promise<Uint32Array[]>;
}

export function equal(what: string, found: Uint32Array, expected: Uint32Array): void {
  const at = expected.findIndex((word, index) => word !== found[index]);
  if (at >= 0)
    throw new Error(
      `the GPU computed something else: of ${what}, word ${at} is ${found[at]}, not ${expected[at]}`,
    );
}

/**
 * Sees to it that copies of sums are what the witness knows of them.
 *
 * Errors   Error that names the sum.
 */
export function checkKnown(copies: ReadonlyMap<GPUBuffer, Uint32Array>, known: Known): void {
  for (const [buffer, { at, word }] of known) {
    const found = copies.get(buffer)?.[at];
    if (found !== word)
      throw new Error(`the GPU gave back ${found} where its sums have ${word}: ${buffer.label}`);
  }
}

export const indices = (length: number) => Uint32Array.from({ length }, (_, index) => index);
const noWords = new Uint32Array(0);
