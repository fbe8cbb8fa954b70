import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import { Candidates, memorySpill, type Spill } from "../../src/model/candidates";
import type { Estimates } from "../../src/model/estimate";
import { discover, inferrer, isDiscovery } from "../../src/model/inference";
import { gauss } from "../support/trials";

const targets = 60;
const columns = 50;

/** Effects of which some are there: by chance, a heap of large ones, and a few that are missing. */
function estimatesOf(seed: number, share: number): Estimates {
  const random = seedrandom(`candidates ${seed}`);
  const effect = Float64Array.from({ length: targets * columns }, (_, pair) =>
    pair % 97 === 13 ? Number.NaN : 0.01 * gauss(random) + (random() < share ? 0.05 : 0),
  );
  return {
    trials: 100,
    targets,
    sources: Uint32Array.from({ length: columns }, (_, column) => 2 * column),
    effect,
    standardError: new Float64Array(effect.length).fill(0.01),
    freedom: Float64Array.from({ length: columns }, (_, column) => 40 + (column % 3)),
  };
}

/** The columns from…to − 1. */
function cut(whole: Estimates, from: number, to: number): Estimates {
  const keep = (values: Float64Array) =>
    values.filter((_, index) => index % columns >= from && index % columns < to);
  return {
    ...whole,
    sources: whole.sources.slice(from, to),
    effect: keep(whole.effect),
    standardError: keep(whole.standardError),
    freedom: whole.freedom.slice(from, to),
  };
}

function inTiles(whole: Estimates, rate: number, tile: number, until = columns, mostSorted?: number) {
  const spills: (Spill & { written: number })[] = [];
  const spill = () => {
    const inner = memorySpill();
    const counting = {
      ...inner,
      written: 0,
      write(piece: Uint8Array) {
        counting.written += piece.length;
        inner.write(piece);
      },
    };
    spills.push(counting);
    return counting;
  };
  const candidates = new Candidates(rate, targets * columns, { spill }, mostSorted);
  for (let from = 0; from < until; from += tile)
    candidates.add(cut(whole, from, Math.min(until, from + tile)));
  const written = spills[0].written;
  const discoveries = candidates.discover();
  return { discoveries, claimed: [...candidates.claimed(discoveries)], written };
}

test.each([
  [0, 0.05],
  [0.1, 0.05],
  [0.1, 0.5],
  [0.6, 0.1],
  [0.02, 1e-6],
])("with a share of %d real ones, at a rate of %d: those of all pairs at once", (share, rate) => {
  const whole = estimatesOf(1 + 100 * share, share);
  const expected = discover(whole, rate);
  const infer = inferrer(whole, 0.95);
  const pairs = [...whole.effect.keys()].filter((pair) => isDiscovery(expected, infer(pair).pValue));
  const named = pairs
    .map((pair) => [whole.sources[pair % columns], Math.floor(pair / columns)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (share === 0.1) expect(named.length).toBeGreaterThan(100);
  for (const tile of [1, 7, 49, 50, 51]) {
    const { discoveries, claimed } = inTiles(whole, rate, tile);
    expect(discoveries).toEqual(expected);
    // As if there were too many to be sorted: thinned on the spill first.
    expect(inTiles(whole, rate, tile, columns, 10)).toMatchObject({ discoveries, claimed });
    expect(claimed.map(({ source, target }) => [source, target])).toEqual(named);
    for (const { source, target, effect, pValue } of claimed) {
      const pair = target * columns + source / 2;
      expect(effect).toBe(whole.effect[pair]);
      expect(pValue).toBe(infer(pair).pValue);
    }
  }
});

test("of sources that never came nothing is tested", () => {
  const whole = estimatesOf(5, 0.1);
  const some = cut(whole, 0, 14);
  expect(inTiles(whole, 0.05, 7, 14).discoveries).toEqual(discover(some, 0.05));
  expect(inTiles(whole, 0.05, 7, 0).discoveries).toEqual({
    rate: 0.05,
    tested: 0,
    claimed: 0,
    largestP: null,
  });
});

test("what can no longer be a discovery is not kept", () => {
  const chance = estimatesOf(9, 0);
  const all = [...chance.effect.keys()].filter((pair) => inferrer(chance, 0.95)(pair).pValue <= 0.5).length;
  const { written } = inTiles(chance, 0.5, 1);
  expect(written / 32).toBeLessThan(0.8 * all);
});
