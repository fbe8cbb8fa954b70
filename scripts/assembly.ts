import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const query = "?assembly";
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles AssemblyScript: `import code from "./index.ts?assembly"` is the WebAssembly module that a folder's index.ts
 * makes, as base64. What has been compiled is kept until a file of the folder or the compiler changes.
 *
 * Errors   Error with the compiler's own message, which names file, line and column.
 */
export function assembly(): Plugin {
  return {
    name: "lab:assembly",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(query)) return null;
      const entry = id.slice(0, -query.length);
      const folder = dirname(entry);
      const files = readdirSync(folder)
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
        .sort();
      for (const file of files) this.addWatchFile(join(folder, file));
      const code = await compiled(entry, folder, files);
      return `export default ${JSON.stringify(Buffer.from(code).toString("base64"))};`;
    },
  };
}

async function compiled(entry: string, folder: string, files: readonly string[]): Promise<Uint8Array> {
  const { version } = createRequire(import.meta.url)("assemblyscript/package.json") as { version: string };
  const hash = createHash("sha256").update(`${version} ${options.join(" ")}`);
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(join(folder, file)));
  const cache = join(root, "node_modules/.cache/perturbation-lab");
  const kept = join(cache, `${hash.digest("hex").slice(0, 32)}.wasm`);
  try {
    return readFileSync(kept);
  } catch {
    const code = await compile(entry, folder);
    mkdirSync(cache, { recursive: true });
    writeFileSync(kept, code);
    return code;
  }
}

const options = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--initialMemory", "2"];

async function compile(entry: string, folder: string): Promise<Uint8Array> {
  // Loaded only where something has to be compiled: it is large.
  const { default: asc } = await import("assemblyscript/asc");
  let code: Uint8Array | null = null;
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "index.wasm", ...options], {
    readFile: (name) => {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name === "index.wasm" && typeof contents !== "string") code = contents;
    },
    listFiles: () => [],
  });
  const said = stderr.toString();
  if (error || code === null) throw new Error(`${entry} does not compile: ${error?.message}\n${said}`);
  return code;
}
