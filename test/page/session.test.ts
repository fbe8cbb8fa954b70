import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, openLab, type Served, serveLab } from "../support/browser";
import { crashGpuProcess } from "../support/crashes";

// What happens to a run: ended, stepped through, looked into, and robbed of its GPU.

let served: Served;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  served = await serveLab();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

afterEach(() => page?.close());

async function open(hash: string): Promise<readonly string[]> {
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  return (await openLab(page, `${served.url}${hash}`)).errors;
}

const data = (name: string) => page.evaluate((of) => document.documentElement.dataset[of], name);
const reaches = (state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, {
    timeout: 60_000,
  });
const text = (id: string) => page.locator(`#${id}`).innerText();

test("cancel ends a run: its sums stay in sight, it cannot be stepped on, and run starts again", async () => {
  await open("#v=1&network=random&neurons=60&trials=5000000&pace=off");
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 500);
  await page.keyboard.press("Escape");
  await reaches("cancelled");
  expect(await text("status")).toMatch(/^cancelled · [\d,]+ of 5,000,000 trials$/);
  await expect.poll(() => text("agreement")).toMatch(/^0\.\d+$/);
  await page.waitForTimeout(500);
  const stopped = Number(await data("trials"));
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(300);
  expect(Number(await data("trials"))).toBe(stopped);
  await page.keyboard.press("Space");
  await reaches("running");
});

test("quick steps are all taken", async () => {
  await open("#v=1&trials=1000");
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0);
  await page.keyboard.press("Space");
  await reaches("paused");
  await page.waitForTimeout(300);
  const before = Number(await data("trials"));
  for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowRight");
  await expect.poll(() => data("trials")).toBe(String(before + 5));
  await reaches("paused");
});

test("a button that was clicked leaves Space to the lab", async () => {
  await open("#v=1&trials=5000000&network=random&neurons=50&pace=off");
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0);
  await page.click("#do-new-seed");
  await expect.poll(() => text("seed")).toMatch(/^lecture-\d+$/);
  const seed = await text("seed");
  await reaches("running");
  await page.keyboard.press("Space");
  await reaches("paused");
  expect(await text("seed")).toBe(seed);
});

test("every pair of a pooled matrix has its estimate in words", async () => {
  await open("#v=1&network=random&neurons=600&density=0.002&trials=640&pace=off");
  await reaches("done");
  const box = await page.locator("#truth").boundingBox();
  if (!box) throw new Error("no matrix");
  for (let cell = 0; cell < 8; cell++) {
    await page.mouse.move(box.x + ((37 * cell + 11) % box.width), box.y + ((53 * cell + 7) % box.height));
    await expect
      .poll(() => text("sentence"))
      .toMatch(/^neuron \d+ → neuron \d+(?: \(itself\))?: effect −?\d\.\d+ ± 0\.\d+/);
  }
});

test("all effects are saved as CSV, source and target named", async () => {
  await open("#v=1&pace=off&trials=2500");
  await reaches("done");
  await page.keyboard.press("e");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(download.suggestedFilename()).toBe("effects-6-neurons-lecture.csv");
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  expect(lines).toHaveLength(37);
  const rows = lines.slice(1).map((line) => line.split(",").map(Number));
  const found = rows
    .filter(([, , effect, error]) => effect > 5 * error)
    .map(([source, target]) => `${source} → ${target}`);
  expect(found.sort()).toEqual(["1 → 0", "3 → 5", "4 → 5", "5 → 1"]);
});

test("a single trial expects nothing, in words too", async () => {
  await open("#v=1&trials=1&pace=off");
  await reaches("done");
  const labels = await page.$$eval("[aria-label]", (all) => all.map((one) => one.ariaLabel).join("\n"));
  expect(labels).not.toMatch(/NaN/);
});

test("of a large network the ROC area says after how many trials it was, and in the end it is of all", async () => {
  await open("#v=1&network=in-degree&neurons=20000&trials=500000&pace=off");
  const areaTrials = async () =>
    Number(/ after ([\d,]+) trials/.exec(await label())?.[1].replaceAll(",", "") ?? Number.NaN);
  const label = async () => (await page.locator("#area-chart").getAttribute("aria-label")) ?? "";
  const older = / · after ([\d,]+) trials$/;
  // Both at one moment: of another picture they may both be others, and none older.
  const read = await page.waitForFunction(
    (older) => {
      const note = document.querySelector("#area-note")?.textContent ?? "";
      const label = document.querySelector("#area-chart")?.getAttribute("aria-label") ?? "";
      return new RegExp(older).test(note) && [note, label];
    },
    older.source,
    { timeout: 60_000 },
  );
  const [note, said] = (await read.jsonValue()) as string[];
  const trials = older.exec(note)?.[1];
  expect(said).toContain(` after ${trials} trials;`);
  await page.keyboard.press("Space");
  await reaches("paused");
  await expect.poll(() => text("area-note"), { timeout: 30_000 }).toBe("an arrow ranks above others");
  await expect
    .poll(async () => (await areaTrials()) === Number(await data("trials")), { timeout: 30_000 })
    .toBe(true);
  expect(await areaTrials()).toBeGreaterThan(Number(trials?.replaceAll(",", "")));
});

