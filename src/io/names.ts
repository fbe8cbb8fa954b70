import { parameters } from "../model/experiment";
import { InputError } from "../model/inputError";

const longestName = 200;
const mostNeurons: number = parameters.neurons.max;
const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unprintable = /[\u0000-\u001f\u007f\ufffe\uffff]/;

/**
 * What the neurons of a file are called. Names are texts, whatever they look like: an id of 18 digits is no number that
 * JavaScript can hold.
 */
export class Names {
  private readonly numbers = new Map<string, number>();

  /** @param file its name, for messages. */
  constructor(private readonly file: string) {}

  /**
   * The number of a name, in the order of first appearance.
   *
   * Errors   InputError if it cannot be a name, with `where` it stands, or if there are too many.
   */
  numberOf(name: string, where: () => string): number {
    return this.numbers.get(name) ?? this.add(name, where);
  }

  private add(name: string, where: () => string): number {
    if (name === "" || name.length > longestName || unprintable.test(name))
      throw new InputError(
        `${where()}: the neuron is ${JSON.stringify(name.slice(0, 40))}; allowed: 1 to ${longestName} characters that can be printed`,
      );
    if (this.numbers.size >= mostNeurons)
      throw new InputError(
        `${where()}: one more neuron than ${mostNeurons.toLocaleString("en")}; allowed: up to that many in ${this.file}`,
      );
    // What was cut out of a piece of the file would keep the whole piece in memory.
    const own = utf8.decoder.decode(utf8.encoder.encode(name));
    this.numbers.set(own, this.numbers.size);
    return this.numbers.size - 1;
  }

  /**
   * The final numbering: numbers by value, then texts by their characters' codes. So it does not depend on the order
   * in which a file tells its arrows, and neurons that are called 0, 1, 2 … have these numbers.
   *
   * Shapes   names: in their order; null if they are 0 to N − 1, which go without saying. numbers: [neurons], the
   *          final number of each first one.
   */
  sort(): { names: string[] | null; numbers: Uint32Array } {
    const names = [...this.numbers.keys()].sort(compareNames);
    const numbers = new Uint32Array(names.length);
    names.forEach((name, number) => {
      numbers[this.numbers.get(name)!] = number;
    });
    return { names: names.every((name, number) => name === String(number)) ? null : names, numbers };
  }
}

const digits = /^\d+$/;

export function compareNames(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [digits.test(a), digits.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber) {
    const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
    if (x.length !== y.length) return x.length - y.length;
    if (x !== y) return x < y ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
