import { expect, test } from "vitest";
import { type Size, scene } from "../../src/engine/gpu/check";
import { compare, type Words } from "../../src/engine/gpu/compare";
import type { KernelName } from "../../src/engine/gpu/kernels";
import { useDevice } from "./gpu";

/** Inputs whose lowest bits can all be flipped and leave a valid, different piece of work. */
const tamperable = ["key", "perturbation", "state", "outcome", "turn", "aligned", "plane"];

const flipped = (words: Words): Words => words.map((word) => word ^ 1);

/**
 * A kernel against its twin at every size: all words equal, the GPU really wrote, and the same
 * comparison reports a difference when the GPU is given something else.
 *
 * hasCommonNoise  see compile.
 */
export function twinTest(name: KernelName, sizes: readonly Size[], hasCommonNoise = true): void {
  const gpu = useDevice();
  test.each(sizes)(
    `${name}${hasCommonNoise ? "" : ", own noise alone,"} writes the same words as its twin: %o`,
    async (size) => {
      const { [name]: kernel } = await gpu.compiler.need([name], hasCommonNoise);
      const { params, buffers } = scene(size, `twin ${name}`);
      const equal = await compare(gpu.device, kernel, params, buffers[name]);
      expect(equal.first).toBeNull();
      expect(equal.different).toBe(0);
      expect(equal.words).toBeGreaterThan(0);
      expect(equal.changed).toBeGreaterThan(0);

      const entries = Object.entries(buffers[name]).map(([binding, words]) =>
        tamperable.includes(binding) && !kernel.written.has(binding)
          ? [binding, flipped(words)]
          : [binding, words],
      );
      const tampered = { params: { ...params, key0: params.key0 ^ 1 }, buffers: Object.fromEntries(entries) };
      const other = await compare(gpu.device, kernel, params, buffers[name], tampered);
      expect(other.different).toBeGreaterThan(0);
    },
  );
}
