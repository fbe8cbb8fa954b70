import { InputError } from "../model/inputError";
import { bytesOf, type Input, type Reading } from "./input";

/** A row of a table as bytes: field k is from `starts[k]` to before `ends[k]`. Good until the next row. */
export interface Row {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly fields: number;
  /** Where it begins, from 1; a field in quotes may hold more than one line. */
  readonly line: number;
}

/** No honest row is longer; without an end to rows a file could fill the memory as one of them. */
const longestRow = 65_536;

const [tab, lineFeed, carriageReturn, space, quote, comma, semicolon] = [9, 10, 13, 32, 34, 44, 59];

/**
 * Reads a table of separated values row by row: the memory is that of a piece, whatever the file's length.
 *
 * Separators are commas, semicolons or tabs, whichever the first line has most of, or else spaces. Lines end in LF, CR LF or CR.
 * A field may stand in double quotes, which are doubled inside; spaces around a field are not part of it. Empty lines
 * are skipped.
 *
 * The tokenizer is our own and works on bytes: papaparse makes strings of everything that is read, which
 * fill the memory before they are forgotten, does not say lines, and has no reader for the one kind of stream that
 * pages, workers and Node share.
 *
 * Errors   InputError with the line: a quote out of place or without its end, a row longer than 65,536 bytes; and
 *          those of bytesOf.
 */
export async function readTable(input: Input, onRow: (row: Row) => void, reading?: Reading): Promise<void> {
  const rows = new Rows(input.name, onRow);
  for await (const piece of bytesOf(input, reading)) rows.push(piece);
  rows.end();
}

class Rows implements Row {
  bytes = new Uint8Array();
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  fields = 0;
  line = 1;
  private separator = 0;
  private isBegun = false;
  /** Fields of this row that have doubled quotes. */
  private readonly doubled: number[] = [];

  constructor(
    private readonly name: string,
    private readonly onRow: (row: Row) => void,
  ) {}

  push(piece: Uint8Array): void {
    const rest = this.bytes;
    this.bytes = new Uint8Array(rest.length + piece.length);
    this.bytes.set(rest);
    this.bytes.set(piece, rest.length);
    // Where there are fewer bytes, a byte order mark may be cut.
    if (this.bytes.length >= 3) this.read(false);
    if (this.bytes.length > longestRow) throw this.refuseLength();
  }

  end(): void {
    this.read(true);
  }

  /** Reads all rows that end in these bytes, and keeps the others. */
  private read(isLast: boolean): void {
    let start = 0;
    if (!this.isBegun) {
      const isMarked = [0xef, 0xbb, 0xbf].every((byte, at) => this.bytes[at] === byte);
      start = isMarked ? 3 : 0;
      const end = this.bytes.findIndex((byte) => byte === lineFeed || byte === carriageReturn);
      if (end < 0 && !isLast) return;
      this.separator = separatorOf(this.bytes.subarray(0, end < 0 ? this.bytes.length : end));
      this.isBegun = true;
    }
    while (start < this.bytes.length) {
      const next = this.readRow(start, isLast);
      if (next < 0) break;
      start = next;
    }
    this.bytes = this.bytes.slice(start);
  }

  /** Reads one row; where the next one starts, or −1 if this one goes on after the bytes. */
  private readRow(start: number, isLast: boolean): number {
    const { bytes, separator } = this;
    const { length } = bytes;
    this.fields = 0;
    this.doubled.length = 0;
    let lines = 1;
    for (let at = start; ; ) {
      while (bytes[at] === space) at++;
      // Spaces at a line's end are no separators of a further field.
      const isOver =
        separator === space &&
        this.fields > 0 &&
        (at >= length || bytes[at] === lineFeed || bytes[at] === carriageReturn);
      if (isOver) {
        // Its end is looked at below.
      } else if (bytes[at] === quote) {
        const close = this.closingQuote(at, isLast);
        if (close < 0) return -1;
        for (let inside = at; inside < close; inside++)
          if (
            bytes[inside] === lineFeed ||
            (bytes[inside] === carriageReturn && bytes[inside + 1] !== lineFeed)
          )
            lines++;
        this.addField(at + 1, close);
        at = close + 1;
        while (bytes[at] === space) at++;
      } else {
        const from = at;
        for (; at < length; at++) {
          const byte = bytes[at];
          // Letters and digits, most of all bytes, are above all that could matter.
          if (byte > semicolon) continue;
          if (byte === separator || byte === lineFeed || byte === carriageReturn) break;
          if (byte === quote)
            throw this.refuse("a quote inside a field", "quotes around the field, doubled inside it");
        }
        this.addField(from, at);
      }
      if (at >= length && !isLast) return -1;
      const byte = at < length ? bytes[at] : lineFeed;
      at++;
      if (byte === separator) continue;
      if (byte === carriageReturn) {
        // Its line feed may be the first byte of the next piece.
        if (at >= length && !isLast) return -1;
        if (bytes[at] === lineFeed) at++;
      } else if (byte !== lineFeed)
        throw this.refuse("more after a field in quotes", "a separator or the line's end");
      if (at - start > longestRow) throw this.refuseLength();
      if (this.fields > 1 || this.ends[0] > this.starts[0]) {
        for (const field of this.doubled) this.undouble(field);
        this.onRow(this);
      }
      this.line += lines;
      return at;
    }
  }

  /** Without the spaces around it. */
  private addField(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && this.bytes[start] === space) start++;
    while (end > start && this.bytes[end - 1] === space) end--;
    this.starts[this.fields] = start;
    this.ends[this.fields++] = end;
  }

  /** Where the quotes opened at `open` close; −1 if that may come in the next piece. */
  private closingQuote(open: number, isLast: boolean): number {
    const { bytes } = this;
    for (let at = open + 1; ; at += 2) {
      at = bytes.indexOf(quote, at);
      const isOpen = at < 0 || (at + 1 >= bytes.length && !isLast);
      if (at < 0 && isLast) throw this.refuse("a quote without its end", "quotes in pairs");
      if (isOpen) return -1;
      if (bytes[at + 1] !== quote) return at;
      if (this.doubled.at(-1) !== this.fields) this.doubled.push(this.fields);
    }
  }

  /** One quote for two, in place: the row is read, and its bytes are our own. */
  private undouble(field: number): void {
    const { bytes } = this;
    let to = this.starts[field];
    for (let at = to; at < this.ends[field]; at++) {
      if (bytes[at] === quote) at++;
      bytes[to++] = bytes[at];
    }
    this.ends[field] = to;
  }

  private refuseLength(): InputError {
    return this.refuse(`a row of more than ${longestRow.toLocaleString("en")} bytes`, "shorter ones");
  }

  private refuse(what: string, allowed: string): InputError {
    return new InputError(`${this.name}, row ${this.line}: ${what}; allowed: ${allowed}`);
  }
}

/** The separator that the first line has most of; spaces, any number of them, where it has none of the others. */
function separatorOf(line: Uint8Array): number {
  const count = (separator: number) => line.reduce((sum, byte) => sum + Number(byte === separator), 0);
  const best = [comma, semicolon, tab].reduce((best, other) => (count(other) > count(best) ? other : best));
  return count(best) === 0 && count(space) > 0 && count(quote) === 0 ? space : best;
}
