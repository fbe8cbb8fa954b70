import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placeOf } from "../../bench/mutants/bug";
import { seeded } from "../../bench/mutants/table";

// The bugs themselves are seeded by `npm run mutants`, which takes its time.

test("every bug that is seeded still finds its place in the sources, and is a bug of its own", () => {
  const root = join(import.meta.dirname, "../..");
  const lost = seeded.flatMap(({ file, bugs }) => {
    const text = readFileSync(join(root, file), "utf8");
    return bugs.filter((bug) => placeOf(text, bug) < 0).map(({ what }) => `${file}: ${what}`);
  });
  expect(lost).toEqual([]);
  const edits = seeded.flatMap(({ file, bugs }) =>
    bugs.map(({ find, replace, at }) => `${file} ${at} ${find} ${replace}`),
  );
  expect(new Set(edits).size).toBe(edits.length);
  expect(edits.length).toBeGreaterThanOrEqual(110);
});
