import { parseDecimal } from "../model/decimal";
import { InputError } from "../model/inputError";
import { ArrowStore } from "./arrowStore";
import { type Chosen, type Columns, findColumns } from "./columns";
import type { Input, Reading } from "./input";
import { Names } from "./names";
import { readTable } from "./table";
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
  let columns: Columns | null = null;
  let scale: Scale = "as-given";
  let most = mostWeight;
  let header: readonly string[] | null = null;
  let rows = 0;
  let line = 0;
  const at = (column: number) =>
    `${name}, row ${line}, column ${column + 1}${header ? ` (${header[column].slice(0, 40)})` : ""}`;

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

  const weightOf = (fields: string[], { weight, sign, transmitter }: Columns): number => {
    let value = 1;
    if (weight !== null) {
      value = parseDecimal(fields[weight]);
      if (!(Math.abs(value) <= most))
        throw new InputError(
          `${at(weight)}: the weight is ${JSON.stringify(fields[weight].slice(0, 40))}; allowed: a number up to ±${most.toLocaleString("en")}`,
        );
    }
    if (sign !== null) {
      const factor = signs.get(fields[sign]);
      if (factor === undefined)
        throw new InputError(
          `${at(sign)}: the sign is ${JSON.stringify(fields[sign].slice(0, 40))}; allowed: 1, -1, + or -`,
        );
      value *= factor;
    }
    if (transmitter !== null && negative.has(fields[transmitter].toUpperCase())) value = -value;
    return value;
  };

  await readTable(
    input,
    (fields, row) => {
      line = row;
      if (columns === null) {
        columns = begin(fields);
        if (columns.header) return;
      }
      if (fields.length !== columns.width)
        throw new InputError(
          `${name}, row ${row}, column ${Math.min(fields.length, columns.width) + 1}: ${fields.length} fields; allowed: ${columns.width}, as in the first row`,
        );
      const { source, target } = columns;
      const from = names.numberOf(fields[source], () => at(source));
      const to = names.numberOf(fields[target], () => at(target));
      store.add(from, to, weightOf(fields, columns));
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
