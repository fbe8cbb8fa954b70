import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { labPages } from "../support/labPages";

const pages = labPages();
const link = "#v=1&pace=off&network=random&neurons=1200&density=0.005&sources=top:40&trials=300";

const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));
const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
const rows = (page: Page, id: string) => page.locator(`#${id} ~ .ticks.rows > .tick`).allInnerTexts();

test("a matrix is enlarged by the wheel, moved by dragging and shown whole again, and its link holds the part", async () => {
  const page = await pages.open(link);
  await page.waitForSelector("html[data-state=done]", { timeout: 60_000 });
  await page.waitForTimeout(500);
  const box = await page.locator("#effect").boundingBox();
  if (!box) throw new Error("the matrix is not in sight");
  expect(await text(page, "effect-note")).toBe("40 sources (column) → to (row) · largest of 3\u00a0×\u00a01");

  // A pixel stands for three pairs: the single cells are in a lens, in both matrices.
  await page.mouse.move(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
  await page.waitForSelector("#effect-figure .lens:not([hidden])");
  expect(await page.locator("#truth-figure .lens").isVisible()).toBe(true);
  expect(await text(page, "sentence")).toMatch(/^neuron \d+ → neuron \d+: effect/);

  await page.mouse.wheel(0, -1000);
  await page.waitForFunction(() => decodeURIComponent(location.hash).includes("cells="));
  const cells =
    /cells=(\d+)-(\d+),(\d+)-(\d+)/
      .exec(await hash(page))
      ?.slice(1)
      .map(Number) ?? [];
  const [from, to, left, right] = cells;
  expect(to - from + 1).toBe(Math.round(1200 * Math.exp(-1)));
  expect(right - left + 1).toBe(Math.round(40 * Math.exp(-1)));
  // What was in the middle is in the middle, to a pixel of the screen.
  expect(Math.abs((from + to + 1) / 2 - 600)).toBeLessThan(1200 / box.height);
  expect(await text(page, "effect-note")).toBe("40 sources (column) → to (row) · enlarged");
  for (const id of ["truth", "effect"]) expect(Number((await rows(page, id))[0])).toBe(from);

  // A cell of the enlarged picture is the pair that its place says, to a pixel of the screen.
  const before = await text(page, "sentence");
  await page.mouse.move(box.x + box.width / 2, box.y + 0.2 * box.height);
  await page.waitForFunction((old) => document.getElementById("sentence")?.textContent !== old, before);
  const target = Number(/→ neuron (\d+)/.exec(await text(page, "sentence"))?.[1]);
  const many = to - from + 1;
  expect(Math.abs(target + 0.5 - from - 0.2 * many)).toBeLessThan(1 + many / box.height);

  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 0.9 * box.height, { steps: 4 });
  await page.mouse.up();
  // Dragged by 0.7 of what is shown, less what makes it a drag; the link follows each step, some time after the picture.
  await page.waitForFunction(
    (most) => Number(/cells=(\d+)-/.exec(decodeURIComponent(location.hash))?.[1]) < most,
    from - 0.6 * many,
  );
  expect(await hash(page)).toContain(`cells=${(await rows(page, "effect"))[0]}-`);
  // Moving selects nothing.
  expect(await hash(page)).not.toContain("select=");

  const moved = await hash(page);
  const again = await pages.open(moved);
  await again.waitForSelector("html[data-state=done]", { timeout: 60_000 });
  expect(await rows(again, "effect")).toEqual(await rows(page, "effect"));

  await page.locator("#effect").focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(() => !decodeURIComponent(location.hash).includes("cells="));
  expect((await rows(page, "truth"))[0]).toBe("0");

  await page.keyboard.press("m");
  await page.waitForFunction(() => document.getElementById("effect-note")?.textContent?.includes("mean of"));
  expect(await hash(page)).toContain("pooling=mean");
});
