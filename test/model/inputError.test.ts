import { expect, test } from "vitest";
import { InputError, shown } from "../../src/model/inputError";

test("a message is one line, whatever a name within it holds", () => {
  const name = "a\r\nb\u2028c\u0085d\u202ee\u0000.csv";
  expect(new InputError(`${name} is empty; allowed: more`).message).toBe(
    "a\ufffd\ufffdb\ufffdc\ufffdd\ufffde\ufffd.csv is empty; allowed: more",
  );
});

test("a value is shown in quotes, and cut where it is long", () => {
  expect(shown("a\nb")).toBe('"a\\nb"');
  expect(shown(7)).toBe("7");
  expect(shown(undefined)).toBe("undefined");
  expect(shown("x".repeat(118))).toBe(`"${"x".repeat(118)}"`);
  expect(shown("x".repeat(1e6))).toBe(`"${"x".repeat(99)}… (1,000,002 characters)`);
  expect(shown("\u0001".repeat(60)).length).toBeLessThan(130);
});

test("lists and objects are named, however deep they are", () => {
  const deep = JSON.parse("[".repeat(30_000) + "]".repeat(30_000));
  expect(shown(deep)).toBe("a list");
  expect(shown({ deep })).toBe("an object");
  expect(shown(null)).toBe("null");
});
