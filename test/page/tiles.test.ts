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

// Everything in tiles, on the page: what comes of it is what one run of all sources gives, in Node.

const lab = labPages();

const given = { network: "random", neurons: 200, density: 0.03, trials: 2000, seed: "tiles" } as const;
const link = "#v=1&network=random&neurons=200&density=0.03&trials=2000&seed=tiles&sources=top:20&pace=off";

/** All sources at once, on the CPU engine: sums, their hash, and the lines of the discoveries. */
async function atOnce() {
  const experiment = parseExperiment({ ...given, sources: "all" });
  const network = networkOf(experiment);
  const key = keyFrom(experiment.seed);
  const design = designOf(experiment, key);
  const sources = everyNeuron(network.neurons);
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

const withoutPicker = "delete window.showSaveFilePicker;";

test.each(["gpu", "cpu"])("%s: the sums and the edges of all sources at once, 50 a tile", async (engine) => {
  const expected = await atOnce();
  const page = await open(`${link}&engine=${engine}`, withoutPicker);
  await page.locator("#tiles-size").fill("50");
  const ahead = await facts(page, "tiles-ahead");
  expect(ahead.tiles).toBe("4, of 50 sources each");
  expect(ahead.memory).toMatch(/^up to [\d.]+ MiB$/);
  expect(ahead.time).toMatch(/^about /);
  await page.keyboard.press("Enter");
  await tilesAre(page, "done");
  expect(await page.locator("#tiles-done").innerText()).toBe(
    "All 200 sources done, in 4 tiles of 2,000 trials.",
  );
  const found = await facts(page, "tiles-result");
  expect(found.sums).toContain(expected.hash);
  const { discoveries, detection } = expected.recovery;
  expect(found.discoveries).toContain(`${discoveries.claimed} of 40,000 pairs at rate 0.05`);
  expect(found["of these"]).toContain(`${discoveries.true} arrows, ${discoveries.false} others`);
  expect(Number(found["ROC area"])).toBeCloseTo(detection?.roc.area ?? Number.NaN, 4);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#tiles-save")]);
  expect(download.suggestedFilename()).toBe("edges-200-neurons-tiles.csv");
  expect(readFileSync(await download.path(), "utf8")).toBe(expected.edges);
  // The lab is as it was: its own run, and its own sources.
  await page.keyboard.press("Escape");
  expect(await page.locator("#status").innerText()).toBe("done · 2,000 trials");
  expect(await page.locator("#effect-note").innerText()).toMatch(/^20 sources/);
});

test("where the browser has such a thing, the edges go into the file that was chosen", async () => {
  const chosen = `window.showSaveFilePicker = async ({ suggestedName }) => {
    window.suggested = suggestedName;
    const folder = await navigator.storage.getDirectory();
    return folder.getFileHandle("chosen.csv", { create: true });
  };`;
  const page = await open(link, chosen);
  await page.click("#tiles-go");
  await tilesAre(page, "done");
  expect((await facts(page, "tiles-result")).edges).toMatch(/^in chosen\.csv/);
  expect(await page.locator("#tiles-save").isVisible()).toBe(false);
  const written = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("chosen.csv")).getFile();
    return [(globalThis as unknown as { suggested: string }).suggested, await file.text()];
  });
  expect(written).toEqual(["edges-200-neurons-tiles.csv", (await atOnce()).edges]);
});

test("who chooses no file starts nothing", async () => {
  const page = await open(
    link,
    `window.showSaveFilePicker = () => Promise.reject(new DOMException("", "AbortError"));`,
  );
  await page.click("#tiles-go");
  await page.waitForTimeout(200);
  expect(await page.locator("#tiles-go").isVisible()).toBe(true);
  expect(await page.locator("#tiles-problem").innerText()).toBe("");
});

test("cancelled, the tiles that are done are kept and said; a size that is none is refused", async () => {
  const page = await open(link.replace("trials=2000", "trials=6000"), withoutPicker);
  for (const size of ["0", "201", "2.5", "many"]) {
    await page.locator("#tiles-size").fill(size);
    expect(await page.locator("#tiles-problem").innerText()).toMatch(
      /^sources of a tile is .*; allowed: a whole number from 1 to 200\.$/,
    );
    expect(await page.locator("#tiles-go").isDisabled()).toBe(true);
  }
  await page.locator("#tiles-size").fill("4");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    /^tile [3-9] of 50 · sources (8|12|16|20|24|28|32)–/.test(
      document.getElementById("tiles-status")?.textContent ?? "",
    ),
  );
  await page.keyboard.press("Escape");
  await tilesAre(page, "done");
  const said = await page.locator("#tiles-done").innerText();
  const [, last] = /^Cancelled: sources 0–(\d+) of 200 done and kept\.$/.exec(said) ?? [];
  const done = Number(last) + 1;
  expect(done % 4).toBe(0);
  expect((await facts(page, "tiles-result")).discoveries).toContain(
    ` of ${(200 * done).toLocaleString("en")} pairs`,
  );
});

test("another experiment ends it, and has the page for itself", async () => {
  const page = await open(link.replace("trials=2000", "trials=6000"), withoutPicker);
  await page.locator("#tiles-size").fill("4");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    document.getElementById("tiles-status")?.textContent?.startsWith("tile 2 of 50"),
  );
  await page.evaluate(() => {
    location.hash = "#v=1&pace=off&trials=500";
  });
  await page.waitForFunction(() => document.documentElement.dataset.trials === "500");
  await reaches(page, "done");
  expect(await page.locator("#tiles").isVisible()).toBe(false);
  expect(await page.locator("#status").innerText()).toBe("done · 500 trials");
});
