import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { labPages } from "../support/labPages";

const lab = labPages();
let page: Page;

async function open(hash: string): Promise<void> {
  page = await lab.open(hash);
  await ready();
}

const ready = () =>
  page.waitForFunction(() => {
    const { lesson, lessonState, state } = document.documentElement.dataset;
    return lesson === "" ? state !== "preparing" : lessonState === "ready";
  });

const goTo = async (hash: string) => {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await ready();
};

const press = async (key: string) => {
  await page.keyboard.press(key);
  await ready();
};

const text = (id: string) => page.locator(`#${id}`).innerText();
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
const onShow = () => page.evaluate(() => document.documentElement.dataset.lesson);
const drawn = (picture: string) => page.locator(`#picture-${picture} text`).allTextContents();

/** The share of a picture's pixels that differ from its commonest colour. */
async function drawnShare(selector: string): Promise<number> {
  const { data } = PNG.sync.read(await page.locator(selector).screenshot());
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return 1 - Math.max(...counts.values()) / (data.length / 4);
}

const pictures = ["dots", "raster", "rasters", "bars", "scatter", "scaling", "plateau"];
const numbers = [
  "difference in means 0.990719…",
  "",
  "",
  "agreement with its column: 0.996",
  "agreement: R 0.988, difference in means 0.988",
  /measur|expect/,
  /measuring|private noise|matrices/,
];

describe("each lesson", () => {
  test("opens by its key and by its link alike, shows its picture and the notebook's number", async () => {
    await open("#v=1&pace=off");
    for (const [index, picture] of pictures.entries()) {
      const lesson = String(index + 1);
      await press(lesson);
      expect(await onShow()).toBe(lesson);
      expect(await hash()).toBe(`#v=1&lesson=${lesson}&pace=off`);
      expect(await text("lesson-title")).toMatch(new RegExp(`^${lesson}\\. `));
      expect(await page.locator(".lesson-picture:visible").count()).toBe(lesson === "5" ? 2 : 1);
      if (lesson === "6") await page.waitForSelector("#picture-scaling circle");
      expect(await drawnShare(`#picture-${picture}`), picture).toBeGreaterThan(lesson === "6" ? 0.005 : 0.02);
      const number = numbers[index];
      if (typeof number === "string") expect(await text("lesson-result")).toBe(number);
      else expect(await text("lesson-result")).toMatch(number);
      expect(await page.locator("#lesson-equation math").count()).toBe(1);
      expect(await page.locator("#lesson-reveal").isVisible()).toBe(false);
      expect((await text("lesson")).match(/\{\w+\}|NaN|undefined/)).toBeNull();
    }
    const byKey = await text("lesson-words");
    await goTo("#v=1");
    await goTo("#v=1&lesson=1");
    expect(await text("lesson-result")).toBe(numbers[0]);
    expect(await hash()).toBe("#v=1&lesson=1");
    await goTo("#v=1&lesson=7");
    expect(await text("lesson-words")).toBe(byKey);
  });

  test("the address bar's back goes back a lesson; 0 and the button leave for the lab as it was", async () => {
    await open("#v=1&neurons=9&trials=400&pace=off&select=8");
    await press("3");
    await press("PageDown");
    expect(await hash()).toBe("#v=1&lesson=4&pace=off");
    await page.goBack();
    await expect.poll(hash).toBe("#v=1&lesson=3&pace=off");
    await ready();
    expect(await text("lesson-title")).toBe("3. Perturb");
    await press("0");
    expect(await hash()).toBe("#v=1&neurons=9&trials=400&pace=off&select=8");
    await page.waitForSelector("html[data-state=done][data-trials='400']", { state: "attached" });
    await page.locator("[data-lesson-button='2']").click();
    await ready();
    expect(await page.locator("[aria-current=page]").innerText()).toBe("2");
    await page.locator("[data-lesson-button='']").click();
    expect(await hash()).toContain("neurons=9");
    await page.waitForSelector("html[data-state=done]", { state: "attached" });
    expect(await page.locator("#charts").isVisible()).toBe(true);
  });
});

