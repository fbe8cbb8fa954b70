import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { exactEffect } from "../../src/model/estimand";
import { estimate } from "../../src/model/estimate";
import { parseExperiment } from "../../src/model/experiment";
import { intervalHalfWidth } from "../../src/model/inference";
import { arrowNeeds, trialsNeeded } from "../../src/model/needed";
import { recover } from "../../src/model/recovery";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { labPages } from "../support/labPages";

const lab = labPages();
let page: Page;

async function open(hash: string, size = { width: 1280, height: 720 }): Promise<void> {
  page = await lab.open(`#v=1&pace=off${hash}`, { size });
  await reachesDone();
}

const reachesDone = () =>
  page.waitForFunction(() => document.documentElement.dataset.state === "done", null, { timeout: 60_000 });
const text = (id: string) => page.locator(`#${id}`).innerText();
const hash = () => page.evaluate(() => location.hash);
const recovered = () => page.locator("#recovery").getAttribute("data-trials");
const shown = () =>
  page.evaluate(() =>
    ["convergence", "recovery", "plan", "strongest"].filter((id) =>
      document.getElementById(id)?.checkVisibility(),
    ),
  );

/** The same trials without a page. */
async function modelOf(given: Record<string, unknown>) {
  const experiment = parseExperiment(given);
  const network = networkOf(experiment);
  const estimand = exactEffect(network);
  const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
  const { seed, trials } = experiment;
  const run = await createCpuEngine(nodeThreads()).open({ network, key: keyFrom(seed), sources, trials });
  await run.advance(0, trials);
  const estimates = estimate(await run.sums());
  return { network, estimand, sources, estimates };
}

describe("the views", () => {
  test("key, buttons and link switch them, and no run starts over", async () => {
    await open("&trials=600");
    expect(await shown()).toEqual(["convergence"]);
    await page.evaluate(() => {
      const root = document.documentElement;
      new MutationObserver(() => {
        root.dataset.restarted = "yes";
      }).observe(root, { attributeFilter: ["data-state"] });
    });
    await page.keyboard.press("v");
    expect(await shown()).toEqual(["recovery"]);
    expect(await hash()).toContain("charts=recovery");
    await page.keyboard.press("v");
    expect(await shown()).toEqual(["plan"]);
    await page.locator("#show-recovery").click();
    expect(await shown()).toEqual(["recovery"]);
    expect(await page.locator("#show-recovery").getAttribute("aria-pressed")).toBe("true");
    await page.locator("#set-level").fill("0.5");
    await page.keyboard.press("Enter");
    await expect.poll(hash).toContain("level=0.5");
    await page.locator("#set-rate").fill("0");
    await page.keyboard.press("Enter");
    expect(await text("notice")).toBe(
      'rate is "0"; allowed: a number from 0.000001 to 0.5; rate stays 0.05.',
    );
    expect(await page.locator("#set-rate").inputValue()).toBe("0.05");
    await page.evaluate(() => {
      location.hash = "#v=1&pace=off&trials=600";
    });
    await expect.poll(shown).toEqual(["convergence"]);
    expect(await page.evaluate(() => document.documentElement.dataset.restarted)).toBeUndefined();
  });

  test("convergence: three measures with what is expected of them", async () => {
    await open("&neurons=25&trials=600");
    const { network, estimand, estimates } = await modelOf({ neurons: 25, trials: 600 });
    const { detection } = recover(estimates, network, estimand);
    expect(Number(await page.locator("#area").getAttribute("data-value"))).toBe(detection?.roc.area);
    expect(await page.locator("#area-chart").getAttribute("aria-label")).toMatch(
      /^ROC area 0\.9\d+ after 600 trials; expected 0\.9\d+, 95 % of runs 0\.9\d+ to (0\.9\d+|1\.000)$/,
    );
    expect(await page.locator("#convergence canvas").count()).toBe(3);
  });
});

