import type { Window } from "./pixels";

/** Fewer rows or columns than this are not enlarged further. */
const least = 8;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A part of 0…whole − 1 of another length around a place that stays where it is on the screen.
 *
 * part   where on the screen that place is, 0…1.
 */
function zoomedSpan({ from, to }: Span, whole: number, factor: number, part: number): Span {
  const length = Math.max(Math.min(least, whole), Math.min(whole, Math.round((to - from) * factor)));
  const place = from + part * (to - from);
  const first = Math.max(0, Math.min(whole - length, Math.round(place - part * length)));
  return { from: first, to: first + length };
}

const movedSpan = ({ from, to }: Span, whole: number, by: number): Span => {
  const first = Math.max(0, Math.min(whole - (to - from), from + Math.round(by)));
  return { from: first, to: first + (to - from) };
};

const rowsOf = ({ rowFrom, rowTo }: Window): Span => ({ from: rowFrom, to: rowTo });
const columnsOf = ({ columnFrom, columnTo }: Window): Span => ({ from: columnFrom, to: columnTo });
const windowOf = (rows: Span, columns: Span): Window => ({
  rowFrom: rows.from,
  rowTo: rows.to,
  columnFrom: columns.from,
  columnTo: columns.to,
});

/** A window `factor` times as large around a place of the picture, across and down 0…1. */
export const zoomed = (window: Window, whole: Window, factor: number, across: number, down: number): Window =>
  windowOf(
    zoomedSpan(rowsOf(window), whole.rowTo, factor, down),
    zoomedSpan(columnsOf(window), whole.columnTo, factor, across),
  );

/** A window moved by parts of itself. */
export const moved = (window: Window, whole: Window, across: number, down: number): Window =>
  windowOf(
    movedSpan(rowsOf(window), whole.rowTo, down * (window.rowTo - window.rowFrom)),
    movedSpan(columnsOf(window), whole.columnTo, across * (window.columnTo - window.columnFrom)),
  );

/** Up to `size` × `size` pairs around one. */
export function around(whole: Window, target: number, column: number, size: number): Window {
  const span = (at: number, to: number) =>
    movedSpan({ from: 0, to: Math.min(size, to) }, to, at - (size >> 1));
  return windowOf(span(target, whole.rowTo), span(column, whole.columnTo));
}

export const sameWindow = (a: Window, b: Window): boolean =>
  (["rowFrom", "rowTo", "columnFrom", "columnTo"] as const).every((end) => a[end] === b[end]);

const written = /^(\d{1,7})-(\d{1,7}),(\d{1,7})-(\d{1,7})$/;

/** "100-199,0-63": rows and columns, from and to the last one; "" is all. Null where it is no such thing. */
export function parseCells(text: string): Window | null {
  const ends = written.exec(text)?.slice(1).map(Number);
  if (!ends || ends[0] > ends[1] || ends[2] > ends[3]) return null;
  return { rowFrom: ends[0], rowTo: ends[1] + 1, columnFrom: ends[2], columnTo: ends[3] + 1 };
}

export const writeCells = (window: Window, whole: Window): string =>
  sameWindow(window, whole)
    ? ""
    : `${window.rowFrom}-${window.rowTo - 1},${window.columnFrom}-${window.columnTo - 1}`;
