import { join } from "node:path";
import type { Browser } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openLab, type Served, serveBuilt } from "../support/browser";

// The ground that the page's tests stand on: a browser that computes and draws, here.

let served: Served;
let browser: Browser;

beforeAll(async () => {
  served = await serveBuilt(join(import.meta.dirname, "fixture"));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

test("the browser computes with WebGPU", async () => {
  const page = await browser.newPage();
  await openLab(page, served.url);
  expect(await page.evaluate(squares, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => i * i));
  await page.close();
});

test("three draws on a WebGPU canvas", async () => {
  const page = await browser.newPage();
  const { errors } = await openLab(page, served.url);
  await page.waitForSelector("[data-state=done]", { state: "attached" });
  expect(await page.getAttribute("html", "data-backend")).toBe("WebGPU");
  const picture = PNG.sync.read(await page.locator("canvas").screenshot());
  const pixel = (x: number, y: number) => [...picture.data.subarray(4 * (y * picture.width + x))].slice(0, 3);
  expect(pixel(100, 100)).toEqual([255, 0, 0]);
  expect(pixel(10, 10)).not.toEqual([255, 0, 0]);
  expect(errors).toEqual([]);
  await page.close();
});

test("without an adapter, and without WebGPU at all, three draws with WebGL", async () => {
  const plain = await launchBrowser({ webgpu: false });
  const page = await plain.newPage();
  await openLab(page, served.url);
  expect(await page.evaluate(() => navigator.gpu.requestAdapter())).toBeNull();
  await page.waitForSelector("[data-state=done]", { state: "attached" });
  expect(await page.getAttribute("html", "data-backend")).toBe("WebGL");
  await page.goto(served.insecureUrl);
  expect(await page.evaluate(() => "gpu" in navigator)).toBe(false);
  await page.waitForSelector("[data-state=done]", { state: "attached" });
  expect(await page.getAttribute("html", "data-backend")).toBe("WebGL");
  await plain.close();
});

test("what a page complains about is collected", async () => {
  const page = await browser.newPage();
  const { errors } = await openLab(page, served.url);
  await page.evaluate(() => {
    console.error("a complaint");
    setTimeout(() => {
      throw new Error("a slip");
    });
  });
  await expect.poll(() => errors.join()).toMatch(/a complaint.*a slip/);
  await page.close();
});

/** Runs in the page. */
async function squares(count: number): Promise<number[]> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const module = device.createShaderModule({
    code: `
      @group(0) @binding(0) var<storage, read_write> out: array<u32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&out)) { out[id.x] = id.x * id.x; }
      }`,
  });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const out = device.createBuffer({ size: 4 * count, usage: STORAGE | COPY_SRC });
  const back = device.createBuffer({ size: 4 * count, usage: COPY_DST | MAP_READ });
  const layout = pipeline.getBindGroupLayout(0);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: out } }] }),
  );
  pass.dispatchWorkgroups(Math.ceil(count / 64));
  pass.end();
  encoder.copyBufferToBuffer(out, 0, back, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  const result = [...new Uint32Array(back.getMappedRange())];
  device.destroy();
  return result;
}
