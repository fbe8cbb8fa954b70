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

/**
 * The lab's own random wiring: each of the neurons² arrows, self-connections included,
 * is there with probability `density`, independently.
 *
 * It walks along each row from arrow to arrow: the gap to the next one is geometric,
 * drawn by inverse CDF from the row's own stream of integers. So the cost is that of
 * the arrows, not of the pairs, and every machine makes the same network.
 *
 * Errors   at most 10⁻⁷ in the probability of an arrow, from the table of logarithms.
 */
export function randomWiring(neurons: number, density: number, key: Key): Wiring {
  const rowStart = new Uint32Array(neurons + 1);
  const source: number[] = [];
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
        if (at < neurons) source.push(at);
        else at = neurons;
      }
    }
    rowStart[target + 1] = source.length;
  }
  return { neurons, rowStart, source: Uint32Array.from(source) };
}
