import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeSums } from "../../src/io/sumsFile";
import { estimate } from "../../src/model/estimate";
import { launchBrowser, openLab, type Served, serveLab } from "../support/browser";
import { lab } from "../support/lab";
import { readFrom } from "../support/sums";

// In the notebook's network (6 neurons, seed 42) there is an arrow from 5 to 1 and none from 1 to 5. Column = from,
// row = to: every picture, sentence and file has to tell it so.

const neurons = 6;
const arrows = ["1 → 0", "3 → 5", "4 → 5", "5 → 1"];

let served: Served;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  served = await serveLab();
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await openLab(page, `${served.url}#v=1&pace=off&trials=5000`);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

async function goTo(hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await page.waitForFunction(() => {
    const { lesson, lessonState, state } = document.documentElement.dataset;
    return lesson === "" ? state === "done" : lessonState === "ready";
  });
}

const shot = async (selector: string) => PNG.sync.read(await page.locator(selector).screenshot());
const text = (id: string) => page.locator(`#${id}`).innerText();

/** How much redder than blue a pixel is: arrows, cells and bars of positive effects are; nothing else is. */
const redness = ({ data, width }: PNG, x: number, y: number) => {
  const at = 4 * (Math.round(y) * width + Math.round(x));
  return data[at] - data[at + 2];
};

async function middleOf(neuron: number): Promise<[number, number]> {
  const graph = await page.locator("#graph").boundingBox();
  const label = await page
    .locator("#graph .label")
    .filter({ hasText: String(neuron) })
    .boundingBox();
  if (!graph || !label) throw new Error(`neuron ${neuron} is not in sight`);
  return [label.x - graph.x + label.width / 2, label.y - graph.y + label.height / 2];
}

/** The widest that red gets on circles around a point: an arrow's head is wider than its body. */
function widest(png: PNG, [x, y]: readonly [number, number]): number {
  let most = 0;
  for (let radius = 8; radius < 70; radius++) {
    let pixels = 0;
    const steps = 8 * radius;
    for (let step = 0; step < steps; step++) {
      const angle = (2 * Math.PI * step) / steps;
      if (redness(png, x + radius * Math.cos(angle), y + radius * Math.sin(angle)) > 70) pixels++;
    }
    most = Math.max(most, (2 * Math.PI * radius * pixels) / steps);
  }
  return most;
}

/** The pairs whose cells are red in the middle: "from → to" by column and row. */
function redCells(png: PNG): string[] {
  const red: string[] = [];
  for (let column = 0; column < neurons; column++)
    for (let row = 0; row < neurons; row++) {
      const [x, y] = [((column + 0.4) * png.width) / neurons, ((row + 0.4) * png.height) / neurons];
      if (redness(png, x, y) > 70) red.push(`${column} → ${row}`);
    }
  return red;
}

async function hoverCell(matrix: "truth" | "effect", column: number, row: number): Promise<void> {
  const box = await page.locator(`#${matrix}`).boundingBox();
  if (!box) throw new Error(`#${matrix} is not in sight`);
  await page.mouse.move(
    box.x + ((column + 0.5) / neurons) * box.width,
    box.y + ((row + 0.5) / neurons) * box.height,
  );
}