describe("a lesson", () => {
  test("opens in the exact state of its link", async () => {
    await open("#v=1&lesson=4&select=3&answer=shown&source=fresh");
    expect(await hash()).toBe("#v=1&lesson=4&answer=shown&source=fresh&select=3");
    expect(await page.locator("#lesson-reveal").isVisible()).toBe(true);
    expect(await text("lesson-answer")).toMatch(/^Neuron 3 sends an arrow to 5\./);
    expect(await page.locator("#lesson-fresh").isChecked()).toBe(true);
    expect(await drawn("bars")).toEqual(
      expect.arrayContaining(["exact effect", "from neuron 3 to each neuron"]),
    );
  });

  test("keeps its answer until it is asked, and its buttons stay under the pointer", async () => {
    await open("#v=1&lesson=4&theme=projector");
    expect(await drawn("bars")).not.toContain("exact effect");
    await expect.poll(() => text("lesson-sentence")).toMatch(/as far as can be told/);
    const button = page.locator("#lesson-reveal-button");
    const before = await button.boundingBox();
    const nextBefore = await page.locator("#lesson-next").boundingBox();
    await button.click();
    expect(await page.locator("#lesson-reveal").isVisible()).toBe(true);
    expect(await drawn("bars")).toContain("exact effect");
    expect(await button.boundingBox()).toEqual(before);
    expect(await page.locator("#lesson-next").boundingBox()).toEqual(nextBefore);
    // Scrolled to: an answer below the edge would go unnoticed.
    await expect
      .poll(() =>
        page.evaluate(() => {
          const [all, answer] = ["lesson-text", "lesson-answer"].map((id) =>
            (document.getElementById(id) as HTMLElement).getBoundingClientRect(),
          );
          return answer.top >= all.top - 1 && answer.top < all.bottom - 40;
        }),
      )
      .toBe(true);
    await press("t");
    expect(await page.locator("#lesson-reveal").isVisible()).toBe(false);
    expect(await drawn("bars")).not.toContain("exact effect");
  });

  test("says which numbers it shows; fresh ones are others, and more trials err less", async () => {
    await open("#v=1&lesson=1");
    expect(await text("lesson-source-text")).toMatch(/^NumPy's own/);
    await page.locator("#lesson-fresh").check();
    await expect.poll(() => text("lesson-result")).not.toContain("0.990719");
    expect(await text("lesson-result")).toMatch(/^difference in means (0\.9|1\.0)\d$/);
    expect(await text("lesson-source-text")).toMatch(/^New noise/);
    await page.locator("#lesson-numpy").check();
    await expect.poll(() => text("lesson-result")).toBe("difference in means 0.990719…");

    const error = async () => (await drawn("dots")).find((words) => words.startsWith("± "));
    expect(await error()).toBe("± 0.02");
    const slider = page.locator("#lesson-trials");
    await slider.fill("4");
    await expect.poll(error).toBe("± 0.1");
    expect(await text("lesson-trials-text")).toBe("100 trials in each arm");
    expect(await text("lesson-source-text")).toMatch(
      /100 trials in each arm of that stream instead of 5,000\.$/,
    );
    await slider.fill("12");
    await expect.poll(error).toBe("± 0.006");
  });

  test("takes the source that is clicked in the graph, and lets it go only for another", async () => {
    await open("#v=1&lesson=4");
    await page.waitForFunction(() => document.querySelectorAll("#graph .label").length === 6);
    const click = async (neuron: number) => {
      const box = await page
        .locator("#graph .label")
        .filter({ hasText: String(neuron) })
        .boundingBox();
      if (!box) throw new Error(`neuron ${neuron} is not in sight`);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    };
    await click(5);
    await expect.poll(() => drawn("bars")).toContain("from neuron 5 to each neuron");
    expect(await hash()).toBe("#v=1&lesson=4&select=5");
    await click(5);
    await page.mouse.click(500, 200);
    expect(await hash()).toBe("#v=1&lesson=4&select=5");
  });
});

test("lesson 3 goes by half-steps: cursor, pokes on the graph, and a sentence", async () => {
  await open("#v=1");
  await page.waitForFunction(() => document.querySelectorAll("#graph .label").length === 6);
  await press("3");
  const lit = () => page.locator("#graph .label.poked").allInnerTexts();
  const setTo1 = () =>
    page.evaluate(() => {
      const cells = [...document.querySelectorAll("#picture-rasters .on-light, #picture-rasters .on-dark")];
      return cells.slice(0, 6).flatMap((cell, neuron) => (cell.textContent === "1" ? [String(neuron)] : []));
    });
  expect(await page.locator("#picture-rasters .cursor").count()).toBe(0);

  await page.keyboard.press("ArrowRight");
  expect(await drawn("rasters")).toContain("trial 1: perturb");
  expect(await text("lesson-sentence")).toBe("time step 0: every neuron is set to 0 or 1 at random");
  await expect.poll(lit).toEqual(await setTo1());
  // The notebook's first column: neurons 0 and 2 of its second run with seed 42.
  expect(await setTo1()).toEqual(["0", "2"]);
  expect(await page.locator("#picture-rasters .veil").count()).toBe(2);

  await page.locator("#lesson-step").click();
  expect(await drawn("rasters")).toContain("trial 1: respond");
  expect(await text("lesson-sentence")).toMatch(/^time step 1: the network answers/);
  await expect.poll(lit).toEqual([]);
  await page.keyboard.press("ArrowLeft");
  expect(await drawn("rasters")).toContain("trial 1: perturb");
  await press("t");
  expect(await page.locator("#picture-rasters .veil").count()).toBe(0);
  await press("r");
  expect(await page.locator("#picture-rasters .cursor").count()).toBe(0);
  expect(await page.locator("#lesson-reveal").isVisible()).toBe(false);
});

test("lesson 6 says what it measures while it climbs, and tells measured from expected", async () => {
  await open("#v=1&lesson=6");
  await expect
    .poll(() => text("lesson-result"), { interval: 20 })
    .toMatch(/^measuring: [\d,]+ neurons, [\d,]+ trials …$/);
  // A lesson does not wait for a network of the ladder.
  const start = Date.now();
  await press("4");
  expect(Date.now() - start).toBeLessThan(3000);
  await press("6");
  await page.waitForSelector("html[data-ladder=done]", { state: "attached" });
  expect(await text("lesson-result")).toBe("all sizes are measured");
  expect(await page.locator("#picture-scaling circle.fill-ink").count()).toBe(2);
  expect((await drawn("scaling")).join(" ")).not.toMatch(/each pair|0\.56/);

  await press("t");
  expect(await drawn("scaling")).toEqual(
    expect.arrayContaining(["4 trials for each pair", "expected, not measured", "4,000,000"]),
  );
  expect(await page.locator("#picture-scaling circle.empty.stroke-set").count()).toBe(2);
  expect(await text("lesson-answer")).toMatch(
    /^It falls to 0\.8\d, 0\.5\d, 0\.1\d and 0\.0\d.*0\.94 \(expected\) and 0\.95 \(expected\)/,
  );
  expect(await page.locator("#picture-scaling [role=img]").getAttribute("aria-label")).toMatch(
    /expected, not measured: 0\.94 at 400, 0\.95 at 1,000 neurons/,
  );
});

test("lesson 7: watching stays where it is, perturbing climbs, and without shared noise both do", async () => {
  await open("#v=1&lesson=6");
  await press("PageDown");
  await ready();
  expect(await hash()).toBe("#v=1&lesson=7");
  expect(await text("lesson-words")).toContain("25 neurons, all observed, and 70\u00a0% of the noise");
  expect(await text("lesson-question")).toMatch(/watching .* by 0\.31, perturbing by 0\.90\./);
  expect(await page.locator("#lesson-sources").isVisible()).toBe(false);
  // What the room is to predict is in no picture and no word.
  const plateau = page.locator("#picture-plateau [role=img]");
  expect(await page.locator("#picture-plateau circle").count()).toBe(6);
  expect(await drawn("plateau")).toContain("?");
  const covered = await plateau.getAttribute("aria-label");
  expect(covered).toMatch(/0\.90 after 5,000 steps; .*The rest is to be predicted\.$/);
  expect(covered).not.toMatch(/10,000|private/);
  expect(await text("lesson-result")).toMatch(/^measuring: [\d,]+ time steps …$|^the same|^matrices/);

  await press("t");
  await page.waitForSelector("html[data-contest=done]", { state: "attached" });
  expect(await page.locator("#picture-plateau circle").count()).toBe(21);
  expect(await text("lesson-answer")).toMatch(
    /^Perturbing climbs to 0\.99[89], watching stays at 0\.30, .* gets to 0\.99[789] too/,
  );
  expect(await text("lesson")).not.toMatch(/\{\w+\}|NaN|undefined|…/);
  const said = async (name: string, steps: string) => {
    const words = (await plateau.getAttribute("aria-label")) ?? "";
    const list = words.split(";").find((part) => part.includes(name)) ?? "";
    return Number(new RegExp(`([\\d.]+) after ${steps}\\b`).exec(list)?.[1]);
  };
  // The table of the lab's own measurements: 0.30 and 0.991 at 50,000 steps.
  expect(Math.abs((await said("watching", "50,000")) - 0.3)).toBeLessThan(0.03);
  expect(await said("perturbing", "50,000")).toBeGreaterThan(0.98);
  expect(await said("private", "50,000")).toBeGreaterThan(0.95);

  for (const theme of ["desk", "projector"]) {
    await goTo(`#v=1&lesson=7&answer=shown&theme=${theme}`);
    for (const [width, height] of [
      [1024, 768],
      [1280, 720],
      [1920, 1080],
    ]) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(150);
      expect(await faultsIn(theme), `${width} × ${height}, ${theme}`).toEqual([]);
    }
  }

  // A point of the curve takes the matrices back to it, and a pair is read in both of them.
  await page.locator("#picture-plateau .drawing").focus();
  await page.keyboard.press("ArrowRight");
  expect(await text("lesson-result")).toBe("matrices: after 1,000 time steps each");
  expect(await text("lesson-sentence")).toMatch(
    /^1,000 time steps: perturbing 0\.7\d, watching 0\.2\d; with private noise 0\.6\d \(expected\) and 0\.4\d$/,
  );
  await page.locator("#see").focus();
  await page.keyboard.press("ArrowRight");
  expect(await text("see-note")).toMatch(/^0 → 0: [−\d]/);

  // Without the shared noise watching climbs too. That was measured already, and needs no waiting.
  await page.locator("#lesson-common").fill("0");
  await ready();
  expect(await hash()).toContain("common=0");
  await expect
    .poll(() => text("lesson-answer"))
    .toMatch(/^Perturbing climbs to 0\.99[89], and watching to 0\.99[789]\./);
  expect(await text("lesson-words")).toContain("0\u00a0% of the noise");
  // Any other amount is measured anew, and what was under way is left.
  await page.locator("#lesson-common").fill("0.3");
  await page.locator("#lesson-hidden").fill("0.2");
  await expect.poll(() => text("lesson-question"), { timeout: 20_000 }).toMatch(/by 0\.5\d, perturbing/);
  expect(await text("lesson-words")).toContain("20 observed, and 30\u00a0% of the noise");
  // Another lesson does not wait for it.
  await press("4");
  expect(await page.evaluate(() => document.documentElement.dataset.lesson)).toBe("4");
});

