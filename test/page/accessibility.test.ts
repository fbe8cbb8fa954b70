import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, openLab, type Served, serveLab } from "../support/browser";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let served: Served;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  served = await serveLab();
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await openLab(page, `${served.url}#v=1&pace=off&trials=500`);
  // Evaluated, not as a script of the page: its policy allows none.
  await page.evaluate(readFileSync(axePath, "utf8"));
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
    const { lesson, lessonState, state, mode, compare } = document.documentElement.dataset;
    if (mode === "compare") return compare === "done";
    return lesson === "" ? state === "done" : lessonState === "ready";
  });
}

/** Faults that keep somebody out, each with the first place it was found at. */
const faults = () =>
  page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"],
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)[0]}`,
      );
  });

const views: (readonly [name: string, hash: string])[] = [
  ["the lab", "pace=off&trials=500"],
  ["the lab's recovery", "pace=off&trials=500&charts=recovery"],
  ["the lab's plan", "pace=off&trials=500&charts=plan&select=5-1"],
  ["the lab with a pair selected", "pace=off&trials=500&select=5-1&truth=hidden"],
  ...[1, 2, 3, 4, 5, 6, 7].map((lesson) => [`lesson ${lesson}`, `lesson=${lesson}&answer=shown`] as const),
  ["lesson 7 before its answer", "lesson=7"],
  ["compare mode", "mode=compare&trials=500"],
  ["compare mode without controls, a pair selected", "mode=compare&trials=500&hide=controls&select=5-1"],
  ["compare mode, embedded", "mode=compare&trials=500&embed=1"],
  ["lesson 3 without controls", "lesson=3&hide=controls"],
  ["lesson 4, embedded", "lesson=4&embed=1"],
];

describe.each(["desk", "projector"])("in the %s theme axe finds no serious fault", (theme) => {
  test.each(views)("%s", async (_, hash) => {
    await goTo(`#v=1&${hash}&theme=${theme}`);
    expect(await faults()).toEqual([]);
  });
});

test("axe finds what is wrong, so that its silence means something", async () => {
  await goTo("#v=1&lesson=1");
  const found = await page.evaluate(async () => {
    const button = document.createElement("button");
    const words = Object.assign(document.createElement("p"), { textContent: "hardly to be read" });
    words.style.color = "#3a3f48";
    document.querySelector("#lesson-text")?.prepend(button, words);
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    button.remove();
    words.remove();
    return violations.map(({ id }) => id);
  });
  expect(found).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
});

test.each(["desk", "projector"])(
  "texts inside pictures, which axe cannot judge, stand out: %s",
  async (theme) => {
    for (const lesson of [1, 2, 3, 4, 5, 6, 7]) {
      await goTo(`#v=1&lesson=${lesson}&answer=shown&theme=${theme}`);
      if (lesson === 6) await page.waitForSelector("#picture-scaling text");
      const weak = await page.evaluate(() => {
        const rgb = (colour: string) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
        const light = (colour: string) => {
          const [red, green, blue] = rgb(colour).map((part) =>
            part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const paper = getComputedStyle(document.body).backgroundColor;
        const texts = [...document.querySelectorAll(".drawing text")].filter((text) =>
          text.checkVisibility(),
        );
        const ratios = texts.map((text) => {
          // A digit in a cell stands on that cell's colour.
          const cell = /on-(light|dark)/.test(text.getAttribute("class") ?? "")
            ? text.previousElementSibling
            : null;
          const [a, b] = [getComputedStyle(text).fill, cell ? getComputedStyle(cell).fill : paper].map(light);
          return { text: text.textContent, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
        });
        return { all: ratios.length, weak: ratios.filter(({ ratio }) => !(ratio >= 4.5)) };
      });
      expect(weak.all, `lesson ${lesson}`).toBeGreaterThan(8);
      expect(weak.weak, `lesson ${lesson}`).toEqual([]);
    }
  },
);

interface Stop {
  readonly name: string;
  readonly visible: boolean;
  readonly marked: boolean;
}

/** Every element that Tab comes to, once around: its name, whether it is in sight, and whether one sees where one is. */
async function tabStops(): Promise<Stop[]> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const stops: Stop[] = [];
  for (let tab = 0; tab < 90; tab++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return null;
      const first = element.dataset.visited !== undefined;
      element.dataset.visited = "";
      const shown = element.matches("select")
        ? ((element.nextElementSibling as HTMLElement | null) ?? element)
        : element;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      const { width, height } = element.getBoundingClientRect();
      return {
        first,
        name:
          element.id ||
          element.dataset.lessonButton ||
          element.className ||
          element.textContent ||
          element.tagName,
        visible: width > 0 && height > 0,
        marked: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
      };
    });
    if (!stop || stop.first) break;
    stops.push(stop);
  }
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>("[data-visited]"))
      delete element.dataset.visited;
  });
  return stops;
}

/** Everything that can be used with a pointer, by the same names. */
const controls = () =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, input, select, [tabindex='0']")]
      .filter((element) => element.checkVisibility() && !(element as HTMLButtonElement).disabled)
      // Of a group of radio buttons Tab comes to the one that is chosen; arrow keys do the rest.
      .filter(
        (element) => !(element instanceof HTMLInputElement && element.type === "radio" && !element.checked),
      )
      .map(
        (element) =>
          element.id ||
          element.dataset.lessonButton ||
          element.className ||
          element.textContent ||
          element.tagName,
      ),
  );

describe("the keyboard alone", () => {
  test.each([
    ["the lab", "#v=1&pace=off&trials=500"],
    ["the lab's recovery", "#v=1&pace=off&trials=500&charts=recovery"],
    ["the lab's plan", "#v=1&pace=off&trials=500&charts=plan"],
    ...[1, 2, 3, 4, 5, 6, 7].map((lesson) => [`lesson ${lesson}`, `#v=1&lesson=${lesson}`]),
    ["compare mode", "#v=1&mode=compare&trials=500"],
  ])("reaches every control of %s, and one sees where one is", async (_, hash) => {
    await goTo(hash);
    const stops = await tabStops();
    const names = stops.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(await controls()));
    expect(names.length).toBeGreaterThan(8);
    expect(stops.filter(({ visible, marked }) => !visible || !marked)).toEqual([]);
  });

  test("reveals, steps, picks another source of numbers and goes on, with Tab, Space, Enter and arrows", async () => {
    await goTo("#v=1&lesson=4");
    await page.locator("#lesson-reveal-button").focus();
    await page.keyboard.press("Space");
    expect(await page.locator("#lesson-reveal").isVisible()).toBe(true);
    await page.locator("#lesson-numpy").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.evaluate(() => location.hash)).toContain("source=fresh");
    await page.locator("#picture-bars .drawing").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator("#lesson-sentence").innerText()).toMatch(/^neuron 1 → neuron 0:/);
    await page.locator("#lesson-next").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.lesson)).toBe("5");
    await page.keyboard.press("Shift+?");
    expect(await page.locator("#help").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("#help").isVisible()).toBe(false);
  });
});
