import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { say } from "../src/cli/report";

/**
 * Installs the packages of one bench into its own folder here, by the lockfile there, where that has not been done.
 *
 * Returns  one sentence that says why, where that fails
 */
export async function install(folder: string): Promise<string | null> {
  const cwd = join(import.meta.dirname, folder);
  // npm writes this file when it is done.
  if (existsSync(join(cwd, "node_modules/.package-lock.json"))) return null;
  say(`installing what this bench compares with (npm ci in bench/${folder}) …`);
  const command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    // On Windows npm is a script, which only a shell runs.
    await promisify(execFile)("npm", command, { cwd, shell: process.platform === "win32" });
    return null;
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error);
    const line = said.split("\n").find((each) => /error/i.test(each)) ?? said;
    return `bench/${folder} could not be installed (npm ci there): ${line.trim()}`;
  }
}