test("S saves the lesson's picture as SVG and PNG, named after it", async () => {
  await open("#v=1&lesson=5&theme=projector");
  const files = new Map<string, Buffer>();
  const saved: Promise<void>[] = [];
  page.on("download", (download) => {
    saved.push(
      download.path().then(async (path) => {
        files.set(download.suggestedFilename(), await readFile(path));
      }),
    );
  });
  await page.keyboard.press("s");
  await expect.poll(() => saved.length, { timeout: 20_000 }).toBe(2);
  await Promise.all(saved);
  expect([...files.keys()].sort()).toEqual([
    "perturbation-lab-lesson-5-all-neurons.png",
    "perturbation-lab-lesson-5-all-neurons.svg",
  ]);
  const svg = String(files.get("perturbation-lab-lesson-5-all-neurons.svg"));
  // In an empty page: the lab's own policy lets no text become markup.
  const empty = await lab.browser.newPage();
  const parsed = await empty.evaluate((source) => {
    const { documentElement } = new DOMParser().parseFromString(source, "image/svg+xml");
    return { name: documentElement.tagName, circles: documentElement.querySelectorAll("circle").length };
  }, svg);
  await empty.close();
  expect(parsed).toEqual({ name: "svg", circles: 36 });
  expect(svg).toContain("lesson 5: All neurons");
  const { width, height } = PNG.sync.read(files.get("perturbation-lab-lesson-5-all-neurons.png") as Buffer);
  expect(Math.min(width, height)).toBeGreaterThan(400);
});

