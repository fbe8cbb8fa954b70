import { InputError } from "./inputError";
import type { Wiring } from "./network";
import { logTable } from "./tables";
import { type Key, lane, stream, threefry2x32 } from "./threefry";

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

/** An arrow takes 8 bytes as source and weight; more of them than this would fill 2 GiB. */
export const mostArrows = 2 ** 28;

/**
 * The lab's own random wiring: each of the neurons² arrows, self-connections included,
 * is there with probability `density`, independently.
 *
 * It walks along each row from arrow to arrow: the gap to the next one is geometric,
 * drawn by inverse CDF from the row's own stream of integers. So the cost is that of
 * the arrows, not of the pairs, and every machine makes the same network.
 *
 * Errors   at most 10⁻⁷ in the probability of an arrow, from the table of logarithms.
 *          InputError if more arrows are to be expected than fit, with the density that does.
 */
export function randomWiring(neurons: number, density: number, key: Key): Wiring {
  const expected = neurons ** 2 * density;
  if (expected > mostArrows)
    throw new InputError(
      `density is ${density}, about ${Math.round(expected).toLocaleString("en")} arrows between ` +
        `${neurons.toLocaleString("en")} neurons; allowed: up to ${(mostArrows / neurons ** 2).toPrecision(2)}`,
    );
  const rowStart = new Uint32Array(neurons + 1);
  // Room for ten standard deviations above the mean: more do not come.
  const source = new Uint32Array(Math.min(neurons ** 2, Math.ceil(expected + 10 * Math.sqrt(expected) + 64)));
  let arrows = 0;
  // Rounded, so that the last bit of a library's logarithm cannot reach the network.
  const rate = density < 1 ? Math.round(-Math.log1p(-density) * 2 ** 40) / 2 ** 16 : Number.POSITIVE_INFINITY;
  for (let target = 0; target < neurons && rate > 0; target++) {
    const draws = lane(stream.network, target);
    let at = -1;
    for (let draw = 0; at < neurons; draw++) {
      const words = threefry2x32(draw, draws, key);
      const gaps = [exponential(words[0]), exponential(words[1])];
      for (const gap of gaps) {
        at += 1 + Math.floor(gap / rate);
        if (at < neurons) source[arrows++] = at;
        else at = neurons;
      }
    }
    rowStart[target + 1] = arrows;
  }
  return { neurons, rowStart, source: source.slice(0, arrows) };
}
