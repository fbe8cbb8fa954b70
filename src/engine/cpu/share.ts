import type { Params } from "../../model/params";
import { normalTable, sigmoidTable } from "../../model/tables";
import type { Task } from "../engine";
import type { Recipe } from "../recipe";
import { rowsOf } from "./rows";
import type { Step, Thread } from "./threads";

/** Targets whose pair sums lie side by side, see wasm/index.ts. */
export const tileTargets = 32;

/** Most trials that a call of the kernels takes at a time: what they keep of them should stay in a core's cache. */
export const mostTrials = 4096;
const mostBytes = 2 ** 24;

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
  ) {
    const { network, sources } = task;
    this.tiles = Math.ceil((to - from) / tileTargets);
    this.pairBytes = 4 * recipe.products.length * this.tiles * sources.length * tileTargets;
    this.arms = recipe.hasArms ? 1 : 0;
    const bytesPerTrial = recipe.hasArms ? network.neurons : network.neurons / 8;
    const affordable = 128 * Math.floor(mostBytes / bytesPerTrial / 128);
    this.gridTrials = Math.max(128, Math.min(mostTrials, affordable));
  }

  async open(module: WebAssembly.Module): Promise<void> {
    const { network, sources } = this.task;
    const { recipe, gridTrials } = this;
    const { neurons } = network;
    const rows = rowsOf(network, this.from, this.to, !recipe.hasArms);
    const bits = 4 * (gridTrials / 32) * (neurons + 1);
    const sourceBits = 4 * (gridTrials / 32) * sources.length;
    const outcomes = gridTrials * tileTargets;
    const of = (name: string, words: Uint32Array | Int32Array): Step => [
      "array",
      name,
      words.byteLength,
      bytesOf(words),
    ];
    const room = (name: string, bytes: number): Step => ["array", name, bytes];
    const forArms = [
      of("turn", recipe.turn),
      room("off", bits),
      room("sourceOff", sourceBits),
      room("state", gridTrials * neurons),
      room("squareLow", outcomes),
      room("squareHigh", outcomes),
      room("offCounts", 8 * (sources.length + 1)),
    ];
    await this.does([
      ["open", module],
      room("scratch", 2048),
      of("normalTable", normalSteps),
      of("sigmoidTable", sigmoidSteps),
      of("rowStart", rows.rowStart),
      of("counted", rows.counted),
      of("source", rows.source),
      of("weight", rows.weight),
      of("sourceList", sources),
      room("perturbation", bits),
      room("sourceBits", sourceBits),
      room("common", 4 * gridTrials),
      room("outcome", outcomes),
      room("byTrial", outcomes),
      room("partial", partialBytes),
      room("rows", 8 * tileTargets * sources.length),
      room("halves", 2 * tileTargets * Math.min(sources.length, mostBlockSources)),
      room("perturbed", 8 * (sources.length + 1)),
      room("outcomes", 16 * (this.to - this.from)),
      ...(recipe.hasArms ? forArms : []),
      room("pairLow", this.pairBytes),
    ]);
  }

  /** Adds the trials from…to − 1. */
  async advance(from: number, to: number): Promise<void> {
    const { recipe, arms, gridTrials } = this;
    const steps: Step[] = [];
    for (let at = from; at < to; ) {
      const base = at - (at % 64);
      const end = Math.min(to, base + gridTrials);
      const params = this.gridOf(recipe.paramsOf(at, end));
      steps.push(["set", params], ["call", "prepare", arms]);
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

  /** This share's params: its own targets, and rows of bits in whole vectors. */
  private gridOf(params: Params): Record<string, number> {
    const { tileFrom: _, ...rest } = params;
    const words = 4 * Math.ceil(params.words / 4);
    return { ...rest, words, targetFrom: this.from, targets: this.to - this.from };
  }
}

/** u16 [448 × 32 targets] */
const partialBytes = 448 * 2 * tileTargets;
const mostBlockSources = 1024;

const bytesOf = (words: Uint32Array | Int32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** Knots with their steps to the next one; the last has none. */
function withSteps(table: Int32Array | Uint32Array): Int32Array {
  const pairs = new Int32Array(2 * table.length);
  for (const [knot, value] of table.entries()) {
    pairs[2 * knot] = value;
    pairs[2 * knot + 1] = (table[knot + 1] ?? value) - value;
  }
  return pairs;
}

const normalSteps = withSteps(normalTable);
const sigmoidSteps = withSteps(sigmoidTable);
