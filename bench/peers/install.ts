import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { say } from "../../src/cli/report";

/** Where the peers' packages are, once they are installed. */
export const packages = join(import.meta.dirname, "node_modules");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The peers and their versions. */
export const versions = (): Manifest["dependencies"] =>
  (JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as Manifest).dependencies;

/**
 * Installs the peers where that has not been done: a few hundred megabytes, by the lockfile beside this.
 *
 * Returns  one sentence that says why, where that fails
 */
export async function install(): Promise<string | null> {
  // npm writes this file when it is done.
  if (existsSync(join(packages, ".package-lock.json"))) return null;
  say("installing the peers (npm ci in bench/peers) …");
  const command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    // On Windows npm is a script, which only a shell runs.
    await promisify(execFile)("npm", command, {
      cwd: import.meta.dirname,
      shell: process.platform === "win32",
    });
    return null;
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error);
    const line = said.split("\n").find((each) => /error/i.test(each)) ?? said;
    return `the peers could not be installed (npm ci in bench/peers): ${line.trim()}`;
  }
}