test("a lost GPU costs time and no trials: the same numbers, and the graph is drawn again", async () => {
  const hash = "#v=1&network=random&neurons=150&trials=6000&pace=off";
  await open(hash);
  await reaches("done");
  const expected = await page.getAttribute("#agreement", "data-value");
  expect(Number(expected)).toBeGreaterThan(0);
  await page.close();

  await open(hash);
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 200);
  await crashGpuProcess(browser);
  await expect.poll(() => text("notice"), { timeout: 30_000 }).toMatch(/^The GPU failed /);
  await reaches("done");
  expect(await page.getAttribute("#agreement", "data-value")).toBe(expected);
  expect(await data("engine")).toMatch(/gpu|cpu/);
  await page.waitForTimeout(1500);
  // The canvas of a new stage has as many pixels as it is large, or the picture is blurred.
  const sizes = await page.$eval("#graph canvas", (canvas) => {
    const { width, height, clientWidth, clientHeight } = canvas as HTMLCanvasElement;
    return { drawn: [width, height], shown: [clientWidth, clientHeight] };
  });
  expect(sizes.drawn).toEqual(sizes.shown);
  const graph = await page.locator("#graph").screenshot();
  expect(graph.length).toBeGreaterThan(15_000);
});

test("any picture is saved: the graph, a matrix, a chart, in files that are not blank", async () => {
  await open("#v=1&pace=off&trials=2500");
  await reaches("done");
  await page.waitForTimeout(500);
  for (const [figure, name] of [
    ["graph-figure", "graph"],
    ["effect-figure", "effect"],
    ["agreement-figure", "agreement"],
  ]) {
    await page.hover(`#${figure} h2`);
    const files = new Map<string, Buffer>();
    const taken = new Promise<void>((resolve) => {
      page.on("download", async (download) => {
        files.set(download.suggestedFilename(), readFileSync(await download.path()));
        if (files.size === 2) resolve();
      });
    });
    await page.keyboard.press("s");
    await taken;
    page.removeAllListeners("download");
    const png = PNG.sync.read(files.get(`perturbation-lab-6-neurons-${name}.png`) ?? Buffer.alloc(0));
    const colours = new Set<number>();
    for (let at = 0; at < png.data.length; at += 4) colours.add(png.data.readUInt32BE(at));
    expect(png.width).toBeGreaterThan(300);
    expect(colours.size).toBeGreaterThan(30);
    expect(files.get(`perturbation-lab-6-neurons-${name}.svg`)?.toString()).toMatch(
      /<svg[\s\S]*<title>[\s\S]*<\/svg>/,
    );
  }
});

test("a link that costs more than a link may starts nothing, names the price, and waits for a click", async () => {
  await open("#v=1&network=in-degree&neurons=50000&in-degree=10&trials=4000000&pace=off");
  await reaches("offered");
  expect(await text("notice")).toMatch(
    /^The link asks for a run of \d+ trillion pair-updates in up to \d+ MiB; a link starts up to 2 trillion in 2 GiB by itself: press run to start it\.$/,
  );
  expect(await text("status")).toBe("not started · 0 of 4,000,000 trials");
  await page.waitForTimeout(1000);
  expect(await data("state")).toBe("offered");
  // So does one that is put in its place.
  await page.evaluate(() => {
    location.hash = "#v=1&network=in-degree&neurons=40000&in-degree=10&trials=4000000&pace=off";
  });
  await expect.poll(() => text("panel")).toMatch(/neurons/);
  await page.waitForTimeout(500);
  expect(await data("state")).toBe("offered");
  // There and back is not a word to start it.
  for (const keys of ["gg", "10"]) {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(500);
    }
    expect(await data("state")).toBe("offered");
  }
  await page.keyboard.press("e");
  expect(await text("notice")).toMatch(
    /^There is nothing to save before the first trial: run starts it\. The link asks/,
  );
  await page.click("#do-run");
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0, null, {
    timeout: 60_000,
  });
  expect(await text("notice")).not.toMatch(/The link asks/);
});
