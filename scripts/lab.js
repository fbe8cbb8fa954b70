// Runs src/cli.ts in Node through Vite, so that the page, the tests and the
// runner load the same TypeScript and the same shaders in the same way.
import { fileURLToPath } from "node:url";
import { loadConfigFromFile, runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { config } = await loadConfigFromFile(
  { command: "serve", mode: "production" },
  `${root}vite.config.ts`,
);
const { module } = await runnerImport(`${root}src/cli.ts`, { root, plugins: config.plugins });
process.exitCode = await module.main(process.argv.slice(2));
