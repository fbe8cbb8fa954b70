import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { storage } from "../../src/engine/gpu/buffers";
import { openDevice } from "../../src/engine/gpu/device";
import { engineOn } from "../../src/engine/gpu/engine";
import { countHeld } from "../../src/engine/gpu/held";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { parseExperiment } from "../../src/model/experiment";
import { everyNeuron } from "../../src/model/sources";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { bytesOf, InUse } from "../../src/page/inUse";
import { labPages } from "../support/labPages";

const lab = labPages();

test("a device's buffers and textures are counted, until they are destroyed", async () => {
  const { device } = await openDevice(await openNodeGpu());
  const held = countHeld(device);
  const buffer = storage(device, "some", 1000);
  const texture = device.createTexture({
    size: [10, 6, 3],
    format: "rgba16float",
    mipLevelCount: 3,
    usage: 0x10,
  });
  const pixels = 10 * 6 + 5 * 3 + 2 * 1;
  expect(held()).toBe(1000 + 8 * 3 * pixels);
  texture.destroy();
  buffer.destroy();
  buffer.destroy();
  expect(held()).toBe(0);
  device.destroy();
});

test("a run's buffers are in the count: network, sums, what it works with; and none of them afterwards", async () => {
  const opened = await openDevice(await openNodeGpu());
  const held = countHeld(opened.device);
  const { open } = await engineOn(opened);
  const network = networkOf(parseExperiment({ network: "random", neurons: 300, density: 0.05 }));
  const sources = everyNeuron(100);
  const before = held();
  const run = await open({ network, key: keyFrom("held"), sources, trials: 640 });
  const sums = 4 * 100 * 300;
  const arrows = bytesOf(network);
  expect(held() - before).toBeGreaterThan(sums + arrows);
  expect(held() - before).toBeLessThan(sums + arrows + 64 * 1024);
  await run.advance(0, 640);
  // All perturbations of a chunk, and the outcomes of some targets.
  expect(held() - before).toBeGreaterThan(sums + arrows + (300 * 640) / 8);
  await run.sums();
  run.release();
  await expect.poll(held).toBe(before);
  opened.device.destroy();
});

test("the CPU's run counts its own", async () => {
  const network = networkOf(parseExperiment({ network: "random", neurons: 300, density: 0.05 }));
  const run = await createCpuEngine().open({
    network,
    key: keyFrom("held"),
    sources: everyNeuron(100),
    trials: 640,
  });
  expect(run.held()).toBeGreaterThan(4 * 100 * 300);
  const before = run.held();
  await run.advance(0, 640);
  expect(run.held() - before).toBe((300 * 640) / 8 + 300 * 640);
});

test("an array counts once, however many look into it, and texts do not", () => {
  const shared = new Float64Array(100);
  const record = {
    a: shared,
    b: [{ c: shared.subarray(10) }, null],
    names: ["x", "y"],
    d: new Uint8Array(3),
  };
  expect(bytesOf(record, shared, "text", undefined)).toBe(803);
});

test("while things change there is one count at a time, and one after the last change", async () => {
  let counts = 0;
  let atOnce = 0;
  const told: number[] = [];
  const use = new InUse(
    async () => {
      expect(++atOnce).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      atOnce--;
      return ++counts;
    },
    (bytes) => told.push(bytes),
  );
  for (let change = 0; change < 30; change++) {
    use.changed();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await expect.poll(() => told, { timeout: 3000 }).toEqual([1, 2]);
});

test.each(["gpu", "cpu"])("the page says what a run holds, of what was forecast: %s", async (engine) => {
  const page = await lab.open(
    `#v=1&network=random&density=0.01&neurons=1000&trials=1000&pace=off&engine=${engine}`,
  );
  await page.waitForSelector("html[data-state=done]", { timeout: 60_000 });
  // After the last picture, all there is: sums of a million pairs, their effects and errors, the arrows' buffers.
  const memory = async () => (await page.locator("#memory").innerText()).split(" of ").map(Number.parseFloat);
  await expect
    .poll(async () => (await memory())[0], { timeout: 5000 })
    .toBeGreaterThan(((4 + 16) * 1e6) / 2 ** 20);
  const [held, most] = await memory();
  expect(held).toBeLessThan(1.5 * most);
  expect(await page.locator("#memory").getAttribute("title")).toMatch(
    /^1,000 × 1,000 pairs, \d+,\d+ arrows: forecast are up to \d+ MiB at a time, .*; \d+ MiB are held now/,
  );
});
