import { parseDecimal } from "../model/decimal";
import { InputError, shown } from "../model/inputError";
import { ArrowStore } from "./arrowStore";
import { type Chosen, type Columns, findColumns } from "./columns";
import type { Input, Reading } from "./input";
import { Names } from "./names";
import { type Row, readTable } from "./table";
import { Texts } from "./texts";
import { mostCount, mostWeight, type ReadArrows, type Scale } from "./weigh";

/** How to read an edge list; what is left out is found out. */
export interface EdgeListOptions {
  readonly columns?: Chosen;
  readonly header?: boolean;
  /** Transmitters whose arrows are negative, such as GABA and GLUT; capitals do not matter. */
  readonly negative?: readonly string[];
  readonly scale?: Scale;
}

const signs = new Map([
  ["1", 1],
  ["+1", 1],
  ["+", 1],
  ["-1", -1],
  ["-", -1],
]);

/** Text of a field, for what is rare or short; what is no UTF-8 shows as such. */
const textOf = ({ bytes, starts, ends }: Row, column: number): string =>
  decoder.decode(bytes.subarray(starts[column], ends[column]));
const decoder = new TextDecoder();

/** A whole number of up to 15 digits, as counts are; −1 for anything else. */
function countIn({ bytes, starts, ends }: Row, column: number): number {
  let value = 0;
  const [start, end] = [starts[column], ends[column]];
  if (start === end || end - start > 15) return -1;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - 48;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
}

/** Different texts of a column that are remembered: signs and transmitters are a handful. */
const mostMeanings = 1000;

/** What a text of a column means, looked up once for each different text. */
function meanings<T>(meaning: (text: string) => T): (row: Row, column: number) => T {
  const texts = new Texts();
  const known: T[] = [];
  return (row, column) => {
    if (known.length >= mostMeanings) return meaning(textOf(row, column));
    const number = texts.numberOf(row.bytes, row.starts[column], row.ends[column]);
    if (number === known.length) known.push(meaning(textOf(row, column)));
    return known[number];
  };
}

/**
 * An edge list, a row an arrow: two names and, in a column of its own, the weight; without one each row counts 1.
 * A row whose weight is 0 only names its neurons: so a neuron without arrows has a place.
 *
 * Errors   InputError with row and column: not as many fields as the first row, a weight that is no finite number or
 *          out of range, a sign that is none, a name that cannot be one; and those of readTable and findColumns.
 */
export async function readEdgeList(
  input: Input,
  options: EdgeListOptions = {},
  reading?: Reading,
): Promise<ReadArrows> {
  const { name } = input;
  const names = new Names(name);
  const store = new ArrowStore(name);
  const negative = new Set(options.negative?.map((transmitter) => transmitter.toUpperCase()));
  const signOf = meanings((text) => signs.get(text));
  const isNegative = meanings((text) => negative.has(text.toUpperCase()));
  let columns: Columns | null = null;
  let scale: Scale = "as-given";
  let most = mostWeight;
  let header: readonly string[] | null = null;
  let rows = 0;
  let line = 0;
  let [from, to] = [0, 0];
  const at = (column: number) =>
    `${name}, row ${line}, column ${column + 1}${header ? ` (${header[column].slice(0, 40)})` : ""}`;

  const whereSource = () => at(columns?.source ?? 0);
  const whereTarget = () => at(columns?.target ?? 0);

  const begin = (fields: string[]): Columns => {
    const found = findColumns(name, fields, options.columns ?? {}, options.header);
    scale = options.scale ?? (found.isFlyWire ? "singular-value" : "as-given");
    most = scale === "as-given" ? mostWeight : mostCount;
    header = found.header ? fields : null;
    if (negative.size > 0 && found.transmitter === null)
      throw new InputError(
        `${name}, row 1: no column of transmitters, so none can be negative; allowed: name it, or leave the signs alone`,
      );
    return found;
  };

  const weightOf = (row: Row, { weight, sign, transmitter }: Columns): number => {
    let value = 1;
    if (weight !== null) {
      value = countIn(row, weight);
      if (value < 0) value = parseDecimal(textOf(row, weight));
      if (!(Math.abs(value) <= most))
        throw new InputError(
          `${at(weight)}: the weight is ${shown(textOf(row, weight))}; allowed: a number up to ±${most.toLocaleString("en")}`,
        );
    }
    if (sign !== null) {
      const factor = signOf(row, sign);
      if (factor === undefined)
        throw new InputError(`${at(sign)}: the sign is ${shown(textOf(row, sign))}; allowed: 1, -1, + or -`);
      value *= factor;
    }
    if (transmitter !== null && negative.size > 0 && isNegative(row, transmitter)) value = -value;
    return value;
  };

  await readTable(
    input,
    (row) => {
      line = row.line;
      if (columns === null) {
        columns = begin(Array.from({ length: row.fields }, (_, column) => textOf(row, column)));
        if (columns.header) return;
      }
      if (row.fields !== columns.width)
        throw new InputError(
          `${name}, row ${line}, column ${Math.min(row.fields, columns.width) + 1}: ${row.fields} fields; allowed: ${columns.width}, as in the first row`,
        );
      const { bytes, starts, ends } = row;
      const { source, target } = columns;
      // Most tables are sorted by one of the two.
      from = names.numberOf(bytes, starts[source], ends[source], whereSource, from);
      to = names.numberOf(bytes, starts[target], ends[target], whereTarget, to);
      store.add(from, to, weightOf(row, columns));
      rows++;
    },
    reading,
  );
  if (columns === null || rows === 0)
    throw new InputError(`${name} has no arrows; allowed: a row an arrow, with its source and its target`);
  const sorted = names.sort();
  return {
    weighted: store.sort(sorted.numbers),
    names: sorted.names,
    rows,
    scale,
    understood: inWords(columns, header, negative.size > 0),
  };
}

function inWords(columns: Columns, header: readonly string[] | null, areNegative: boolean): string {
  const called = (column: number) => header?.[column] ?? `column ${column + 1}`;
  const { source, target, weight, sign, transmitter } = columns;
  return [
    `${called(source)} → ${called(target)}`,
    weight === null ? "each row counts 1" : `weight ${called(weight)}`,
    ...(sign === null ? [] : [`sign ${called(sign)}`]),
    ...(transmitter === null ? [] : [`signs ${areNegative ? "by" : "not by"} ${called(transmitter)}`]),
  ].join(", ");
}
