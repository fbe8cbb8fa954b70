import { expect, test } from "vitest";
import { snapshot, upload } from "../../src/engine/gpu/buffers";
import { createGpuEngine, type GpuEngine } from "../../src/engine/gpu/engine";
import { type Appearance, createMatrixLook, type Window } from "../../src/engine/gpu/look";
import { openNodeGpu } from "../../src/engine/gpu/node";
import type { GpuRun } from "../../src/engine/gpu/run";
import { certaintyOf, estimate } from "../../src/model/estimate";
import { networkFrom } from "../../src/model/network";
import { keyFrom } from "../../src/model/threefry";
import { randomWiring } from "../../src/model/wiring/chance";
import { diverging, inks, opacity, type Rgb } from "../../src/view/colours";
import { useGpuEngine } from "../support/gpu";

const gpu = useGpuEngine();

const neurons = 37;
const trials = 700;
const sources = Uint32Array.of(0, 3, 4, 9, 20, 21, 36);
const word = ([red, green, blue]: Rgb) => (red | (green << 8) | (blue << 16) | (255 << 24)) >>> 0;

async function openRun(engine = gpu.engine, count = trials, density = 0.3, seed = "look") {
  const key = keyFrom(seed);
  const network = networkFrom(randomWiring(neurons, density, key), 0.4);
  const run = await engine.open({ network, key, sources, trials });
  await run.advance(0, count);
  return run;
}

const windows: [string, Window, number][] = [
  ["whole, pair by pair", { rowFrom: 0, rows: neurons, columnFrom: 0, columns: 7 }, 64],
  ["whole, in blocks that do not divide it", { rowFrom: 0, rows: neurons, columnFrom: 0, columns: 7 }, 5],
  ["a part", { rowFrom: 8, rows: 11, columnFrom: 2, columns: 4 }, 3],
];

/** Every pixel of a window against a plain double loop over the float64 estimates. */
async function expectPooled(engine: GpuEngine, run: GpuRun, window: Window, most: number) {
  const look = await createMatrixLook(engine.device, "rgba8unorm");
  const texture = engine.device.createTexture({ size: [64, 64], format: "rgba8unorm", usage: 0x10 | 1 });
  const shown = { window, width: most, height: most, pooling: "largest", scale: 0.1 } as const;
  let tiles = 0;
  await run.look(async (sums) => {
    if (sums) await look.draw(sums, shown, () => texture);
    tiles = sums?.tiles.length ?? 0;
  });
  const [words] = await snapshot(engine.device, [look.pixels]);
  const pixels = new Float32Array(words.buffer);

  const { effect, standardError, freedom } = estimate(await run.sums());
  const blockRows = Math.ceil(window.rows / most);
  const blockColumns = Math.ceil(window.columns / most);
  const width = Math.ceil(window.columns / blockColumns);
  const height = Math.ceil(window.rows / blockRows);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let best = -1;
      let sum = 0;
      let squares = 0;
      let count = 0;
      for (let row = y * blockRows; row < Math.min(window.rows, (y + 1) * blockRows); row++)
        for (
          let column = x * blockColumns;
          column < Math.min(window.columns, (x + 1) * blockColumns);
          column++
        ) {
          const pair = (window.rowFrom + row) * sources.length + window.columnFrom + column;
          if (Number.isNaN(effect[pair])) continue;
          count++;
          if (best < 0 || Math.abs(effect[pair]) > Math.abs(effect[best])) best = pair;
          sum += effect[pair];
          squares += standardError[pair] ** 2;
        }
      const at = 5 * (y * width + x);
      const [shownEffect, certainty, total, variance] = pixels.slice(at);
      expect(words[at + 4]).toBe(count);
      if (count === 0) {
        expect(certainty).toBe(-1);
        continue;
      }
      expect(shownEffect).toBeCloseTo(effect[best], 6);
      const ratio = certaintyOf(Math.abs(effect[best]) / standardError[best], freedom[0]);
      expect(Math.abs(certainty / ratio - 1)).toBeLessThan(1e-3);
      expect(total).toBeCloseTo(sum, 5);
      expect(Math.abs(variance / squares - 1)).toBeLessThan(1e-3);
    }
  run.release();
  look.release();
  return tiles;
}

