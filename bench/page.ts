import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { say } from "../src/cli/report";
import { InputError } from "../src/model/inputError";
import { launchBrowser, openLab, type Served, serveLab } from "../test/support/browser";
import { longTasks, mostTime, watchLongTasks } from "../test/support/longTasks";
import { flyBrain, idOf, manyEdges } from "../test/support/manyEdges";
import { memoryOfChildren } from "../test/support/processes";
import type { Report } from "./index";

interface Case {
  readonly does: string;
  readonly neurons: number;
  readonly link: string;
  /** A neuron as the page's search finds it. */
  readonly find: string;
  readonly isFile?: boolean;
}

const cases: Record<string, Case> = {
  made: {
    does: "made: 100,000 neurons, 20 inputs each",
    neurons: 100_000,
    link: "network=in-degree&neurons=100000&in-degree=20&trials=128",
    find: "4711",
  },
  file: {
    does: "CSV of 139,000 neurons, 2,700,000 rows, through the dialog",
    neurons: flyBrain.neurons,
    link: "trials=128",
    find: idOf(4711),
    isFile: true,
  },
  million: {
    does: "made: 1,000,000 neurons, 10 inputs each, 8 sources",
    neurons: 1_000_000,
    link: "network=in-degree&neurons=1000000&in-degree=10&sources=0-7&trials=64",
    find: "4711",
  },
};

/** Seconds since the link was opened, or since the dialog's button was pressed. */
interface Measured {
  readonly read: number | null;
  readonly drawn: number;
  readonly done: number;
  readonly trialsPerSecond: string;
  readonly sentence: string;
  /** Milliseconds, and what ran then. */
  readonly longest: number;
  readonly who: readonly string[];
  /** All processes of the browser, less those of an idle page; null where the system does not say. */
  readonly peakBytes: number | null;
  readonly forecastBytes: number;
}

/** Peak memory within so many times the forecast. */
const mostOfForecast = 1.5;

/**
 * Very large networks on the page, in a real browser: loaded, drawn, a neuron selected, trials run. Each in a browser of
 * its own.
 */
export async function page(names: readonly string[]): Promise<Report> {
  const unknown = names.find((name) => !Object.hasOwn(cases, name));
  if (unknown !== undefined)
    throw new InputError(
      `page is ${JSON.stringify(unknown)}; allowed: ${Object.keys(cases).join(", ")}, or nothing for all of them`,
    );
  const served = await serveLab();
  const folder = mkdtempSync(join(tmpdir(), "lab-page-"));
  try {
    const table = join(folder, "many.csv");
    const wanted = names.length > 0 ? names : Object.keys(cases);
    if (wanted.some((name) => cases[name].isFile)) writeTable(table);
    const measured: Record<string, Measured> = {};
    for (const name of wanted) {
      say(`${cases[name].does} …`);
      measured[name] = await measure(served, cases[name], table);
      say(JSON.stringify(measured[name]));
    }
    const holds = Object.values(measured).every(
      ({ longest, peakBytes, forecastBytes }) =>
        longest <= mostTime && (peakBytes === null || peakBytes <= mostOfForecast * forecastBytes),
    );
    return { markdown: describe(measured), numbers: measured, holds };
  } finally {
    rmSync(folder, { recursive: true });
    await served.close();
  }
}

function writeTable(path: string): void {
  const open = openSync(path, "w");
  for (const text of manyEdges(flyBrain)) writeSync(open, text);
  closeSync(open);
}

async function measure(served: Served, { neurons, link, find, isFile }: Case, table: string) {
  const browser = await launchBrowser();
  try {
    const lab = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await lab.addInitScript(watchLongTasks);
    const { errors } = await openLab(lab, `${served.url}#v=1&trials=64&pace=off`);
    await reaches(lab, "done");
    const idle = memoryOfChildren();
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, memoryOfChildren() ?? 0);
    }, 500);
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    // What the page's start takes is not what is looked at.
    const since = await lab.evaluate(() => performance.now());
    await lab.evaluate((wanted) => {
      location.hash = wanted;
    }, `#v=1&pace=off&${link}`);
    const read = isFile ? await readFile(lab, table) : null;
    const caption = `${neurons.toLocaleString("en")} neurons`;
    await lab.waitForFunction(
      (wanted) => document.querySelector("#graph-caption")?.textContent?.startsWith(wanted),
      caption,
      patience,
    );
    const drawn = seconds();
    const forecastBytes = bytesOf(await lab.locator("#memory").innerText());
    await lab.locator("#search").fill(find);
    await lab.keyboard.press("Enter");
    await lab.waitForFunction(
      (wanted) => document.querySelector("#sentence")?.textContent?.startsWith(wanted),
      `neuron ${find} `,
      patience,
    );
    await reaches(lab, "done");
    const done = seconds();
    clearInterval(sampling);
    const tasks = await longTasks(lab, since, 50);
    const longest = tasks.reduce((most, task) => (task.took > most.took ? task : most), {
      ...{ took: 0, who: [] as readonly string[] },
    });
    if (errors.length > 0) throw new Error(errors.join("; "));
    const measured: Measured = {
      ...{ read, drawn, done, forecastBytes },
      trialsPerSecond: (await lab.locator("#speed").innerText()).replace(" trials/s", ""),
      sentence: await lab.locator("#sentence").innerText(),
      longest: longest.took,
      who: longest.who,
      peakBytes: idle === null ? null : Math.max(0, peak - idle),
    };
    return measured;
  } finally {
    await browser.close();
  }
}

/** Opens the table through the dialog, as it proposes; seconds until it is read. */
async function readFile(lab: Page, table: string): Promise<number> {
  await lab.keyboard.press("o");
  await lab.locator("#open-file").setInputFiles(table);
  await lab.waitForSelector("#open-go:not([disabled])", patience);
  const begun = performance.now();
  await lab.locator("#open-go").click();
  await lab.waitForFunction(() => !document.querySelector("#open")?.hasAttribute("open"), null, patience);
  return (performance.now() - begun) / 1000;
}

/** Minutes: it is time that is measured. */
const patience = { timeout: 600_000 };

async function reaches(lab: Page, state: string): Promise<void> {
  await lab.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, patience);
}

/** "up to 420 MiB" */
function bytesOf(text: string): number {
  const [, number = "NaN", unit = ""] = /([\d.,]+) (MiB|GiB)/.exec(text) ?? [];
  return Number(number.replaceAll(",", "")) * (unit === "GiB" ? 2 ** 30 : 2 ** 20);
}

function describe(measured: Readonly<Record<string, Measured>>): string {
  const megabytes = (bytes: number | null) => (bytes === null ? "–" : `${(bytes / 2 ** 20).toFixed(0)} MiB`);
  const inSeconds = (seconds: number | null) => (seconds === null ? "–" : `${seconds.toFixed(1)} s`);
  const rows = Object.entries(measured).map(([name, one]) =>
    [
      cases[name].does,
      ...[one.read, one.drawn, one.done].map(inSeconds),
      one.trialsPerSecond,
      `${one.longest} ms`,
      megabytes(one.peakBytes),
      megabytes(one.forecastBytes),
    ].join(" | "),
  );
  return [
    "| network | read | drawn | run done | trials/s | longest task | peak memory | forecast |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
    "Drawn, run done: since the link was opened. Longest task: of the page's main thread, from then on. Peak memory: all " +
      "processes of the browser, less those of a page with six neurons; the forecast is the page's own.",
  ].join("\n");
}
