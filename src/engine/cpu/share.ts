import type { Task } from "../engine";
import type { Recipe } from "../recipe";
import type { SumWords, Words } from "../words";
import { rowsOf } from "./rows";
import { filled, onVectors, room, tables } from "./steps";
import type { Step, Thread } from "./threads";

/** Targets whose pair sums lie side by side, see wasm/index.ts. */
export const tileTargets = 32;

/** Most trials that a call of the kernels takes at a time: what they keep of them should stay in a core's cache. */
export const mostTrials = 4096;
/** What all shares together keep of the trials that they work on: bits of every neuron, or states. */
const mostBytes = 2 ** 26;
const leastTrials = 128;

const bytesPerTrial = ({ hasArms }: Recipe, neurons: number) => (hasArms ? 1.25 * neurons : neurons / 8);

/** Every share has its own bits and states: where these are large, more shares would only fill the memory. */
export const sharesThatFit = (recipe: Recipe, neurons: number): number =>
  Math.max(1, Math.floor((4 * mostBytes) / (leastTrials * bytesPerTrial(recipe, neurons))));

/** What a share has added up of its targets. */
export interface ShareSums {
  /** u64 as pairs of words, see the twins count and tally; offCounts where there are arms. */
  readonly perturbed: Uint32Array;
  readonly offCounts: Uint32Array | null;
  readonly outcomes: Uint32Array;
  /** [targets × sources] of each product. */
  readonly pairs: readonly Float64Array[];
}

/**
 * Some targets of a run, from…to − 1, in a thread of their own. Every share draws all perturbations itself, which
 * costs 1/64 of the noise, and then needs nothing from the others: no memory is shared, and nothing is merged.
 */
export class Share {
  private readonly tiles: number;
  private readonly pairBytes: number;
  private readonly arms: number;
  private readonly gridTrials: number;
  private bytes = 0;

  constructor(
    private readonly thread: Thread,
    private readonly number: number,
    private readonly task: Task,
    private readonly recipe: Recipe,
    readonly from: number,
    readonly to: number,
    shares: number,
  ) {
    const { network, sources } = task;
    this.tiles = Math.ceil((to - from) / tileTargets);
    this.pairBytes = 4 * recipe.products.length * this.tiles * sources.length * tileTargets;
    this.arms = recipe.hasArms ? 1 : 0;
    const affordable = mostBytes / shares / bytesPerTrial(recipe, network.neurons);
    const whole = leastTrials * Math.floor(affordable / leastTrials);
    this.gridTrials = Math.max(leastTrials, Math.min(mostTrials, whole));
  }

  /** before: what the run's accumulators, of all targets, hold at first; isWide: the pair sums need second words for it. */
  async open(module: WebAssembly.Module, before: SumWords | null = null, isWide = false): Promise<void> {
    const { network, sources } = this.task;
    const { recipe, gridTrials } = this;
    const { neurons } = network;
    const rows = rowsOf(network, this.from, this.to, !recipe.hasArms);
    const bits = 4 * (gridTrials / 32) * (neurons + 1);
    const sourceBits = 4 * (gridTrials / 32) * sources.length;
    const outcomes = gridTrials * tileTargets;
    const forArms = [
      filled("turn", recipe.turn),
      room("off", bits),
      room("sourceOff", sourceBits),
      room("state", gridTrials * neurons),
      room("squareLow", outcomes),
      room("squareHigh", outcomes),
      counts("offCounts", before?.off ?? null, 0, sources.length + 1),
    ];
    await this.does([
      ["open", module],
      ...tables,
      filled("rowStart", rows.rowStart),
      filled("counted", rows.counted),
      filled("source", rows.source),
      filled("weight", rows.weight),
      filled("sourceList", sources),
      room("perturbation", bits),
      room("sourceBits", sourceBits),
      room("common", 4 * gridTrials),
      room("outcome", outcomes),
      room("byTrial", outcomes),
      room("partial", partialBytes),
      room("rows", 8 * tileTargets * sources.length),
      room("halves", 2 * tileTargets * Math.min(sources.length, mostBlockSources)),
      counts("perturbed", before?.perturbed ?? null, 0, sources.length + 1),
      counts("outcomes", before?.outcomes ?? null, 2 * this.from, 2 * this.to),
      ...(recipe.hasArms ? forArms : []),
      before
        ? filled(
            "pairLow",
            this.tiled(before.pairs, (sum) => sum % 2 ** 32),
          )
        : room("pairLow", this.pairBytes),
      ...(before && isWide
        ? [
            filled(
              "pairHigh",
              this.tiled(before.pairs, (sum) => Math.floor(sum / 2 ** 32)),
            ),
          ]
        : []),
      // Sums may be asked for before there is a trial here.
      ["set", this.paramsOf(0, 64)],
    ]);
  }

