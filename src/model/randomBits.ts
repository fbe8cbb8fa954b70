import { whole } from "./design";
import { type Key, lane, stream, threefry2x32 } from "./threefry";

/**
 * 64 random bits at once, each 1 with a probability in 65,536ths: the bit planes of a random fraction are compared
 * with the probability from its last place up, a 1 there is "or", a 0 is "and". So ½ takes one plane.
 *
 * firstUse  of the perturbation stream: 0 for what neurons are set to, 16 for whether they are.
 * Returns   two words in a reused pair, to be read before the next call.
 * Twin      shaders/lib/bits.wgsl
 */
export function randomBits(
  probability: number,
  block: number,
  neuron: number,
  firstUse: number,
  key: Key,
): Int32Array {
  bits.fill(probability >= whole ? -1 : 0);
  if (probability <= 0 || probability >= whole) return bits;
  for (let place = 31 - Math.clz32(probability & -probability); place < 16; place++) {
    const plane = threefry2x32(block, lane(stream.perturbation, neuron, firstUse + 15 - place), key);
    const isOr = ((probability >> place) & 1) === 1;
    for (let word = 0; word < 2; word++)
      bits[word] = isOr ? bits[word] | plane[word] : bits[word] & plane[word];
  }
  return bits;
}

const bits = new Int32Array(2);
