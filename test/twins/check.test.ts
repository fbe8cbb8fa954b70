import { beforeAll, expect, test } from "vitest";
import { check, sizes } from "../../src/engine/gpu/check";
import { compile, compileAll, type Kernels, shaders } from "../../src/engine/gpu/kernels";
import { useDevice } from "../support/gpu";

const gpu = useDevice();
let kernels: Kernels;
beforeAll(async () => {
  kernels = await compileAll(gpu.device);
});

test("check compares at least 10 million words and finds none that differ", async () => {
  const results = await check(gpu.device, kernels);
  expect(results.map(({ name, different }) => [name, different])).toEqual(
    Object.keys(shaders).map((name) => [name, 0]),
  );
  expect(results.reduce((sum, { words }) => sum + words, 0)).toBeGreaterThan(10_000_000);
}, 180_000);

test("a kernel that is broken on purpose fails the check, and it says where", async () => {
  const broken = shaders.respond.replace("own[1] & vec4u(0xffffu)", "own[1] >> vec4u(16u)");
  expect(broken).not.toBe(shaders.respond);
  const respond = await compile(gpu.device, "respond", broken);
  const results = await check(gpu.device, { ...kernels, respond }, () => {}, sizes.slice(0, 4));
  const found = results.find(({ name }) => name === "respond");
  expect(found?.different).toBeGreaterThan(0);
  expect(found?.first).toMatchObject({ binding: "outcome" });
}, 180_000);

test("a kernel that does not compile is shown with line and column", async () => {
  const broken = shaders.tally.replace("var sum = vec4u();", "var sum = vec4u(;");
  await expect(compile(gpu.device, "tally", broken)).rejects.toThrow(
    /tally\.wgsl .*\d+:\d+: .*\n.*var sum = vec4u\(;\n +\^/,
  );
});

test("a GPU process that ends while kernels compile is one error, and leaves no failure that nobody hears", async () => {
  const dropped = () => Promise.reject(new Error("Instance dropped"));
  const gone = {
    pushErrorScope() {},
    popErrorScope: dropped,
    createShaderModule: () => ({ getCompilationInfo: dropped }),
  } as unknown as GPUDevice;
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", hear);
  try {
    await expect(compile(gone, "tally", shaders.tally)).rejects.toThrow("Instance dropped");
    // Node tells of them after all microtasks.
    await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    process.off("unhandledRejection", hear);
  }
  expect(unheard).toEqual([]);
});

test("a Threefry that is wrong in the same way on both sides is still found", async () => {
  const broken = shaders.encrypt.replace("26u", "25u");
  expect(broken).not.toBe(shaders.encrypt);
  const encrypt = await compile(gpu.device, "encrypt", broken);
  // No sizes, so no twin: only the published answers can tell.
  const [published] = await check(gpu.device, { ...kernels, encrypt }, () => {}, []);
  expect(published).toMatchObject({ name: "encrypt", words: 6, different: 6 });
});
