import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { labPages } from "../support/labPages";

const pages = labPages();

const link = "#v=1&pace=off&neurons=25&trials=3000";

/** The lab after its trials, and how its graph and its effects look then. */
async function finished(page: Page) {
  await page.waitForSelector("html[data-state=done]", { timeout: 60_000 });
  // Pictures settle a frame or two after the numbers.
  await page.waitForTimeout(2500);
  const shot = async (id: string) => PNG.sync.read(await page.locator(id).screenshot());
  return {
    engine: await page.evaluate(() => document.documentElement.dataset.engine),
    isLive: await page.locator("#effect-figure canvas.live").isVisible(),
    graph: await shot("#graph"),
    effect: await shot("#effect-figure .plot"),
  };
}

/** Share of pixels that differ by more than rounding. */
function different(a: PNG, b: PNG): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let count = 0;
  for (let pixel = 0; pixel < a.data.length; pixel += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a.data[pixel + channel] - b.data[pixel + channel]) > 6)) count++;
  return count / (a.width * a.height);
}

test("drawn from the GPU's own sums, graph and effects look as they do from the CPU's", async () => {
  const gpu = await finished(await pages.open(link));
  const cpu = await finished(await pages.open(`${link}&engine=cpu`));
  expect([gpu.engine, cpu.engine]).toEqual(["gpu", "cpu"]);
  expect([gpu.isLive, cpu.isLive]).toEqual([true, false]);
  expect(different(gpu.effect, cpu.effect)).toBeLessThan(0.001);
  expect(different(gpu.graph, cpu.graph)).toBeLessThan(0.001);
  // Another seed is another picture: the comparison can fail.
  const other = await finished(await pages.open(`${link}&engine=cpu&seed=other`));
  expect(different(gpu.effect, other.effect)).toBeGreaterThan(0.05);
  expect(different(gpu.graph, other.graph)).toBeGreaterThan(0.01);
});

/** Tells when the graph says that a frame is on its way to the screen, see PainterEvents. */
const watchFrames = `
  window.framesAt = [];
  const add = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (type, listener, ...more) {
    return add.call(this, type, type !== "message" ? listener : (event) => {
      if (event.data?.path?.[0] === "drawn") window.framesAt.push(performance.now());
      listener.call(this, event);
    }, ...more);
  };
`;

test("what is selected or enlarged while a chunk of seconds runs is seen before the chunk ends", async () => {
  const page = await pages.open("#v=1&network=in-degree&in-degree=20&neurons=100000&trials=150000", {
    before: [watchFrames],
  });
  const trials = () => page.evaluate(() => Number(document.documentElement.dataset.trials));
  const more = async (than: number) => {
    await page.waitForFunction((before) => Number(document.documentElement.dataset.trials) > before, than, {
      timeout: 60_000,
    });
    return trials();
  };
  // Another chunk has just begun, and its first picture has come and gone.
  const before = await more(await more(0));
  await page.waitForTimeout(500);
  const since = await page.evaluate(() => {
    location.hash += "&select=4711";
    return performance.now();
  });
  await page.waitForFunction(
    (asked) => (globalThis as unknown as { framesAt: number[] }).framesAt.some((at) => at > asked),
    since,
    { timeout: 30_000, polling: 20 },
  );
  expect(await trials()).toBe(before);
  expect(await page.locator("#sentence").innerText()).toMatch(/^neuron 4711 /);

  // The painter's picture is of all neurons until it comes to draw others: it must not stand beside other numbers.
  const isLive = () => page.locator("#effect-figure canvas.live").isVisible();
  await page.waitForSelector("#effect-figure canvas.live:not([hidden])", { timeout: 60_000 });
  const whole = await more(await trials());
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    location.hash += "&cells=500-899,0-15";
  });
  await page.waitForFunction(
    () => document.querySelector("#effect ~ .ticks.rows > .tick")?.textContent === "500",
  );
  expect(await isLive()).toBe(false);
  expect(await trials()).toBe(whole);
  // With the chunk's end it is drawn; the numbers come by way of the desk, so they may be later by a message.
  await page.waitForSelector("#effect-figure canvas.live:not([hidden])", { timeout: 60_000 });
  await more(whole);
}, 120_000);
