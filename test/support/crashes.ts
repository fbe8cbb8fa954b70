import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

/** Really kills the browser's GPU process, as a driver would. */
export async function crashGpuProcess(browser: Browser): Promise<void> {
  const devtools = await browser.newBrowserCDPSession();
  // The answer is lost with it.
  await devtools.send("Browser.crashGpuProcess").catch(() => {});
  await devtools.detach().catch(() => {});
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
