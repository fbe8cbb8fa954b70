import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { snapshot, uniform, upload } from "../../src/engine/gpu/buffers";
import { scene } from "../../src/engine/gpu/check";
import { paramsBytes, paramsSize } from "../../src/engine/gpu/kernels";
import { threefry2x32 } from "../../src/model/threefry";
import { useDevice } from "../support/gpu";
import { twinTest } from "../support/twinTest";

/** Random123's known answers: counter, key, words. */
const answers = readFileSync(new URL("../kat/threefry2x32_20.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => /^[0-9a-f]{8}/.test(line))
  .map((line) =>
    line
      .trim()
      .split(/\s+/)
      .map((word) => Number.parseInt(word, 16)),
  );

describe("Threefry-2x32-20 gives Random123's known answers", () => {
  const gpu = useDevice();

  test("there are three", () => expect(answers).toHaveLength(3));

  test.each(answers)("on the CPU: %i %i", (c0, c1, k0, k1, r0, r1) => {
    expect([...threefry2x32(c0, c1, [k0, k1])].map((word) => word >>> 0)).toEqual([r0, r1]);
  });

  test("on the GPU", async () => {
    const { device } = gpu;
    const { encrypt } = await gpu.compiler.need(["encrypt"]);
    const column = (at: number) => Uint32Array.from(answers.flatMap((row) => row.slice(at, at + 2)));
    const params = { ...scene({ neurons: 1, density: 0, from: 0, to: 1 }).params, sources: answers.length };
    const uniforms = uniform(device, "params", paramsSize);
    device.queue.writeBuffer(uniforms, 0, paramsBytes(params));
    const random = upload(device, "random", new Uint32Array(2 * answers.length));
    const buffers = {
      counter: upload(device, "counter", column(0)),
      key: upload(device, "key", column(2)),
      random,
    };
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encrypt.encode(pass, encrypt.bind(uniforms, buffers), params);
    pass.end();
    device.queue.submit([encoder.finish()]);
    expect([...(await snapshot(device, [random]))[0]]).toEqual([...column(4)]);
  });
});

twinTest("encrypt", [
  { neurons: 1, density: 0, from: 0, to: 1 },
  { neurons: 1025, density: 0, from: 0, to: 1 },
]);
