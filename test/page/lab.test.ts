import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { labPages, type OpenOptions } from "../support/labPages";
import { longTasks, pageTime, watchLongTasks } from "../support/longTasks";

const lab = labPages();
let page: Page;

async function open(hash: string, options: OpenOptions = {}): Promise<void> {
  page = await lab.open(hash, options);
}

/** Goes to another hash as a person does who edits the address: no reload. */
const goTo = (hash: string) =>
  page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);

const text = (id: string) => page.locator(`#${id}`).innerText();
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
const trials = () => page.evaluate(() => Number(document.documentElement.dataset.trials));

const reaches = (state: string, timeout = 30_000) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, { timeout });

async function hoverCell(matrix: "truth" | "effect", source: number, target: number, neurons: number) {
  const box = await page.locator(`#${matrix}`).boundingBox();
  if (!box) throw new Error(`#${matrix} is not in sight`);
  await page.mouse.move(
    box.x + ((source + 0.5) / neurons) * box.width,
    box.y + ((target + 0.5) / neurons) * box.height,
  );
}

const sentenceSays = (pattern: RegExp) =>
  expect.poll(() => text("sentence"), { timeout: 5_000 }).toMatch(pattern);

/** How many distinct colours a picture has, and the share of its pixels that differ from the commonest. */
function variety(png: Buffer): { colours: number; drawn: number } {
  const { data } = PNG.sync.read(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return { colours: counts.size, drawn: 1 - Math.max(...counts.values()) / (data.length / 4) };
}

describe("first open", () => {
  test("the notebook's six neurons run by themselves, the estimate fills in and arrives", async () => {
    await open("");
    await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0);
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe("running");
    const early = await trials();
    expect(early).toBeLessThan(25_000);
    await reaches("done");
    expect(await trials()).toBe(25_000);
    expect(Number(await text("agreement"))).toBeGreaterThan(0.96);
    expect(Number(await text("rms"))).toBeLessThan(0.012);
    expect(await text("engine")).toBe("GPU");
    expect(await text("adapter")).toMatch(/\w/);
    expect(await text("seed")).toBe("lecture");
    expect(await text("lead")).toBe("Poke the neurons at random and watch the wiring appear.");
    expect(await page.locator("#notice").isVisible()).toBe(false);
  });

  test("the graph is not blank: neurons, and arrows that were not there before", async () => {
    await open("#v=1&pace=off&truth=hidden&density=0&network=random&seed=a");
    await reaches("done");
    const shot = async () => {
      await page.waitForTimeout(800);
      return variety(await page.locator("#graph").screenshot());
    };
    const without = await shot();
    await goTo("#v=1&pace=off&truth=hidden");
    await page.waitForFunction(() => document.documentElement.dataset.state === "running");
    await reaches("done");
    const withArrows = await shot();
    expect(without.colours).toBeGreaterThan(20);
    expect(withArrows.drawn).toBeGreaterThan(without.drawn + 0.01);
    expect(await page.locator("#graph .label").allInnerTexts()).toEqual(["0", "1", "2", "3", "4", "5"]);
  });
});

