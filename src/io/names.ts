import { parameters } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { Texts } from "./texts";

const longestName = 200;
/** Bytes of all names of a file: a million of 33 each. The page looks through all of them while somebody waits. */
const mostBytes = 2 ** 25;
const space = 0x20;
const mostNeurons: number = parameters.neurons.max;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/;
const utf8 = {
  encoder: new TextEncoder(),
  decoder: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
};

/**
 * What the neurons of a file are called. Names are texts, whatever they look like: an id of 18 digits is no number that
 * JavaScript can hold.
 */
export class Names {
  private readonly texts = new Texts();
  private readonly names: string[] = [];

  /** @param file its name, for messages. */
  constructor(private readonly file: string) {}

  /**
   * The number of a name in UTF-8, in the order of first appearance. `guess`: which it may well be.
   *
   * Errors   InputError if it cannot be a name, with `where` it stands, or if there are too many, or too long ones.
   */
  numberOf(bytes: Uint8Array, from: number, to: number, where: () => string, guess = 0): number {
    const number = this.texts.numberOf(bytes, from, to, guess);
    if (number === this.names.length) this.names.push(this.checked(bytes.subarray(from, to), where));
    return number;
  }

  /** The same of a text, without the spaces around it. */
  numberOfText(name: string, where: () => string): number {
    const bytes = utf8.encoder.encode(name);
    let [from, to] = [0, bytes.length];
    while (from < to && bytes[from] === space) from++;
    while (to > from && bytes[to - 1] === space) to--;
    return this.numberOf(bytes, from, to, where);
  }

  private checked(bytes: Uint8Array, where: () => string): string {
    const name = decoded(bytes);
    if (name === null) throw new InputError(`${where()}: the neuron's name is not text; allowed: UTF-8`);
    if (name === "" || name.length > longestName || unprintable.test(name))
      throw new InputError(
        `${where()}: the neuron is ${shown(name)}; allowed: 1 to ${longestName} characters that can be printed`,
      );
    if (this.names.length >= mostNeurons)
      throw new InputError(
        `${where()}: one more neuron than ${mostNeurons.toLocaleString("en")}; allowed: up to that many in ${this.file}`,
      );
    if (this.texts.length > mostBytes)
      throw new InputError(
        `${where()}: the names so far have more than ${mostBytes.toLocaleString("en")} bytes; allowed: up to that many in ${this.file}`,
      );
    return name;
  }

  /**
   * The final numbering: numbers by value, then texts by their characters' codes. So it does not depend on the order
   * in which a file tells its arrows, and neurons that are called 0, 1, 2 … have these numbers.
   *
   * Shapes   names: in their order; null if they are 0 to N − 1, which go without saying. numbers: [neurons], the
   *          final number of each first one.
   */
  sort(): { names: string[] | null; numbers: Uint32Array } {
    const keys = this.names.map(sortKey);
    const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
    const names = order.map((first) => this.names[first]);
    const numbers = new Uint32Array(names.length);
    order.forEach((first, number) => {
      numbers[first] = number;
    });
    return { names: names.every((name, number) => name === String(number)) ? null : names, numbers };
  }
}

/** Null where the bytes are no UTF-8. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return utf8.decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Texts that sort, by their characters' codes, as the neurons that are called so are numbered. */
export function sortKey(name: string): string {
  if (!/^\d+$/.test(name)) return `b${name}`;
  const digits = name.replace(/^0+/, "");
  // As long a number is larger; 7 and 007 are two names.
  return `a${String.fromCharCode(digits.length)}${digits} ${name}`;
}
