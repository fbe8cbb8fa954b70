// Runs bench/index.ts in Node through Vite, as scripts/lab.js runs the runner.
import { fileURLToPath } from "node:url";
import { loadConfigFromFile, runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { config } = await loadConfigFromFile(
  { command: "serve", mode: "production" },
  `${root}vite.config.ts`,
);
const { module } = await runnerImport(`${root}bench/index.ts`, { root, plugins: config.plugins });
process.exitCode = await module.main(process.argv.slice(2));
