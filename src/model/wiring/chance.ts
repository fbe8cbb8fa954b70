import { InputError } from "../inputError";
import type { Wiring } from "../network";
import { logTable } from "../tables";
import { type Key, lane, networkUse, stream } from "../threefry";
import { mostArrows, type Tell, tellEvery } from "./room";
import { Words } from "./words";

const ln2 = Math.round(Math.LN2 * 2 ** 24);

/**
 * −ln of a uniform number from 32 random bits, linear between the knots of the table.
 *
 * Units    24 fraction bits
 */
function exponential(word: number): number {
  const zeros = Math.clz32(word);
  if (zeros === 32) return 33 * ln2;
  const digits = word << zeros;
  const knot = (digits >>> 19) & 4095;
  const low = logTable[knot];
  const log = low + Math.round(((logTable[knot + 1] - low) * (digits & 0x7ffff)) / 2 ** 19);
  return (zeros + 1) * ln2 - log;
}

/** Rate of the gaps' exponential. Rounded, so that the last bit of a library's logarithm cannot reach the network. */
const rateOf = (density: number): number =>
  density < 1 ? Math.round(-Math.log1p(-density) * 2 ** 40) / 2 ** 16 : Number.POSITIVE_INFINITY;

/**
 * The lab's own random wiring: each of the neurons² arrows, self-connections included,
 * is there with probability `density`, independently.
 *
 * Errors   see blockWiring.
 */
export const randomWiring = (neurons: number, density: number, key: Key, tell?: Tell): Wiring =>
  blockWiring(neurons, 1, density, 0, key, tell);

/**
 * Each arrow is there independently, with probability `density` within a block and `between` from one to another,
 * self-connections included.
 *
 * It walks along each row from arrow to arrow, stretch by stretch: the gap to the next one is geometric,
 * drawn by inverse CDF from the row's own stream of integers. So the cost is that of
 * the arrows, not of the pairs, and every machine makes the same network.
 *
 * Errors   at most 10⁻⁷ in the probability of an arrow, from the table of logarithms; see chanceArrows.
 * Source   Holland, Laskey & Leinhardt (1983), Stochastic blockmodels.
 */
export function blockWiring(
  neurons: number,
  blocks: number,
  density: number,
  between: number,
  key: Key,
  tell?: Tell,
): Wiring {
  const starts = blockStarts(neurons, blocks);
  const expected = chanceArrows(neurons, blocks, density, between);
  const rowStart = new Uint32Array(neurons + 1);
  // Room for ten standard deviations above the mean: more do not come.
  const source = new Uint32Array(Math.min(neurons ** 2, Math.ceil(expected + 10 * Math.sqrt(expected) + 64)));
  const words = new Words(key);
  const tellRow = tellEvery(neurons, tell);
  const within = rateOf(density);
  const across = rateOf(between);
  let arrows = 0;
  const walk = (from: number, to: number, rate: number) => {
    if (!(rate > 0) || from >= to) return;
    let at = from - 1;
    for (;;) {
      at += 1 + Math.floor(exponential(words.next()) / rate);
      if (at >= to) return;
      source[arrows++] = at;
    }
  };
  for (let target = 0, block = 0; target < neurons; target++) {
    tellRow(target);
    if (target === starts[block + 1]) block++;
    words.start(lane(stream.network, target, networkUse.wiring));
    walk(0, starts[block], across);
    walk(starts[block], starts[block + 1], within);
    walk(starts[block + 1], neurons, across);
    rowStart[target + 1] = arrows;
  }
  return { neurons, rowStart, source: source.slice(0, arrows) };
}

/**
 * How many arrows such a wiring is expected to have.
 *
 * Errors   InputError if these are more than fit, with the density that does, or if there are more blocks than neurons.
 */
export function chanceArrows(neurons: number, blocks: number, density: number, between: number): number {
  checkBlocks(neurons, blocks);
  const expected = expectedArrows(neurons, blocks, density, between);
  if (expected > mostArrows)
    throw new InputError(
      `density is ${density}, about ${Math.round(expected).toLocaleString("en")} arrows between ` +
        `${neurons.toLocaleString("en")} neurons; allowed: ` +
        (blocks > 1
          ? `fewer than ${mostArrows.toLocaleString("en")} arrows`
          : `up to ${(mostArrows / neurons ** 2).toPrecision(2)}`),
    );
  return expected;
}

function expectedArrows(neurons: number, blocks: number, density: number, between: number): number {
  // Blocks of two sizes, as in blockStarts; one by one, a million of them would hold the page up.
  const size = Math.floor(neurons / blocks);
  const larger = neurons % blocks;
  const inside = larger * (size + 1) ** 2 + (blocks - larger) * size ** 2;
  return inside * density + (neurons ** 2 - inside) * between;
}

/**
 * First neuron of each block, and the number of neurons behind the last: sizes differ by one at most.
 *
 * Errors   InputError if there are more blocks than neurons.
 */
export function blockStarts(neurons: number, blocks: number): Uint32Array {
  checkBlocks(neurons, blocks);
  return Uint32Array.from({ length: blocks + 1 }, (_, block) => Math.floor((block * neurons) / blocks));
}

function checkBlocks(neurons: number, blocks: number): void {
  if (blocks > neurons)
    throw new InputError(
      `blocks is ${blocks.toLocaleString("en")}; allowed for ${neurons.toLocaleString("en")} neurons: up to ${neurons.toLocaleString("en")}`,
    );
}