test.each(windows)("pools the sums as float64 does: %s", async (_, window, most) => {
  await expectPooled(gpu.engine, await openRun(), window, most);
});

test("goes on with a block where the sums go on in another buffer", async () => {
  // Seven rows of sums fit a buffer; blocks are of 8 rows, and of 4 from row 3 on.
  const narrow = await createGpuEngine(await openNodeGpu(), { bindingBytes: 200, totalBytes: 2 ** 30 });
  const whole = { rowFrom: 0, rows: neurons, columnFrom: 0, columns: 7 };
  expect(await expectPooled(narrow, await openRun(narrow, 64, 0.03), whole, 5)).toBe(6);
  await expectPooled(narrow, await openRun(narrow, 64, 0.03), { ...whole, rowFrom: 3, rows: 19 }, 5);
  narrow.close();
});

/** What a picture of the sums looks like, bytes of red, green, blue and opacity. */
async function drawn(run: GpuRun, shown: Appearance, side: number): Promise<Uint8Array> {
  const { device } = gpu.engine;
  const look = await createMatrixLook(device, "rgba8unorm");
  const scale = Uint32Array.from({ length: 513 }, (_, step) => word(diverging("projector", step / 256 - 1)));
  look.setRamp({ scale, missing: word(inks.projector.missing) });
  const texture = device.createTexture({ size: [side, side], format: "rgba8unorm", usage: 0x10 | 1 });
  await run.look(async (sums) => {
    if (sums) await look.draw(sums, shown, () => texture);
  });
  const copy = device.createBuffer({ size: 4 * side * side, usage: 8 | 1 });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: copy, bytesPerRow: 4 * side }, [side, side]);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(1);
  look.release();
  return new Uint8Array(copy.getMappedRange().slice(0));
}

test("a source with an empty arm is left out of its blocks, and of their means", async () => {
  // Of four tosses of a coin all are the same once in 8: of one of these seven sources.
  const open = () => openRun(gpu.engine, 4, 0.3, "c");
  const run = await open();
  const estimates = estimate(await run.sums());
  const { effect, standardError, freedom } = estimates;
  const missing = Array.from(sources).filter((_, column) => Number.isNaN(effect[column]));
  expect(missing).toEqual([4]);
  const window = { rowFrom: 0, rows: neurons, columnFrom: 0, columns: sources.length };
  await expectPooled(gpu.engine, await open(), window, 4);

  // Two columns to a pixel and three rows, the last of both cut off.
  const most = 16;
  const shown = { window, width: 4, height: most, pooling: "mean", scale: 0.3 } as const;
  const bytes = await drawn(run, shown, 64);
  for (let row = 0; row < 13; row++)
    for (let column = 0; column < 4; column++) {
      const block = Array.from({ length: 6 }, (_, at) => [3 * row + (at >> 1), 2 * column + (at & 1)])
        .filter(([target, one]) => target < neurons && one < sources.length)
        .map(([target, one]) => target * sources.length + one)
        .filter((pair) => !Number.isNaN(effect[pair]));
      const total = (of: (pair: number) => number) => block.reduce((sum, pair) => sum + of(pair), 0);
      const mean = total((pair) => effect[pair]) / block.length;
      const error = Math.sqrt(total((pair) => standardError[pair] ** 2)) / block.length;
      const alpha = opacity(certaintyOf(Math.abs(mean) / error, freedom[0]));
      const at = 4 * (64 * Math.floor((64 * (row + 0.5)) / 13) + 16 * column + 8);
      for (const [channel, value] of diverging("projector", mean / 0.3).entries())
        expect(Math.abs(bytes[at + channel] - value * alpha)).toBeLessThan(4);
      expect(Math.abs(bytes[at + 3] - 255 * alpha)).toBeLessThan(2);
    }
  run.release();
});

