import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the tests and the type check read; the packages are linked. */
const copied = [
  "bench",
  "index.html",
  "package.json",
  "public",
  "scripts",
  "shaders",
  "src",
  "test",
  "tsconfig.json",
];

/** A test that failed, or what a file of tests said instead of running. */
export interface Failure {
  readonly test: string;
  readonly message: string;
}

/** A copy of the project to break. */
export interface Scratch {
  readonly folder: string;
  /** The first failure of these files or folders of tests, which take less than so many minutes; null if all pass. */
  test(files: readonly string[], minutes: number): Promise<Failure | null>;
  /** What the type check says; "" if nothing. */
  typecheck(): Promise<string>;
  remove(): void;
}

export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const name of [...copied, "vite.config.ts"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      remove();
      process.exit(1);
    });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  // What is compiled of broken code is kept with it: the caches are its own.
  for (const name of readdirSync(join(root, "node_modules")))
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
  const result = join(folder, "result.json");
  return {
    folder,
    async test(files, minutes) {
      rmSync(result, { force: true });
      const args = [
        ...["node_modules/vitest/vitest.mjs", "run", ...files],
        ...["--bail=1", "--reporter=json", `--outputFile=${result}`],
      ];
      const { code, said } = await node(folder, args, minutes);
      if (code === 0) return null;
      return (
        firstFailure(folder, result) ?? {
          test: "",
          message: code === null ? "it never ends" : said.slice(-2000),
        }
      );
    },
    async typecheck() {
      const args = [
        ...["node_modules/typescript/bin/tsc", "--noEmit"],
        ...["--noUnusedLocals", "false", "--noUnusedParameters", "false"],
      ];
      const { code, said } = await node(folder, args, 5);
      return code === 0 ? "" : said;
    },
    remove,
  };
}

/** Runs Node in a folder; code is null where it had to be ended after so many minutes. */
function node(
  cwd: string,
  args: readonly string[],
  minutes: number,
): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, detached: true, env: { ...process.env, CI: "true" } });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => {
        said += text;
      });
    // Its workers, too.
    const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
    const timer = setTimeout(end, 60_000 * minutes);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    });
  });
}

interface VitestResult {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

function firstFailure(folder: string, result: string): Failure | null {
  let read: VitestResult;
  try {
    read = JSON.parse(readFileSync(result, "utf8"));
  } catch {
    return null;
  }
  for (const { name, message, assertionResults } of read.testResults) {
    const file = name.slice(name.indexOf(`${folder.split("/").at(-1)}/`)).replace(/^[^/]*\/test\//, "");
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (failed)
      return { test: `${file}: ${failed.fullName}`, message: failed.failureMessages?.join("\n") ?? "" };
    if (message) return { test: file, message };
  }
  return null;
}
