import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { resolveSources } from "../../src/model/sources";
import { networkOf } from "../../src/network";
import { launchBrowser } from "../support/browser";
import { labPages } from "../support/labPages";
import { longTasks, watchLongTasks } from "../support/longTasks";

// Compare mode in a real browser: the same trials on the (software) GPU and on the CPU.

const lab = labPages();
let page: Page;

async function open(hash: string, by = lab.browser, ...breakage: string[]): Promise<void> {
  const size = { width: 1280, height: 800 };
  page = await lab.open(hash, { by, size, before: [watchLongTasks, tellBeginning, ...breakage] });
}

/** Remembers when the trials begin: the page is there by then. */
const tellBeginning = `
  window.begun = Infinity;
  new MutationObserver(() => {
    if (document.documentElement.dataset.compare === "gpu") window.begun = Math.min(begun, performance.now());
  }).observe(document, { attributes: true, subtree: true });
`;

/**
 * Spoils a kernel in every script of the page, its workers too: respond then rounds with 4 random bits instead of 16.
 * Every effect is off by far less than its error, so that nothing but a comparison of bits would notice.
 */
const spoil = `
  const create = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const code = descriptor.label === "respond" ? descriptor.code.replace("own[1] & vec4u(0xffffu)", "own[1] & vec4u(0xf000u)") : descriptor.code;
    if (descriptor.label === "respond" && code === descriptor.code) throw new Error("nothing there to spoil");
    return create.call(this, { ...descriptor, code });
  };
`;
const spoilEverywhere = `
  ${spoil}
  const Original = Blob;
  window.Blob = class extends Original {
    constructor(parts, options) {
      super(/javascript/.test(options?.type ?? "") ? [${JSON.stringify(spoil)}, ...parts] : parts, options);
    }
  };
`;

const text = (id: string) => page.locator(`#${id}`).innerText();
const data = (name: string) => page.evaluate((key) => document.documentElement.dataset[key], name);
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
const reaches = (phase: string, timeout = 40_000) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.compare === wanted, phase, { timeout });

async function hoverCell(matrix: string, source: number, target: number, neurons: number): Promise<void> {
  const box = await page.locator(`#compare-${matrix}`).boundingBox();
  if (!box) throw new Error(`#compare-${matrix} is not in sight`);
  await page.mouse.move(
    box.x + ((source + 0.5) / neurons) * box.width,
    box.y + ((target + 0.5) / neurons) * box.height,
  );
}

/** Number of distinct colours in a matrix's own canvas. */
async function colours(matrix: string): Promise<number> {
  const png = await page.locator(`#compare-${matrix}`).screenshot();
  const { data: bytes } = PNG.sync.read(png);
  const found = new Set<number>();
  for (let at = 0; at < bytes.length; at += 4)
    found.add((bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]);
  return found.size;
}

test("400 neurons, 2,500 trials: GPU and CPU agree in every word, and with the float64 model", async () => {
  await open("#v=1&mode=compare&neurons=400&trials=2500");
  await reaches("done");
  // Σp·o of every pair, Σp of every source, Σo and Σo² of every target, and the number of trials.
  expect(await text("compare-verdict")).toBe("0 of 161,201 words differ");
  expect(await text("compare-none")).toBe("0");
  expect(await page.locator("#compare-first").isVisible()).toBe(false);
  expect(await text("compare-hash")).toMatch(/^SHA-256 of the sums, both: [0-9a-f]{8}…[0-9a-f]{8}$/);
  for (const leg of ["gpu", "cpu"]) expect(await text(`compare-${leg}-trials`)).toBe("2,500");
  for (const leg of ["gpu", "cpu", "model"]) expect(await text(`compare-${leg}-speed`)).toMatch(/^[\d,]+$/);
  expect(await text("compare-ratio")).toMatch(/[\d.]+ times as fast as/);
  expect(await text("compare-words")).toMatch(/^The same 2,500 trials of 400 neurons, .* on \w+/);
  const [, rms, expected, error, outside] =
    (await text("deviations-note")).match(/^RMS ([\d.]+), expected (1) ± ([\d.]+) · ([\d.]+) % beyond/) ?? [];
  expect(Math.abs(Number(rms) - Number(expected))).toBeLessThan(5 * Number(error));
  expect(Number(error)).toBe(0.002);
  expect(Math.abs(Number(outside) - 5)).toBeLessThan(0.4);
  expect(await colours("gpu")).toBeGreaterThan(100);
  expect(await colours("cpu")).toBe(await colours("gpu"));
  const begun = await page.evaluate<number>("begun");
  expect(begun).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(await longTasks(page, begun)).toEqual([]);
});

