import { createHash } from "node:crypto";
import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import { normal, sigmoid } from "../../src/model/activate";
import { checkRows, findArrow, networkFrom, weightOf } from "../../src/model/network";
import { type Params, trialGrid, trialMask } from "../../src/model/params";
import { normalTable, sigmoidTable } from "../../src/model/tables";
import { keyFrom, threefry2x32 } from "../../src/model/threefry";
import { randomWiring } from "../../src/model/wiring/chance";

const random = seedrandom("model tests");
const word = () => random.int32();

test("the key is the first two words of the seed's own stream", () => {
  const stream = seedrandom("lecture");
  expect(keyFrom("lecture")).toEqual([stream.int32() >>> 0, stream.int32() >>> 0]);
  expect(keyFrom("lecture")).not.toEqual(keyFrom("Lecture"));
});

test("noise is standard normal: mean, variance, kurtosis, tail", () => {
  const draws = 1_000_000;
  let sum = 0;
  let squares = 0;
  let fourths = 0;
  let beyond = 0;
  for (let draw = 0; draw < draws; draw++) {
    const z = normal(word(), normalTable) / 2 ** 20;
    sum += z;
    squares += z * z;
    fourths += z ** 4;
    if (Math.abs(z) > 3) beyond++;
  }
  const sigma = 1 / Math.sqrt(draws);
  expect(Math.abs(sum / draws)).toBeLessThan(4 * sigma);
  expect(Math.abs(squares / draws - 1)).toBeLessThan(4 * Math.sqrt(2) * sigma);
  expect(Math.abs(fourths / draws - 3)).toBeLessThan(4 * Math.sqrt(96) * sigma);
  const tail = 0.0026997960632601866;
  expect(Math.abs(beyond / draws - tail)).toBeLessThan(4 * Math.sqrt(tail / draws));
});

test("noise at known quantiles, and at both ends", () => {
  // Tail probability u = (m + ½)/2^31 both sides together; quantiles from tables of the normal distribution.
  const at = (u: number) => normal(Math.round(u * 2 ** 31 - 0.5), normalTable) / 2 ** 20;
  expect(at(0.05)).toBeCloseTo(1.959963984540054, 5);
  expect(at(0.3173105078629141)).toBeCloseTo(1, 5);
  expect(at(0.0026997960632601866)).toBeCloseTo(3, 5);
  expect(normal(0x7fffffff, normalTable)).toBe(0);
  expect(normal(0, normalTable) / 2 ** 20).toBeCloseTo(6.338, 3);
  expect(normal(0x80000000 | 0, normalTable)).toBe(-normal(0, normalTable));
});

test("the sigmoid is within 7·10⁻⁷ of the true one, monotonous, and saturates", () => {
  let worst = 0;
  for (let draw = 0; draw < 200_000; draw++) {
    const drive = word() >> 7;
    const value = sigmoid(drive, sigmoidTable) / (255 * 2 ** 16);
    worst = Math.max(worst, Math.abs(value - 1 / (1 + Math.exp(-drive / 2 ** 20))));
  }
  expect(worst).toBeLessThan(8e-7);
  expect(sigmoid(0, sigmoidTable)).toBe(255 * 2 ** 15);
  expect(sigmoid(2 ** 31 - 1, sigmoidTable)).toBe(sigmoid(2 ** 24 - 1, sigmoidTable));
  expect(sigmoid(-(2 ** 31), sigmoidTable)).toBe(sigmoid(-(2 ** 24), sigmoidTable));
});

test("masks keep just the trials of the chunk", () => {
  for (let draw = 0; draw < 300; draw++) {
    const from = Math.floor(random() * 300);
    const to = from + 1 + Math.floor(random() * 200);
    const grid = trialGrid(from, to);
    expect(grid.trialBase % 64).toBe(0);
    const kept: number[] = [];
    for (let at = 0; at < grid.words; at++) {
      const first = grid.trialBase + 32 * at;
      const mask = trialMask(grid as Params, first);
      for (let bit = 0; bit < 32; bit++) if ((mask >>> bit) & 1) kept.push(first + bit);
    }
    expect(kept).toEqual(Array.from({ length: to - from }, (_, trial) => from + trial));
  }
});

test("a random wiring has the density it was asked for, in every row and column", () => {
  const neurons = 1000;
  for (const density of [0.001, 0.1, 0.5, 0.97]) {
    const { source, rowStart } = randomWiring(neurons, density, keyFrom(`density ${density}`));
    const expected = density * neurons ** 2;
    const sigma = Math.sqrt(expected * (1 - density));
    expect(Math.abs(source.length - expected)).toBeLessThan(4 * sigma);
    // Columns: chi-square over the sources, 999 degrees of freedom, within 5 of its standard deviations.
    const inColumn = new Float64Array(neurons);
    for (const from of source) inColumn[from]++;
    const mean = source.length / neurons;
    const chi = inColumn.reduce((sum, n) => sum + (n - mean) ** 2 / (mean * (1 - density)), 0);
    expect(Math.abs(chi - 999)).toBeLessThan(5 * Math.sqrt(2 * 999));
    let unordered = 0;
    for (let row = 0; row < neurons; row++)
      for (let arrow = rowStart[row] + 1; arrow < rowStart[row + 1]; arrow++)
        if (source[arrow] <= source[arrow - 1]) unordered++;
    expect(unordered).toBe(0);
  }
});

test("density 0 has no arrow, density 1 has all", () => {
  expect(randomWiring(7, 0, [1, 2]).source).toHaveLength(0);
  const { source, rowStart } = randomWiring(3, 1, [1, 2]);
  expect([...source]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect([...rowStart]).toEqual([0, 3, 6, 9]);
});

test("the same seed makes the same network everywhere", () => {
  // Frozen after the tests above: density, columns, both ends.
  const { source, rowStart } = randomWiring(100, 0.1, keyFrom("lecture"));
  const digest = createHash("sha256").update(rowStart).update(source).digest("hex");
  expect(digest).toBe("1124878fe1c7ea7916144c29ca166fa416cc4bf6866dc22404ecebe1710e8cb7");
});

test("an arrow 5 → 1 stands in row 1, column 5", () => {
  const wiring = { neurons: 6, rowStart: Uint32Array.of(0, 0, 1, 1, 1, 1, 1), source: Uint32Array.of(5) };
  const network = networkFrom(wiring, 0.7);
  expect(weightOf(network, 1, 5)).toBeCloseTo(0.7, 6);
  expect(weightOf(network, 5, 1)).toBe(0);
  expect(findArrow(network, 1, 5)).toBe(0);
});

test("a row that could overflow is refused with its number", () => {
  const network = {
    neurons: 2,
    rowStart: Uint32Array.of(0, 1, 3),
    source: Uint32Array.of(0, 0, 1),
    weight: Int32Array.of(5, 2 ** 30, 2 ** 30),
  };
  expect(() => checkRows(network)).toThrow(/row 1 .* 2048\.00; allowed: up to ±2039\.03/);
  expect(checkRows({ ...network, weight: Int32Array.of(5, 2 ** 30, -(2 ** 30)) }).neurons).toBe(2);
});

test("Threefry's two words are independent of each other and of the counter's neighbours", () => {
  let agreements = 0;
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const [a, b] = threefry2x32(draw, 0, [7, 8]);
    const [c] = threefry2x32(draw + 1, 0, [7, 8]);
    for (const bits of [a ^ b, a ^ c]) for (let bit = 0; bit < 32; bit++) agreements += (bits >>> bit) & 1;
  }
  const bits = 64 * draws;
  expect(Math.abs(agreements / bits - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / bits));
});
