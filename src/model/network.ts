import { InputError } from "./inputError";
import { normalLimit } from "./tables";

/** Weights, drive and noise are i32 with 20 fraction bits. */
export const fractionBits = 20;
export const one = 2 ** fractionBits;

/**
 * A network as sparse rows (CSR), row = target, column = source. The rounded
 * weights *are* the network: dynamics, exact effect and exports use them.
 *
 * Shapes   rowStart [neurons + 1]; source, weight [arrows], the sources of a row ascending.
 * Units    weight: drive per perturbation, 20 fraction bits.
 */
export interface Network {
  readonly neurons: number;
  readonly rowStart: Uint32Array;
  readonly source: Uint32Array;
  readonly weight: Int32Array;
}

export const arrows = (network: Network): number => network.source.length;

/**
 * A weight on the fixed-point grid: to the nearest, halves away from 0, so that a weight and its negative stay so.
 *
 * Units    weight: drive per perturbation; result: 20 fraction bits.
 */
export const onGrid = (weight: number): number => Math.sign(weight) * Math.round(Math.abs(weight) * one);

/** Weight of one arrow in drive per perturbation; 0 where there is none. */
export function weightOf(network: Network, target: number, source: number): number {
  const arrow = findArrow(network, target, source);
  return arrow < 0 ? 0 : network.weight[arrow] / one;
}

/** Index of the arrow source → target in `source` and `weight`, or −1. */
export function findArrow(network: Network, target: number, source: number): number {
  let low = network.rowStart[target];
  let high = network.rowStart[target + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = network.source[middle];
    if (found === source) return middle;
    if (found < source) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The 0/1 pattern of a network before it is scaled: who listens to whom. */
export interface Wiring {
  readonly neurons: number;
  readonly rowStart: Uint32Array;
  readonly source: Uint32Array;
}

/**
 * Gives every arrow of a wiring the same weight, or that times its source's sign, rounded to the fixed-point grid.
 *
 * Shapes   signs: [neurons], see signsOf.
 * Units    weight: drive per perturbation.
 * Errors   InputError with the row's number if a row could overflow an i32, see checkRows.
 */
export function networkFrom(wiring: Wiring, weight: number, signs: Float64Array | null = null): Network {
  const fixed = new Int32Array(wiring.source.length);
  if (signs) {
    const ofSource = Int32Array.from(signs, (sign) => onGrid(sign * weight));
    for (let arrow = 0; arrow < fixed.length; arrow++) fixed[arrow] = ofSource[wiring.source[arrow]];
  } else fixed.fill(onGrid(weight));
  return checkRows({ ...wiring, weight: fixed });
}

/** The largest noise there is, with a part common to all neurons: √½ + √½ times the largest draw. */
const noiseLimit = Math.ceil(Math.SQRT2 * normalLimit) + 2;

/**
 * Refuses a network in which drive + noise of some target could leave i32.
 *
 * Errors   InputError that names the row.
 */
export const checkRows = (network: Network): Network => refuseRows(network, 2 ** 31 - 1 - noiseLimit);

/**
 * Refuses a network that cannot step from states: weights times 255 must stay in i32, whatever the states.
 *
 * Errors   InputError that names the row.
 */
export const checkStateRows = (network: Network): Network =>
  refuseRows(network, Math.floor((2 ** 31 - 1) / 255), " for neurons that are left to themselves");

function refuseRows(network: Network, room: number, where = ""): Network {
  for (let target = 0; target < network.neurons; target++) {
    let up = 0;
    let down = 0;
    for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++) {
      const weight = network.weight[arrow];
      if (weight > 0) up += weight;
      else down -= weight;
    }
    if (up > room || down > room) {
      const sum = ((up > room ? up : -down) / one).toFixed(2);
      throw new InputError(
        `row ${target} of the network: its weights sum to ${sum}; allowed${where}: up to ±${(Math.floor((100 * room) / one) / 100).toFixed(2)}`,
      );
    }
  }
  return network;
}
