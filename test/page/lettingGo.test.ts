import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { aliveInWorkers } from "../support/alive";
import { labPages } from "../support/labPages";

// A lecture is long: what is over must not be kept by something that lasts as long as the GPU's device.

const lab = labPages();

const trialsRun = (page: Page) =>
  page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0);

/** Buffers and canvases of what draws and computes; trials are stopped while it is counted. */
async function alive(page: Page) {
  await page.keyboard.press("Space");
  await page.waitForTimeout(1000);
  const counted = await aliveInWorkers(page, ["GPUBuffer", "GPUCanvasContext"]);
  await page.keyboard.press("Space");
  return counted;
}

async function begin(): Promise<Page> {
  const page = await lab.open("#v=1&pace=off&network=random&neurons=300&density=0.05&trials=9000000&seed=go");
  await trialsRun(page);
  return page;
}

test("runs that are over are let go of, with all their buffers", { timeout: 90_000 }, async () => {
  const page = await begin();
  const again = async (times: number) => {
    for (let time = 0; time < times; time++) {
      await page.keyboard.press("n");
      await page.waitForTimeout(300);
      await trialsRun(page);
    }
  };
  await again(2);
  const before = await alive(page);
  await again(6);
  const after = await alive(page);
  expect(before.GPUBuffer).toBeGreaterThan(10);
  // A run has some 25.
  expect(after.GPUBuffer).toBeLessThan(before.GPUBuffer + 10);
});

/** To a lesson and back to the lab, as often as there are lessons. */
async function thereAndBack(page: Page, lessons: string) {
  for (const key of Array.from(lessons, (lesson) => [lesson, "0"]).flat()) {
    await page.keyboard.press(key);
    await page.waitForTimeout(1500);
  }
}

test("lessons and the lab draw on one canvas with the same pipelines, however often they take turns", {
  timeout: 90_000,
}, async () => {
  const page = await begin();
  await thereAndBack(page, "22");
  const before = await alive(page);
  const built = await countPipelines(page);
  await thereAndBack(page, "2222");
  const after = await alive(page);
  expect(after.GPUCanvasContext).toBeLessThanOrEqual(before.GPUCanvasContext);
  expect(await built()).toBe(0);
});

test("lessons' runs are over as soon as there are their numbers", async () => {
  // A random network's numbers are not the notebook's: the engine runs for them; in lesson 6 for a ladder of networks, too.
  const page = await lab.open("#v=1&lesson=4&network=random&neurons=20&density=0.2");
  for (const key of ["n", "n", "6"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(1000);
  }
  await page.waitForFunction(() => document.documentElement.dataset.ladder === "done");
  expect((await runsOfThreads(page)).threads).toBeGreaterThan(0);
  // The lesson's own numbers are made beside the ladder and may come later than it on a busy machine.
  await expect.poll(async () => (await runsOfThreads(page)).shares, { timeout: 10_000 }).toBe(0);
});

/** Threads of the CPU engine, and the shares of runs that are open in them. */
async function runsOfThreads(page: Page): Promise<{ readonly threads: number; readonly shares: number }> {
  const shares = await Promise.all(
    // The table in the script of the CPU engine's threads, which other workers do not have.
    page.workers().map((worker) => worker.evaluate("typeof instances === 'object' ? instances.size : null")),
  );
  const counted = shares.filter((size) => typeof size === "number");
  return { threads: counted.length, shares: counted.reduce((sum, size) => sum + size, 0) };
}

/** How many render pipelines the page's workers build from now on. */
async function countPipelines(page: Page): Promise<() => Promise<number>> {
  const counters = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluateHandle(() => {
        const counter = { count: 0 };
        const prototype = globalThis.GPUDevice?.prototype;
        const build = prototype?.createRenderPipeline;
        if (build)
          prototype.createRenderPipeline = function (descriptor) {
            counter.count++;
            return build.call(this, descriptor);
          };
        return counter;
      }),
    ),
  );
  return async () => {
    const counts = await Promise.all(counters.map((counter) => counter.evaluate(({ count }) => count)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
}