describe("synced cursors", () => {
  test("a cell of one matrix is marked in all, and a sentence gives all its numbers", async () => {
    await open("#v=1&mode=compare");
    await reaches("done");
    await hoverCell("gpu", 5, 1, 6);
    await expect
      .poll(() => text("compare-sentence"))
      .toMatch(
        /^neuron 5 → neuron 1: GPU 0\.1\d\d ± 0\.00\d, CPU the same bits; exact 0\.1412; float64 model 0\.1\d\d ± 0\.00\d, [\d.]+ standard errors away$/,
      );
    expect(await page.locator("#compare-pictures .mark .cell").count()).toBe(3);
    await page.locator("#compare-difference").focus();
    await page.mouse.move(2, 2);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    await expect.poll(() => text("compare-sentence")).toMatch(/^neuron 1 → neuron 1 \(itself\): GPU/);
    await page.keyboard.press("t");
    await expect.poll(() => text("compare-sentence")).not.toMatch(/exact/);
    await page.locator("#picture-deviations .drawing").focus();
    await page.keyboard.press("ArrowRight");
    expect(await text("compare-sentence")).toMatch(
      /^between 0 and 0\.5 standard errors: \d+ pairs?, expected 6\.9$/,
    );
    await hoverCell("cpu", 3, 5, 6);
    await page.mouse.down();
    await page.mouse.up();
    expect(await hash()).toContain("select=3-5");
  });
});

describe("a kernel that is broken on purpose", () => {
  test("is found by the comparison and by the self-check, and both say where", async () => {
    await open("#v=1&mode=compare&trials=2500&check=1", lab.browser, spoilEverywhere);
    await reaches("done");
    const [, different] = (await text("compare-verdict")).match(/^(\d+) of 55 words differ$/) ?? [];
    expect(Number(different)).toBeGreaterThan(36);
    const [, source, target, gpu, cpu] =
      (await text("compare-first")).match(
        /^First: Σ p·o of neuron (\d) → neuron (\d): GPU ([\d,]+), CPU ([\d,]+)\.$/,
      ) ?? [];
    expect([source, target]).toEqual(["0", "0"]);
    expect(gpu).not.toBe(cpu);
    expect(await text("compare-none")).toBe("");
    expect(await text("compare-hash")).toMatch(/GPU [0-9a-f]{8}….*CPU [0-9a-f]{8}…/);
    expect(await page.locator("#compare-difference").getAttribute("aria-label")).toMatch(
      /words differ\. Σ p·o/,
    );
    await hoverCell("difference", 5, 1, 6);
    await expect
      .poll(() => text("compare-sentence"))
      .toMatch(/: GPU 0\.1\d+ ± 0\.0\d+, CPU 0\.1\d+ ± 0\.0\d+, \d.* apart;/);

    await page.waitForFunction(() => document.documentElement.dataset.check === "done", null, {
      timeout: 100_000,
    });
    const rows = await page.locator("#check-rows tr:not(.first)").evaluateAll((all) =>
      all
        .map((row) => [...row.children].map((cell) => cell.textContent ?? ""))
        .map((cells) => ({
          name: cells[0],
          words: Number(cells[2].replaceAll(",", "")),
          different: Number(cells[3].replaceAll(",", "")),
        })),
    );
    expect(rows.length).toBeGreaterThanOrEqual(6);
    for (const { name, words, different } of rows) {
      expect(words, name).toBeGreaterThan(1000);
      if (name === "respond") expect(different).toBeGreaterThan(10_000);
      else expect(different, name).toBe(0);
    }
    expect(await page.locator("#check-rows tr.first").allInnerTexts()).toEqual([
      expect.stringMatching(/^first outcome\[[\d,]+\]: GPU [\d,]+, CPU [\d,]+$/),
    ]);
    expect(await text("check-verdict")).toMatch(/^[\d,]+ of [\d,]+ words differ on \w/);
  }, 150_000);
});

