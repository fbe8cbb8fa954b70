import { expect, test } from "vitest";
import { InputError } from "../../src/model/inputError";
import { mostChunkTrials, plan, wordTrials } from "../../src/model/plan";

const gibi = 2 ** 30;
const limits = { bindingBytes: gibi, totalBytes: 4 * gibi };

test("the notebook's network is one tile, one slice, and chunks as long as Σo² allows", () => {
  expect(plan(6, 6, 4, 25_000, limits)).toMatchObject({
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
      const cut = plan(neurons, Math.min(neurons, 1000), neurons, 1000, {
        bindingBytes,
        totalBytes: 64 * gibi,
      });
      expect(4 * Math.min(neurons, 1000) * cut.tileTargets).toBeLessThanOrEqual(bindingBytes);
      expect(cut.tiles * cut.tileTargets).toBeGreaterThanOrEqual(neurons);
      expect((cut.chunkTrials / 8) * neurons).toBeLessThanOrEqual(Math.max(bindingBytes, 8 * neurons));
      expect(cut.chunkTrials * cut.sliceTargets).toBeLessThanOrEqual(bindingBytes);
      expect(cut.chunkTrials % 64).toBe(0);
    }
});

test("4,096 all × all takes 64 MiB of sums, and twice that past 16.8 million trials", () => {
  const short = plan(4096, 4096, 0, wordTrials, limits).bytes;
  const long = plan(4096, 4096, 0, wordTrials + 1, limits).bytes;
  expect(long - short).toBe(64 * 2 ** 20);
  expect(wordTrials).toBe(16_843_009);
});

test("what does not fit is refused, with what would", () => {
  expect(() => plan(50_000, 50_000, 0, 1, limits)).toThrow(InputError);
  expect(() => plan(50_000, 50_000, 0, 1, limits)).toThrow(
    /50,000 targets × 50,000 sources need 9\d{3} MiB for the sums and 104904 MiB .* fits (\d,\d+) sources/,
  );
  const fits = Number(
    /fits ([\d,]+)/.exec(String(catching(() => plan(50_000, 50_000, 0, 1, limits))))?.[1].replaceAll(",", ""),
  );
  expect(plan(50_000, fits, 0, 1, limits).bytes).toBeLessThanOrEqual(limits.totalBytes);
  expect(() => plan(50_000, fits + 1, 0, 1, limits)).toThrow(InputError);
  expect(() => plan(10, 10, 2 ** 29, 1, limits)).toThrow(/536,870,912 arrows need a buffer of 2048 MiB/);
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
