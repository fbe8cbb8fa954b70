import { parameters } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { ArrowStore } from "./arrowStore";
import { bytesOf, type Input, type Reading } from "./input";
import { mostCount, mostWeight, type ReadArrows, type Scale } from "./weigh";

/** What a matrix of weights means: nothing in such a file says which way its arrows run. */
export const directions = ["rows-are-targets", "rows-are-sources"] as const;
export type Direction = (typeof directions)[number];

export interface MatrixOptions {
  readonly direction?: Direction;
  readonly scale?: Scale;
}

type Read = (view: DataView, at: number, littleEndian: boolean) => number;

/** NumPy's types of numbers that are read, and how; whole numbers of 64 bits to the nearest float64. */
const types: Record<string, Read> = {
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  // NumPy's bytes of True and False; of another one nobody knows what it means.
  b1: (view, at) => (view.getUint8(at) < 2 ? view.getUint8(at) : Number.NaN),
};

interface Header {
  readonly neurons: number;
  readonly type: string;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  /** Bytes before the first number. */
  readonly length: number;
}

/** An entry of the header, which is a Python dictionary; of what Python would read as one, only what NumPy writes. */
const entry = /\s*'(\w{1,20})'\s*:\s*('[^']{0,40}'|True|False|\([\d, ]{0,60}\))\s*(?:,\s*|$)/y;

const magic = [0x93, ..."NUMPY"].map((part) => (typeof part === "string" ? part.charCodeAt(0) : part));
/** A header for a matrix is a hundred bytes; NumPy itself warns of more than 10,000. */
const longestHeader = 10_000;

/**
 * A square matrix of weights in NumPy's format, number by number as it comes: the memory is that of its arrows. A
 * weight of 0 is no arrow.
 *
 * Errors   InputError: what the header says that cannot be read; row and column, from 0 as in NumPy, of a weight that is
 *          not finite or out of range; a file that is cut short or too long.
 * Source   NumPy's format.py, versions 1.0 to 3.0.
 */
export async function readMatrix(
  input: Input,
  { direction, scale = "as-given" }: MatrixOptions,
  reading?: Reading,
): Promise<ReadArrows> {
  const { name } = input;
  if (direction === undefined)
    throw new InputError(
      `${name} does not say which way its arrows run; allowed: say ${directions[0]} (column → row) or ${directions[1]} (row → column)`,
    );
  const store = new ArrowStore(name);
  const most = scale === "as-given" ? mostWeight : mostCount;
  let header: Header | null = null;
  let rest = new Uint8Array();
  let [major, minor, rows] = [0, 0, 0];

  const take = (
    bytes: Uint8Array,
    from: number,
    { neurons, type, littleEndian, fortran }: Header,
  ): number => {
    const size = Number(type[1]);
    const read = types[type];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = from;
    for (; at + size <= bytes.length; at += size) {
      if (major === neurons)
        throw new InputError(`${name} goes on after its ${neurons} × ${neurons} numbers`);
      const weight = read(view, at, littleEndian);
      const [row, column] = fortran ? [minor, major] : [major, minor];
      if (!(Math.abs(weight) <= most))
        throw new InputError(
          `${name}, row ${row}, column ${column}: the weight is ${weight}; allowed: a number up to ±${most.toLocaleString("en")}`,
        );
      if (weight !== 0) {
        if (direction === "rows-are-targets") store.add(column, row, weight);
        else store.add(row, column, weight);
        rows++;
      }
      if (++minor === neurons) {
        minor = 0;
        major++;
      }
    }
    return at;
  };

  for await (const piece of bytesOf(input, reading)) {
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    let from = 0;
    if (header === null) {
      header = readHeader(bytes, name);
      from = header?.length ?? 0;
    }
    rest = bytes.slice(header ? take(bytes, from, header) : 0);
  }
  if (header === null || major < header.neurons || rest.length > 0)
    throw new InputError(
      `${name} is cut short${header ? ` in row ${major}` : ""}; allowed: a whole .npy file`,
    );
  const numbers = Uint32Array.from({ length: header.neurons }, (_, neuron) => neuron);
  const understood = direction === "rows-are-targets" ? "columns → rows" : "rows → columns";
  return { weighted: store.sort(numbers), names: null, rows, scale, understood };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** How large a matrix is, and of which type its numbers are, as NumPy names it. */
export interface MatrixShape {
  readonly neurons: number;
  readonly type: string;
}

/**
 * What a matrix's first bytes say of it.
 *
 * Errors   InputError if readMatrix would refuse it for its header.
 */
export function shapeOf(bytes: Uint8Array, name: string): MatrixShape {
  const header = readHeader(bytes, name);
  if (header === null) throw new InputError(`${name} is cut short; allowed: a whole .npy file`);
  return { neurons: header.neurons, type: header.type };
}

/** The header, or null if more of it must come. */
function readHeader(bytes: Uint8Array, name: string): Header | null {
  const refuse = (what: string, allowed: string) => new InputError(`${name}: ${what}; allowed: ${allowed}`);
  if (magic.some((byte, at) => at < bytes.length && bytes[at] !== byte))
    throw refuse("it does not begin as NumPy's files do", "a .npy file");
  if (bytes.length < 12) return null;
  const version = bytes[6];
  if (version < 1 || version > 3) throw refuse(`its version is ${version}`, "1, 2 or 3");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (length > longestHeader) throw refuse(`a header of ${length} bytes`, `up to ${longestHeader}`);
  if (bytes.length < length) return null;
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, length)).trim();
  const given = entriesOf(text);
  const { descr, fortran_order: fortran, shape } = given ?? {};
  if (!descr?.startsWith("'") || !/^(True|False)$/.test(fortran ?? "") || !shape?.startsWith("("))
    throw refuse(`its header is ${shown(text)}`, "descr, fortran_order and shape, each once");
  const [, order, type] = /^'([<>|])(\w\d)'$/.exec(descr) ?? [];
  if (!Object.hasOwn(types, type) || (order === "|" && !type.endsWith("1")))
    throw refuse(`its type of numbers is ${shown(descr.slice(1, -1))}`, Object.keys(types).join(", "));
  const sizes = /^\( *(\d{1,9}) *, *(\d{1,9}) *,? *\)$/.exec(shape);
  const [rows, columns] = [Number(sizes?.[1]), Number(sizes?.[2])];
  if (!(rows >= 1) || rows !== columns || rows > parameters.neurons.max)
    throw refuse(
      `its shape is ${shape}`,
      `a square matrix, (N, N), of 1 to ${parameters.neurons.max.toLocaleString("en")} neurons`,
    );
  return { neurons: rows, type, littleEndian: order !== ">", fortran: fortran === "True", length };
}