test("reads sums of two words", async () => {
  const { device } = gpu.engine;
  const look = await createMatrixLook(device, "rgba8unorm");
  const count = 60_000_000;
  const sums = {
    trials: count,
    targets: 1,
    sources: Uint32Array.of(0),
    perturbed: Float64Array.of(30_001_000),
    outcome: Float64Array.of(7_900_000_000),
    outcomeSquared: Float64Array.of(1_200_000_000_000),
    pair: Float64Array.of(4_310_000_000),
    arms: null,
  };
  const half = (values: ArrayLike<number>, of: (value: number) => number) =>
    upload(device, "words", Uint32Array.from(values, of));
  const low = (...values: number[]) => half(values, (value) => value % 2 ** 32);
  const high = (...values: number[]) => half(values, (value) => Math.floor(value / 2 ** 32));
  const outcomes = [sums.outcome[0], sums.outcomeSquared[0]];
  const buffers = {
    ...{ trials: count, targets: 1, sources: 1 },
    perturbed: low(...sums.perturbed),
    outcomes: [low(...outcomes), high(...outcomes)] as const,
    last: { perturbation: low(0), words: 1, trial: -1 },
    tiles: [{ from: 0, rows: 1, low: low(...sums.pair), high: high(...sums.pair) }],
  };
  const texture = device.createTexture({ size: [1, 1], format: "rgba8unorm", usage: 0x10 });
  const window = { rowFrom: 0, rows: 1, columnFrom: 0, columns: 1 };
  await look.draw(buffers, { window, width: 1, height: 1, pooling: "mean", scale: 1 }, () => texture);
  const [effect, , total, variance] = new Float32Array((await snapshot(device, [look.pixels]))[0].buffer);
  const exact = estimate(sums);
  expect(effect).toBeCloseTo(exact.effect[0], 6);
  expect(total).toBe(effect);
  expect(Math.abs(Math.sqrt(variance) / exact.standardError[0] - 1)).toBeLessThan(1e-4);
});

test("colours the pooled pixels as the page does, missing ones apart", async () => {
  const { device } = gpu.engine;
  const run = await openRun();
  const look = await createMatrixLook(device, "rgba8unorm");
  const scale = Uint32Array.from({ length: 513 }, (_, step) => word(diverging("projector", step / 256 - 1)));
  look.setRamp({ scale, missing: word(inks.projector.missing) });
  const side = 64;
  const texture = device.createTexture({ size: [side, side], format: "rgba8unorm", usage: 0x10 | 1 });
  const window = { rowFrom: 0, rows: neurons, columnFrom: 0, columns: sources.length };
  const shown = { window, width: side, height: side, pooling: "largest", scale: 0.1 } as const;
  await run.look(async (sums) => {
    if (sums) await look.draw(sums, shown, () => texture);
  });
  const read = async () => {
    const copy = device.createBuffer({ size: 4 * side * side, usage: 8 | 1 });
    const encoder = device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture }, { buffer: copy, bytesPerRow: 4 * side }, [side, side]);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(1);
    return new Uint8Array(copy.getMappedRange().slice(0));
  };
  const bytes = await read();
  const { effect, standardError, freedom } = estimate(await run.sums());
  for (let y = 0; y < side; y += 3)
    for (let x = 0; x < side; x += 3) {
      const target = Math.floor(((y + 0.5) / side) * neurons);
      const pair = target * sources.length + Math.floor(((x + 0.5) / side) * sources.length);
      const alpha = opacity(certaintyOf(Math.abs(effect[pair]) / standardError[pair], freedom[0]));
      const colour = diverging("projector", effect[pair] / 0.1);
      const at = 4 * (y * side + x);
      // A step of the ramp is less than 2, rounding less than 1.
      for (const [channel, value] of colour.entries())
        expect(Math.abs(bytes[at + channel] - value * alpha)).toBeLessThan(4);
      expect(Math.abs(bytes[at + 3] - 255 * alpha)).toBeLessThan(2);
    }

  // One trial: every source has an empty arm.
  const single = await openRun(gpu.engine, 1);
  await single.look(async (sums) => {
    if (sums) await look.draw(sums, shown, () => texture);
  });
  const missing = await read();
  expect([...missing.slice(0, 4)]).toEqual([...inks.projector.missing, 255]);
});
