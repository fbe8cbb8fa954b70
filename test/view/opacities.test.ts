import { expect, test } from "vitest";
import { certaintyOf } from "../../src/model/estimate";
import { opacity } from "../../src/view/colours";
import { opacities } from "../../src/view/opacities";

test("opacities looked up are those worked out, within half of what a pixel can show", () => {
  const freedom = Float64Array.of(1, 2, 7, 62, 62, 1e6);
  const visible = opacities(freedom);
  for (let ratio = 0; ratio < 50; ratio = 1.003 * ratio + 1e-4)
    freedom.forEach((one, column) => {
      const expected = opacity(certaintyOf(ratio, one));
      expect(Math.abs(visible(column, ratio) - expected)).toBeLessThan(0.5 / 255);
    });
});

test("without a standard error an effect is as faint as none, and with one of 0 it is certain", () => {
  const visible = opacities(Float64Array.of(0, 62));
  expect(visible(0, 5)).toBe(opacity(0));
  expect(visible(1, Number.NaN)).toBe(opacity(0));
  expect(visible(1, Number.POSITIVE_INFINITY)).toBe(1);
});
