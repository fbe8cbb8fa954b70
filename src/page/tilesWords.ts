import type { JudgedDiscoveries } from "../model/recovery";
import { mostRankedPairs } from "../tiles";
import { count, duration, fixed, memory } from "../ui/words";
import type { TilesDone } from "./tileRun";
import type { TilesAhead } from "./tilesAhead";

/** A line of a list: what, how much, and in full where that is not plain. */
export type Fact = readonly [name: string, value: string, title?: string];

const tilesText = (tiles: number, sources: number) =>
  tiles === 1 ? "1, of all sources" : `${count(tiles)}, of ${count(sources)} sources each`;

/** "All 100,000 × 100,000 pairs: …" */
export const tilesLead = ({ neurons, trials }: Pick<TilesAhead, "neurons" | "trials">): string =>
  `The effects of all ${count(neurons)} neurons on all ${count(neurons)}, a tile of sources after the other, each with ` +
  `the same ${count(trials)} ${trials === 1 ? "trial" : "trials"}. Sums and discoveries are ` +
  "those of all sources at once; of the pairs, only the discoveries are kept.";

/** What is known before it starts. seconds: NaN where no run has told how fast this machine is. */
export function aheadFacts(ahead: TilesAhead, seconds: number): Fact[] {
  const { tiles, tileSources, bytes, diskBytes } = ahead;
  const time = Number.isFinite(seconds)
    ? `at most about ${duration(seconds)}`
    : "known once some trials have run";
  return [
    ["tiles", tilesText(tiles, tileSources)],
    ["memory", `up to ${memory(bytes)}`],
    ...(diskBytes > 0
      ? [
          [
            "disk",
            `up to ${memory(diskBytes)}`,
            "what could still become a discovery waits there until the end",
          ] as const,
        ]
      : []),
    ["time", time],
  ];
}

/** "0–4,095 of 100,000" */
const rangeText = (from: number, to: number, of: number) => `${count(from)}–${count(to - 1)} of ${count(of)}`;

/** "tile 2 of 25 · sources 4,096–8,191 of 100,000 · 3 min left"; elapsed in seconds. */
export function goingText(
  { neurons, tileSources, tiles }: TilesAhead,
  done: number,
  total: number,
  elapsed: number,
): string {
  if (done >= total) return "all trials are done · looking for the discoveries …";
  const tile = Math.min(tiles - 1, Math.floor((done * tiles) / total));
  const from = tile * tileSources;
  const left = done > 0 ? (elapsed * (total - done)) / done : Number.NaN;
  return [
    `tile ${count(tile + 1)} of ${count(tiles)}`,
    `sources ${rangeText(from, Math.min(neurons, from + tileSources), neurons)}`,
    left > 2 ? `${duration(left)} left` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** "sources 0–4,095 of 100,000 done", or that all are. */
export function doneText({ sources, of, tiles, trials }: TilesDone): string {
  if (sources === 0) return "Cancelled before the first tile was done: nothing is kept.";
  if (sources < of) return `Cancelled: sources ${rangeText(0, sources, of)} done and kept.`;
  return `All ${count(of)} sources done, in ${count(tiles)} ${tiles === 1 ? "tile" : "tiles"} of ${count(trials)} trials.`;
}

const known = (value: number | null, decimals: number, reason: string) =>
  value === null ? `– (${reason})` : fixed(value, decimals);

const noArrows = "no arrows to compare with";

/** What came of it. */
export function resultFacts({ summary, discoveries, sumsHash, of }: TilesDone): Fact[] {
  const { agreement, rmsError, auroc } = summary;
  const { claimed, tested, missed } = discoveries;
  return [
    ["agreement", known(agreement, 4, noArrows)],
    ["RMS error", known(rmsError, 5, "no effect is known"), "effect − exact effect, in outcome"],
    [
      "ROC area",
      known(
        auroc,
        4,
        of ** 2 > mostRankedPairs ? `takes a sort; up to ${count(mostRankedPairs)} pairs` : noArrows,
      ),
    ],
    [
      "discoveries",
      `${count(claimed)} of ${count(tested)} pairs at rate ${discoveries.rate}`,
      "Benjamini & Hochberg's, over all pairs of all tiles",
    ],
    ...(claimed > 0 ? [["of these", ofThese(discoveries)] as const] : []),
    ["missed", `${count(missed)} arrows`],
    ["sums", `SHA-256 ${sumsHash.slice(0, 8)}…${sumsHash.slice(-8)}`, sumsHash],
  ];
}

const ofThese = ({ true: arrows, false: others, falseShare }: JudgedDiscoveries) =>
  `${count(arrows)} arrows, ${count(others)} others${shareText(falseShare)}`;

const shareText = (share: number | null) =>
  share === null || share === 0 ? "" : ` (${Number((100 * share).toPrecision(2))} %)`;
