import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { hashSums } from "../../src/io/sumsFile";
import { parseExperiment } from "../../src/model/experiment";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { launchBrowser, openLab, type Served, serveLab } from "../support/browser";
import { alwaysAnotherGpu, crashAndGoOn, crashGpuProcess, runsOn, savedHash } from "../support/crashes";

// The GPU's process is killed while trials run: the sums in the end are those of an undisturbed run, wherever it ends.

const given = { network: "random", neurons: 150, density: 0.1, seed: "crash" };
const hashOf = (trials: number) =>
  `#v=1&pace=off&${Object.entries({ ...given, trials })
    .map(([name, value]) => `${name}=${value}`)
    .join("&")}`;

let served: Served;

beforeAll(async () => {
  served = await serveLab();
});

afterAll(() => served?.close());

/** The sums of an undisturbed run, by their hash. */
async function undisturbed(trials: number): Promise<string> {
  const experiment = parseExperiment({ ...given, trials });
  const sources = Uint32Array.from({ length: given.neurons }, (_, column) => column);
  const task = { network: networkOf(experiment), key: keyFrom(given.seed), sources, trials };
  const run = await createCpuEngine(nodeThreads()).open(task);
  await run.advance(0, trials);
  return hashSums(await run.sums());
}

/** The lab in a browser of its own; how far its run was, at every moment it said so. */
async function begin(
  browser: Browser,
  trials: number,
): Promise<{ readonly page: Page; went(): Promise<number[]> }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(() => {
    // Nobody is there to answer it.
    Reflect.deleteProperty(globalThis, "showSaveFilePicker");
    const trials: number[] = [];
    Object.assign(globalThis, { trials });
    new MutationObserver(() => trials.push(Number(document.documentElement.dataset.trials))).observe(
      document.documentElement,
      { attributeFilter: ["data-trials"] },
    );
  });
  await openLab(page, `${served.url}${hashOf(trials)}`);
  return { page, went: () => page.evaluate(() => (globalThis as unknown as { trials: number[] }).trials) };
}

const isDone = (page: Page) =>
  page.waitForFunction(() => document.documentElement.dataset.state === "done", null, { timeout: 90_000 });
const notice = (page: Page) => page.locator("#notice").innerText();

test("crashes of the GPU process lose no trial: the GPU is opened again each time", async () => {
  const browser = await launchBrowser({ more: alwaysAnotherGpu });
  try {
    const { page, went } = await begin(browser, 10_000);
    await runsOn(page, 500);
    for (let crash = 1; crash <= 3; crash++) await crashAndGoOn(browser, page, 500);
    expect(await notice(page)).toMatch(
      /^The GPU failed .* was opened again, \d times in this run; no trial is lost\.$/,
    );
    await isDone(page);
    expect(await savedHash(page)).toMatchObject({ sumsHash: await undisturbed(10_000), engine: "gpu" });
    const trials = await went();
    expect(trials.every((now, at) => at === 0 || now >= trials[at - 1])).toBe(true);
  } finally {
    await browser.close();
  }
});

test("where the browser gives no GPU after some crashes, the CPU goes on with the same sums, and says why", async () => {
  const browser = await launchBrowser();
  try {
    const { page, went } = await begin(browser, 300_000);
    for (let crash = 1; crash <= 3; crash++) {
      await runsOn(page, 500);
      if ((await page.getAttribute("html", "data-engine")) === "cpu") break;
      await crashGpuProcess(browser);
    }
    await page.waitForFunction(() => document.documentElement.dataset.engine === "cpu", null, {
      timeout: 60_000,
    });
    await page.keyboard.press("Space");
    expect(await notice(page)).toMatch(/^The GPU failed .*; the CPU engine goes on with the same sums\.$/);
    expect(await page.locator("#adapter").innerText()).toMatch(/^CPU/);
    // The way back leads nowhere for two minutes, and says so.
    await page.locator("#to-gpu").click();
    await expect.poll(() => notice(page)).toMatch(/the CPU engine goes on\. Try again in a minute or two\.$/);
    // A button that was clicked leaves Space to the lab.
    await page.keyboard.press("Space");
    await isDone(page);
    expect(await savedHash(page)).toMatchObject({ sumsHash: await undisturbed(300_000), engine: "cpu" });
    const trials = await went();
    expect(trials.every((now, at) => at === 0 || now >= trials[at - 1])).toBe(true);
    expect(await page.locator("#to-gpu").isVisible()).toBe(false);
  } finally {
    await browser.close();
  }
});

test("where the GPU is gone everything is recovered on the CPU, with the same sums, and the page says so", async () => {
  const browser = await launchBrowser();
  try {
    const { page } = await begin(browser, 2000);
    await isDone(page);
    for (let crash = 1; crash <= 3; crash++) {
      await crashGpuProcess(browser);
      await page.waitForTimeout(1500);
    }
    await page.keyboard.press("w");
    await page.locator("#tiles-size").fill("50");
    await page.locator("#tiles-go").click();
    await page.waitForFunction(() => document.documentElement.dataset.tiles === "done", null, {
      timeout: 60_000,
    });
    const found = await page.locator("#tiles-result").evaluate((facts) => facts.innerHTML);
    expect(found).toContain(await undisturbed(2000));
    expect(await notice(page)).toMatch(/^The GPU failed \(.+\); the CPU engine goes on with the tiles\.$/);
  } finally {
    await browser.close();
  }
});

test("a crash ends a comparison of GPU and CPU with a sentence, and R compares again", async () => {
  const browser = await launchBrowser({ more: alwaysAnotherGpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await openLab(page, `${served.url}#v=1&mode=compare&neurons=150&trials=20000`);
    const reaches = (phase: string) =>
      page.waitForFunction((wanted) => document.documentElement.dataset.compare === wanted, phase, {
        timeout: 60_000,
      });
    await reaches("gpu");
    await crashGpuProcess(browser);
    await reaches("failed");
    expect(await page.locator("#compare-verdict").innerText()).toBe("The comparison stopped");
    expect(await page.locator("#compare-status").innerText()).toMatch(
      /^the GPU was lost: .*\. R compares again\.$/,
    );
    await page.keyboard.press("r");
    await reaches("done");
    expect(await page.locator("#compare-verdict").innerText()).toMatch(/^0 of [\d,]+ words differ$/);
  } finally {
    await browser.close();
  }
});
