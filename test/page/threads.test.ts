import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { labPages } from "../support/labPages";
import { longTasks, pageTime, watchLongTasks } from "../support/longTasks";

// Whatever takes time happens on other threads: the page's own answers keys and clicks within a tenth of a second.

const lab = labPages();

const trialsReach = (page: Page, trials: number) =>
  page.waitForFunction((least) => Number(document.documentElement.dataset.trials) >= least, trials, {
    timeout: 60_000,
  });

test.each([
  [400, "network=random&density=0.01&trials=5000000"],
  [2_000, "network=random&density=0.01&trials=400000"],
  // 64 sources: more pairs than fit are not asked for.
  [100_000, "network=in-degree&in-degree=20&trials=150000"],
])(
  "opening a run of %i neurons, watching it, selecting and another theme hold nobody up",
  async (neurons, network) => {
    const page = await lab.open(`#v=1&${network}&neurons=${neurons}`, {
      before: [watchLongTasks],
    });
    await trialsReach(page, 64);
    await page.waitForTimeout(1500);
    expect(await longTasks(page), "while it opens").toEqual([]);

    let since = await pageTime(page);
    await page.waitForTimeout(3000);
    expect(await longTasks(page, since), "while it runs").toEqual([]);

    since = await pageTime(page);
    const box = await page.locator("#graph").boundingBox();
    if (!box) throw new Error("no graph");
    for (let step = 0; step < 8; step++) {
      await page.mouse.move(box.x + box.width * (0.3 + 0.05 * step), box.y + box.height * 0.4);
      await page.waitForTimeout(80);
    }
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(500);
    expect(await longTasks(page, since), "while somebody points, selects and zooms").toEqual([]);

    since = await pageTime(page);
    await page.keyboard.press("p");
    await page.waitForFunction(() => document.documentElement.dataset.theme === "projector");
    await page.waitForTimeout(1000);
    expect(await longTasks(page, since), "while the theme changes").toEqual([]);
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe("running");
  },
  120_000,
);
