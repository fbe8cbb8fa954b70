import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimeCap } from "../../src/page/timeCap";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const patience = { silence: 60, whole: 300 };

test("a file without a sign is given up in a sentence, once", () => {
  const giveUp = vi.fn();
  const cap = new TimeCap("a.csv", patience, giveUp);
  vi.advanceTimersByTime(59_000);
  cap.sign();
  vi.advanceTimersByTime(59_000);
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(giveUp).toHaveBeenCalledTimes(1);
  expect(giveUp.mock.calls[0][0]).toMatchObject({
    name: "InputError",
    message:
      "a.csv has not got any further after 60 s, so it was ended; allowed: files that are read in 5 min",
  });
  vi.advanceTimersByTime(1e6);
  expect(giveUp).toHaveBeenCalledTimes(1);
});

test("one that goes on for ever is given up, too", () => {
  const giveUp = vi.fn();
  const cap = new TimeCap("a.csv", patience, giveUp);
  for (let second = 1; second < 300; second++) {
    vi.advanceTimersByTime(1000);
    cap.sign();
  }
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(giveUp.mock.calls[0][0].message).toMatch(
    /^a\.csv is still being read after 5 min, so it was ended;/,
  );
});

test("one that is read, or not waited for, is not", () => {
  const giveUp = vi.fn();
  new TimeCap("a.csv", patience, giveUp).end();
  vi.advanceTimersByTime(1e7);
  expect(giveUp).not.toHaveBeenCalled();
});
