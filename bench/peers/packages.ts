import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the peers' packages are, once they are installed. */
export const packages = join(import.meta.dirname, "node_modules");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The peers and their versions. */
export const versions = (): Manifest["dependencies"] =>
  (JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as Manifest).dependencies;
