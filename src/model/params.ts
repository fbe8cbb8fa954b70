/**
 * What every kernel is told about its piece of work: a range of trials × a range of
 * targets. Mirrors `struct Params` in shaders/lib/params.wgsl, name by name.
 *
 * Trials live on a grid of words that starts at trialBase, a multiple of 64, so that
 * a word holds the same trials wherever a chunk begins; trials outside
 * trialFrom…trialTo − 1 are masked to nothing.
 */
export interface Params {
  readonly key0: number;
  readonly key1: number;
  readonly neurons: number;
  readonly sources: number;
  readonly targetFrom: number;
  readonly targets: number;
  /** First target of the tile of pair sums that the kernel is given. */
  readonly tileFrom: number;
  readonly trialBase: number;
  readonly trialFrom: number;
  readonly trialTo: number;
  /** Words of 32 trials from trialBase on; even, since a block of 64 is drawn at once. */
  readonly words: number;
}

/** Where a chunk of trials lies on the grid of words. */
export function trialGrid(
  from: number,
  to: number,
): Pick<Params, "trialBase" | "trialFrom" | "trialTo" | "words"> {
  const trialBase = from - (from % 64);
  return { trialBase, trialFrom: from, trialTo: to, words: 2 * Math.ceil((to - trialBase) / 64) };
}

/** The trials of one word that count: bit t is set if trial `first + t` lies in the chunk. */
export function trialMask(params: Params, first: number): number {
  const from = Math.max(params.trialFrom - first, 0);
  const to = Math.min(params.trialTo - first, 32);
  if (from >= 32 || to <= from) return 0;
  const below = (bits: number) => (bits === 32 ? -1 : (1 << bits) - 1);
  return (below(to) & ~below(from)) >>> 0;
}
