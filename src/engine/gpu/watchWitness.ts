import { correlate } from "../../model/correlate";
import { evolve } from "../../model/evolve";
import type { Network } from "../../model/network";
import type { Params } from "../../model/params";
import { normalTable, sigmoidTable } from "../../model/tables";
import { tally } from "../../model/tally";
import { concatenate } from "../words";
import { type Glimpse, type Seen, Sight } from "./sight";
import { equal, indices, stride } from "./witness";

/** Where a slice of targets reads and writes; low and high words of each sum, none before anything is counted. */
export interface WatchedSlice {
  readonly state: GPUBuffer;
  readonly outcome: GPUBuffer;
  readonly next: GPUBuffer;
  readonly sums: {
    readonly after: readonly GPUBuffer[];
    readonly pairs: readonly GPUBuffer[];
    /** With the first slice alone. */
    readonly before: readonly GPUBuffer[];
  } | null;
}

/** Slices that are looked at before they are waited for. */
const mostSlices = 16;
/** Sources that are looked at. */
const mostColumns = 4;
/** Inputs of a target whose step is taken again, and targets that are tried for one that has no more. */
const mostInputs = 1024;
const mostTries = 64;

/**
 * The witness of a watched network, as Witness is that of trials: of every slice one target's step is taken again by the
 * kernels' twins, in 64 chains, from the states of its inputs; that its states are what the next step begins with; and what
 * its sums had to gain. So states follow from states, time step by time step, from rest on.
 */
export class WatchWitness {
  readonly known = new Map<GPUBuffer, { readonly at: number; readonly word: number }>();
  private readonly sights: Sight[] = [];
  private waiting: { readonly sight: Sight; readonly check: (seen: Seen) => void }[] = [];
  private walk = 0;
  /** As the twin takes them, filled for one target's inputs at a time. */
  private readonly states: Uint32Array;

  constructor(
    private readonly device: GPUDevice,
    private readonly network: Network,
    private readonly sources: Uint32Array,
  ) {
    this.states = new Uint32Array(16 * network.neurons);
  }

  /** No further slice can be looked at before a check. */
  get isFull(): boolean {
    return this.waiting.length >= mostSlices;
  }

  /** What has to be copied before and after the work of a slice, which is then checked with the others. */
  slice(slice: Params, { state, outcome, next, sums }: WatchedSlice): Sight {
    const { words } = slice;
    const row = 8 * words;
    const block = this.pick(words / 2);
    const target = this.targetOf(slice);
    const inputs = this.inputsOf(target);
    const columns = sums ? this.columns() : [];
    const place = (target - slice.tileFrom) * slice.sources;
    const sight = this.sights[this.waiting.length] ?? new Sight(this.device);
    this.sights[this.waiting.length] = sight;
    const { after = [], pairs = [], before = [] } = sums ?? {};
    sight.look(
      [
        ...[...after, ...before].map((buffer): Glimpse => [buffer, 2 * target, 2]),
        ...pairs.flatMap((buffer) => columns.map((column): Glimpse => [buffer, place + column, 1])),
      ],
      [
        [outcome, row * (target - slice.targetFrom), row],
        [next, row * target, row],
        ...Array.from(inputs ?? [], (neuron): Glimpse => [state, row * neuron + 16 * block, 16]),
        ...columns.map((column): Glimpse => [state, row * this.sources[column], row]),
        ...(before.length > 0 ? [[state, row * target, row] as Glimpse] : []),
      ],
    );
    const check = (seen: Seen) => {
      const [made, begun, ...states] = seen.made;
      equal(`the next states of neuron ${target}`, begun, made);
      if (inputs) {
        const stepped = this.stepOf(slice, block, target, inputs, states.splice(0, inputs.length));
        equal(`the states of neuron ${target}`, made.subarray(16 * block, 16 * block + 16), stepped);
      }
      if (!sums) return;
      /** The sums had to gain what is added to them, each from so many glimpses. */
      const gain = (
        name: string,
        [buffers, at, glimpses]: readonly [readonly GPUBuffer[], at: number, glimpses: number],
        add: (low: Uint32Array, high: Uint32Array) => void,
      ) => {
        const had = buffers.map(() => concatenate(seen.before.splice(0, glimpses)));
        const has = buffers.map(() => concatenate(seen.after.splice(0, glimpses)));
        add(had[0], had[1]);
        had.forEach((words, word) => {
          equal(`${name} of neuron ${target}`, has[word], words);
          this.known.set(buffers[word], { at, word: words[0] });
        });
      };
      const one = { ...slice, targetFrom: 0, targets: 1, tileFrom: 0, sources: columns.length };
      const ofColumns = concatenate(states.splice(0, columns.length));
      gain("Σx and Σx² after a step", [after, 2 * target, 1], (...both) => tally(one, made, ...both));
      if (before.length > 0)
        gain("Σx and Σx² before a step", [before, 2 * target, 1], (...both) =>
          tally(one, states[0], ...both),
        );
      if (columns.length > 0)
        gain("the pair sums", [pairs, place + columns[0], columns.length], (...both) =>
          correlate(one, indices(columns.length), ofColumns, made, ...both),
        );
    };
    this.waiting.push({ sight, check });
    return sight;
  }

  /**
   * Checks all slices since the last time, once they are done.
   *
   * Errors   Error that says what is wrong.
   */
  async check(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    const seen = await Promise.all(waiting.map(({ sight }) => sight.read()));
    for (const [index, { check }] of waiting.entries()) check(seen[index]);
  }

  release(): void {
    for (const sight of this.sights) sight.release();
  }

  /** A target of the slice, one with few inputs if one of those that are tried has. */
  private targetOf({ targetFrom, targets }: Params): number {
    const first = this.pick(targets);
    for (let tried = 0; tried < Math.min(targets, mostTries); tried++) {
      const target = targetFrom + ((first + tried) % targets);
      if (this.inputsOf(target)) return target;
    }
    return targetFrom + first;
  }

  /** Null: there are too many. */
  private inputsOf(target: number): Uint32Array | null {
    const { rowStart, source } = this.network;
    const [from, to] = [rowStart[target], rowStart[target + 1]];
    return to - from <= mostInputs ? source.subarray(from, to) : null;
  }

  private columns(): number[] {
    const { length } = this.sources;
    const first = this.pick(length);
    return Array.from({ length: Math.min(length, mostColumns) }, (_, column) => (first + column) % length);
  }

  /** The step of a target in the block's 64 chains. */
  private stepOf(
    slice: Params,
    block: number,
    target: number,
    inputs: Uint32Array,
    ofInputs: readonly Uint32Array[],
  ): Uint32Array {
    const { rowStart, source, weight } = this.network;
    inputs.forEach((neuron, index) => {
      this.states.set(ofInputs[index], 16 * neuron);
    });
    const params = {
      ...slice,
      trialBase: slice.trialBase + 64 * block,
      words: 2,
      targetFrom: target,
      targets: 1,
    };
    const stepped = new Uint32Array(16);
    evolve(params, rowStart, source, weight, normalTable, sigmoidTable, this.states, stepped);
    return stepped;
  }

  private pick(of: number): number {
    this.walk += stride;
    return this.walk % of;
  }
}
