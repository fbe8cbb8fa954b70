// Runs test/fuzz/run.ts in Node. Vite bundles it first, as scripts/lab.js does with the runner; its threads start from
// the same file.
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { output } = await build({
  root,
  configFile: join(root, "vite.config.ts"),
  publicDir: false,
  logLevel: "error",
  build: { ssr: "test/fuzz/run.ts", write: false },
});
const folder = join(root, "node_modules/.cache/perturbation-lab");
const file = join(folder, `fuzz-${randomUUID()}.mjs`);
mkdirSync(folder, { recursive: true });
try {
  writeFileSync(file, output[0].code);
  const { main } = await import(pathToFileURL(file).href);
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error.name !== "InputError") throw error;
  console.error(error.message);
  process.exitCode = 2;
} finally {
  rmSync(file, { force: true });
}
