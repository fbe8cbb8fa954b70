import { InputError, shown } from "./inputError";
import type { Network } from "./network";

/** Up to so many neurons `auto` estimates every pair: 16.8 million. */
export const mostAutoNeurons = 4096;

/** Above that, so many neurons with the most outgoing arrows. */
export const autoSources = 64;

/** What `sources` may look like; whether the neurons are there is known with the network. */
export const sourcesPattern =
  // A name has the spaces after it: if they could be either's, a list of names would match in 2 to the power of them ways.
  /^(auto|all|top:\d{1,7}|\s*(\d{1,7}(-\d{1,7})?\s*|id:[^,]+)(,\s*(\d{1,7}(-\d{1,7})?\s*|id:[^,]+))*)$/;
export const sourcesAllowed = "auto, all, top:K, or neurons and ranges such as 17,42 or 0-63";

/**
 * The neurons whose effects an experiment asks for: the columns of its matrices.
 *
 * auto    all up to 4,096 neurons, else top:64; by size alone, so that it is the same on every machine
 * all     every neuron; the columns of hidden ones are missing
 * top:K   the K observed neurons with the most outgoing arrows; of equal ones the lower number
 * 17,42   these, and 0-63 for a range
 *
 * Shapes   hidden [neurons]: 1 = not observed; null if all are. Result: ascending.
 * Errors   InputError with the neuron, its place in the list and what is allowed; for a neuron named twice, too.
 */
export function resolveSources(text: string, network: Network, hidden: Uint8Array | null): Uint32Array {
  const { neurons } = network;
  const count = countSources(text, neurons, hidden ? hidden.reduce((sum, bit) => sum + bit, 0) : 0);
  return sourcesAhead(text, neurons) ?? topSources(network, hidden, count);
}

/**
 * The same, as far as they are known before there is a network; null where its arrows decide.
 *
 * Errors   as of resolveSources.
 */
export function sourcesAhead(text: string, neurons: number): Uint32Array | null {
  if (isTop(text, neurons)) return null;
  return text === "all" || text === "auto" ? everyNeuron(neurons) : listed(text, neurons);
}

/**
 * Names in a list (`id:720575940610000019`), of neurons of a network from a file, as their numbers.
 *
 * numbersOf  which neurons are called so; −1: none.
 * file       what it is called, for messages; null where there is none.
 * Errors     InputError with the first name that no neuron has.
 */
export function numberNames(
  text: string,
  numbersOf: (names: readonly string[]) => readonly number[],
  file: string | null,
): string {
  const parts = text.split(",").map((part) => ({ part, name: /^\s*id:(.*?)\s*$/.exec(part)?.[1] }));
  const numbers = numbersOf(parts.flatMap(({ name }) => (name === undefined ? [] : [name])));
  let at = 0;
  const numbered = parts.map(({ part, name }) => {
    if (name === undefined) return part;
    const number = numbers[at++];
    if (number >= 0) return String(number);
    throw new InputError(
      `sources names ${shown(part.trim())}; allowed: id: and what ${file ?? "the file of a network"} calls a neuron`,
    );
  });
  return numbered.join(",");
}

/** Neurons without names are called by their numbers: which these are; −1: none. */
export const numbersByNumber =
  (neurons: number) =>
  (names: readonly string[]): number[] =>
    names.map((name) => (/^(0|[1-9]\d{0,6})$/.test(name) && Number(name) < neurons ? Number(name) : -1));

/** Whether neurons are chosen by name: these are to be numbered first. */
export const hasNames = (text: string): boolean => text.includes("id:");

const isTop = (text: string, neurons: number) => text.startsWith("top:") || autoIsPartial(text, neurons);

/**
 * How many these will be, before there is a network; `hidden` of its neurons are not observed.
 *
 * Errors   as of resolveSources.
 */
export function countSources(text: string, neurons: number, hidden: number): number {
  const observed = neurons - hidden;
  if (autoIsPartial(text, neurons)) return Math.min(autoSources, observed);
  if (text === "all" || text === "auto") return neurons;
  if (!text.startsWith("top:")) return lengthOf(rangesOf(text, neurons));
  const count = /^top:\d{1,7}$/.test(text) ? Number(text.slice(4)) : Number.NaN;
  if (!(count >= 1 && count <= observed))
    throw new InputError(
      `sources is ${shown(text)}; allowed: top:1 to top:${observed}, the number of ${hidden > 0 ? "observed " : ""}neurons`,
    );
  return count;
}

