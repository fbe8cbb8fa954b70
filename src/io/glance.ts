import { InputError } from "../model/inputError";
import { type Columns, findColumns } from "./columns";
import { bytesOf, type Input } from "./input";
import { type MatrixShape, shapeOf } from "./npy";
import { type Format, formatOf, formats } from "./readNetwork";
import { readTable } from "./table";

/** What a file looks like from its first bytes, before anybody says how to read it. */
export interface Glance {
  readonly format: Format;
  /** Of a table: its first rows, of each its first fields, long ones cut; empty for other formats. */
  readonly rows: readonly (readonly string[])[];
  /** How many fields its first row has. */
  readonly width: number;
  /** What the columns are, as far as they say so themselves; null where they do not. */
  readonly columns: Columns | null;
  /** Of a matrix. */
  readonly shape: MatrixShape | null;
}

const mostRows = 6;
/** More columns than this are not for choosing among. */
export const mostFields = 40;
const longestField = 40;

/**
 * A look at the beginning of a file: a piece or two of it, whatever its length.
 *
 * Errors   InputError if it cannot be what its format says: what, and what is allowed.
 */
export async function glance(input: Input, format?: Format): Promise<Glance> {
  const known = format ?? (await guessFormat(input));
  const nothing = { format: known, rows: [], width: 0, columns: null, shape: null };
  if (known === "npy") return { ...nothing, shape: shapeOf(await firstBytes(input), input.name) };
  if (known === "graphml") return nothing;
  const rows = await firstRows(input);
  const fields = rows[0] ?? [];
  return {
    ...nothing,
    rows: rows.map((row) => row.slice(0, mostFields).map((field) => field.slice(0, longestField))),
    width: fields.length,
    columns: columnsOf(input.name, fields),
  };
}

/** By the end of its name, else by its first bytes. */
async function guessFormat(input: Input): Promise<Format> {
  try {
    return formatOf(input.name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const first = new TextDecoder("latin1").decode((await firstBytes(input)).subarray(0, 64));
  if (first.startsWith("\x93NUMPY")) return "npy";
  return /^\s*(ï»¿)?</.test(first) ? "graphml" : formats[0];
}

async function firstBytes(input: Input): Promise<Uint8Array> {
  for await (const piece of bytesOf(input)) return piece;
  return new Uint8Array();
}

async function firstRows(input: Input): Promise<string[][]> {
  const rows: string[][] = [];
  const enough = new AbortController();
  const decoder = new TextDecoder();
  try {
    await readTable(
      input,
      ({ bytes, starts, ends, fields }) => {
        if (rows.length === mostRows) return enough.abort();
        rows.push(
          Array.from({ length: fields }, (_, at) => decoder.decode(bytes.subarray(starts[at], ends[at]))),
        );
      },
      { signal: enough.signal },
    );
  } catch (error) {
    // What is wrong further down is for the reading to say.
    if (rows.length === 0) throw error;
  }
  return rows;
}

/** Null where the first row does not say: then a person has to. */
function columnsOf(name: string, first: readonly string[]): Columns | null {
  try {
    return findColumns(name, first, {});
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
