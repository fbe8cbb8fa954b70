import { expect, test } from "vitest";
import { InputError } from "../../src/model/inputError";
import { forecast, mostChunkTrials, plan, type Size, tileOf, wordTrials } from "../../src/model/plan";

const gibi = 2 ** 30;
const limits = { bindingBytes: gibi, totalBytes: 4 * gibi };
const size = (neurons: number, sources: number, arrows: number, trials: number): Size => ({
  ...{ neurons, sources, arrows, trials },
});

test("the notebook's network is one tile, one slice, and chunks as long as Σo² allows", () => {
  expect(plan(size(6, 6, 4, 25_000), limits)).toMatchObject({
    chunkTrials: mostChunkTrials,
    sliceTargets: 6,
    tileTargets: 6,
    tiles: 1,
  });
  expect(255 ** 2 * mostChunkTrials).toBeLessThan(2 ** 32);
});

test("no buffer exceeds the binding limit", () => {
  for (const neurons of [1, 7, 100, 4096, 20_000])
    for (const bindingBytes of [2 ** 17, 2 ** 24, 2 ** 27]) {
      const cut = plan(size(neurons, Math.min(neurons, 1000), neurons, 1000), {
        bindingBytes,
        totalBytes: 64 * gibi,
      });
      expect(4 * Math.min(neurons, 1000) * cut.tileTargets).toBeLessThanOrEqual(bindingBytes);
      expect(cut.tiles * cut.tileTargets).toBeGreaterThanOrEqual(neurons);
      // A chunk may begin anywhere in a block of 64 trials: then it touches one block more.
      expect(((cut.chunkTrials + 64) / 8) * neurons).toBeLessThanOrEqual(
        Math.max(bindingBytes, 16 * neurons),
      );
      expect(cut.chunkTrials * cut.sliceTargets).toBeLessThanOrEqual(bindingBytes);
      expect(cut.chunkTrials % 64).toBe(0);
    }
});

test("4,096 all × all takes 64 MiB of sums, and twice that past 16.8 million trials", () => {
  const short = plan(size(4096, 4096, 0, wordTrials), limits).bytes;
  const long = plan(size(4096, 4096, 0, wordTrials + 1), limits).bytes;
  expect(long - short).toBe(64 * 2 ** 20);
  expect(wordTrials).toBe(16_843_009);
});

test("what does not fit is refused, with what would", () => {
  expect(() => plan(size(50_000, 50_000, 0, 1), limits)).toThrow(InputError);
  expect(() => plan(size(50_000, 50_000, 0, 1), limits)).toThrow(
    /50,000 targets × 50,000 sources need 9\d{3} MiB for the sums and 104904 MiB .* fits (\d,\d+) sources/,
  );
  const fits = Number(
    /fits ([\d,]+)/
      .exec(String(catching(() => plan(size(50_000, 50_000, 0, 1), limits))))?.[1]
      .replaceAll(",", ""),
  );
  expect(plan(size(50_000, fits, 0, 1), limits).bytes).toBeLessThanOrEqual(limits.totalBytes);
  expect(() => plan(size(50_000, fits + 1, 0, 1), limits)).toThrow(InputError);
  expect(() => plan(size(10, 10, 2 ** 29, 1), limits)).toThrow(
    /536,870,912 arrows need a buffer of 2048 MiB/,
  );
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test("tiles are as large as the limits allow and bring something, and nearly of one size", () => {
  expect(tileOf(size(3000, 3000, 9000, 256), limits)).toBe(3000);
  // Two GiB or so, whatever the limits allow beyond that.
  const large = tileOf(size(139_000, 139_000, 2_700_000, 10_000), limits);
  const taken = forecast(size(139_000, large, 2_700_000, 10_000), limits);
  expect(taken.results + taken.engine).toBeGreaterThan(1.5 * gibi);
  expect(taken.results + taken.engine).toBeLessThan(2.5 * gibi);
  const tiles = Math.ceil(139_000 / large);
  expect(large * tiles - 139_000).toBeLessThan(tiles);
  // Narrow limits: the most that is not refused.
  const narrow = { bindingBytes: 2 ** 24, totalBytes: 2 ** 26 };
  const small = tileOf(size(20_000, 20_000, 200_000, 10_000), narrow);
  const isRefused = (sources: number) =>
    catching(() => plan(size(20_000, sources, 200_000, 10_000), narrow)) instanceof InputError;
  expect(isRefused(small)).toBe(false);
  expect(isRefused(small + Math.ceil(small / 20))).toBe(true);
  expect(() => tileOf(size(20_000, 20_000, 2 ** 23, 1), narrow)).toThrow(/arrows need a buffer/);
});

test("a forecast counts the network, what the engine holds, and the results", () => {
  const { network, engine, results } = forecast(size(100_000, 64, 2_000_000, 256), limits);
  // Rows, sources, weights and effects; pair words and the network once more; sums, the same twice to go on from,
  // effects, errors and ranks.
  expect(network).toBeGreaterThan(16 * 2_000_000);
  expect(engine).toBeGreaterThan(4 * 64 * 100_000 + 8 * 2_000_000);
  expect(results / (64 * 100_000)).toBeGreaterThan(8 + 16 + 16);
  expect(results / (64 * 100_000)).toBeLessThan(60 + 16);
  // Sums above 256 MiB are not held twice.
  const many = forecast(size(100_000, 400, 2_000_000, 256), limits);
  expect(results / (64 * 100_000) - many.results / (400 * 100_000)).toBe(16);
  const arms = (variances: number) =>
    forecast({ ...size(100_000, 64, 2_000_000, 256), products: 6, variances }, limits);
  expect(arms(2).engine).toBeGreaterThan(6 * 4 * 64 * 100_000);
  // Off and on, in float64; where the arms share their noise, their difference too.
  expect(arms(2).network - network).toBe(16 * 2_000_000);
  expect(arms(3).network - network).toBe(24 * 2_000_000);
  // Second words are read back too.
  const long = forecast(size(100_000, 64, 2_000_000, wordTrials + 1), limits);
  expect(long.results - results).toBe(4 * 64 * 100_000);
});
