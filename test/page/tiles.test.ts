import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { hashSums } from "../../src/io/sumsFile";
import { memorySpill } from "../../src/model/candidates";
import { designOf } from "../../src/model/design";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { recover } from "../../src/model/recovery";
import { everyNeuron } from "../../src/model/sources";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { runTiles } from "../../src/tiles";
import { labPages } from "../support/labPages";
import { longTasks, pageTime, watchLongTasks } from "../support/longTasks";

// Everything in tiles, on the page: what comes of it is what one run of all sources gives, in Node.

const lab = labPages();

const given = { network: "random", neurons: 200, density: 0.03, trials: 2000, seed: "tiles" } as const;
const link = "#v=1&network=random&neurons=200&density=0.03&trials=2000&seed=tiles&sources=top:20&pace=off";

/** The first sources at once, on the CPU engine: the hash of their sums, and the lines of their discoveries. */
async function atOnce(asked: Record<string, unknown> = given, most = 200) {
  const experiment = parseExperiment(asked);
  const network = networkOf(experiment);
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = everyNeuron(most);
  const task = { network, key, sources, trials: experiment.trials, design };
  const engine = createCpuEngine();
  const run = await engine.open(task);
  await run.advance(0, experiment.trials);
  const sums = await run.sums();
  const estimand = exactEffect(network, design);
  const confidence = { level: 0.95, rate: 0.05 };
  const recovery = recover(estimate(sums, design.hidden), network, estimand, confidence);
  let edges = "";
  const sink = {
    sums: () => {},
    edges: (lines: string) => {
      edges += lines;
    },
    spill: memorySpill,
  };
  await runTiles(engine, task, estimand, sink, {
    ...confidence,
    tileSources: sources.length,
    from: 0,
    to: experiment.trials,
  });
  return { hash: hashSums(sums), edges, recovery };
}

const reaches = (page: Page, state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, {
    timeout: 60_000,
  });
const tilesAre = (page: Page, state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.tiles === wanted, state, {
    timeout: 60_000,
  });

/** The list of facts of that name, as the page says them. */
const facts = (page: Page, id: string) =>
  page
    .locator(`#${id} > div`)
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.querySelector("dt")?.textContent,
          `${row.querySelector("dd")?.textContent}${(row as HTMLElement).title && ` | ${(row as HTMLElement).title}`}`,
        ]),
      ),
    );

async function open(hash: string, before: string): Promise<Page> {
  const page = await lab.open(hash, { before: [before] });
  await reaches(page, "done");
  await page.keyboard.press("w");
  return page;
}

/** Bytes of the files that the browser keeps for the page. */
const filesOnDisk = (page: Page) =>
  page.evaluate(async () => {
    const folder = (await navigator.storage.getDirectory()) as unknown as {
      values(): AsyncIterable<FileSystemFileHandle>;
    };
    const sizes: number[] = [];
    for await (const handle of folder.values()) sizes.push((await handle.getFile()).size);
    return sizes;
  });

const withoutPicker = "delete window.showSaveFilePicker;";

async function expectAtOnce(page: Page, edges: string, expected: Awaited<ReturnType<typeof atOnce>>) {
  expect(await page.locator("#tiles-done").innerText()).toBe(
    "All 200 sources done, in 4 tiles of 2,000 trials.",
  );
  const found = await facts(page, "tiles-result");
  expect(found.sums).toContain(expected.hash);
  const { discoveries, detection } = expected.recovery;
  expect(found.discoveries).toContain(`${discoveries.claimed} of 40,000 pairs at rate 0.05`);
  expect(found["of these"]).toContain(`${discoveries.true} arrows, ${discoveries.false} others`);
  expect(Number(found["ROC area"])).toBeCloseTo(detection?.roc.area ?? Number.NaN, 4);
  expect(edges).toBe(expected.edges);
}

/** What is saved by the button at the end. */
async function saved(page: Page): Promise<{ name: string; content: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#tiles-save")]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path(), "utf8") };
}

test("50 sources a tile: the sums and the edges of all at once, and the lab as it was", async () => {
  const page = await open(link, withoutPicker);
  await page.locator("#tiles-size").fill("50");
  const ahead = await facts(page, "tiles-ahead");
  expect(ahead.tiles).toBe("4, of 50 sources each");
  expect(ahead.memory).toMatch(/^up to [\d.]+ MiB$/);
  expect(ahead.time).toMatch(/^at most about /);
  await page.keyboard.press("Enter");
  await tilesAre(page, "done");
  const { name, content } = await saved(page);
  expect(name).toBe("edges-200-neurons-tiles.csv");
  await expectAtOnce(page, content, await atOnce());
  await page.keyboard.press("Escape");
  expect(await page.locator("#status").innerText()).toBe("done · 2,000 trials");
  expect(await page.locator("#effect-note").innerText()).toMatch(/^20 sources/);
});