  private paramsOf(from: number, to: number): Record<string, number> {
    return {
      ...onVectors(this.recipe.paramsOf(from, to)),
      targetFrom: this.from,
      targets: this.to - this.from,
    };
  }

  /** A word of each of this share's pair sums, as they lie here: see wasm/memory.ts. */
  private tiled(pairs: readonly Float64Array[], word: (sum: number) => number): Uint32Array {
    const sources = this.task.sources.length;
    const words = new Uint32Array(this.pairBytes / 4);
    for (const [product, sums] of pairs.entries())
      for (let target = this.from; target < this.to; target++) {
        const row = target - this.from;
        const tile = product * this.tiles + Math.floor(row / tileTargets);
        for (let column = 0; column < sources; column++)
          words[(tile * sources + column) * tileTargets + (row % tileTargets)] = word(
            sums[target * sources + column],
          );
      }
    return words;
  }

  /** Adds the trials from…to − 1. */
  async advance(from: number, to: number): Promise<void> {
    const { recipe, arms, gridTrials } = this;
    const steps: Step[] = [];
    for (let at = from; at < to; ) {
      const base = at - (at % 64);
      const end = Math.min(to, base + gridTrials);
      steps.push(["set", this.paramsOf(at, end)], ["call", "prepare", arms]);
      if (recipe.leavesAlone)
        steps.push(
          ["set", { noiseUse: 1, fromRest: 1 }],
          ["call", "rest"],
          ["set", { noiseUse: 0, fromRest: 0 }],
        );
      if (recipe.hasArms) steps.push(["call", "set"]);
      steps.push(["call", "advance", arms]);
      at = end;
    }
    await this.does(steps);
  }

  /** Second words for the pair sums: from now on what wraps is carried. */
  async widen(): Promise<void> {
    await this.does([["array", "pairHigh", this.pairBytes]]);
  }

  async sums(): Promise<ShareSums> {
    const { products } = this.recipe;
    const sources = this.task.sources.length;
    const targets = this.to - this.from;
    const counts = 8 * (sources + 1);
    const [perturbed, outcomes, ...more] = await this.does([
      ["read", "perturbed", counts],
      ["read", "outcomes", 16 * targets],
      ...products.map((_, product) => ["rows", product * this.tiles, targets, sources] as const),
      ...(this.arms ? ([["read", "offCounts", counts]] as const) : []),
    ]);
    return {
      perturbed: new Uint32Array(perturbed),
      outcomes: new Uint32Array(outcomes),
      pairs: products.map((_, product) => new Float64Array(more[product])),
      offCounts: this.arms ? new Uint32Array(more[products.length]) : null,
    };
  }

  release(): void {
    this.does([["close"]]).catch(() => {});
  }

  /** Bytes of the arrays that it has asked for. */
  get held(): number {
    return this.bytes;
  }

  private does(steps: readonly Step[]): Promise<ArrayBuffer[]> {
    for (const step of steps) if (step[0] === "array") this.bytes += step[2];
    return this.thread.does(this.number, steps);
  }
}

/** Sums of two words each, low and high in turn; zeros where there are none before. */
function counts(name: string, before: Words | null, from: number, to: number): Step {
  if (!before) return room(name, 8 * (to - from));
  const words = new Uint32Array(2 * (to - from));
  for (let at = from; at < to; at++) words.set([before[0][at], before[1][at]], 2 * (at - from));
  return filled(name, words);
}

/** u16 [448 × 32 targets] */
const partialBytes = 448 * 2 * tileTargets;
const mostBlockSources = 1024;
