import { expect, test } from "vitest";
import { Snapshots, snapshot, upload, usage } from "../../src/engine/gpu/buffers";
import { useDevice } from "../support/gpu";

// A browser may keep what a mapped buffer held although it is destroyed: snapshots are not to make a new one each time.

const gpu = useDevice();

/** The device, and the sizes of what is made on it to be mapped. */
function counting() {
  const made: GPUBuffer[] = [];
  const destroyed: GPUBuffer[] = [];
  const device = new Proxy(gpu.device, {
    get(real, name) {
      if (name === "createBuffer")
        return (asked: GPUBufferDescriptor) => {
          const buffer = real.createBuffer(asked);
          if (!(asked.usage & usage.mapRead)) return buffer;
          made.push(buffer);
          const destroy = buffer.destroy.bind(buffer);
          buffer.destroy = (): undefined => {
            destroyed.push(buffer);
            destroy();
          };
          return buffer;
        };
      const value = Reflect.get(real, name) as unknown;
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
  return { device, made, destroyed };
}

const words = (...all: number[]) => Uint32Array.from(all);

test("one after the other they take the same copies, with what is there now", async () => {
  const { device, made, destroyed } = counting();
  const buffers = [upload(device, "one", words(1, 2, 3)), upload(device, "other", words(4))];
  const snapshots = new Snapshots(device);
  for (let round = 0; round < 5; round++) {
    device.queue.writeBuffer(buffers[1], 0, words(round));
    expect(await snapshots.take(buffers)).toEqual([words(1, 2, 3), words(round)]);
  }
  expect(made.length).toBe(2);
  snapshots.release();
  expect(destroyed).toEqual(made);
});

test("two at once take copies of their own; what comes back after the end is not kept", async () => {
  const { device, made, destroyed } = counting();
  const buffer = upload(device, "one", words(7));
  const snapshots = new Snapshots(device);
  const first = snapshots.take([buffer]);
  device.queue.writeBuffer(buffer, 0, words(8));
  const second = snapshots.take([buffer]);
  snapshots.release();
  expect(await Promise.all([first, second])).toEqual([[words(7)], [words(8)]]);
  expect(made.length).toBe(2);
  expect(new Set(destroyed)).toEqual(new Set(made));
  expect(await snapshot(device, [buffer])).toEqual([words(8)]);
  expect(destroyed.length).toBe(3);
});

test("large copies are not kept", async () => {
  const { device, made, destroyed } = counting();
  const large = upload(device, "large", new Uint32Array(9 * 2 ** 20));
  const snapshots = new Snapshots(device);
  for (let round = 0; round < 2; round++) await snapshots.take([large]);
  expect([made.length, destroyed.length]).toEqual([2, 2]);
});
