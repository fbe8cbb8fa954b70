import type { Page } from "playwright-core";
import { say } from "../src/cli/report";
import { InputError } from "../src/model/inputError";
import { launchBrowser, openLab, serveLab } from "../test/support/browser";
import { trialsOf } from "../test/support/crashes";
import { memoryOfChildren } from "../test/support/processes";
import type { Report } from "./index";

/** So large that drawing, trials and estimates all have work, and more trials than a round can do. */
const link = "v=1&pace=off&network=random&neurons=300&density=0.05&trials=9000000&seed=soak";

/** A round of a lecture: keys, and the seconds that are spent on what they open. */
const round: readonly (readonly [key: string, seconds: number])[] = [
  // The lab: a new seed begins a new run; charts one after the other, large matrices, the projector's colours.
  ["n", 15],
  ...["v", "v", "v", "v", "m", "m", "p", "p"].map((key) => [key, 1] as const),
  // GPU and CPU side by side, and back.
  ["g", 6],
  ["g", 3],
  ...Array.from("1234567", (key) => [key, 2] as const),
  ["r", 2],
  ["0", 5],
  // A pause: while the GPU is busy Chromium keeps the buffers that it draws pages with, 32 KiB each, until its own cache is
  // full: by its memory report (skia/gpu_resources), some 500 MiB after nine minutes of trials in software.
  ["Space", 30],
];

/** Of what is measured, how much memory may change: a quarter of the time against another. */
const mostChange = 0.02;

/**
 * Rounds until everything has been opened often and is what it stays: the browser's caches of shaders and glyphs fill by
 * the round, and not by the minute, so that many of them can be in haste. Some that fill by what is drawn in a round, or
 * by the trials, need the usual pace: after 60 rounds in haste the GPU process still gained 2 MiB in 20 minutes.
 *
 * What still grows a little after it has an end: in software the page's pictures wait for the trials, and Skia keeps as many
 * command buffers as were ever on their way at once (some 100), in each of which SwiftShader keeps room for the most
 * commands that it ever had (10 KiB, and 4 for Skia's list of what they use): each time that a whole page is drawn anew it
 * may be another one's turn. Found by wrapping SwiftShader's functions and by whom the growing blocks are held.
 */
const warmUp = { rounds: 56, inHaste: 44, times: 8 };

interface Sample {
  readonly minutes: number;
  /** Bytes, after all garbage is collected. */
  readonly page: number;
  readonly gpu: number;
}

const processes = { page: "--type=renderer", gpu: "--type=gpu-process" } as const;

/** An hour of lecturing, or as many minutes as follow the bench's name: do the page and the GPU process grow? */
export async function soak([asked = "60", ...more]: readonly string[]): Promise<Report> {
  const minutes = Number(asked);
  if (!Number.isInteger(minutes) || minutes < 4 || minutes > 10_000 || more.length > 0)
    throw new InputError(
      `soak is ${JSON.stringify([asked, ...more].join(" "))}; allowed: a whole number of minutes from 4 to 10,000`,
    );
  if (memoryOfChildren() === null)
    throw new InputError("soak reads the memory of processes from /proc; allowed: Linux");
  const served = await serveLab();
  const browser = await launchBrowser({ more: ["--js-flags=--expose-gc"] });
  try {
    // A service worker ends after half a minute with nothing to do, but not while somebody drives the browser; and Chromium
    // keeps some 3 kB in it for each change of the page's address until it ends. It has no part in what is done here.
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, serviceWorkers: "block" });
    const { errors } = await openLab(page, `${served.url}#${link}`);
    await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 0);
    const stopped = new Set<string>();
    let trials = 0;
    let begun = performance.now();
    /** A round, and what is held at its end. */
    const sampled = async (times: number, name: (minutes: number) => string): Promise<Sample> => {
      trials += await lecture(page, times, (what) => stopped.add(what));
      await drawOn(page);
      await collectGarbage(page);
      const sample = {
        minutes: (performance.now() - begun) / 60_000,
        page: memoryOfChildren(processes.page) ?? 0,
        gpu: memoryOfChildren(processes.gpu) ?? 0,
      };
      say(
        `${name(sample.minutes)}: page ${mebibytes(sample.page)}, ` +
          `GPU process ${mebibytes(sample.gpu)}, ${trials.toLocaleString("en")} trials in the lab`,
      );
      return sample;
    };
    for (let round = 1; round <= warmUp.rounds; round++)
      await sampled(
        round <= warmUp.inHaste ? warmUp.times : 1,
        () => `warming up, round ${round} of ${warmUp.rounds}`,
      );
    begun = performance.now();
    const samples: Sample[] = [];
    while ((samples.at(-1)?.minutes ?? 0) < minutes)
      samples.push(await sampled(1, (now) => `minute ${now.toFixed(1)} of ${minutes}`));
    const complaints = [...errors, ...stopped];
    const found = { page: quarters(samples, "page"), gpu: quarters(samples, "gpu") };
    const holds =
      complaints.length === 0 && Object.values(found).every(({ change }) => Math.abs(change) <= mostChange);
    return {
      markdown: [
        "| memory (mean) | first quarter | second | third | last | change | least … most |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        ...Object.entries(found).map(
          ([name, { means, change, least, most }]) =>
            `| ${name === "gpu" ? "GPU process" : "page, its workers too"} | ${means.map(mebibytes).join(" | ")} | ` +
            `${(100 * change).toFixed(1)} % | ${mebibytes(least)} … ${mebibytes(most)} |`,
        ),
        "",
        `${minutes} minutes after ${warmUp.rounds} rounds of warming up, ${samples.length} rounds, ` +
          `${trials.toLocaleString("en")} trials in the lab; memory of their own at the end of each round, after drawing on and collecting garbage.`,
        complaints.length === 0 ? "The page complained of nothing." : complaints.join("; "),
      ].join("\n"),
      numbers: { minutes, warmUp, trials, samples, ...found, complaints },
      holds,
    };
  } finally {
    await browser.close();
    await served.close();
  }
}