describe("other networks", () => {
  test.each([
    ["no arrows", "&neurons=3&network-seed=1"],
    ["one neuron", "&neurons=1"],
    ["25 neurons", "&neurons=25&network-seed=7"],
    ["a dense one of the lab's", "&network=random&density=1&neurons=12"],
  ])("%s: no lesson breaks", async (_, network) => {
    await open("#v=1");
    for (const lesson of [1, 2, 3, 4, 5])
      for (const source of ["numpy", "fresh"]) {
        await goTo(`#v=1&lesson=${lesson}${network}&trials=100&answer=shown&source=${source}`);
        await page.waitForFunction(
          (wanted) => document.documentElement.dataset.lesson === wanted,
          String(lesson),
        );
        expect(
          await page.locator("#notice").isVisible(),
          `${lesson} ${source}: ${await text("notice").catch(() => "")}`,
        ).toBe(false);
        expect(await text("lesson")).not.toMatch(/\{\w+\}|NaN|undefined|…$/m);
        expect(await drawnShare(`#picture-${pictures[lesson - 1]}`)).toBeGreaterThan(0.01);
      }
  });

  test("lesson 7 does not break on them", async () => {
    await open("#v=1&lesson=7");
    for (const [neurons, network] of [
      [3, "&network-seed=1"],
      [1, ""],
      [12, "&network=random&density=1"],
      [100, ""],
    ]) {
      await goTo(`#v=1&lesson=7&neurons=${neurons}${network}&answer=shown`);
      await expect.poll(() => text("lesson-words")).toContain(`steps of ${neurons} neurons`);
      await ready();
      expect(await page.locator("#notice").isVisible()).toBe(false);
      expect(await text("lesson")).not.toMatch(/\{\w+\}|NaN|undefined/);
      expect(await drawnShare("#picture-plateau")).toBeGreaterThan(0.005);
    }
  });

  test("more trials than a lesson can hold are refused in a sentence", async () => {
    page = await lab.open("#v=1&lesson=5&trials=4294967232");
    await expect
      .poll(() => text("notice"))
      .toMatch(/lessons take up to 833,333 trials of 6 neurons, and the link asks for 4,294,967,232/);
  });

  test("more neurons than a lesson can show are refused in a sentence", async () => {
    // The lab would ask before it makes so many arrows, and a lesson makes none.
    page = await lab.open("#v=1&lesson=5&network=in-degree&neurons=500000&in-degree=200&sources=0");
    await expect
      .poll(() => text("notice"))
      .toMatch(/lessons take up to 200 neurons, and the link asks for 500,000/);
    expect(await page.evaluate(() => document.documentElement.dataset.state)).toBe("offered");
    await page.keyboard.press("0");
    await page.waitForFunction(() => document.documentElement.dataset.state === "running");
  });
});

