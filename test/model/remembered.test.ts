import { expect, test } from "vitest";
import { remembering } from "../../src/model/remembered";

test("what is known is made once; beyond the most there may be, it begins again", () => {
  const made: string[] = [];
  const of = remembering<string>(3);
  const get = (key: string) =>
    of(key, () => {
      made.push(key);
      return `${key}!`;
    });
  expect([..."abcacb"].map(get).join("")).toBe("a!b!c!a!c!b!");
  expect(made.join("")).toBe("abc");
  expect([..."dda"].map(get).join("")).toBe("d!d!a!");
  expect(made.join("")).toBe("abcda");
});
