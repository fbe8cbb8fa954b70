import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { labPages } from "../support/labPages";

const lab = labPages();
let page: Page;

const text = (id: string) => page.locator(`#${id}`).innerText();

/** Where the numbers of neurons stand, in pixels from the middle of the graph. */
const numbers = () =>
  page.locator("#graph .label").evaluateAll((labels) =>
    labels.map((label) => {
      const { m41, m42 } = new DOMMatrix(getComputedStyle(label).transform);
      const { offsetWidth, offsetHeight } = label as HTMLElement;
      return { neuron: Number(label.textContent), x: m41 + offsetWidth / 2, y: m42 + offsetHeight / 2 };
    }),
  );

test("2,000 neurons: forces bring blocks together, and a neuron is shown with its arrows", async () => {
  const link = "#v=1&network=blocks&neurons=2000&blocks=4&density=0.02&between=0.0002&trials=64&sources=0-7";
  page = await lab.open(`${link}&layout=force&select=17`, { size: { width: 1600, height: 900 } });
  const caption = (wanted: RegExp) =>
    expect.poll(() => text("graph-caption"), { timeout: 60_000 }).toMatch(wanted);
  await caption(/^2,000 neurons · arrows of neuron 17: \d+ true, \d+ stand out$/);
  expect(await text("graph-key")).not.toMatch(/colour of a neuron/);
  const first = await numbers();
  expect(first.map(({ neuron }) => neuron)).toContain(17);
  expect(first.length).toBeGreaterThan(3);

  // Another neuron, one of another block; no run begins and nothing settles anew.
  await page.evaluate(() => {
    location.hash = location.hash.replace("select=17", "select=1017");
  });
  await caption(/arrows of neuron 1017: \d+ true, \d+ stand out$/);
  const all = [...first, ...(await numbers())];
  const mean = (wanted: (a: number, b: number) => boolean) => {
    const distances = all.flatMap((a, at) =>
      all
        .slice(0, at)
        .filter((b) => wanted(Math.floor(a.neuron / 500), Math.floor(b.neuron / 500)))
        .map((b) => Math.hypot(a.x - b.x, a.y - b.y)),
    );
    return distances.reduce((sum, one) => sum + one, 0) / distances.length;
  };
  expect(mean((a, b) => a !== b)).toBeGreaterThan(2 * mean((a, b) => a === b));

  // One of the sources colours the others by its effects.
  await page.evaluate(() => {
    location.hash = location.hash.replace("select=1017", "select=5");
  });
  await caption(/arrows of neuron 5:/);
  await expect.poll(() => text("graph-key")).toMatch(/ · colour of a neuron: effect of neuron 5 on it$/);
  expect(await page.locator("html").getAttribute("data-trials")).toBe("64");

  // Another layout appears at once.
  await page.selectOption("#set-layout", "blocks");
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/layout=blocks/);
  await expect.poll(async () => (await numbers()).find(({ neuron }) => neuron === 5)?.y).toBeLessThan(-150);
});