test("as part of another page a lesson is its pictures alone, whole in a small frame", async () => {
  await open("#v=1&lesson=4&embed=1&theme=projector");
  for (const [width, height] of [
    [900, 500],
    [640, 640],
  ]) {
    await page.setViewportSize({ width, height });
    const [scrolls, boxes] = await page.evaluate(() => {
      const root = document.documentElement;
      const boxOf = (id: string) => (document.getElementById(id) as HTMLElement).getBoundingClientRect();
      return [
        root.scrollHeight > root.clientHeight || root.scrollWidth > root.clientWidth,
        ["graph", "picture-bars"]
          .map(boxOf)
          .map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
      ] as const;
    });
    expect(scrolls).toBe(false);
    for (const { left, right, top, bottom } of boxes) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
      expect(bottom).toBeLessThanOrEqual(height);
      expect(Math.min(right - left, bottom - top)).toBeGreaterThan(150);
    }
  }
  expect(await page.locator("header, #lesson, aside").filter({ visible: true }).count()).toBe(0);
});

/** What of the page is cut, too small, or lies on something else. */
const faultsIn = (theme: string) =>
  page.evaluate(
    (least) => {
      const found: string[] = [];
      const root = document.documentElement;
      if (root.scrollHeight > root.clientHeight || root.scrollWidth > root.clientWidth)
        found.push("the page scrolls");
      const seen = (element: Element) => element.checkVisibility() && element.closest(".unseen") === null;
      for (const element of document.querySelectorAll("body *")) {
        if (!seen(element) || !element.textContent?.trim() || element.children.length > 0) continue;
        if (element.closest("math")) continue;
        const size = Number.parseFloat(getComputedStyle(element).fontSize);
        if (size < least) found.push(`${element.textContent}: ${size} px`);
      }
      const equation = document.querySelector("#lesson-equation") as HTMLElement;
      if (equation.clientHeight < 15 || equation.scrollWidth > equation.clientWidth + 1)
        found.push("the equation is cut");
      for (const picture of document.querySelectorAll(".drawing")) {
        if (!seen(picture)) continue;
        const all = picture.getBoundingClientRect();
        const texts = [...picture.querySelectorAll("text")].map((words) => ({
          words: words.textContent,
          box: words.getBoundingClientRect(),
        }));
        for (const { words, box } of texts)
          if (box.left < all.left - 1 || box.right > all.right + 1 || box.bottom > all.bottom + 3)
            found.push(`${words} is cut`);
        for (const [i, a] of texts.entries())
          for (const b of texts.slice(i + 1)) {
            const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            // Lines of text may touch by their leading.
            const low = Math.min(a.box.height, b.box.height);
            if (across > 1 && down > 0.55 * low && a.words !== b.words)
              found.push(`${a.words} lies on ${b.words}`);
          }
      }
      return found;
    },
    theme === "projector" ? 18 : 11,
  );

test.each([
  [1024, 768],
  [1280, 720],
  [1920, 1080],
])("at %i × %i every lesson is whole, in both themes, with its answer", async (width, height) => {
  await open("#v=1&lesson=1");
  await page.setViewportSize({ width, height });
  for (const theme of ["desk", "projector"])
    for (const [index] of pictures.entries()) {
      await goTo(`#v=1&lesson=${index + 1}&theme=${theme}&answer=shown`);
      if (index === 5) await page.waitForSelector("#picture-scaling circle");
      await page.waitForTimeout(150);
      const faults = await faultsIn(theme);
      expect(faults, `lesson ${index + 1}, ${theme}`).toEqual([]);
    }
});
