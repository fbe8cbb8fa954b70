import type { Page } from "playwright-core";

/** A task of the page's main thread that keeps a person waiting. */
export interface LongTask {
  /** Since the page began, and how long, in milliseconds. */
  readonly at: number;
  readonly took: number;
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

/** Tasks longer than `most` that began after `since`, of a page that watches for them. */
export async function longTasks(page: Page, since = 0, most = mostTime): Promise<LongTask[]> {
  // The observers are told a little later.
  await page.waitForTimeout(100);
  const { tasks, scripts } = await page.evaluate(() => {
    type Watched = { longTasks: [number, number][]; longScripts: [number, number, string][] };
    const { longTasks, longScripts } = globalThis as unknown as Watched;
    return { tasks: longTasks, scripts: longScripts };
  });
  return tasks
    .filter(([start, duration]) => start >= since && duration > most)
    .map(([start, duration]) => ({
      at: Math.round(start),
      took: Math.round(duration),
      who: scripts.filter(([at, took]) => at < start + duration && at + took > start).map(([, , who]) => who),
    }));
}

/** The time on the page's clock. */
export const pageTime = (page: Page): Promise<number> => page.evaluate(() => performance.now());
