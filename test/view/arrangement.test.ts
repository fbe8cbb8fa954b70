import { describe, expect, test } from "vitest";
import { arranger } from "../../src/view/arrangement";
import { noArrows } from "../../src/view/arrowList";
import { neuronAt } from "../../src/view/hit";
import { kept } from "../../src/view/kept";
import { layOut } from "../../src/view/layout";
import { nothingShown, type Shown } from "../../src/view/painter";

describe("a layout", () => {
  test.each([6, 1000, 1001, 200_000])(
    "of %i neurons is a ring from the top on, or a sunflower",
    (neurons) => {
      const { x, y, ring } = layOut(neurons);
      expect(ring).toBe(neurons <= 1000);
      // Neuron by neuron from its own angle, where the layout turns on from the one before.
      const turn = ring ? (2 * Math.PI) / neurons : Math.PI * (3 - Math.sqrt(5));
      let most = 0;
      for (let neuron = 0; neuron < neurons; neuron++) {
        const radius = ring ? 1 : Math.sqrt((neuron + 0.5) / neurons);
        most = Math.max(
          most,
          Math.abs(x[neuron] - radius * Math.sin(neuron * turn)),
          Math.abs(y[neuron] - radius * Math.cos(neuron * turn)),
        );
      }
      // Half a unit in the last place of 32 bits at 1, and what turning adds up to.
      expect(most).toBeLessThan(6e-8 + neurons * 1e-15);
    },
  );
});

const shown = (part: Partial<Shown>): Shown => ({
  ...nothingShown,
  network: { neurons: 2000, truth: noArrows, arrows: 100_000, scale: 1, hidden: null },
  size: { width: 500, height: 500, ratio: 1 },
  ...part,
});

describe("an arrangement", () => {
  test("is the same object until something moves", () => {
    const arrange = arranger();
    const first = shown({});
    const before = arrange(first);
    expect(arrange({ ...first, focus: { kind: "neuron", neuron: 3 }, theme: "projector" })).toBe(before);
    expect(arrange({ ...first, view: { x: 1, y: 2, zoom: 1 } })).toBe(before);
    const closer = arrange({ ...first, view: { x: 1, y: 2, zoom: 50 } });
    expect(closer.places.layout).toBe(before.places.layout);
    // Dots come apart, and are seen as discs as soon as they are.
    expect(50 * closer.places.disc).toBeGreaterThan(12);
    expect(50 * closer.widths.widest).toBeLessThan(50 * closer.places.disc);
    const wider = arrange({ ...first, size: { width: 500, height: 400, ratio: 1 } });
    expect(wider.places.reach).toBeLessThan(before.places.reach);
    expect(wider.places.layout).toBe(before.places.layout);
  });

  test("lets the pointer be as exact as one looks closely", () => {
    const { places } = arranger()(shown({}));
    const { layout, reach, disc } = places;
    // Beside the outermost neuron, where nothing else is.
    const at = [1.02 * reach * layout.x[1999], 1.02 * reach * layout.y[1999]] as const;
    const beside = 0.02 * reach * Math.hypot(layout.x[1999], layout.y[1999]);
    expect(beside).toBeGreaterThan(disc + 0.9);
    expect(beside).toBeLessThan(9);
    expect(neuronAt(places, ...at, 1)).toBe(1999);
    expect(neuronAt(places, ...at, 0.1)).toBeNull();
  });
});

test("kept makes something anew only for other inputs, and keeps the last", () => {
  let made = 0;
  const sum = kept((a: number, b: number) => {
    made++;
    return a + b;
  });
  expect([sum(1, 2), sum(1, 2), sum(2, 2), sum(2, 2), sum(1, 2)]).toEqual([3, 3, 4, 4, 3]);
  expect(made).toBe(3);
});
