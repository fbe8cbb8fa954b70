import { expect, test } from "vitest";
import { parseDecimal } from "../../src/model/decimal";

test("numbers as people write them", () => {
  const written: [string, number][] = [
    ["12", 12],
    ["-0.5", -0.5],
    ["+3.", 3],
    [".25", 0.25],
    ["1e-3", 0.001],
    ["2.5E+2", 250],
    ["1e400", Number.POSITIVE_INFINITY],
  ];
  for (const [text, value] of written) expect(parseDecimal(text), text).toBe(value);
});

test("nothing else that Number would take, nor what other languages write", () => {
  const others =
    ", ,0x10,0b1,0o7,1_000,Infinity,-Infinity,NaN,1e,e1,.,+,-,+-1,1 2, 1,1 ,1.2.3,1n,½,١٢,1\u00a0,−1,null,1e1.5";
  for (const text of others.split(",")) expect(parseDecimal(text), JSON.stringify(text)).toBeNaN();
});

// A pattern with two ways to match a digit needs 15 seconds for each of these.
test("a long row of digits that is no number after all is told at once", { timeout: 5_000 }, () => {
  for (const end of ["x", ".x", "e", ".0e+"]) expect(parseDecimal(`${"1".repeat(60_000)}${end}`)).toBeNaN();
});