describe("the arrow 5 → 1", () => {
  test("has its head at neuron 1 of the graph", async () => {
    await goTo("#v=1&pace=off&trials=5000&select=5-1");
    await expect.poll(() => page.locator("#graph .label.focused").count()).toBe(2);
    const [from, to] = [await middleOf(5), await middleOf(1)];
    // The first frame with the selection may still be on its way.
    await expect
      .poll(
        async () => {
          const png = await shot("#graph");
          return widest(png, from) > 2 && widest(png, to) > 1.6 * widest(png, from);
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  });

  test("is column 5, row 1 of both matrices", async () => {
    await goTo("#v=1&pace=off&trials=5000");
    for (const matrix of ["#truth", "#effect"])
      await expect.poll(async () => redCells(await shot(matrix)), { message: matrix }).toEqual(arrows);
  });

  test("is the sentence of that cell, and of its two neurons", async () => {
    await goTo("#v=1&pace=off&trials=5000");
    for (const matrix of ["truth", "effect"] as const) {
      await hoverCell(matrix, 5, 1);
      await expect
        .poll(() => text("sentence"))
        .toMatch(/^neuron 5 → neuron 1: effect 0\.1\d+ ± 0\.00\d, exact 0\.141$/);
      await hoverCell(matrix, 1, 5);
      await expect.poll(() => text("sentence")).toMatch(/^neuron 1 → neuron 5: effect .* exact 0$/);
    }
    await page.mouse.move(2, 2);
    await goTo("#v=1&pace=off&trials=5000&select=5");
    await expect.poll(() => text("sentence")).toBe("neuron 5 sends arrows to 1; receives from 3, 4");
    await goTo("#v=1&pace=off&trials=5000&select=1");
    await expect.poll(() => text("sentence")).toBe("neuron 1 sends arrows to 0; receives from 5");
  });

  test.each(["numpy", "fresh"])("is bar 1 of source 5 and no other, %s", async (source) => {
    await goTo(`#v=1&lesson=4&select=5&source=${source}`);
    await expect
      .poll(() => page.locator("#picture-bars text").allTextContents())
      .toEqual(expect.arrayContaining(["from neuron 5 to each neuron", "to neuron"]));
    const heights = await page
      .locator("#picture-bars .effect-bar")
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))));
    expect(heights.map((height) => height > 0.3 * Math.max(...heights))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    await page.locator("#lesson-reveal-button").click();
    expect(await text("lesson-answer")).toMatch(/^Neuron 5 sends an arrow to 1\./);
  });

  test.each(["numpy", "fresh"])("is set in row 5 and answered in row 1 of lesson 3, %s", async (source) => {
    await goTo(`#v=1&lesson=3&select=5-1&source=${source}`);
    await page.waitForSelector("#picture-rasters .outline");
    const rows = await page.evaluate(() => {
      const panel = [...document.querySelectorAll("#picture-rasters .frame")].at(-1) as SVGRectElement;
      const { top, height, left, width } = panel.getBoundingClientRect();
      return [...document.querySelectorAll("#picture-rasters .outline:not(.casing)")].map((box) => {
        const { y, height: high, x, width: wide } = box.getBoundingClientRect();
        const row = Math.floor((6 * (y + high / 2 - top)) / height);
        return `step ${Math.floor((10 * (x + wide / 2 - left)) / width) % 2}: neuron ${row}`;
      });
    });
    expect([...new Set(rows)].sort()).toEqual(["step 0: neuron 5", "step 1: neuron 1"]);
    expect(await text("lesson-sentence")).toBe("neuron 5 → neuron 1: exact effect 0.141");
  });

  test.each(["numpy", "fresh"])(
    "is far to the right of lesson 5's points, and 1 → 5 is not, %s",
    async (source) => {
      const place = async (pair: string) => {
        await goTo(`#v=1&lesson=5&select=${pair}&source=${source}`);
        await expect
          .poll(() => page.locator("#picture-scatter text").allTextContents())
          .toContain(pair.replace("-", " → "));
        return page.evaluate(() => {
          const circles = [...document.querySelectorAll("#picture-scatter .point")];
          const x = (circle: Element) => Number(circle.getAttribute("cx"));
          const all = circles.map(x);
          const mark = x(document.querySelector("#picture-scatter .outline") as Element);
          return (mark - Math.min(...all)) / (Math.max(...all) - Math.min(...all));
        });
      };
      expect(await place("5-1")).toBeGreaterThan(0.8);
      expect(await place("1-5")).toBeLessThan(0.3);
      await expect.poll(async () => redCells(await shot("#truth"))).toEqual(arrows);
      await expect.poll(async () => redCells(await shot("#effect"))).toEqual(arrows);
    },
  );
});

describe("the runner", () => {
  async function labJson(...args: string[]): Promise<string> {
    const { code, out } = await lab(...args, "--json");
    expect(code).toBe(0);
    return out;
  }

  /** The pairs that stand out of a matrix [target][source]. */
  const outstanding = (matrix: readonly (readonly number[])[]) =>
    matrix
      .flatMap((row, target) =>
        row.flatMap((value, source) => (value > 0.08 ? [`${source} → ${target}`] : [])),
      )
      .sort();

  test("replays it as row 1, column 5 of every matrix", async () => {
    const { connectivity, all, single } = JSON.parse(await labJson("replay", "--selected", "5"));
    expect(outstanding(connectivity)).toEqual(arrows);
    expect(outstanding(all.differenceInMeans)).toEqual(arrows);
    expect(outstanding(all.correlationEstimate)).toEqual(arrows);
    expect((single.effect as number[]).map((effect) => effect > 0.08)).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test("writes it as row 1, column 5 of the sums of its own trials, and by name into the table", async () => {
    const out = await mkdtemp(join(tmpdir(), "lab-direction-"));
    try {
      await labJson("run", "--network", "notebook:6:42", "--trials", "3000", "--engine", "cpu", "--out", out);
      const bytes = await readFile(join(out, "sums.bin"));
      const { effect } = estimate(decodeSums(readFrom(bytes), bytes.length, "sums.bin"));
      const matrix = Array.from({ length: neurons }, (_, target) => [
        ...effect.subarray(target * neurons, (target + 1) * neurons),
      ]);
      expect(outstanding(matrix)).toEqual(arrows);

      const [header, ...lines] = (await readFile(join(out, "effects.csv"), "utf8")).trim().split("\n");
      const names = header.split(",");
      const [from, to, weight, value] = ["source", "target", "weight", "effect"].map((name) =>
        names.indexOf(name),
      );
      const rows = lines.map((line) => line.split(","));
      const named = (column: number, least: number) =>
        rows
          .filter((row) => Number(row[column]) > least)
          .map((row) => `${row[from]} → ${row[to]}`)
          .sort();
      expect(rows).toHaveLength(neurons * neurons);
      expect(named(weight, 0.5)).toEqual(arrows);
      expect(named(value, 0.08)).toEqual(arrows);
    } finally {
      await rm(out, { recursive: true });
    }
  });
});
