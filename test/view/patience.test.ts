import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Live, LiveColours } from "../../src/view/live";
import { asTheyWere, type Colours, Patience } from "../../src/view/patience";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const live = {} as LiveColours;

/** A run whose chunk ends with `end`; frames as GraphPainter draws them. */
function drawing() {
  const patience = new Patience();
  const frames: (string | number)[] = [];
  let waiting: (() => void)[] = [];
  let shown = 0;
  let asked = 0;
  const run: Live = {
    frame: (draw) => {
      asked++;
      return new Promise<void>((resolve, reject) => {
        waiting.push(() => {
          try {
            draw(live);
            resolve();
          } catch (error) {
            reject(error);
          }
        });
      });
    },
  };
  const draw = (colours: Colours) => {
    frames.push(`${shown} ${colours === asTheyWere ? "as they were" : colours === null ? "none" : "live"}`);
    patience.answered();
  };
  const frame = (must = false) => {
    let isDone = false;
    void patience.frame(run, draw, must).then(() => {
      isDone = true;
    });
    return () => isDone;
  };
  return {
    frames,
    frame,
    patience,
    draw,
    asked: () => asked,
    change() {
      shown++;
      patience.ask();
    },
    async end() {
      const ended = waiting;
      waiting = [];
      for (const go of ended) go();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

test("a chunk that ends in time colours the one frame there is", async () => {
  const { frames, frame, change, end } = drawing();
  change();
  const isDone = frame();
  await vi.advanceTimersByTimeAsync(70);
  expect(frames).toEqual([]);
  await end();
  expect(isDone()).toBe(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(frames).toEqual(["1 live"]);
});

test("what a person changes is drawn before a long chunk ends, all of it, and coloured at its end, once", async () => {
  const { frames, frame, change, end, asked } = drawing();
  change();
  const first = frame();
  await vi.advanceTimersByTimeAsync(90);
  expect(first()).toBe(true);
  expect(frames).toEqual(["1 as they were"]);
  // The next ones do not wait at all: nobody knows when the chunk ends.
  for (const shown of [2, 3]) {
    change();
    const next = frame();
    await vi.advanceTimersByTimeAsync(1);
    expect(next()).toBe(true);
    expect(frames.at(-1)).toBe(`${shown} as they were`);
  }
  expect(asked()).toBe(1);
  await end();
  expect(frames).toEqual(["1 as they were", "2 as they were", "3 as they were", "3 live"]);
});

test("trials alone are no reason to draw what is drawn already", async () => {
  const { frames, frame, change, end } = drawing();
  const isDone = frame();
  await vi.advanceTimersByTimeAsync(5000);
  expect(isDone()).toBe(false);
  expect(frames).toEqual([]);
  // Until somebody wants something, in the middle of the chunk.
  change();
  await vi.advanceTimersByTimeAsync(0);
  expect(isDone()).toBe(true);
  expect(frames).toEqual(["1 as they were"]);
  await end();
  expect(frames.at(-1)).toBe("1 live");
});

test("a picture that is saved is drawn by the call that wants it", async () => {
  const { frames, frame } = drawing();
  frame();
  await vi.advanceTimersByTimeAsync(100);
  const isDone = frame(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(isDone()).toBe(true);
  expect(frames).toEqual(["0 as they were"]);
});

test("a run that has failed has no colours, and the next one stands in line anew", async () => {
  const { patience, draw, frames, frame, end } = drawing();
  await patience.frame({ frame: () => Promise.reject(new Error("lost")) }, draw);
  expect(frames).toEqual(["0 none"]);
  frame();
  await end();
  expect(frames).toEqual(["0 none", "0 live"]);
});
