// Runs src/cli.ts in Node. Vite bundles it first, each time anew, so that the page, the tests and the runner load
// the same TypeScript and the same shaders in the same way; running module by module would take four times as long.
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

async function load() {
  const { output } = await build({
    root,
    configFile: join(root, "vite.config.ts"),
    publicDir: false,
    logLevel: "error",
    build: { ssr: "src/cli.ts", write: false },
  });
  // Node finds packages from where a file lies; one of its own for each start, so none is ever stale.
  const folder = join(root, "node_modules/.cache/perturbation-lab");
  const file = join(folder, `lab-${randomUUID()}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, output[0].code);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file, { force: true });
  }
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
