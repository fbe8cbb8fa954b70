import { expect, test } from "vitest";
import { openDevice } from "../../src/engine/gpu/device";

/** A GPU whose device refuses to tell what its scopes caught; `lose` ends it. */
function refusing() {
  let lose = (_: { message: string }) => {};
  const lost = new Promise<{ message: string }>((resolve) => {
    lose = resolve;
  });
  const device = { lost, popErrorScope: () => Promise.reject(new Error("Instance dropped")) };
  const adapter = { limits: {}, info: { description: "refusing" }, requestDevice: async () => device };
  return { gpu: { requestAdapter: async () => adapter } as unknown as GPU, lose };
}

test("where a device is lost its scopes caught nothing, though the browser refuses to say so: others draw on it, too", async () => {
  const { gpu, lose } = refusing();
  const { device } = await openDevice(gpu);
  const scope = device.popErrorScope();
  // The news comes after the refusal.
  setTimeout(() => lose({ message: "gone" }), 20);
  expect(await scope).toBeNull();
  expect(await device.popErrorScope()).toBeNull();
});

test("a refusal of a device that works is an error", async () => {
  const { device } = await openDevice(refusing().gpu);
  await expect(device.popErrorScope()).rejects.toThrow("Instance dropped");
});