/**
 * A list that names these neurons and no others, as short as it can be.
 *
 * Shapes   sources: ascending.
 */
export function listOf(sources: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let at = 0; at < sources.length; ) {
    let end = at;
    while (end + 1 < sources.length && sources[end + 1] === sources[end] + 1) end++;
    parts.push(end > at + 1 ? `${sources[at]}-${sources[end]}` : String(sources[at]));
    at = end > at + 1 ? end + 1 : at + 1;
  }
  return parts.join(",");
}

/** A list with its neighbours as ranges, where that is shorter; what is no list of numbers stays as it is. */
export function shorter(text: string): string {
  if (!/^[\d\s,-]+$/.test(text) || !sourcesPattern.test(text)) return text;
  const ranges = text.split(",").map((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return [from, to] as const;
  });
  ranges.sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    // What is named twice, or backwards, is for whoever knows the network to refuse.
    if (from > to || (last && from <= last[1])) return text;
    if (last && from === last[1] + 1) last[1] = to;
    else joined.push([from, to]);
  }
  return joined
    .map(([from, to]) => (to > from + 1 ? `${from}-${to}` : to > from ? `${from},${to}` : String(from)))
    .join(",");
}

/** Whether `auto` leaves some neurons out. */
export const autoIsPartial = (text: string, neurons: number): boolean =>
  text === "auto" && neurons > mostAutoNeurons;

/** As many neurons, each a source of its own. */
export const everyNeuron = (neurons: number): Uint32Array =>
  Uint32Array.from({ length: neurons }, (_, neuron) => neuron);

function topSources({ neurons, source }: Network, hidden: Uint8Array | null, count: number): Uint32Array {
  const outgoing = new Uint32Array(neurons);
  for (const neuron of source) outgoing[neuron]++;
  const observed = everyNeuron(neurons).filter((neuron) => !hidden?.[neuron]);
  const order = observed.sort((a, b) => outgoing[b] - outgoing[a] || a - b);
  return order.slice(0, count).sort();
}

function listed(text: string, neurons: number): Uint32Array {
  const ranges = rangesOf(text, neurons).sort((a, b) => a.from - b.from);
  const sources = new Uint32Array(lengthOf(ranges));
  let at = 0;
  for (const { from, to } of ranges) for (let neuron = from; neuron <= to; neuron++) sources[at++] = neuron;
  return sources;
}

/** From a neuron to another one, that too. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const lengthOf = (ranges: readonly Range[]): number =>
  ranges.reduce((length, { from, to }) => length + to + 1 - from, 0);

/** The parts of a list, none of which has a neuron of another one; a million neurons are counted at once. */
function rangesOf(text: string, neurons: number): Range[] {
  const ranges: Range[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const where = `place ${index + 1} of sources`;
    const item = part.trim();
    if (item.startsWith("id:"))
      throw new InputError(`${where} is ${shown(item)}; allowed: names, if the network is in a file`);
    const [, first, , second = first] = /^(\d{1,7})(-(\d{1,7}))?$/.exec(item) ?? [];
    if (first === undefined) throw new InputError(`${where} is ${shown(item)}; allowed: ${sourcesAllowed}`);
    const [from, to] = [Number(first), Number(second)];
    if (from > to)
      throw new InputError(`${where} is ${item}; allowed: a range from the lower to the higher neuron`);
    if (to >= neurons)
      throw new InputError(
        `${where} is ${item}, but there is no neuron ${Math.max(from, neurons)}; allowed: 0 to ${neurons - 1}`,
      );
    let [twice, place] = [to + 1, 0];
    for (const [other, range] of ranges.entries()) {
      const both = Math.max(from, range.from);
      if (both <= Math.min(to, range.to) && both < twice) [twice, place] = [both, other + 1];
    }
    if (twice <= to)
      throw new InputError(
        `sources names neuron ${twice} twice, at places ${place} and ${index + 1}; allowed: each neuron once`,
      );
    ranges.push({ from, to });
  }
  return ranges;
}

/** Words that choose exactly these sources. */
export const sourcesInWords = (sources: Uint32Array, neurons: number): string =>
  sources.length === neurons ? "all" : listOf(sources);
