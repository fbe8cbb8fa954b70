import { describe, expect, test } from "vitest";
import { around, moved, parseCells, writeCells, zoomed } from "../../src/view/zoom";

const whole = { rowFrom: 0, rowTo: 5000, columnFrom: 0, columnTo: 64 };

describe("a window of a matrix", () => {
  test("is enlarged around the place under the pointer, which stays there", () => {
    const half = zoomed(whole, whole, 0.5, 0.25, 0.8);
    expect([half.rowTo - half.rowFrom, half.columnTo - half.columnFrom]).toEqual([2500, 32]);
    // What was 80 % down still is: row 4000.
    expect(half.rowFrom + 0.8 * 2500).toBe(4000);
    expect(half.columnFrom + 0.25 * 32).toBe(16);
    expect(zoomed(half, whole, 2, 0.25, 0.8)).toEqual(whole);
  });

  test("never leaves the matrix, nor shrinks below a few cells", () => {
    let window = whole;
    for (let step = 0; step < 40; step++) window = zoomed(window, whole, 0.5, 1, 0);
    expect(window).toEqual({ rowFrom: 0, rowTo: 8, columnFrom: 56, columnTo: 64 });
    expect(moved(window, whole, 10, -10)).toEqual(window);
    expect(moved(window, whole, -0.5, 0.5)).toEqual({ rowFrom: 4, rowTo: 12, columnFrom: 52, columnTo: 60 });
    const few = { rowFrom: 0, rowTo: 6, columnFrom: 0, columnTo: 2 };
    expect(zoomed(few, few, 0.1, 0.5, 0.5)).toEqual(few);
  });

  test("lies around a pair, or beside it at an edge", () => {
    expect(around(whole, 100, 30, 15)).toEqual({ rowFrom: 93, rowTo: 108, columnFrom: 23, columnTo: 38 });
    expect(around(whole, 4999, 0, 15)).toEqual({ rowFrom: 4985, rowTo: 5000, columnFrom: 0, columnTo: 15 });
    expect(around({ ...whole, columnTo: 3 }, 0, 2, 15)).toMatchObject({ columnFrom: 0, columnTo: 3 });
  });

  test("is written with its last row and column, and read back", () => {
    const window = { rowFrom: 100, rowTo: 200, columnFrom: 0, columnTo: 64 };
    expect(writeCells(window, whole)).toBe("100-199,0-63");
    expect(parseCells("100-199,0-63")).toEqual(window);
    expect(writeCells(whole, whole)).toBe("");
    for (const text of ["", "5", "5-4,0-1", "1-2", "1-2,3-4,5-6", "-1-2,0-1", "1-2,0-99999999"])
      expect(parseCells(text)).toBeNull();
  });
});
