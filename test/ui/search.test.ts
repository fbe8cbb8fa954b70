import { expect, test } from "vitest";
import { selectionFor } from "../../src/ui/search";

test("a number is a neuron, two are an arrow", () => {
  const cases = { "5": "5", " 17 ": "17", "5-1": "5-1", "5 -> 1": "5-1", "5→1": "5-1", "5 1": "5-1" };
  for (const [asked, found] of Object.entries(cases))
    expect(selectionFor(asked, 18, null), asked).toBe(found);
});

test("a name counts before a number, and may have hyphens and spaces", () => {
  const names = ["720575940620", "left-1", "DN a", "1"];
  expect(selectionFor("720575940620", 4, names)).toBe("0");
  expect(selectionFor("left-1", 4, names)).toBe("1");
  expect(selectionFor("DN a", 4, names)).toBe("2");
  expect(selectionFor("1", 4, names)).toBe("3");
  expect(selectionFor("2", 4, names)).toBe("2");
  expect(selectionFor("720575940620 → 1", 4, names)).toBe("0-3");
  expect(selectionFor("left-1 -> DN a", 4, names)).toBe("1-2");
});

test("what is not there is named, with what is", () => {
  for (const asked of ["18", "-1", "1e1", "five", "1-2-3", "1-", "0x1", "5-18"])
    expect(() => selectionFor(asked, 18, null), asked).toThrow(
      `There is no neuron ${JSON.stringify(asked)}; allowed: a number from 0 to 17, or two of them for an arrow, as 5-1.`,
    );
});

test("of a text that is no arrow no word is looked for", () => {
  let looked = 0;
  const indexOf = () => {
    looked++;
    return -1;
  };
  expect(() => selectionFor("a b ".repeat(1000), 18, { indexOf })).toThrow(/^There is no neuron/);
  expect(looked).toBe(1);
});
