import { parseDecimal } from "../model/decimal";
import { InputError, shown } from "../model/inputError";
import { mostCoordinate, type Places } from "../model/places";
import type { Input, Reading } from "./input";
import { type Row, readTable } from "./table";

const decoder = new TextDecoder();

/** Names that say what a column is, without their capitals, spaces, lines and dots. */
const known = {
  id: "id name neuron node rootid ptrootid bodyid label".split(" "),
  x: ["x", "posx", "xpos"],
  y: ["y", "posy", "ypos"],
  z: ["z", "posz", "zpos"],
} as const;
const parts = ["id", "x", "y", "z"] as const;

interface PlaceColumns {
  readonly id: number;
  /** Of x and y, or of x, y and z. */
  readonly axes: readonly number[];
  readonly header: readonly string[] | null;
  readonly width: number;
}

/**
 * Where the neurons of a network are, from a table with a row a neuron: its name, x, y and, in space, z. The first row
 * names these columns, or they are three or four, in this order. Rows come in any order; a neuron without a row has no
 * place.
 *
 * names    what the network's neurons are called; null where that is their numbers.
 * Errors   InputError with row and column: not as many fields as the first row, a neuron that the network does not
 *          have or that has a place already, a coordinate that is no finite number up to ±10¹⁵; and those of readTable.
 */
export async function readPlaces(
  input: Input,
  neurons: number,
  names: readonly string[] | null,
  reading?: Reading,
): Promise<Places> {
  const { name } = input;
  const numbers = names && new Map(names.map((one, number) => [one, number]));
  const numberOf = (id: string): number => {
    if (numbers) return numbers.get(id) ?? -1;
    return /^(0|[1-9]\d{0,6})$/.test(id) && Number(id) < neurons ? Number(id) : -1;
  };
  let columns: PlaceColumns | null = null;
  let at = new Float64Array();
  let rows = 0;
  const textOf = ({ bytes, starts, ends }: Row, column: number) =>
    decoder.decode(bytes.subarray(starts[column], ends[column]));

  const place = (row: Row, { id, axes, header, width }: PlaceColumns) => {
    const where = (column: number) =>
      `${name}, row ${row.line}, column ${column + 1}${header ? ` (${header[column].slice(0, 40)})` : ""}`;
    if (row.fields !== width)
      throw new InputError(
        `${name}, row ${row.line}, column ${Math.min(row.fields, width) + 1}: ${row.fields} fields; allowed: ${width}, as in the first row`,
      );
    const called = textOf(row, id);
    const neuron = numberOf(called);
    if (neuron < 0)
      throw new InputError(
        `${where(id)}: the network has no neuron ${shown(called)}; allowed: those it has${rows > 0 || header ? "" : ", or a first row that names id, x and y"}`,
      );
    const first = axes.length * neuron;
    if (!Number.isNaN(at[first]))
      throw new InputError(
        `${where(id)}: neuron ${shown(called)} has a place already; allowed: one row a neuron`,
      );
    axes.forEach((column, axis) => {
      at[first + axis] = coordinate(textOf(row, column), () => `${where(column)}: the place is`);
    });
    rows++;
  };

  await readTable(
    input,
    (row) => {
      if (columns) return place(row, columns);
      columns = findColumns(
        name,
        Array.from({ length: row.fields }, (_, column) => textOf(row, column)),
      );
      at = new Float64Array(columns.axes.length * neurons).fill(Number.NaN);
      if (!columns.header) place(row, columns);
    },
    reading,
  );
  if (rows === 0)
    throw new InputError(
      `${name} has no places; allowed: a row a neuron, with its name, x, y and, in space, z`,
    );
  return { dimensions: at.length === 3 * neurons ? 3 : 2, at };
}

/**
 * One coordinate of a file.
 *
 * Errors   InputError that begins with `what`, if it is no finite number up to ±10¹⁵.
 */
export function coordinate(text: string, what: () => string): number {
  const value = parseDecimal(text);
  if (Math.abs(value) <= mostCoordinate) return value;
  throw new InputError(
    `${what()} ${shown(text)}; allowed: a number up to ±${mostCoordinate.toExponential()}`,
  );
}

function findColumns(file: string, first: readonly string[]): PlaceColumns {
  const plain = first.map((name) => name.toLowerCase().replace(/[\s._-]/g, ""));
  const [id, x, y, z] = parts.map((part) =>
    plain.findIndex((name) => (known[part] as readonly string[]).includes(name)),
  );
  const width = first.length;
  if (id >= 0 && x >= 0 && y >= 0) return { id, axes: z < 0 ? [x, y] : [x, y, z], header: first, width };
  const isNamed = x >= 0 || y >= 0;
  if (isNamed || width < 3 || width > 4)
    throw new InputError(
      `${file}, row 1: no columns id, x and y; allowed: a first row that names them and, in space, z, or three or four columns in this order`,
    );
  return { id: 0, axes: width === 3 ? [1, 2] : [1, 2, 3], header: null, width };
}
