import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

/** A task of the page's main thread that keeps a person waiting. */
export interface LongTask {
  /** Since the page began, how long, and how much of that it had a core, about; in milliseconds. */
  readonly at: number;
  readonly took: number;
  readonly worked: number;
  /** What ran then, as far as the browser tells. */
  readonly who: readonly string[];
}

/** Longest time that a key or a click may wait for the page. */
export const mostTime = 100;

/** To be run before the page's own scripts: remembers what holds the main thread up, its start included. */
export const watchLongTasks = `
  window.longTasks = [];
  window.longScripts = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });
  if (PerformanceObserver.supportedEntryTypes.includes("long-animation-frame"))
    new PerformanceObserver((list) => {
      for (const { scripts } of list.getEntries())
        for (const { startTime, duration, invoker, sourceFunctionName, sourceURL, sourceCharPosition } of scripts)
          window.longScripts.push([startTime, duration, [invoker, sourceFunctionName,
            sourceURL.split("/").at(-1) + ":" + sourceCharPosition, Math.round(duration) + " ms"].join(" ")]);
    }).observe({ type: "long-animation-frame", buffered: true });
`;

/**
 * Tasks that began after `since` and worked longer than `most`, of a page that watches for them. Where the thread had
 * to wait for a core, since others use them too, that much is taken off: it is no fault of the page.
 */
export async function longTasks(page: Page, since = 0, most = mostTime): Promise<LongTask[]> {
  // The observers are told a little later.
  await page.waitForTimeout(100);
  const { tasks, scripts } = await page.evaluate(() => {
    type Watched = { longTasks: [number, number][]; longScripts: [number, number, string][] };
    const { longTasks, longScripts } = globalThis as unknown as Watched;
    return { tasks: longTasks, scripts: longScripts };
  });
  const share = await shareOfCore(page);
  return tasks
    .filter(([start, duration]) => start >= since && duration * share > most)
    .map(([start, duration]) => ({
      at: Math.round(start),
      took: Math.round(duration),
      worked: Math.round(duration * share),
      who: scripts.filter(([at, took]) => at < start + duration && at + took > start).map(([, , who]) => who),
    }));
}

/** The part of the time it wanted a core for that the page's main thread had one; 1 where nobody knows. */
async function shareOfCore(page: Page): Promise<number> {
  const devtools = await page.context().browser()?.newBrowserCDPSession();
  if (process.platform !== "linux" || !devtools) return 1;
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  const times = processInfo
    .filter(({ type }) => type === "renderer")
    // Its main thread bears the process's number. Nanoseconds on a core, and waiting for one.
    .map(({ id }) => readFileSync(`/proc/${id}/schedstat`, "utf8").split(" ").map(Number))
    .sort(([a], [b]) => b - a);
  const [worked = 1, waited = 0] = times[0] ?? [];
  return worked / (worked + waited);
}

/** The time on the page's clock. */
export const pageTime = (page: Page): Promise<number> => page.evaluate(() => performance.now());
