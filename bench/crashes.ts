import type { Page } from "playwright-core";
import { say } from "../src/cli/report";
import { createCpuEngine } from "../src/engine/cpu/engine";
import { nodeThreads } from "../src/engine/cpu/node";
import { drive } from "../src/engine/drive";
import { hashSums } from "../src/io/sumsFile";
import { type Experiment, parseExperiment } from "../src/model/experiment";
import { InputError } from "../src/model/inputError";
import { keyFrom } from "../src/model/threefry";
import { networkOf } from "../src/network";
import { launchBrowser, openLab, serveLab } from "../test/support/browser";
import { alwaysAnotherGpu, crashAndGoOn, runsOn, savedHash, trialsOf } from "../test/support/crashes";
import { memoryOfChildren } from "../test/support/processes";
import type { Report } from "./index";

/** Trials between two crashes at least: as many as a run that is shorter than its crashes can wait for. */
const trialsBetween = 1000;

const given = { network: "random", neurons: 150, density: 0.1, seed: "crash" };

/** Minutes: a browser that is slow has lost nothing. */
const patience = 120_000;

/** Kills the GPU process of a real browser again and again while trials run; how often follows the bench's name, 100. */
export async function crashes([asked = "100", ...more]: readonly string[]): Promise<Report> {
  const wanted = Number(asked);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 10_000 || more.length > 0)
    throw new InputError(
      `crashes is ${JSON.stringify([asked, ...more].join(" "))}; allowed: a whole number from 1 to 10,000`,
    );
  const experiment = parseExperiment({ ...given, trials: 5_000_000 });
  const served = await serveLab();
  const browser = await launchBrowser({ more: alwaysAnotherGpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const { errors } = await openLab(page, `${served.url}#v=1&pace=off&${linkOf(experiment)}`);
    const begun = performance.now();
    await runsOn(page, trialsBetween, patience);
    const memory = [memoryOfChildren()];
    let onCpu = 0;
    for (let crash = 1; crash <= wanted; crash++) {
      if ((await engineOf(page)) === "cpu") onCpu++;
      await crashAndGoOn(browser, page, trialsBetween, patience);
      memory.push(memoryOfChildren());
      say(
        `${crash} of ${wanted}: ${(await trialsOf(page)).toLocaleString("en")} trials, ${await engineOf(page)}`,
      );
    }
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.documentElement.dataset.state === "paused");
    await page.waitForTimeout(1000);
    const trials = await trialsOf(page);
    const { sumsHash, engine } = await savedHash(page);
    const seconds = (performance.now() - begun) / 1000;
    const expected = await undisturbed(experiment, trials);
    // What draws says itself that it has lost the device.
    const complaints = errors.filter((error) => !/device lost/i.test(error));
    const isSame = sumsHash === expected;
    const mebibytes = (bytes: number | null | undefined) =>
      bytes == null ? "–" : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    return {
      markdown: [
        "| crashes of the GPU process | trials | seconds | engine at the end | sumsHash | undisturbed, on the CPU | memory, first and last |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        `| ${wanted} | ${trials.toLocaleString("en")} | ${seconds.toFixed(0)} | ${engine} | ${sumsHash.slice(0, 16)}… | ` +
          `${isSame ? "the same" : expected} | ${mebibytes(memory[0])}, ${mebibytes(memory.at(-1))} |`,
        "",
        `Memory: all processes of the browser. ${complaints.length === 0 ? "The page complained of nothing but lost devices." : complaints.join("; ")}`,
      ].join("\n"),
      numbers: { crashes: wanted, trials, seconds, engine, sumsHash, expected, onCpu, memory, complaints },
      holds: isSame && complaints.length === 0 && onCpu === 0 && engine === "gpu",
    };
  } finally {
    await browser.close();
    await served.close();
  }
}

const linkOf = (experiment: Experiment) =>
  Object.keys(given)
    .concat("trials")
    .map((name) => `${name}=${String(experiment[name as keyof Experiment])}`)
    .join("&");

const engineOf = (page: Page) => page.getAttribute("html", "data-engine");

async function undisturbed(experiment: Experiment, trials: number): Promise<string> {
  const engine = createCpuEngine(nodeThreads());
  const sources = Uint32Array.from({ length: experiment.neurons }, (_, column) => column);
  const run = await engine.open({
    network: networkOf(experiment),
    key: keyFrom(experiment.seed),
    sources,
    trials,
  });
  await drive(run, 0, trials);
  return hashSums(await run.sums());
}