describe("recovery", () => {
  test("areas, discoveries, coverage and ranks are the model's of the same sums", async () => {
    await open("&neurons=25&trials=1200&charts=recovery&level=0.9&rate=0.2");
    await expect.poll(recovered).toBe("1200");
    const { network, estimand, estimates } = await modelOf({ neurons: 25, trials: 1200 });
    const { detection, discoveries, interval, falsePositives, spearman } = recover(
      estimates,
      network,
      estimand,
      { level: 0.9, rate: 0.2 },
    );
    expect(Number(await page.locator("#recovery").getAttribute("data-area"))).toBe(detection?.roc.area);
    expect(await page.locator("#recovery-curves text").allTextContents()).toEqual(
      expect.arrayContaining([
        `area ${detection?.roc.area.toFixed(3)}`,
        `area ${detection?.precisionRecall.area.toFixed(3)}`,
      ]),
    );
    const numbers = (ids: readonly string[]) => Promise.all(ids.map(text));
    expect(discoveries.false).toBeGreaterThan(0);
    expect(await numbers(["claimed", "claimed-true", "claimed-false", "claimed-missed"])).toEqual(
      [discoveries.claimed, discoveries.true, discoveries.false, discoveries.missed].map(String),
    );
    const percent = (id: string) => text(id).then(Number.parseFloat);
    expect(await percent("false-share")).toBeCloseTo(100 * (discoveries.falseShare ?? 0), 1);
    expect(await percent("coverage")).toBeCloseTo(100 * (interval.coverage ?? 0), 1);
    expect(await percent("false-positives")).toBeCloseTo(100 * (falsePositives.share ?? 0), 1);
    expect(Number(await text("ranks"))).toBeCloseTo(spearman ?? 0, 3);
    expect(await text("ranks-agreement")).toBe(
      Number(await page.locator("#agreement").getAttribute("data-value")).toFixed(3),
    );

    // The discoveries' point lies where the table says, on both curves, and the cursor goes along them.
    const said = await page.locator("#recovery-curves .drawing").getAttribute("aria-label");
    const found = discoveries.true / (discoveries.true + discoveries.missed);
    expect(said).toContain(`discoveries: true positive rate ${found.toFixed(3)} at false positive rate`);
    expect(said).toContain(
      `precision ${(1 - (discoveries.falseShare ?? 0)).toFixed(3)} at recall ${found.toFixed(3)}`,
    );
    expect(await page.locator("#recovery-curves circle.fill-set").count()).toBe(2);
    await page.locator("#recovery-curves .drawing").focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    expect(await text("recovery-said")).toMatch(/^Precision, recall: precision [\d.]+ at recall [\d.]+$/);

    // Another level and rate: other numbers of the same sums.
    await page.locator("#set-rate").fill("0.000001");
    await page.keyboard.press("Enter");
    const strict = recover(estimates, network, estimand, { level: 0.9, rate: 1e-6 }).discoveries;
    expect(strict.claimed).toBeLessThan(discoveries.claimed);
    await expect.poll(() => text("claimed")).toBe(String(strict.claimed));
  });

  test("what cannot be known is a dash with its reason", async () => {
    await open("&network=random&density=0&trials=500&charts=recovery");
    await expect.poll(recovered).toBe("500");
    expect(await page.locator("#recovery-reason").textContent()).toBe("there are no arrows");
    expect(await page.locator("#recovery-curves").isVisible()).toBe(false);
    expect(await text("ranks-agreement")).toBe("– there are no arrows");
    expect(await text("coverage")).toMatch(/^[\d.]+ %$/);
    await page.evaluate(() => {
      location.hash = "#v=1&pace=off&trials=1&charts=recovery";
    });
    await page.waitForFunction(() => document.documentElement.dataset.trials === "1");
    await reachesDone();
    await expect.poll(() => text("false-share")).toBe("– too few trials");
    expect(await text("claimed")).toBe("–");
  });
});

