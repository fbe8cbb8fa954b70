import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openFile } from "../src/cli/file";
import { nodeHash } from "../src/cli/hash";
import { say } from "../src/cli/report";
import { readingBytes } from "../src/io/arrowStore";
import { hashNetwork } from "../src/io/networkHash";
import { parseExperiment } from "../src/model/experiment";
import { InputError } from "../src/model/inputError";
import { arrows } from "../src/model/network";
import { networkOf } from "../src/network";
import { flyBrain, manyEdges } from "../test/support/manyEdges";
import type { Report } from "./index";

/** What is loaded; a file is written first, and not counted. */
const cases = {
  file: "CSV of 139,000 neurons, 2,700,000 rows",
  "in-degree:100000:20": "made: 100,000 neurons, 20 inputs each",
  "in-degree:1000000:10": "made: 1,000,000 neurons, 10 inputs each",
} as const;

/** One case, in a process of its own. Bytes: more than what the process held before. */
interface Loaded {
  readonly neurons: number;
  readonly arrows: number;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly forecastBytes: number | null;
  readonly networkHash: string;
}

/** Peak memory within so many times the forecast. */
const mostOfForecast = 1.5;

/**
 * Time and peak memory of loading very large networks: each in a process of its own, so that the one does not sit in
 * the memory of the other.
 */
export async function load([only, file]: readonly string[]): Promise<Report> {
  if (only !== undefined) {
    const numbers = await loadOne(only, file);
    return { markdown: JSON.stringify(numbers), numbers, holds: true };
  }
  const folder = mkdtempSync(join(tmpdir(), "lab-load-"));
  try {
    const table = join(folder, "many.csv");
    writeTable(table);
    const loaded: Record<string, Loaded> = {};
    for (const name of Object.keys(cases)) loaded[name] = await inOwnProcess(name, table);
    const holds = Object.values(loaded).every(
      ({ peakBytes, forecastBytes }) => forecastBytes === null || peakBytes <= mostOfForecast * forecastBytes,
    );
    return { markdown: describe(loaded), numbers: loaded, holds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeTable(path: string): void {
  const open = openSync(path, "w");
  for (const text of manyEdges(flyBrain)) writeSync(open, text);
  closeSync(open);
}

async function inOwnProcess(name: string, file: string): Promise<Loaded> {
  say(`${cases[name as keyof typeof cases]} …`);
  const { stdout } = await promisify(execFile)(process.execPath, [process.argv[1], "load", name, file]);
  return JSON.parse(stdout.split("\n")[0]);
}

async function loadOne(name: string, file: string | undefined): Promise<Loaded> {
  if (!Object.hasOwn(cases, name) || (name === "file" && file === undefined))
    throw new InputError(
      `load is ${JSON.stringify(name)}; allowed: ${Object.keys(cases).join(", ")}, file with a file after it`,
    );
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const { network, names, rows } = name === "file" ? await read(file ?? "") : made(name);
  const seconds = (performance.now() - start) / 1000;
  return {
    neurons: network.neurons,
    arrows: arrows(network),
    seconds,
    peakBytes: process.resourceUsage().maxRSS * 1024 - before,
    forecastBytes: rows === null ? null : readingBytes(rows, network.neurons),
    networkHash: hashNetwork(network, names, nodeHash()),
  };
}

async function read(network: string) {
  const file = await openFile({ network, negative: "GABA,GLUT" });
  if (!file) throw new InputError(`load is of ${network}; allowed: a file`);
  return file;
}

function made(name: string) {
  const [network, neurons, inDegree] = name.split(":");
  return {
    network: networkOf(parseExperiment({ network, neurons, inDegree })),
    names: null,
    rows: null,
  };
}

function describe(loaded: Readonly<Record<string, Loaded>>): string {
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const rows = Object.entries(loaded).map(([name, { seconds, peakBytes, forecastBytes, neurons, arrows }]) =>
    [
      cases[name as keyof typeof cases],
      `${neurons.toLocaleString("en")} × ${arrows.toLocaleString("en")}`,
      `${seconds.toFixed(1)} s`,
      megabytes(peakBytes),
      forecastBytes === null ? "–" : megabytes(forecastBytes),
    ].join(" | "),
  );
  return [
    "| network | neurons × arrows | time, with its scale | peak memory | forecast |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
    "Peak memory: the process at its largest, less what it held before.",
  ].join("\n");
}
