import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { findArrow } from "../../src/model/network";
import { resolveSources } from "../../src/model/sources";
import { networkOf } from "../../src/network";
import { labPages } from "../support/labPages";

const lab = labPages();
let page: Page;

async function open(hash: string): Promise<void> {
  page = await lab.open(hash, { size: { width: 1600, height: 900 } });
}

const text = (id: string) => page.locator(`#${id}`).innerText();
const label = (id: string) => page.locator(`#${id}`).getAttribute("aria-label");
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
const reaches = (state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, {
    timeout: 60_000,
  });

const experiment = parseExperiment({ network: "random", neurons: 5000, density: 0.002, sources: "top:64" });
const link = "#v=1&network=random&neurons=5000&density=0.002&sources=top:64&trials=2000";

async function hoverPixel(matrix: "truth" | "effect", column: number, row: number) {
  const box = await page.locator(`#${matrix}`).boundingBox();
  if (!box) throw new Error(`#${matrix} is not in sight`);
  await page.mouse.move(box.x + ((column + 0.5) * box.width) / 64, box.y + ((row + 0.5) * box.height) / 500);
}

test("64 chosen sources of 5,000 neurons: axes, hover and sentences name the sources' own numbers", async () => {
  const network = networkOf(experiment);
  const sources = resolveSources("top:64", network, null);
  await open(link);
  await reaches("done");
  await expect.poll(() => text("memory")).toMatch(/^[\d.]+ MiB of \d+ MiB$/);
  expect(await text("effect-note")).toBe("64 sources (column) → to (row) · largest of 10\u00a0×\u00a01");
  expect(await label("effect")).toMatch(/^Effects after 2,000 trials, 5,000 targets by 64 sources/);
  const ticks = await page.locator("#effect ~ .ticks.columns > .tick").allInnerTexts();
  expect(ticks.length).toBeGreaterThan(3);
  for (const tick of ticks) expect([...sources]).toContain(Number(tick));

  // A true arrow from a source in the middle: in the matrix of weights it is the largest of its ten pairs.
  const column = 31;
  const target = [...Array(network.neurons).keys()].find(
    (row) => findArrow(network, row, sources[column]) >= 0,
  );
  if (target === undefined) throw new Error("that source has no arrow");
  await hoverPixel("truth", column, Math.floor(target / 10));
  const name = `neuron ${sources[column]} → neuron ${target}`;
  await expect.poll(() => text("sentence")).toMatch(new RegExp(`^${name}: effect .* ± .*, exact 0\\.\\d+`));
  const mark = await page.locator("#effect ~ .mark > .cell").evaluate((cell) => {
    const { left, top } = (cell as HTMLElement).style;
    return [Number.parseFloat(left), Number.parseFloat(top)];
  });
  expect(mark[0]).toBeCloseTo((100 * column) / 64, 3);
  expect(mark[1]).toBeCloseTo((100 * target) / 5000, 3);
});

test("a neuron that is no source says so, and A makes it one", async () => {
  const sources = resolveSources("top:64", networkOf(experiment), null);
  const outside = [...Array(5000).keys()].find((neuron) => !sources.includes(neuron)) ?? 0;
  await open(`${link.replace("trials=2000", "trials=128")}&select=${outside}`);
  await reaches("done");
  expect(await text("sentence")).toMatch(/; not among the 64 sources \(A makes it one\)$/);
  await page.keyboard.press("a");
  await reaches("done");
  await expect.poll(() => text("effect-note")).toMatch(/^65 sources/);
  expect(await text("sentence")).not.toMatch(/not among/);
  expect(await page.locator("#set-sources").inputValue()).toMatch(new RegExp(`\\b${outside}\\b`));
});

test("what does not fit is refused with what would, and the network on show stays", async () => {
  await open("#v=1&network=in-degree&neurons=5000&trials=64&pace=off");
  await reaches("done");
  const before = await hash();
  await page.locator("#set-neurons").fill("1000000");
  await page.keyboard.press("Enter");
  await reaches("preparing");
  await page.keyboard.press("Escape");
  await reaches("cancelled");
  await page.locator("#set-sources").fill("all");
  await page.keyboard.press("Enter");
  expect(await text("notice")).toMatch(
    /1,000,000 targets × 1,000,000 sources need .*fits \d+ sources; sources stays auto/,
  );
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, before);
  await reaches("done");
  expect(await text("effect-note")).toMatch(/^64 sources/);
});

test("search finds neurons and pairs by their numbers, and says what it cannot find", async () => {
  await open("#v=1&trials=500&pace=off");
  await reaches("done");
  await page.keyboard.press("/");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
  for (const [asked, found] of [
    ["3", /^neuron 3 /],
    ["5 → 1", /^neuron 5 → neuron 1: effect/],
  ] as const) {
    await page.locator("#search").fill(asked);
    await page.keyboard.press("Enter");
    await expect.poll(() => text("sentence")).toMatch(found);
  }
  expect(await hash()).toContain("select=5-1");
  await page.locator("#search").fill("17");
  await page.keyboard.press("Enter");
  expect(await text("notice")).toBe(
    'There is no neuron "17"; allowed: a number from 0 to 5, or two of them for an arrow, as 5-1.',
  );
  expect(await hash()).toContain("select=5-1");
});

test("the most certain effects are a table: reached by keyboard, lit with the other pictures, and back", async () => {
  await open("#v=1&trials=5000&pace=off&charts=strongest");
  await reaches("done");
  const rows = page.locator("#strongest-table tbody tr");
  await expect.poll(() => rows.count()).toBe(20);
  const [, name, effect, exact] = await rows.first().locator("th, td").allInnerTexts();
  const [source, target] = name.split(" → ");
  expect(effect).toMatch(/^0\.1\d+ ± 0\.00\d$/);
  expect(exact).toMatch(/^0\.1\d+$/);
  await rows.first().locator("button").focus();
  await expect
    .poll(() => text("sentence"))
    .toContain(`neuron ${source} → neuron ${target}: effect ${effect}`);
  await page.keyboard.press("Enter");
  await expect.poll(hash).toContain(`select=${source}-${target}`);
  const lit = () => page.locator("#strongest-table .lit button").allInnerTexts();
  expect(await lit()).toEqual([name]);
  // And the other way: a cell pointed at lights its row.
  const [, other] = await rows.nth(1).locator("th, td").allInnerTexts();
  const [from, to] = other.split(" → ").map(Number);
  const box = await page.locator("#effect").boundingBox();
  if (!box) throw new Error("#effect is not in sight");
  await page.mouse.move(box.x + ((from + 0.5) * box.width) / 6, box.y + ((to + 0.5) * box.height) / 6);
  await expect.poll(lit).toEqual([other]);
});
