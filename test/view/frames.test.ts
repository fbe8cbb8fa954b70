import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { frames } from "../../src/view/frames";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, 0));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Frames whose drawing waits for `finish`. */
function slowFrames() {
  let drawn = 0;
  let finish = () => {};
  const draw = () => {
    drawn++;
    const begun = performance.now();
    return new Promise<number>((resolve) => {
      finish = () => resolve(begun);
    });
  };
  return { draw, count: () => drawn, finish: () => finish() };
}

test("while a frame is drawn, many requests make one more, after it", async () => {
  const { draw, count, finish } = slowFrames();
  const ask = frames(draw, 100, () => false);
  ask();
  ask();
  await vi.advanceTimersByTimeAsync(1);
  expect(count()).toBe(1);
  for (let request = 0; request < 5; request++) ask();
  await vi.advanceTimersByTimeAsync(5000);
  expect(count()).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(99);
  expect(count()).toBe(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(count()).toBe(2);
  finish();
  await vi.advanceTimersByTimeAsync(5000);
  expect(count()).toBe(2);
});

test("while trials are run, they get as long as a frame took", async () => {
  const { draw, count, finish } = slowFrames();
  const ask = frames(draw, 10, () => true);
  ask();
  await vi.advanceTimersByTimeAsync(1);
  await vi.advanceTimersByTimeAsync(400);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  ask();
  await vi.advanceTimersByTimeAsync(390);
  expect(count()).toBe(1);
  await vi.advanceTimersByTimeAsync(30);
  expect(count()).toBe(2);
});
