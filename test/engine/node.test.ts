import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { unpackOnce } from "../../src/engine/gpu/unpack";

describe("the adapter in Node", () => {
  test("computes and is read back", async () => {
    const gpu = await openNodeGpu();
    const adapter = await gpu.requestAdapter();
    expect(adapter).not.toBeNull();
    const device = await adapter!.requestDevice();
    try {
      expect(await squares(device, 1000)).toEqual(Uint32Array.from({ length: 1000 }, (_, i) => i * i));
    } finally {
      device.destroy();
    }
  });

  test("is one per process, and gives a new device after one was lost", async () => {
    const gpu = await openNodeGpu();
    expect(await openNodeGpu()).toBe(gpu);
    const first = await (await gpu.requestAdapter())!.requestDevice();
    first.destroy();
    expect((await first.lost).reason).toBe("destroyed");
    const second = await (await gpu.requestAdapter())!.requestDevice();
    expect((await squares(second, 3))[2]).toBe(4);
    second.destroy();
  });

  test("leaves the environment as it was", async () => {
    await openNodeGpu();
    expect(process.env.VK_ICD_FILENAMES).toBeUndefined();
  });
});

describe("unpacking", () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "lab-unpack-"));
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  test("is done once and whole, though several ask at once", async () => {
    const fill = async (folder: string) => {
      writeFileSync(join(folder, "first"), "");
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(join(folder, "last"), "");
    };
    const seen = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const folder = await unpackOnce("thing", fill, [cache]);
        return existsSync(join(folder, "first")) && existsSync(join(folder, "last"));
      }),
    );
    expect(seen).toEqual([true, true, true, true]);
    expect(readdirSync(cache)).toEqual(["thing"]);
    await unpackOnce("thing", () => Promise.reject(new Error("filled twice")), [cache]);
  });

  test("leaves nothing behind when it fails", async () => {
    const fill = () => Promise.reject(new Error("disk full"));
    await expect(unpackOnce("thing", fill, [cache])).rejects.toThrow("disk full");
    expect(readdirSync(cache)).toEqual([]);
  });

  test("takes the next cache where it may not write", async () => {
    const file = join(cache, "file");
    writeFileSync(file, "");
    const folder = await unpackOnce("thing", async () => {}, [join(file, "below"), cache]);
    expect(folder).toBe(join(cache, "thing"));
  });
});

/** 0², 1², 2² … computed on the device. */
async function squares(device: GPUDevice, count: number): Promise<Uint32Array> {
  const module = device.createShaderModule({
    code: `
      @group(0) @binding(0) var<storage, read_write> out: array<u32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&out)) { out[id.x] = id.x * id.x; }
      }`,
  });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const out = device.createBuffer({
    size: 4 * count,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const back = device.createBuffer({
    size: 4 * count,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: out } }],
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(count / 64));
  pass.end();
  encoder.copyBufferToBuffer(out, 0, back, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  const result = new Uint32Array(back.getMappedRange().slice(0));
  back.unmap();
  return result;
}
