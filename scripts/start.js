// Serves the lab and opens it where there is a browser; where there is none it prints the address
// and no stack trace, which `vite --open` would.
//
//   npm start [-- --port 5173 --host 0.0.0.0]
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createServer } from "vite";

try {
  const { port, host } = parseArgs({
    options: { port: { type: "string" }, host: { type: "string" } },
  }).values;
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65535)) {
    throw new RangeError(`--port is "${port}"; allowed are whole numbers from 0 to 65535.`);
  }
  const server = await createServer({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    server: { ...(port && { port: Number(port) }), ...(host && { host }) },
  });
  await server.listen();
  const urls = [...server.resolvedUrls.local, ...server.resolvedUrls.network];
  const opens = canOpenBrowser();
  console.log(
    `Perturbation Lab: ${urls.join(" ")} ${opens ? "" : "— open it in a browser "}(Ctrl+C ends it)`,
  );
  if (opens) server.openBrowser();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}

/** On Linux a browser is opened by xdg-open on a desktop; macOS, Windows and WSL always have a way. */
function canOpenBrowser() {
  const env = process.env;
  if (env.CI || env.BROWSER === "none") return false;
  if (process.platform !== "linux" || env.WSL_DISTRO_NAME) return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY) && (env.PATH ?? "").split(delimiter).some(hasXdgOpen);
}

function hasXdgOpen(folder) {
  try {
    accessSync(join(folder, "xdg-open"), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
