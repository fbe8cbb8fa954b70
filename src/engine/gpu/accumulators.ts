import type { Plan } from "../../model/plan";
import type { Sums } from "../../model/sums";
import type { Recipe } from "../recipe";
import { concatenate, joinAll, type SumWords, split, sumsFromWords, type Words } from "../words";
import { Snapshots, storage } from "./buffers";
import { checkKnown, type Known } from "./witness";

/** What a run adds up, where it is; sums of two words as low and high ones, pair sums in tiles of whole rows. */
export interface Accumulators {
  readonly perturbed: readonly GPUBuffer[];
  /** Empty without arms. */
  readonly off: readonly GPUBuffer[];
  readonly outcomes: readonly GPUBuffer[];
  /** By product and tile. */
  readonly pairLow: readonly (readonly GPUBuffer[])[];
  readonly pairHigh: readonly (readonly GPUBuffer[])[] | null;
  /** Second words for the pair sums: from now on what wraps is carried. */
  widen(): void;
  /** Writes sums that are there before the first trial. */
  fill(words: SumWords): void;
  /** Copies all sums as they are now; they arrive later, see checkedSums. */
  read(): Promise<ReadonlyMap<GPUBuffer, Uint32Array>>;
  /**
   * Sums from these copies.
   *
   * Errors   Error if they are not those of so many trials, or any of the known words is another.
   */
  sumsOf(copies: ReadonlyMap<GPUBuffer, Uint32Array>, trials: number, known: Known): Sums;
  readonly tileOf: (target: number) => number;
  readonly rowOf: (tile: number) => number;
  readonly tileRows: (tile: number) => number;
  /** Lets go of what reading them has made. */
  release(): void;
}

/** keep: told of every buffer that is made. */
export function accumulators(
  device: GPUDevice,
  { hasArms, products }: Recipe,
  sources: Uint32Array,
  neurons: number,
  cut: Plan,
  isPaired: boolean,
  keep: (buffer: GPUBuffer) => GPUBuffer,
): Accumulators {
  const rowOf = (tile: number) => tile * cut.tileTargets;
  const tileRows = (tile: number) => Math.min(cut.tileTargets, neurons - rowOf(tile));
  const makeTiles = (label: string) =>
    Array.from({ length: cut.tiles }, (_, tile) =>
      keep(storage(device, `${label} ${tile}`, 4 * tileRows(tile) * sources.length)),
    );
  /** Tiles of every product. */
  const makePairs = (label: string) => products.map((names) => makeTiles(`${label} ${names.join(" ")}`));
  const makeWords = (label: string, length: number) =>
    ["low", "high"].map((word) => keep(storage(device, `${label} ${word}`, 4 * length)));
  const perturbed = makeWords("perturbed", sources.length + 1);
  const off = hasArms ? makeWords("off counts", sources.length + 1) : [];
  const outcomes = makeWords("outcomes", 2 * neurons);
  const pairLow = makePairs("pair_low");
  let pairHigh: GPUBuffer[][] | null = null;
  const snapshots = new Snapshots(device);

  return {
    ...{ perturbed, off, outcomes, pairLow, rowOf, tileRows },
    tileOf: (target) => Math.floor(target / cut.tileTargets),
    get pairHigh() {
      return pairHigh;
    },
    widen() {
      pairHigh ??= makePairs("pair_high");
    },
    fill(words) {
      const write = (buffer: GPUBuffer, part: Uint32Array) =>
        device.queue.writeBuffer(buffer, 0, part as Uint32Array<ArrayBuffer>);
      const writeBoth = (buffers: readonly GPUBuffer[], both: Words | null) => {
        for (const [word, part] of both?.entries() ?? []) write(buffers[word], part);
      };
      writeBoth(perturbed, words.perturbed);
      writeBoth(off, words.off);
      writeBoth(outcomes, words.outcomes);
      for (const [product, pairs] of words.pairs.entries())
        for (const [tile, buffer] of pairLow[product].entries()) {
          const first = rowOf(tile) * sources.length;
          const [low, high] = split(pairs.subarray(first, first + tileRows(tile) * sources.length));
          write(buffer, low);
          if (pairHigh) write(pairHigh[product][tile], high);
        }
    },
    release: () => snapshots.release(),
    async read() {
      const buffers = [...perturbed, ...outcomes, ...off, ...pairLow.flat(), ...(pairHigh?.flat() ?? [])];
      const words = await snapshots.take(buffers);
      return new Map(buffers.map((buffer, index) => [buffer, words[index]]));
    },
    sumsOf(copies, trials, known) {
      const of = (buffer: GPUBuffer) => copies.get(buffer) ?? none;
      const both = ([low, high]: readonly GPUBuffer[]): Words => [of(low), of(high)];
      checkKnown(copies, known);
      const tilesOf = (tiles: readonly GPUBuffer[]) => concatenate(tiles.map(of));
      const sums = sumsFromWords(
        sources,
        {
          perturbed: both(perturbed),
          off: hasArms ? both(off) : null,
          outcomes: both(outcomes),
          pairs: products.map((_, product) => {
            const high = pairHigh?.[product];
            // Second words that were made only later are not in the copy, and were not needed.
            const isCopied = high?.every((buffer) => copies.has(buffer));
            return joinAll([tilesOf(pairLow[product]), high && isCopied ? tilesOf(high) : null]);
          }),
        },
        isPaired,
      );
      if (sums.trials !== trials)
        throw new Error(`the GPU counted ${sums.trials} trials where ${trials} were run`);
      return sums;
    },
  };
}

const none = new Uint32Array(0);