describe("plan", () => {
  test("trials for an arrow and for shares of the arrows are the model's, at any z", async () => {
    await open("&trials=80&charts=plan&select=5-1");
    const { network, estimand, sources } = await modelOf({ trials: 80 });
    for (const z of [3, 5]) {
      await page.locator("#set-z").fill(String(z));
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator("#plan").getAttribute("data-z")).toBe(String(z));
      const needed = trialsNeeded(network, estimand, sources, undefined, z);
      const one = arrowNeeds(network, estimand, 5, 1, sources, undefined, z);
      const row = async (id: string) => Number(await page.locator(`#${id}`).getAttribute("data-trials"));
      await expect.poll(() => row("need-pair")).toBe(one.trials);
      expect(await Promise.all(["need-half", "need-most", "need-all"].map(row))).toEqual(
        [0.5, 0.95, 1].map((share) => needed.of(share)),
      );
    }
    // 80 trials are done, and some arrows need fewer by 3 standard errors.
    await page.locator("#set-z").fill("3");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#needs .done").count()).toBeGreaterThan(0);
    expect(await page.locator("#need-pair th").innerText()).toBe("5 → 1");
    const said = await page.locator("#plan-curve .drawing").getAttribute("aria-label");
    expect(said).toMatch(
      /This network: \d\d trials; 80 are done\. Others of its kind: 10 neurons 1\d\d trials/,
    );
    expect(await page.locator("#plan-curve text").allTextContents()).toContain("80 done");
    await page.locator("#plan-curve .drawing").focus();
    await page.keyboard.press("ArrowRight");
    expect(await text("plan-said")).toMatch(/^6 neurons: \d\d trials, .*MiB$/);
  });

  test("a pair without an arrow never stands out, and it says so", async () => {
    await open("&trials=300&charts=plan&select=1-5");
    await expect
      .poll(() => page.locator("#plan-reason").textContent())
      .toBe("1 → 5 never: there is no arrow");
    expect(await page.locator("#need-pair td").allInnerTexts()).toEqual(["–", ""]);
  });
});

describe("a pair in words", () => {
  test("has its interval, its p-value and the trials it takes, in the place of what an effect is", async () => {
    await open("&trials=2500&select=5-1&level=0.99");
    const { estimates, network, estimand, sources } = await modelOf({ trials: 2500 });
    const pair = 1 * 6 + 5;
    const reach = intervalHalfWidth(0.99, estimates.freedom[0]) * estimates.standardError[pair];
    const [low, high] = [estimates.effect[pair] - reach, estimates.effect[pair] + reach];
    const { trials } = arrowNeeds(network, estimand, 5, 1, sources);
    const details = () => page.locator("#pair-details").getAttribute("data-text");
    await expect
      .poll(details)
      .toMatch(
        new RegExp(
          `^99 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, p = \\d × 10\\^−\\d\\d; ` +
            `stands out \\(z = 3\\) from ${trials} trials on$`,
        ),
      );
    expect(await text("sentence")).toMatch(/^neuron 5 → neuron 1: effect 0\.1\d\d ± 0\.00\d, exact 0\.141$/);
    await page.keyboard.press("t");
    await expect.poll(details).toMatch(/^99 % interval .*, p = \d × 10\^−\d\d$/);
    expect(await page.locator("#estimand-line").isVisible()).toBe(false);
  });
});

describe("looks", () => {
  test.each([
    [1024, 768],
    [1280, 720],
    [1920, 1080],
  ])("at %i × %i every view fits its place, in both themes", async (width, height) => {
    await open("&neurons=100&trials=300&select=3-14", { width, height });
    for (const theme of ["desk", "projector"])
      for (const charts of ["convergence", "recovery", "plan", "strongest"]) {
        await page.evaluate((wanted) => {
          location.hash = wanted;
        }, `#v=1&pace=off&neurons=100&trials=300&select=3-14&theme=${theme}&charts=${charts}`);
        await expect.poll(shown).toEqual([charts]);
        await page.waitForTimeout(400);
        const faults = await page.evaluate((name) => {
          const place = document.getElementById(name) as HTMLElement;
          const box = place.getBoundingClientRect();
          const least = document.documentElement.dataset.theme === "projector" ? 18 : 11;
          return [...place.querySelectorAll("*")]
            .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
            .flatMap((element) => {
              const { left, right, top, bottom, width } = element.getBoundingClientRect();
              const words = `${element.tagName} ${element.id} ${element.textContent?.trim().slice(0, 30)}`;
              const isOut =
                width > 0 &&
                (left < box.left - 1 ||
                  right > box.right + 1 ||
                  top < box.top - 10 ||
                  bottom > box.bottom + 1);
              const isText = element.children.length === 0 && element.textContent?.trim();
              const isSmall = isText && Number.parseFloat(getComputedStyle(element).fontSize) < least;
              return [...(isOut ? [`${words} is outside`] : []), ...(isSmall ? [`${words} is small`] : [])];
            });
        }, charts);
        expect(faults, `${charts}, ${theme}`).toEqual([]);
      }
  });
});
