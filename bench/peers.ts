import { join } from "node:path";
import type { Page } from "playwright-core";
import { say } from "../src/cli/report";
import { launchBrowser, openLab, serveBuilt } from "../test/support/browser";
import { type FirstPicture, firstPictures } from "./firstPicture";
import type { Report } from "./index";
import { install } from "./install";
import { interleaved, type Timed, timed } from "./interleaved";
import { packages, versions } from "./peers/packages";
import type { PeersPage, RivalName } from "./peers/page/main";
import type { Peak } from "./peers/page/peak";
import type { ReadBack } from "./peers/page/readBack";

declare const peers: PeersPage;

const trials = 2500;
/** Square products of so many sources and targets; of fewer where one of them would take longer than this. */
const [large, small] = [2048, 512];
const mostTime = 10_000;
const rounds = 5;

const ours = { cpu: "this lab, CPU engine", gpu: "this lab, GPU engine" } as const;
const theirs = {
  cpu: [
    "TensorFlow.js, WebAssembly",
    "ONNX Runtime Web, WebAssembly",
    "ONNX Runtime Web, WebAssembly, bytes",
    "jax-js, WebAssembly",
  ],
  gpu: ["TensorFlow.js, WebGPU", "ONNX Runtime Web, WebGPU", "jax-js, WebGPU"],
} as const satisfies Record<keyof typeof ours, readonly RivalName[]>;

/** At least so many times as many pairs a second as the best of these. */
interface Goal {
  readonly what: string;
  readonly ours: RivalName;
  readonly theirs: readonly RivalName[];
  readonly least: number;
}

const goals: readonly Goal[] = [
  { what: "CPU engine, best in WebAssembly", ours: ours.cpu, theirs: theirs.cpu, least: 12 },
  {
    what: "CPU engine, best of floats in WebAssembly",
    ours: ours.cpu,
    theirs: theirs.cpu.filter((name) => !name.endsWith("bytes")),
    least: 12,
  },
  { what: "GPU engine, TensorFlow.js", ours: ours.gpu, theirs: ["TensorFlow.js, WebGPU"], least: 25 },
  { what: "GPU engine, ONNX Runtime Web", ours: ours.gpu, theirs: ["ONNX Runtime Web, WebGPU"], least: 25 },
  { what: "GPU engine, jax-js", ours: ours.gpu, theirs: ["jax-js, WebGPU"], least: 10 },
];

/** What is promised of the page at a size of its own: milliseconds to the first picture, and the share of reading. */
const lab = { neurons: 1024, firstPicture: 100, reading: 0.05 } as const;

/** What is measured beside the rivals. */
interface Beside {
  readonly browser: string;
  /** Why there are no peers. */
  readonly missing: string | null;
  readonly peak: Peak | null;
  readonly reading: readonly ReadBack[] | null;
  readonly first: Readonly<Record<keyof typeof ours, readonly FirstPicture[]>>;
}

/** What became of a rival: its times, or why there are none. */
interface Result {
  readonly about: string;
  readonly neurons: number;
  readonly timed: Timed | null;
  readonly problem: string | null;
}

/** Pair sums in a browser: both engines against libraries that multiply matrices there, in one page. */
export async function peersInBrowser(): Promise<Report> {
  const missing = await install("peers");
  // Shared memory, which WebAssembly threads need, takes these headers.
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  const beside = missing === null ? { packages } : {};
  const served = await serveBuilt(join(import.meta.dirname, "peers/page"), { headers, beside });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await openLab(page, served.url);
    await page.waitForFunction(() => "peers" in globalThis);
    const of = (kind: keyof typeof ours) => [ours[kind], ...(missing === null ? theirs[kind] : [])];
    const onCpu = await measure(page, of("cpu"));
    const onGpu = await measure(page, of("gpu"));
    const results = new Map([...onCpu, ...onGpu]);
    say("peak");
    const peak = await page.evaluate(() => peers.peak()).catch((error) => say(sentenceOf(error)) ?? null);
    say("reading back");
    const reading = await page
      .evaluate(([neurons, trials, rounds]) => peers.readBacks(neurons, trials, rounds), [
        lab.neurons,
        trials,
        rounds,
      ] as const)
      .catch((error) => say(sentenceOf(error)) ?? null);
    await page.close();
    say("first pictures");
    const first = {
      gpu: await firstPictures("gpu", lab.neurons, rounds),
      cpu: await firstPictures("cpu", lab.neurons, rounds),
    };
    return report(results, { peak, missing, browser: browser.version(), reading, first });
  } finally {
    await browser.close();
    await served.close();
  }
}

const sentenceOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split("\n")[0]
    .replace(/^(page\.evaluate: |Error: )+/, "");