/** The three entries of a header, as they are written; null if it is anything else. */
function entriesOf(text: string): Partial<Record<string, string>> | null {
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  const inside = text.slice(1, -1).trimEnd();
  const given = new Map<string, string>();
  entry.lastIndex = 0;
  while (entry.lastIndex < inside.length) {
    const [, key, value] = entry.exec(inside) ?? [];
    if (key === undefined || given.has(key) || given.size === 3) return null;
    given.set(key, value);
  }
  return given.size === 3 ? Object.fromEntries(given) : null;
}

/**
 * The header of a matrix of float64, row by row: what follows are its numbers, little-endian.
 */
export function matrixHeader(rows: number, columns: number): Uint8Array<ArrayBuffer> {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // NumPy aligns the first number to 64 bytes; a line feed ends the header.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set([...magic, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 11)}\n`), 10);
  return bytes;
}

/** More numbers than this are refused: half a GiB. */
export const mostEntries = 2 ** 26;

/**
 * A matrix of float64 as a .npy file, piece by piece.
 *
 * Shapes   row(i): [columns]; it may be the same array each time.
 * Missing  NaN stays NaN.
 * Errors   InputError if it has more than 2^26 numbers, half a GiB.
 */
export function* matrixBytes(
  rows: number,
  columns: number,
  row: (index: number) => Float64Array,
): Generator<Uint8Array<ArrayBuffer>> {
  if (rows * columns > mostEntries)
    throw new InputError(
      `a matrix of ${rows.toLocaleString("en")} × ${columns.toLocaleString("en")} numbers; allowed: up to ${mostEntries.toLocaleString("en")}, such as 8,192 × 8,192`,
    );
  yield matrixHeader(rows, columns);
  for (let index = 0; index < rows; index++) {
    const bytes = new Uint8Array(8 * columns);
    const view = new DataView(bytes.buffer);
    const values = row(index);
    for (let column = 0; column < columns; column++) view.setFloat64(8 * column, values[column], true);
    yield bytes;
  }
}