describe("linked hover", () => {
  test("a cell, its way back, a neuron and the keys say in words what they are", async () => {
    await open("#v=1&pace=off");
    await reaches("done");
    await hoverCell("effect", 5, 1, 6);
    await sentenceSays(/^neuron 5 → neuron 1: effect 0\.1\d\d ± 0\.00\d, exact 0\.141$/);
    await hoverCell("truth", 1, 5, 6);
    await sentenceSays(/^neuron 1 → neuron 5: effect [−\d.]+ ± 0\.00\d, exact 0$/);
    expect(await page.locator(".mark .cell").count()).toBe(2);

    await page.locator("#effect").focus();
    await page.mouse.move(2, 2);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    await sentenceSays(/^neuron 1 → neuron 1 \(itself\)/);

    await page.locator("#graph").focus();
    for (let step = 0; step < 6; step++) await page.keyboard.press("ArrowRight");
    await sentenceSays(/^neuron 5 sends arrows to 1; receives from 3, 4$/);
    expect(await page.locator("#spoken").innerText()).toMatch(/neuron 5 sends/);
  });

  test("pointing at an arrow of the graph finds it, and a click keeps it in the link", async () => {
    await open("#v=1&pace=off");
    await reaches("done");
    const box = await page.locator("#graph").boundingBox();
    if (!box) throw new Error("no graph");
    // The arrow 5 → 1 is the only one that crosses the vertical through the middle, above it.
    const x = box.x + box.width / 2;
    await expect
      .poll(
        async () => {
          for (let y = box.y + box.height * 0.3; y < box.y + box.height * 0.5; y += 4) {
            await page.mouse.move(x, y);
            await page.waitForTimeout(40);
            if (/neuron 5 → neuron 1:/.test(await text("sentence"))) return true;
          }
          return false;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    await page.mouse.down();
    await page.mouse.up();
    expect(await hash()).toContain("select=5-1");
  });

  test("with the truth hidden nothing tells it", async () => {
    await open("#v=1&pace=off&truth=hidden&select=5-1");
    await reaches("done");
    await sentenceSays(/^neuron 5 → neuron 1: effect 0\.1\d\d ± 0\.00\d$/);
    expect(await text("truth-note")).toBe("hidden; T shows it");
    const hidden = variety(await page.locator("#truth").screenshot()).colours;
    await page.keyboard.press("t");
    await sentenceSays(/, exact 0\.141$/);
    expect(await hash()).toBe("#v=1&pace=off&select=5-1");
    expect(variety(await page.locator("#truth").screenshot()).colours).not.toBe(hidden);
  });
});

describe("the link", () => {
  test("reproduces a state, and the state writes the link", async () => {
    await open("#v=1&neurons=9&network-seed=3&seed=room+12&trials=2000&pace=off&theme=projector");
    await reaches("done");
    expect(await page.locator("#set-neurons").inputValue()).toBe("9");
    expect(await page.locator("#set-networkSeed").inputValue()).toBe("3");
    expect(await page.locator("#set-seed").inputValue()).toBe("room 12");
    expect(await trials()).toBe(2000);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("projector");
    const first = await text("agreement");

    await page.locator("#set-neurons").fill("7");
    await page.keyboard.press("Enter");
    await expect
      .poll(hash)
      .toBe("#v=1&neurons=7&network-seed=3&seed=room+12&trials=2000&theme=projector&pace=off");
    await reaches("done");

    await page.goBack();
    await expect.poll(() => page.locator("#set-neurons").inputValue()).toBe("9");
    await reaches("running").catch(() => {});
    await reaches("done");
    await expect.poll(() => text("agreement")).toBe(first);
  });

  test("a bad value is reported in a sentence, and a bad input leaves the last good state", async () => {
    await open("#v=1&neurons=-3&trials=500&pace=off");
    await reaches("done");
    expect(await text("notice")).toMatch(
      /neurons is "-3"; allowed: a whole number from 1 to 1,000,000.*using 1\./,
    );
    expect(await hash()).toBe("#v=1&neurons=1&trials=500&pace=off");

    await goTo("#v=1&trials=500&pace=off");
    await expect.poll(() => page.locator("#notice").isVisible()).toBe(false);
    await reaches("done");
    for (const [field, value] of [
      ["neurons", "2000000"],
      ["neurons", "six"],
      ["trials", "0"],
      ["seed", ""],
    ]) {
      const input = page.locator(`#set-${field}`);
      const before = await input.inputValue();
      await input.fill(value);
      await page.keyboard.press("Enter");
      expect(await text("notice")).toContain(`${field} is "${value}"; allowed:`);
      expect(await input.inputValue()).toBe(before);
      expect(await hash()).toBe("#v=1&trials=500&pace=off");
    }
  });
});

describe("running", () => {
  test("pause, one trial, go on, reset: the sums decide, not how they came about", async () => {
    await open("#v=1&trials=3000");
    await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 3);
    await page.keyboard.press("Space");
    await reaches("paused");
    const at = await trials();
    await page.keyboard.press("ArrowRight");
    await expect.poll(trials).toBe(at + 1);
    await reaches("paused");
    await page.waitForTimeout(300);
    expect(await trials()).toBe(at + 1);
    await page.keyboard.press("Space");
    await reaches("done");
    const whole = await page.locator("#agreement").getAttribute("data-value");

    await goTo("#v=1&trials=3000&pace=off");
    // A run of 3,000 trials may be over before anybody looks; an observer misses nothing.
    const begun = page.evaluate(() => {
      const root = document.documentElement;
      return new Promise<void>((resolve) => {
        new MutationObserver((_, observer) => {
          observer.disconnect();
          resolve();
        }).observe(root, { attributeFilter: ["data-state"] });
      });
    });
    await page.keyboard.press("r");
    await begun;
    await reaches("done");
    expect(await page.locator("#agreement").getAttribute("data-value")).toBe(whole);

    await page.keyboard.press("n");
    await expect.poll(hash).toMatch(/seed=lecture-\d+/);
    await reaches("done");
    expect(await page.locator("#agreement").getAttribute("data-value")).not.toBe(whole);
  });

  test("few trials, one neuron and no arrows are shown as what they are", async () => {
    await open("#v=1&trials=1&pace=off");
    await reaches("done");
    expect(await text("agreement")).toBe("–");
    await goTo("#v=1&neurons=1&network=random&density=1&trials=500&pace=off");
    await expect.poll(trials).toBe(500);
    await reaches("done");
    expect(await text("agreement-note")).toBe("not defined: all pairs are arrows");
    await goTo("#v=1&network=random&density=0&trials=600&pace=off");
    await expect.poll(trials).toBe(600);
    await reaches("done");
    expect(await text("agreement")).toBe("–");
    expect(await text("agreement-note")).toBe("not defined: there are no arrows");
    expect(Number(await text("rms"))).toBeLessThan(0.1);
  });

  test("400 neurons leave the page free: no long task, typing and cancelling work", async () => {
    await open("#v=1&network=random&neurons=400&trials=5000000", { before: [watchLongTasks] });
    await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 200, null, {
      timeout: 60_000,
    });
    // Loading is over and pictures come: from here on nothing may hold the page up.
    await page.waitForTimeout(1500);
    const since = await pageTime(page);
    const before = await trials();
    const field = page.locator("#set-seed");
    await field.click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and more", { delay: 250 });
    expect(await field.inputValue()).toBe("lecture and more");
    await page.waitForTimeout(2500);
    expect(await field.inputValue()).toBe("lecture and more");
    expect(await trials()).toBeGreaterThan(before);
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe("running");

    const start = Date.now();
    // In the field Escape takes back what was typed, and leaves it.
    await page.keyboard.press("Escape");
    expect(await field.inputValue()).toBe("lecture");
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe("running");
    await page.keyboard.press("Escape");
    await reaches("cancelled", 2000);
    expect(Date.now() - start).toBeLessThan(1000);
    // The chunk that is on the adapter is still counted.
    await page.waitForTimeout(1500);
    const stopped = await trials();
    await page.waitForTimeout(500);
    expect(await trials()).toBe(stopped);
    expect(await longTasks(page, since)).toEqual([]);
  });
});

