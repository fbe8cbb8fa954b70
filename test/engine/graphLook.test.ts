import { expect, test } from "vitest";
import { snapshot, upload } from "../../src/engine/gpu/buffers";
import { createGraphLook, type GraphAppearance, none } from "../../src/engine/gpu/graphLook";
import type { GpuRun } from "../../src/engine/gpu/run";
import { certaintyOf, estimate } from "../../src/model/estimate";
import { networkFrom } from "../../src/model/network";
import { everyNeuronSet, trialGrid } from "../../src/model/params";
import { perturb } from "../../src/model/perturb";
import { keyFrom } from "../../src/model/threefry";
import { randomWiring } from "../../src/model/wiring/chance";
import { diverging, inks, opacity, type Rgb } from "../../src/view/colours";
import { useGpuEngine } from "../support/gpu";

// Room for 25 rows of sums in a buffer, so that there are two of them.
const gpu = useGpuEngine({ bindingBytes: 400, totalBytes: 2 ** 30 });

const neurons = 41;
const trials = 500;
const sources = Uint32Array.of(2, 3, 17, 40);
const key = keyFrom("graph look");
const word = ([red, green, blue]: Rgb) => (red | (green << 8) | (blue << 16) | (255 << 24)) >>> 0;
const theme = "desk";
const ramp = {
  scale: Uint32Array.from({ length: 513 }, (_, step) => word(diverging(theme, step / 256 - 1))),
  missing: word(inks[theme].missing),
};

const appearance: GraphAppearance = {
  ...{ scale: 0.1, thinnest: 0.8, widest: 6, disc: 7, veil: 0.9 },
  neuronColour: word(inks[theme].neuron),
  pokedColour: word(inks[theme].poked),
  looked: { kind: "nothing", source: 0, target: 0 },
};

async function openRun(): Promise<GpuRun> {
  const network = networkFrom(randomWiring(neurons, 0.05, key), 0.4);
  const run = await gpu.engine.open({ network, key, sources, trials });
  await run.advance(0, trials);
  return run;
}

/** Arrows drawn: source, target, column or none. */
const drawn = [
  [2, 5, 0],
  [3, 40, 1],
  [40, 40, 3],
  [17, 0, 2],
  [9, 2, none],
];

const looks: GraphAppearance["looked"][] = [
  { kind: "nothing", source: 0, target: 0 },
  { kind: "neuron", source: 40, target: 40 },
  { kind: "pair", source: 3, target: 40 },
];

test.each(looks)("arrows are as wide, coloured and certain as the page has them: %o", async (looked) => {
  const { device } = gpu.engine;
  const run = await openRun();
  const look = await createGraphLook(device);
  look.setRamp(ramp);
  look.setDrawn(Uint32Array.from(drawn.flatMap((arrow) => [...arrow, 0])));
  const poison = new Uint32Array(16 * 7).fill(0x7f123456);
  const arrows = upload(device, "arrows", poison);
  await run.look(async (sums) => {
    if (sums) look.tint(sums, { ...appearance, looked }, arrows, 1);
  });
  const [words] = await snapshot(device, [arrows]);
  const numbers = new Float32Array(words.buffer);
  const { effect, standardError, freedom } = estimate(await run.sums());
  for (const [at, [source, target, column]] of drawn.entries()) {
    const arrow = numbers.subarray(16 * (at + 1), 16 * (at + 2));
    // The curve is not ours, nor is an arrow whose source is not perturbed.
    expect([...words.slice(16 * (at + 1), 16 * (at + 1) + 8)]).toEqual(Array(8).fill(0x7f123456));
    if (column === none) {
      expect(words[16 * (at + 1) + 15]).toBe(0x7f123456);
      continue;
    }
    const pair = target * sources.length + column;
    const width = 0.8 + 5.2 * Math.min(1.8, Math.abs(effect[pair]) / 0.1);
    expect(arrow[8]).toBeCloseTo(width, 4);
    expect(arrow[9]).toBeCloseTo(((7 + 1.3 * width) * 7) / 9, 4);
    expect(arrow[10]).toBeCloseTo(((6 + 1.7 * width) * 7) / 9, 4);
    for (const [channel, value] of diverging(theme, effect[pair] / 0.1).entries())
      expect(Math.abs(255 * arrow[12 + channel] - value)).toBeLessThan(2);
    const seen = 0.9 * opacity(certaintyOf(Math.abs(effect[pair]) / standardError[pair], freedom[column]));
    const isLit = {
      nothing: true,
      neuron: source === 40 || target === 40,
      pair: source === 3 && target === 40,
    };
    const lit = isLit[looked.kind];
    const alpha = !lit ? 0.12 * seen : looked.kind === "nothing" ? seen : Math.max(seen, 0.3);
    expect(arrow[15]).toBeCloseTo(alpha, 4);
  }
  // Before and behind there are arrows of others.
  expect([...words.slice(0, 16), ...words.slice(96)]).toEqual(Array(32).fill(0x7f123456));
  run.release();
  look.release();
});

async function lit(column: number): Promise<{ run: GpuRun; fills: Uint32Array }> {
  const { device } = gpu.engine;
  const run = await openRun();
  const look = await createGraphLook(device);
  look.setRamp(ramp);
  const discs = upload(device, "discs", new Uint32Array(4 * neurons).fill(0x55aabbcc));
  await run.look(async (sums) => {
    if (sums) look.light(sums, appearance, discs, column);
  });
  const [words] = await snapshot(device, [discs]);
  look.release();
  for (let word = 0; word < words.length; word++)
    if (word % 4 !== 2) expect(words[word]).toBe(0x55aabbcc);
    else expect(words[word] >>> 24).toBe(0x55);
  return { run, fills: words.filter((_, at) => at % 4 === 2).map((fill) => fill & 0xffffff) };
}

test("neurons that the last trial set to 1 are lit, and no others", async () => {
  const { fills } = await lit(none);
  const last = trials - 1;
  const bits = new Uint32Array(neurons * trialGrid(last, trials).words);
  const params = {
    ...{ key0: key[0], key1: key[1], neurons, sources: 4, targets: neurons, targetFrom: 0, tileFrom: 0 },
    ...{ noiseUse: 0, fromRest: 0, pairs: 0, privatePart: 65_536, commonPart: 0 },
    ...everyNeuronSet,
    ...trialGrid(last, trials),
  };
  perturb(params, bits);
  const place = last - params.trialBase;
  const poked = Array.from(
    fills,
    (_, neuron) => (bits[neuron * params.words + (place >> 5)] >>> (place & 31)) & 1,
  );
  const expected = poked.map((on) => word(inks[theme][on ? "poked" : "neuron"]) & 0xffffff);
  expect([...fills]).toEqual(expected);
  expect(new Set(expected).size).toBe(2);
});

test("with a source selected, its effect on each neuron is the neuron's colour", async () => {
  const { run, fills } = await lit(1);
  const { effect, standardError, freedom } = estimate(await run.sums());
  for (let neuron = 0; neuron < neurons; neuron++) {
    const pair = neuron * sources.length + 1;
    const seen = opacity(certaintyOf(Math.abs(effect[pair]) / standardError[pair], freedom[1]));
    const shown = diverging(theme, effect[pair] / 0.1);
    for (const [channel, base] of inks[theme].neuron.entries()) {
      const expected = base + seen * (shown[channel] - base);
      expect(Math.abs(((fills[neuron] >> (8 * channel)) & 255) - expected)).toBeLessThan(3);
    }
  }
});