describe("in and out", () => {
  test("G opens it with the lab's experiment and goes back; 0 does so too; the lab then runs again", async () => {
    await open("#v=1&trials=500&pace=off&network-seed=3");
    await page.waitForFunction(() => document.documentElement.dataset.state === "done");
    await page.keyboard.press("g");
    await reaches("done");
    expect(await hash()).toBe("#v=1&network-seed=3&trials=500&pace=off&mode=compare");
    expect(await page.locator("#compare-button").getAttribute("aria-current")).toBe("page");
    expect(await page.locator("[data-lesson-button][aria-current]").count()).toBe(0);
    expect(await page.locator("#graph").isVisible()).toBe(false);
    await page.keyboard.press("g");
    expect(await hash()).toBe("#v=1&network-seed=3&trials=500&pace=off");
    await page.waitForFunction(() => document.documentElement.dataset.state === "done");
    expect(await page.locator("#graph").isVisible()).toBe(true);
    expect(await page.locator("#compare").isVisible()).toBe(false);

    await page.keyboard.press("4");
    await page.keyboard.press("g");
    await reaches("done");
    expect(await hash()).toContain("network-seed=3&trials=500");
    await page.keyboard.press("0");
    expect(await hash()).toBe("#v=1&network-seed=3&trials=500&pace=off");
  });

  test("Esc cancels, R compares again, and the slider sets the trials of both", async () => {
    await open("#v=1&mode=compare&neurons=300&trials=25000");
    await reaches("gpu");
    await page.keyboard.press("Escape");
    await reaches("cancelled");
    expect(await text("compare-verdict")).toMatch(/^Cancelled after [\d,]+ trials of the GPU$/);
    await page.locator("#compare-trials").fill("1");
    await page.locator("#compare-trials").dispatchEvent("change");
    await reaches("done");
    expect(await hash()).toContain("trials=250");
    expect(await text("compare-verdict")).toBe("0 of 90,901 words differ");
    await page.evaluate(() => {
      document.documentElement.dataset.compare = "before";
    });
    await page.keyboard.press("r");
    await reaches("done");
  });

  test("a link starts nothing that would take long: it names the price and waits for a click", async () => {
    await open("#v=1&mode=compare&neurons=1000&trials=100000");
    await reaches("offered");
    expect(await text("compare-status")).toMatch(
      /^130 billion pair-updates .* about \d+ (s|min)\. 6,000 trials would start at once\.$/,
    );
    expect(await text("compare-gpu-trials")).toBe("–");
    await page.locator("#compare-run").click();
    await reaches("preparing");
    await page.keyboard.press("Escape");
    await reaches("cancelled");
  });

  test("the experiment's sources are the columns, with their own numbers", async () => {
    await open("#v=1&mode=compare&network=in-degree&neurons=5000&in-degree=10&sources=top:20&trials=200");
    await reaches("done");
    // Σp·o of 20 × 5,000 pairs, Σp of 20 sources, Σo and Σo² of 5,000 targets, and the number of trials.
    expect(await text("compare-verdict")).toBe("0 of 110,021 words differ");
    expect(await text("compare-words")).toMatch(/^The same 200 trials of 5,000 neurons, 20 of them sources,/);
    expect(await text("deviations-note")).toMatch(/^RMS (0\.9|1\.0)\d*, expected 1 ± 0\.00/);
    const experiment = parseExperiment({ network: "in-degree", neurons: 5000, inDegree: 10 });
    const sources = resolveSources("top:20", networkOf(experiment), null);
    const box = await page.locator("#compare-gpu").boundingBox();
    if (!box) throw new Error("#compare-gpu is not in sight");
    await page.mouse.move(box.x + (7.5 / 20) * box.width, box.y + box.height / 2);
    await expect
      .poll(() => text("compare-sentence"))
      .toMatch(new RegExp(`^neuron ${sources[7]} → neuron \\d+: GPU .*, CPU the same bits; exact`));
    const none = [...Array(5000).keys()].find((neuron) => !sources.includes(neuron));
    await page.mouse.move(2, 2);
    await page.evaluate((select) => {
      location.hash += `&select=${select}-1`;
    }, none);
    await expect
      .poll(() => text("compare-sentence"))
      .toBe(`neuron ${none} → neuron 1: neuron ${none} is not among the 20 sources`);
    await page.evaluate(() => {
      location.hash = "#v=1&mode=compare&network=in-degree&neurons=5000&in-degree=10&sources=top:1000";
    });
    expect(await text("compare-status")).toBe(
      "Compare mode holds every sum twice: of 5,000 neurons it takes up to 838 as sources, and there are 1,000.",
    );
  });

  test("a report says it all, to be pasted elsewhere", async () => {
    await open("#v=1&mode=compare&trials=1000");
    await reaches("done");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("#compare-copy").click();
    await expect.poll(() => text("compare-copy")).toBe("copied");
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toMatch(/^# Perturbation Lab: GPU against CPU\n\n\*\*0 of 55 words differ\*\*\n/);
    expect(report).toMatch(/\n- adapter: \w.*\n- browser: Chrome \d+ on \w+\n- lab: version [\d.]+, http/);
    expect(report).toMatch(/network notebook, neurons 6, network seed 42, seed lecture, trials 1000/);
    const hashes = [...report.matchAll(/SHA-256 of the sums, .PU: ([0-9a-f]{64})\n/g)].map(([, one]) => one);
    expect(hashes.length).toBe(2);
    expect(hashes[0]).toBe(hashes[1]);
    expect(report).toMatch(/\n\| GPU \| 1,000 \| [\d.]+ \| [\d,]+ \| .*\n\| CPU \| 1,000 \|/);
    expect(report).toMatch(/\n\| pair \| 36 \| 0 \|\n/);
  });
});

test("without a GPU it says so, and sets the CPU against the float64 model alone", async () => {
  const without = await launchBrowser({ webgpu: false });
  try {
    await open("#v=1&mode=compare&neurons=25", without);
    await reaches("done");
    expect(await text("compare-verdict")).toBe("No GPU to compare with");
    expect(await text("compare-words")).toMatch(
      /no adapter.*\. The CPU stands against the float64 model alone\.$/,
    );
    expect(await page.locator("#compare-gpu").isVisible()).toBe(false);
    expect(await page.locator("#compare-cpu").isVisible()).toBe(true);
    expect(await text("deviations-title")).toBe("CPU against the float64 model");
    expect(await text("deviations-note")).toMatch(/^RMS [01]\.\d+, expected 1 ± 0\.03/);
    expect(await data("check")).toBe("");
    await hoverCell("cpu", 3, 5, 25);
    await expect.poll(() => text("compare-sentence")).toMatch(/^neuron 3 → neuron 5: CPU .*; float64 model/);
  } finally {
    await page.close();
    await without.close();
  }
});