describe("without WebGPU", () => {
  const settled = async () => {
    await reaches("done");
    const value = (id: string) => page.locator(`#${id}`).getAttribute("data-value");
    return [await value("agreement"), await value("rms")];
  };

  test("an insecure address, or no adapter: one sentence, and the CPU engine gives the same numbers", async () => {
    await open("#v=1&pace=off");
    const gpu = await settled();
    expect(await text("engine")).toBe("GPU");
    await page.close();

    await open("#v=1&pace=off", { at: lab.served.insecureUrl });
    expect(await settled()).toEqual(gpu);
    expect(await text("engine")).toBe("CPU");
    expect(await text("notice")).toMatch(/secure address.*; the CPU engine is running instead\.$/);
    expect(await text("adapter")).toMatch(/^CPU, \d+ threads?, WASM$/);
    await page.close();

    const other = await launchBrowser({ webgpu: false });
    try {
      await open("#v=1&pace=off", { by: other });
      expect(await settled()).toEqual(gpu);
      expect(await text("engine")).toBe("CPU");
      expect(await text("notice")).toMatch(/; the CPU engine is running instead\.$/);
      await page.close();
    } finally {
      await other.close();
    }
  });
});

describe("looks", () => {
  test.each([
    [1280, 720],
    [1600, 900],
    [1920, 1080],
  ])("at %i × %i nothing scrolls and nothing overlaps, in both themes", async (width, height) => {
    await open("#v=1&pace=off&trials=500");
    await page.setViewportSize({ width, height });
    await reaches("done");
    for (const theme of ["desk", "projector"]) {
      await goTo(`#v=1&pace=off&trials=500&theme=${theme}`);
      await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
      await page.waitForTimeout(300);
      const layout = await page.evaluate(() => {
        const root = document.documentElement;
        const boxes = ["graph-figure", "matrices", "charts", "panel", "corner"].map((id) =>
          (document.getElementById(id) as HTMLElement).getBoundingClientRect(),
        );
        const overlaps = boxes.some((a, i) =>
          boxes.some(
            (b, j) =>
              j > i &&
              a.left < b.right - 1 &&
              b.left < a.right - 1 &&
              a.top < b.bottom - 1 &&
              b.top < a.bottom - 1,
          ),
        );
        const side = (id: string) => (document.getElementById(id) as HTMLElement).getBoundingClientRect();
        const sizes = [...document.querySelectorAll("body *")]
          .filter(
            (element) => element.checkVisibility() && element.textContent?.trim() && !element.children.length,
          )
          .map((element) => Number.parseFloat(getComputedStyle(element).fontSize));
        return {
          scrolls: root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight,
          cut: boxes.some((box) => box.bottom > root.clientHeight + 1 || box.right > root.clientWidth + 1),
          overlaps,
          truth: [side("truth").width, side("truth").height],
          effect: side("effect").width,
          smallest: Math.min(...sizes),
          panelScrolls:
            (document.getElementById("panel") as HTMLElement).scrollHeight >
            (document.getElementById("panel") as HTMLElement).clientHeight + 1,
        };
      });
      expect(layout).toMatchObject({ scrolls: false, cut: false, overlaps: false, panelScrolls: false });
      expect(layout.truth[0]).toBeCloseTo(layout.truth[1], 0);
      expect(layout.truth[0]).toBeCloseTo(layout.effect, 0);
      expect(layout.truth[0]).toBeGreaterThan(150);
      expect(layout.smallest).toBeGreaterThanOrEqual(theme === "projector" ? 18 : 11);
    }
  });
});
