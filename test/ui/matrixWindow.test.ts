import { expect, test } from "vitest";
import type { CellsOnShow } from "../../src/page/desk";
import { MatrixWindow } from "../../src/page/matrixWindow";
import type { Cells } from "../../src/view/pixels";
import { allOf } from "../support/networks";

/** A window over 1,000 × 1,000 pairs whose questions wait for `answer`. */
function slowDesk() {
  const asked: Cells[] = [];
  const heard: (Cells | null)[] = [];
  let answers: (() => void)[] = [];
  const window = new MatrixWindow({
    ask: (cells) => {
      asked.push(cells);
      return new Promise((resolve) => answers.push(() => resolve({ cells } as unknown as CellsOnShow)));
    },
    found: () => {},
    magnified: (part) => heard.push(part && (part as unknown as { cells: Cells }).cells),
    rested: () => {},
  });
  const lay = () => window.lay({ targets: 1000, sources: allOf(1000) }, "", "largest");
  lay();
  return {
    ...{ asked, heard, lay },
    aim: (at: number | null) =>
      window.aim(at === null ? null : { kind: "pair", source: at, target: at }, true),
    async answer() {
      const now = answers;
      answers = [];
      for (const go of now) go();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

/** The row in the middle of a lens. */
const middle = (cells: Cells | null | undefined) => cells?.window && cells.window.rowFrom + 7;

test("however fast the pointer moves, a lens asks once at a time, and shows where it is now", async () => {
  const { asked, heard, aim, answer } = slowDesk();
  for (let at = 100; at < 150; at++) aim(at);
  expect(asked.map(middle)).toEqual([100]);
  await answer();
  expect(heard).toEqual([]);
  expect(asked.map(middle)).toEqual([100, 149]);
  await answer();
  expect(heard.map(middle)).toEqual([149]);
  await answer();
  expect(asked).toHaveLength(2);
});

test("a pointer that is gone has no lens, whatever is still on its way", async () => {
  const { asked, heard, aim, answer } = slowDesk();
  aim(100);
  aim(null);
  await answer();
  expect(heard).toEqual([null]);
  aim(200);
  await answer();
  expect([asked, heard].map((all) => middle(all.at(-1)))).toEqual([200, 200]);
});

test("of other matrices it asks anew, though the last question was never answered", async () => {
  const { asked, heard, aim, lay, answer } = slowDesk();
  aim(100);
  lay();
  aim(300);
  expect(asked.map(middle)).toEqual([100, 300]);
  await answer();
  expect(heard.map(middle)).toEqual([300]);
});
