import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { withEngine } from "../src/cli/engines";
import { unpackChromium } from "../src/engine/gpu/unpack";
import type { Found } from "./deno/main";
import { hashesOf, tasks } from "./deno/tasks";
import type { Report } from "./index";
import { install } from "./install";

const root = join(import.meta.dirname, "..");
const folder = join(import.meta.dirname, "deno");

/**
 * The same trials in a stack that shares nothing with the others but WGSL: deno's WebGPU is wgpu, whose compiler and
 * checks are not Dawn's. Its sums against those of Dawn and of the CPU engine, and every kernel against its twin.
 */
export async function deno(): Promise<Report> {
  const missing = await install("deno");
  if (missing !== null) throw new Error(missing);
  const { version } = JSON.parse(await readFile(join(folder, "node_modules/deno/package.json"), "utf8"));
  const cpu = await withEngine("cpu", async (engine) => ({
    by: engine.adapter,
    hashes: await hashesOf(engine),
  }));
  const dawn = await withEngine("gpu", async (engine) => {
    if (engine.kind !== "gpu") throw new Error("Dawn has no adapter here to compare with");
    return { by: `Dawn, ${engine.adapter}`, hashes: await hashesOf(engine) };
  });
  const { adapter, hashes, kernels } = await runInDeno();
  const rows = [
    cpu,
    dawn,
    ...Object.entries(hashes).map(([kernel, hashes]) => ({ by: `wgpu, ${adapter}, ${kernel}`, hashes })),
  ];
  const names = Object.keys(tasks);
  const sameSums = rows.every(({ hashes }) => names.every((_, index) => hashes[index] === cpu.hashes[index]));
  const sameKernels =
    kernels.length > 0 && kernels.every(({ different, changed }) => different === 0 && changed > 0);
  const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const markdown = [
    "# The same sums in wgpu",
    "",
    `deno ${version}. SHA-256 of the sums, its first 16 digits:`,
    "",
    row("by", ...names),
    row("---", ...names.map(() => "---")),
    ...rows.map(({ by, hashes }) => row(by, ...hashes.map((hash) => hash.slice(0, 16)))),
    "",
    `All are ${sameSums ? "the same" : "NOT the same"}.`,
    "",
    row("kernel, in wgpu", "words", "different from its twin's"),
    row("---", "---", "---"),
    ...kernels.map(({ name, words, different }) => row(name, words.toLocaleString("en"), different)),
    "",
    `Every kernel ${sameKernels ? "writes" : "does NOT write"} its twin's bits.`,
  ].join("\n");
  return { markdown, numbers: { version, rows, kernels }, holds: sameSums && sameKernels };
}

/** Errors   Error if deno ends without its one line: what it said itself is on standard error. */
async function runInDeno(): Promise<Found> {
  const built = await build({
    root,
    configFile: join(root, "vite.config.ts"),
    publicDir: false,
    logLevel: "error",
    ssr: { noExternal: true, target: "webworker" },
    build: { ssr: join(folder, "main.ts"), write: false },
  });
  const [{ code: bundled }] = (built as Rolldown.RolldownOutput).output;
  const own = await mkdtemp(join(tmpdir(), "perturbation-lab-deno-"));
  try {
    const script = join(own, "main.mjs");
    await writeFile(script, bundled);
    // It may read its script, and ask nobody for anything: no permission is given.
    const alone = ["--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"];
    const child = spawn(
      process.execPath,
      [join(folder, "node_modules/deno/bin.cjs"), "run", ...alone, script],
      {
        env: { ...process.env, ...(await driver()), DENO_DIR: own, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
    const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
    if (code !== 0) throw new Error(`deno ended with ${code}`);
    return JSON.parse(out);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** The software adapter that the tests have, where a GPU is not asked for; elsewhere the machine's own. */
async function driver(): Promise<Record<string, string>> {
  if (process.platform !== "linux" || process.arch !== "x64" || process.env.LAB_ADAPTER === "hardware")
    return {};
  const there = await unpackChromium("swiftshader", ["swiftshader.tar.br"]);
  const icd = join(there, "vk_swiftshader_icd.json");
  return { VK_DRIVER_FILES: icd, VK_ICD_FILENAMES: icd, LD_LIBRARY_PATH: there };
}
