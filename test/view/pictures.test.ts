import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Bars } from "../../src/view/bars";
import type { Dots } from "../../src/view/dots";
import type { Plateau } from "../../src/view/plateau";
import type { Rasters } from "../../src/view/raster";
import type { Scaling } from "../../src/view/scaling";
import type { Scatter } from "../../src/view/scatter";
import { launchBrowser, openLab, type Served, serveBuilt } from "../support/browser";
import type { Gallery } from "./gallery/main";

// The lessons' pictures in a real browser, each with data of its own: one arrow, 5 → 1.

declare global {
  interface Window {
    gallery: Gallery;
  }
}

let served: Served;
let browser: Browser;
let page: Page;
let errors: readonly string[] = [];

beforeAll(async () => {
  served = await serveBuilt(join(import.meta.dirname, "gallery"));
  browser = await launchBrowser({ webgpu: false });
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

afterEach(async () => {
  await page?.close();
  expect(errors).toEqual([]);
});

async function open(picture: string, more = "&data=own"): Promise<void> {
  page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  ({ errors } = await openLab(page, `${served.url}?picture=${picture}&words=off${more}`));
  await page.waitForSelector("html[data-state=drawn]", { state: "attached" });
}

const texts = () => page.locator(".drawing text").allTextContents();
const saidToReaders = () => page.evaluate(() => window.gallery.picture.text);
const heard = () => page.evaluate(() => window.gallery.heard);
const press = async (...keys: string[]) => {
  await page.locator(".drawing").focus();
  for (const key of keys) await page.keyboard.press(key);
};

describe("bars", () => {
  test("from source 5, the bar of target 1 is high, and only that one", async () => {
    await open("bars");
    await page.evaluate(() =>
      (window.gallery.picture as Bars).draw({
        source: 5,
        effect: [0.004, 0.139, -0.006, 0.002, Number.NaN, 0.003],
        standardError: [0.008, 0.008, 0.008, 0.008, Number.NaN, 0.008],
        freedom: 2498,
        exact: null,
        scale: 0.15,
      }),
    );
    /** Half the interval of target 1, whose bar is 0.139 high. */
    const reach = () =>
      page.evaluate(() => {
        const bar = document.querySelectorAll(".effect-bar")[1];
        const number = (name: string, element: Element) => Number(element.getAttribute(name));
        const middle = number("x", bar) + number("width", bar) / 2;
        const [interval] = [...document.querySelectorAll("line.line")].filter(
          (line) => Math.abs(number("x1", line) - middle) < 0.1 && number("x1", line) === number("x2", line),
        );
        return (number("y2", interval) - number("y1", interval)) / 2 / number("height", bar);
      });
    const bars = await page.locator(".effect-bar").evaluateAll((all) =>
      all.map((bar) => ({
        middle: Number(bar.getAttribute("x")) + Number(bar.getAttribute("width")) / 2,
        height: Number(bar.getAttribute("height")),
      })),
    );
    // scipy.stats.t.ppf(0.975, 2498) and, below, of 3 degrees of freedom, times standard error over effect.
    expect(await reach()).toBeCloseTo((1.9609141 * 0.008) / 0.139, 3);
    // A missing target has no bar.
    expect(bars.length).toBe(5);
    expect(bars.map(({ height }) => height > 100)).toEqual([false, true, false, false, false]);
    expect(await texts()).toEqual(
      expect.arrayContaining([
        "from neuron 5 to each neuron",
        "effect from neuron 5, outcome per perturbation",
        "to neuron",
        "missing",
        "95 % interval",
      ]),
    );
    // Hidden until revealed, to readers too.
    expect(await texts()).not.toContain("exact effect");
    expect(await saidToReaders()).toMatch(
      /of neuron 5 .* Largest: neuron 1 0\.139 ± 0\.008;.*1 missing.*hidden/,
    );

    const box = await page.locator(".drawing").boundingBox();
    await page.mouse.move(box!.x + bars[1].middle, box!.y + 200);
    expect((await heard()).focus).toEqual({ kind: "pair", source: 5, target: 1 });
    expect(await texts()).toContain("0.139 ± 0.008");
    await press("ArrowRight");
    expect((await heard()).focus).toEqual({ kind: "pair", source: 5, target: 2 });

    await page.evaluate(() =>
      (window.gallery.picture as Bars).draw({
        source: 5,
        effect: [0.004, 0.139],
        standardError: [0.008, 0.008],
        freedom: 3,
        exact: [0, 0.1412],
        scale: 0.15,
      }),
    );
    expect(await texts()).toContain("exact effect");
    expect(await reach()).toBeCloseTo((3.1824463 * 0.008) / 0.139, 3);
    expect(await saidToReaders()).toContain("neuron 1 0.139 ± 0.008, exact 0.141");
  });
});

test("scatter: the arrow stands apart, missing pairs are counted, a focus is named", async () => {
  await open("scatter");
  await page.evaluate(() => {
    const weight = new Float64Array(36);
    weight[1 * 6 + 5] = 0.7;
    const effect = weight.map((value, pair) => 0.2 * value + 0.001 * Math.sin(pair));
    effect[3] = Number.NaN;
    (window.gallery.picture as Scatter).draw({
      sources: [0, 1, 2, 3, 4, 5],
      x: { title: "weight", name: "weight", values: weight },
      y: { title: "effect", name: "effect", values: effect },
      fit: { slope: 0.2, intercept: 0, r: 0.99996 },
    });
    window.gallery.picture.highlight({ kind: "pair", source: 5, target: 1 });
  });
  expect(await page.locator(".point").count()).toBe(35);
  expect(await texts()).toEqual(
    expect.arrayContaining(["slope 0.2, r = 0.99996", "35 pairs · 1 missing, left out", "5 → 1"]),
  );
  const right = await page.evaluate(
    () =>
      [...document.querySelectorAll(".point")].filter((point) => Number(point.getAttribute("cx")) > 450)
        .length,
  );
  expect(right).toBe(1);
  await press("ArrowLeft");
  expect((await heard()).focus).toEqual({ kind: "pair", source: 4, target: 1 });
});

test("rasters: set columns are marked, the cursor goes by half-steps, a long window is an image", async () => {
  await open("rasters");
  await page.evaluate(() => {
    const timesteps = 5000;
    const state = Float64Array.from({ length: 6 * timesteps }, (_, at) =>
      (at % timesteps) % 2 === 0 ? Math.floor((at % timesteps) / 2) % 2 : 0.3,
    );
    const raster = { neurons: 6, timesteps, state };
    (window.gallery.picture as Rasters).draw({
      panels: [
        { title: "Standard", raster, perturbed: false },
        { title: "Perturbed", raster, perturbed: true },
      ],
      covered: true,
    });
  });
  expect(await page.locator(".forced").count()).toBe(5);
  expect(await page.locator(".state").count()).toBe(2 * 60);
  // Digits in what was set, and nowhere else.
  expect(await page.locator(".on-dark, .on-light").count()).toBe(30);
  expect(await texts()).toEqual(expect.arrayContaining(["neuron", "time step", "activity", "Standard"]));

  await press("ArrowRight");
  expect((await heard()).step).toBe(0);
  expect(await texts()).toContain("trial 1: perturb");
  await press("ArrowRight");
  expect(await texts()).toContain("trial 1: respond");
  expect((await heard()).said).toMatch(/^time step 1: the network answers/);
  await press("ArrowDown");
  expect((await heard()).focus).toEqual({ kind: "neuron", neuron: 0 });
  expect((await heard()).said).toBe("neuron 0, time step 1: standard activity 0.30; perturbed activity 0.30");
  // The window follows the cursor, and begins with what was set.
  await page.evaluate(() => (window.gallery.picture as Rasters).setCursor(4321));
  expect(await saidToReaders()).toMatch(/steps 4,320 to 4,329/);
  await page.evaluate(() => (window.gallery.picture as Rasters).showSteps(0, 5000));
  expect(await page.locator(".drawing image").count()).toBe(2);
});

test("dots: two arms, their difference, and what lies in a bin", async () => {
  await open("dots");
  await page.evaluate(() => {
    const spread = Array.from({ length: 500 }, (_, trial) => Math.cos(trial));
    (window.gallery.picture as Dots).draw({
      off: { values: spread, mean: 0, standardError: 0.03 },
      on: { values: spread.map((b) => b + 1), mean: 1, standardError: 0.03 },
      trials: 400,
      difference: 1,
      standardError: 0.05,
      exact: null,
    });
  });
  expect(await texts()).toEqual(
    expect.arrayContaining([
      "A set to 0",
      "A set to 1",
      "400 trials",
      "1.00",
      "± 0.05",
      "difference in means",
    ]),
  );
  expect((await texts()).some((text) => /true effect/.test(text))).toBe(false);
  await press("ArrowUp");
  expect((await heard()).said).toMatch(/^B between .* and .*: .* % of the trials with A set to 0/);
});

test("scaling: what is hidden is kept from the picture and from its words", async () => {
  await open("scaling");
  await page.evaluate(() => {
    const at = (neurons: number, trials: number, agreement: number) => ({ neurons, trials, agreement });
    const band = (neurons: number, trials: number, expected: number) => ({
      neurons,
      trials,
      expected,
      low: expected - 0.02,
      high: expected + 0.02,
    });
    const draw = (hidden: boolean) =>
      (window.gallery.picture as Scaling).draw({
        neurons: [6, 25, 100],
        ladders: [
          {
            name: "2,500 trials",
            measured: [at(6, 2500, 0.98), at(100, 2500, 0.56)],
            expected: [band(6, 2500, 0.98), band(100, 2500, 0.555)],
          },
          { name: "4 trials for each pair", measured: [], expected: [band(100, 40_000, 0.936)], hidden },
        ],
      });
    Object.assign(window, { drawScaling: draw });
    draw(true);
  });
  expect(await saidToReaders()).not.toMatch(/4 trials/);
  expect(await texts()).not.toContain("40,000");
  await page.evaluate(() => (window as unknown as { drawScaling(hidden: boolean): void }).drawScaling(false));
  expect(await texts()).toContain("40,000");
  await press("ArrowLeft");
  expect((await heard()).said).toMatch(/^100 neurons\. 2,500 trials: agreement 0\.560, expected 0\.555/);
});

test("plateau: a point at each number of steps, names that do not lie on each other, and nothing of what is covered", async () => {
  await open("plateau");
  const draw = (covered: number | null, see: number) =>
    page.evaluate(
      ([from, low]) =>
        (window.gallery.picture as Plateau).draw({
          steps: [1_000, 10_000, 100_000],
          points: [
            { steps: 1_000, see: low as number, do: 0.7 },
            { steps: 10_000, see: low as number, do: 0.96 },
          ],
          plain: [],
          expected: [{ steps: 1_000, expected: 0.68, low: 0.64, high: 0.72 }],
          isShared: from !== null,
          covered: from,
        }),
      [covered, see],
    );
  const ends = () =>
    page.evaluate(() =>
      ["perturbing", "watching"].map((name) => {
        const text = [...document.querySelectorAll(".drawing text")].find((one) => one.textContent === name);
        return Number(text?.getAttribute("y"));
      }),
    );
  await draw(100_000, 0.3);
  expect(await texts()).toEqual(
    expect.arrayContaining(["?", "perturbing", "0.960", "watching", "0.30", "100,000"]),
  );
  expect(await saidToReaders()).toMatch(/watching 0\.30 after 1,000, 0\.30 after 10,000 steps\. The rest/);
  const places = await page
    .locator(".drawing circle")
    .evaluateAll((all) => all.map((one) => [Number(one.getAttribute("cx")), Number(one.getAttribute("cy"))]));
  expect(places.length).toBe(4);
  // Watching is level, perturbing climbs; a tenfold time is as far again.
  expect(places[0][1]).toBe(places[1][1]);
  expect(places[3][1]).toBeLessThan(places[2][1] - 50);
  const [perturbing, watching] = await ends();
  expect(watching - perturbing).toBeGreaterThan(100);

  await draw(null, 0.955);
  expect(await texts()).not.toContain("?");
  const [upper, lower] = await ends();
  expect(lower - upper).toBeGreaterThan(20);
  await press("ArrowRight", "ArrowRight");
  expect((await heard()).said).toBe(
    "10,000 time steps: perturbing 0.960, watching 0.955; expected 0.68, 95 % of runs 0.64 to 0.72",
  );
});

describe("files of pictures", () => {
  test("an SVG stands alone: its own styles, typefaces, title and description", async () => {
    await open("bars", "&theme=projector&truth=shown");
    const svg = await page.evaluate(async () => (await window.gallery.exportSvg(window.gallery.host)).text());
    expect(svg).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg /);
    expect(svg).not.toMatch(/class=|var\(|url\((?!#|"?data:|&quot;data:)/);
    expect(svg).toMatch(/<title>[^<]+<\/title><desc>Bars: effect of neuron 1/);
    expect(svg).toMatch(/@font-face\{font-family:"Source Sans 3";[^}]*src:url\("data:font\/woff2;base64,/);
    // The weights that its texts have, and no others.
    const weights = (file: string) =>
      [...file.matchAll(/@font-face\{font-family:"Source Sans 3";font-weight:(\d+);/g)].map(
        ([, weight]) => weight,
      );
    expect(weights(svg)).toEqual(["400", "600"]);
    const plain = await page.evaluate(async () => {
      for (const text of window.gallery.host.querySelectorAll("text"))
        if (getComputedStyle(text).fontWeight === "600") text.remove();
      return (await window.gallery.exportSvg(window.gallery.host)).text();
    });
    expect(weights(plain)).toEqual(["400"]);
    expect(svg).toContain('fill="rgb(255, 255, 255)"');
    const parsed = await page.evaluate((text) => {
      const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
      return { name: documentElement.tagName, texts: documentElement.querySelectorAll("text").length };
    }, svg);
    expect(parsed.name).toBe("svg");
    expect(parsed.texts).toBeGreaterThan(10);
  });

  test("a PNG has the scale that was asked for, and shows what the page shows", async () => {
    await open("rasters", "&cursor=3");
    // On whole pixels, to be compared.
    await page.addStyleTag({
      content:
        "body > * { display: none } #picture { position: fixed; inset: 0 auto auto 0; width: 880px; height: 520px; display: block }",
    });
    await page.waitForSelector('.drawing svg[height="520"]', { state: "attached" });
    const bytes = await page.evaluate(async () => [
      ...new Uint8Array(await (await window.gallery.exportPng(window.gallery.host, 2)).arrayBuffer()),
    ]);
    const exported = PNG.sync.read(Buffer.from(bytes));
    const seen = PNG.sync.read(await page.locator("#picture").screenshot());
    // A margin of 12 pixels goes around it.
    expect([exported.width, exported.height]).toEqual([2 * (seen.width + 24), 2 * (seen.height + 24)]);
    let far = 0;
    for (let y = 0; y < seen.height; y++)
      for (let x = 0; x < seen.width; x++) {
        const a = 4 * (y * seen.width + x);
        const off = (right: number, down: number) => {
          const b = 4 * ((2 * (y + 12) + down) * exported.width + 2 * (x + 12) + right);
          return Math.max(...[0, 1, 2].map((c) => Math.abs(seen.data[a + c] - exported.data[b + c])));
        };
        if (Math.min(off(0, 0), off(1, 0), off(0, 1), off(1, 1)) > 60) far++;
      }
    const white = ({ data }: PNG) => {
      let found = 0;
      for (let at = 0; at < data.length; at += 4)
        if (Math.min(data[at], data[at + 1], data[at + 2]) > 225) found++;
      return found;
    };
    // Letters are there, four times as many pixels of them.
    expect(white(exported)).toBeGreaterThan(2.5 * white(seen));
    // Edges and letters fall on other pixels at twice the scale; all else is the same.
    expect(far / (seen.width * seen.height)).toBeLessThan(0.02);
  });

  test("names that every system takes", async () => {
    await open("bars");
    expect(
      await page.evaluate(() => window.gallery.pictureName(["Lesson 4", "bars, 5 → 1", "Zürich"], "svg")),
    ).toBe("perturbation-lab-lesson-4-bars-5-1-zu-rich.svg");
  });
});

test("on a projector no text is smaller than 18 pixels, and none is cut off", async () => {
  for (const picture of ["dots", "rasters", "bars", "scatter", "scaling"]) {
    await page?.close();
    await open(picture, "&theme=projector&truth=shown");
    const bad = await page.evaluate(() => {
      const all = document.querySelector(".drawing")!.getBoundingClientRect();
      return [...document.querySelectorAll(".drawing text")].flatMap((text) => {
        const box = text.getBoundingClientRect();
        const inside = box.left >= all.left - 1 && box.right <= all.right + 1 && box.bottom <= all.bottom + 3;
        const size = Number.parseFloat(getComputedStyle(text).fontSize);
        return inside && size >= 18 ? [] : [`${text.textContent}: ${size}px`];
      });
    });
    expect(bad, picture).toEqual([]);
  }
});