/** Rivals in turn, each on the large problem, or on the small one where that would take too long. */
async function measure(page: Page, names: readonly RivalName[]): Promise<Map<RivalName, Result>> {
  const results = new Map<RivalName, Result>();
  const time = (name: RivalName) => page.evaluate((name) => peers.time(name), name);
  for (const name of names) {
    say(name);
    const open = (neurons: number) =>
      page.evaluate(([name, neurons, trials]) => peers.open(name, neurons, trials), [
        name,
        neurons,
        trials,
      ] as const);
    let neurons = small;
    let about = "";
    let problem: string | null = null;
    try {
      about = await open(small);
      if ((await time(name)) * (large / small) ** 2 <= mostTime) {
        await page.evaluate((name) => peers.close(name), name);
        neurons = large;
        await open(large);
      }
    } catch (error) {
      problem = sentenceOf(error);
      say(problem);
    }
    results.set(name, { about, neurons, timed: null, problem });
  }
  const running = names.filter((name) => results.get(name)?.problem === null);
  const rivals = Object.fromEntries(
    running.map((name) => [
      name,
      async () => {
        const result = results.get(name)!;
        if (result.problem !== null) return Number.NaN;
        return time(name).catch((error) => {
          results.set(name, { ...result, problem: sentenceOf(error) });
          return Number.NaN;
        });
      },
    ]),
  );
  for (const [name, timed] of Object.entries(await interleaved(rivals, rounds))) {
    const result = results.get(name as RivalName)!;
    if (result.problem === null) results.set(name as RivalName, { ...result, timed });
    await page.evaluate((name) => peers.close(name as RivalName), name).catch(() => {});
  }
  return results;
}

/** Billion pair-updates a second; NaN without times. */
const rateOf = ({ neurons, timed }: Result): number =>
  timed ? (neurons ** 2 * trials) / timed.median / 1e6 : Number.NaN;

function report(
  results: ReadonlyMap<RivalName, Result>,
  { peak, missing, browser, reading, first }: Beside,
): Report {
  const rate = (name: RivalName) => {
    const result = results.get(name);
    return result ? rateOf(result) : Number.NaN;
  };
  const ratios = goals.map(({ ours, theirs, least, what }) => {
    const best = Math.max(...theirs.map(rate).filter((each) => !Number.isNaN(each)));
    const ratio = rate(ours) / best;
    const isKnown = best > 0 && !Number.isNaN(ratio);
    return { what, least, ratio: isKnown ? ratio : null, holds: isKnown && ratio >= least };
  });
  const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const ms = ({ median, fastest, slowest }: Timed) =>
    `${median.toFixed(1)} (${fastest.toFixed(1)}–${slowest.toFixed(1)})`;
  const share = reading ? timed(reading.map((one) => one.reading / one.whole)) : null;
  const firstOf = (kind: keyof typeof ours, since: keyof FirstPicture) => {
    const found = timed(first[kind].map((one) => one[since]));
    const words = { sinceKey: "the key that resets a run", sinceStart: "the start of the run itself" }[since];
    return {
      what: `first effects on the page, ${kind.toUpperCase()} engine, since ${words}`,
      found: `${found.median.toFixed(0)} ms (${found.fastest.toFixed(0)}–${found.slowest.toFixed(0)})`,
      most: `${lab.firstPicture} ms`,
      holds: found.median <= lab.firstPicture,
    };
  };
  const ofLab = [
    ...(["gpu", "cpu"] as const).flatMap((kind) => [firstOf(kind, "sinceKey"), firstOf(kind, "sinceStart")]),
    {
      what: `reading the sums of ${trials.toLocaleString("en")} trials, of the run's time`,
      found: share ? `${(100 * share.median).toFixed(1)} %` : "–",
      most: `${100 * lab.reading} %`,
      holds: share !== null && share.median <= lab.reading,
    },
  ];
  const peers = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  const markdown = [
    "# Pair sums in a browser",
    "",
    `Chromium ${browser}. ${missing === null ? `Peers: ${peers.join(", ")}.` : `No peers: ${missing}.`}`,
    "",
    `One product of outcomes and perturbations, sources × targets, ${trials.toLocaleString("en")} trials, its inputs ` +
      `where each wants them and the result left there; medians of ${rounds} turns, in brackets the fastest and ` +
      "the slowest. Entries of each product were compared with exact ones.",
    "",
    row("", "", "neurons", "ms", "billion pair-updates a second"),
    row("---", "---", "---", "---", "---"),
    ...[...results].map(([name, result]) =>
      row(
        name,
        result.problem ?? result.about,
        result.neurons.toLocaleString("en"),
        result.timed ? ms(result.timed) : "–",
        result.timed ? rateOf(result).toPrecision(3) : "–",
      ),
    ),
    "",
    peak
      ? `The adapter's peak: ${peak.rate.toPrecision(3)} billion multiply-adds of f32 a second (${peak.about}).`
      : "The adapter's peak could not be measured.",
    "",
    row("goal", "times as fast", "at least", ""),
    row("---", "---", "---", "---"),
    ...ratios.map(({ what, ratio, least, holds }) =>
      row(
        what,
        ratio?.toFixed(1) ?? "–",
        least,
        ratio === null ? "not compared" : holds ? "holds" : "missed",
      ),
    ),
    "",
    `The lab itself, ${lab.neurons.toLocaleString("en")} neurons, its engine warm:`,
    "",
    row("goal", "", "at most", ""),
    row("---", "---", "---", "---"),
    ...ofLab.map(({ what, found, most, holds }) => row(what, found, most, holds ? "holds" : "missed")),
  ].join("\n");
  return {
    markdown,
    numbers: {
      browser,
      versions: versions(),
      missing,
      peak,
      ratios,
      results: Object.fromEntries(results),
      reading,
      first,
    },
    holds: [...ratios, ...ofLab].every(({ holds }) => holds),
  };
}
