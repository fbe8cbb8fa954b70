import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

/** Really kills the browser's GPU process, as a driver would. */
export async function crashGpuProcess(browser: Browser): Promise<void> {
  const devtools = await browser.newBrowserCDPSession();
  // The answer is lost with it.
  await devtools.send("Browser.crashGpuProcess").catch(() => {});
  await devtools.detach().catch(() => {});
}

/** How often the page says that the GPU was opened again. */
const timesSaid = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const said = /opened again, (once|\d+)/.exec(document.querySelector("#notice")?.textContent ?? "")?.[1];
    return said === undefined ? 0 : said === "once" ? 1 : Number(said);
  });

/** One crash, until the page says that the GPU was opened again or that the CPU goes on; and some trials after it. */
export async function crashAndGoOn(
  browser: Browser,
  page: Page,
  trials: number,
  timeout = 60_000,
): Promise<void> {
  const before = await timesSaid(page);
  const end = performance.now() + timeout;
  await crashGpuProcess(browser);
  // A device may be lost while it is opened, which counts, too.
  while ((await timesSaid(page)) <= before && (await page.getAttribute("html", "data-engine")) !== "cpu") {
    if (performance.now() > end)
      throw new Error(`after a crash: ${await page.locator("#notice").textContent()}`);
    await page.waitForTimeout(50);
  }
  await runsOn(page, trials, timeout);
}

/** Flags without which Chrome gives no GPU any more after some crashes; for two minutes or, in the end, for good. */
export const alwaysAnotherGpu = [
  "--disable-domain-blocking-for-3d-apis",
  "--disable-gpu-process-crash-limit",
];

/** Trials that the page's run has behind it. */
export const trialsOf = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset.trials));

/** Waits until the run is so many trials further. */
export async function runsOn(page: Page, trials: number, timeout = 60_000): Promise<void> {
  const wanted = (await trialsOf(page)) + trials;
  await page.waitForFunction((than) => Number(document.documentElement.dataset.trials) >= than, wanted, {
    timeout,
  });
}

/** The sums so far by their hash, as the session's record has it. */
export async function savedHash(page: Page): Promise<{ readonly sumsHash: string; readonly engine: string }> {
  await page.keyboard.press("e");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator('[data-save="session"]').click(),
  ]);
  return JSON.parse(readFileSync(await download.path(), "utf8"));
}