/** One round, so many times faster, and what the page says that it cannot go on with; result: trials that the lab has done in it. */
async function lecture(page: Page, times: number, failed: (what: string) => void): Promise<number> {
  let trials = 0;
  for (const [key, seconds] of round) {
    await page.keyboard.press(key);
    await page.waitForTimeout((1000 * seconds) / times);
    if (key === "n") trials = await trialsOf(page);
    const notice = await page.locator("#notice").textContent();
    if (notice?.includes("stopped")) failed(`after ${key}: ${notice}`);
  }
  return trials;
}

/** Else what a sample says is how long ago the browser last did. */
async function collectGarbage(page: Page): Promise<void> {
  // As V8 does before it gives up for want of memory: room for new objects, which grows with how many there were lately,
  // up to 48 MiB a thread, is given back too.
  const collect = () => {
    const { gc } = globalThis as { gc?: (how: object) => void };
    gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  };
  // What the first time lets go of in one thread, another can let go of only then.
  for (let time = 0; time < 2; time++) {
    for (const worker of page.workers()) await worker.evaluate(collect);
    await page.evaluate(collect);
    await page.waitForTimeout(500);
  }
}

/**
 * The GPU process gives back deleted tiles of the page only while it draws, which it does not in a pause: by what happened
 * to be drawn last it would hold none or three of them, 1.25 MiB each.
 */
async function drawOn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const id = "soak-mark";
    let mark = document.getElementById(id);
    if (!mark) {
      mark = document.createElement("div");
      mark.id = id;
      // A layer of its own: no other tile is drawn anew.
      mark.style.cssText =
        "position: fixed; inset: 0 auto auto 0; width: 2px; height: 2px; background: gray; will-change: transform";
      document.body.append(mark);
    }
    for (let frame = 0; frame < 60; frame++) {
      mark.style.transform = `translateX(${frame % 2}px)`;
      await new Promise(requestAnimationFrame);
    }
  });
}

function quarters(samples: readonly Sample[], name: "page" | "gpu") {
  const all = samples.map((sample) => sample[name]);
  // A buffer of 12 MiB between page and GPU process is there in every other sample: a median would jump with it.
  const means = [0, 1, 2, 3].map((quarter) => {
    const some = all.slice((quarter * all.length) / 4, ((quarter + 1) * all.length) / 4);
    return some.reduce((sum, bytes) => sum + bytes, 0) / some.length;
  });
  return {
    means,
    change: means[3] / means[0] - 1,
    least: Math.min(...all),
    most: Math.max(...all),
  };
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