test("on the CPU, into a file that is chosen; who chooses none starts nothing", async () => {
  const page = await open(
    `${link}&engine=cpu`,
    `window.asked = [];
    window.showSaveFilePicker = async ({ suggestedName }) => {
      window.asked.push(suggestedName);
      if (window.asked.length === 1) throw new DOMException("", "AbortError");
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle("chosen.csv", { create: true });
    };`,
  );
  await page.locator("#tiles-size").fill("50");
  await page.click("#tiles-go");
  await page.waitForFunction(() => (globalThis as unknown as { asked: string[] }).asked.length === 1);
  expect(await page.locator("#tiles-go").isVisible()).toBe(true);
  expect(await page.locator("#tiles-problem").innerText()).toBe("");
  await page.click("#tiles-go");
  await tilesAre(page, "done");
  expect((await facts(page, "tiles-result")).edges).toMatch(/^in chosen\.csv/);
  expect(await page.locator("#tiles-save").isVisible()).toBe(false);
  const [name, edges] = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("chosen.csv")).getFile();
    return [(globalThis as unknown as { asked: string[] }).asked[1], await file.text()];
  });
  expect(name).toBe("edges-200-neurons-tiles.csv");
  await expectAtOnce(page, edges, await atOnce());
});

test("cancelled, what is done is kept; much that may become a discovery waits on the browser's disk", async () => {
  const page = await lab.open(
    "#v=1&network=in-degree&neurons=20000&in-degree=2&trials=64&seed=disk&sources=top:2&pace=off&engine=cpu",
    { before: [watchLongTasks, withoutPicker] },
  );
  await reaches(page, "done");
  const since = await pageTime(page);
  await page.keyboard.press("w");
  for (const size of ["0", "20001", "2.5", "many"]) {
    await page.locator("#tiles-size").fill(size);
    expect(await page.locator("#tiles-problem").innerText()).toBe(
      `sources of a tile is "${size}"; allowed: a whole number from 1 to 20,000.`,
    );
    expect(await page.locator("#tiles-go").isDisabled()).toBe(true);
  }
  await page.locator("#tiles-size").fill("100");
  expect((await facts(page, "tiles-ahead")).disk).toMatch(/^up to \d+ MiB/);
  await page.keyboard.press("Enter");
  const isAt = (tile: number) =>
    page.waitForFunction(
      (start) => document.getElementById("tiles-status")?.textContent?.startsWith(start),
      `tile ${tile} of 200 · sources ${100 * (tile - 1)}–${100 * tile - 1} of 20,000`,
    );
  await isAt(3);
  const waiting = await filesOnDisk(page);
  expect(waiting.length).toBe(2);
  expect(Math.max(...waiting)).toBeGreaterThan(2 ** 20);
  await page.keyboard.press("Escape");
  await tilesAre(page, "done");
  expect(await filesOnDisk(page)).toEqual([]);
  const said = await page.locator("#tiles-done").innerText();
  const [, last] = /^Cancelled: sources 0–(\d+) of 20,000 done and kept\.$/.exec(said) ?? [];
  const done = Number(last) + 1;
  expect(done % 100).toBe(0);
  const about = { network: "in-degree", neurons: 20_000, inDegree: 2, trials: 64, seed: "disk" };
  const { hash, edges } = await atOnce(about, done);
  const found = await facts(page, "tiles-result");
  expect(found.sums).toContain(hash);
  expect(found.discoveries).toContain(` of ${(20_000 * done).toLocaleString("en")} pairs`);
  expect((await saved(page)).content).toBe(edges);

  // Once more, until another experiment ends it and has the page for itself.
  await page.keyboard.press("Escape");
  await page.keyboard.press("w");
  await page.locator("#tiles-size").fill("100");
  await page.keyboard.press("Enter");
  await isAt(2);
  await page.evaluate(() => {
    location.hash = "#v=1&pace=off&trials=500";
  });
  await page.waitForFunction(() => document.documentElement.dataset.trials === "500");
  await reaches(page, "done");
  expect(await page.locator("#tiles").isVisible()).toBe(false);
  expect(await page.locator("#status").innerText()).toBe("done · 500 trials");
  expect(await longTasks(page, since)).toEqual([]);
  await expect.poll(() => filesOnDisk(page), { timeout: 20_000 }).toEqual([]);
});
