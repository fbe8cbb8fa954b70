import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm, symlink, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";
import { build, type InlineConfig, preview } from "vite";
import { unpackChromium } from "../../src/engine/gpu/unpack";

const root = fileURLToPath(new URL("../..", import.meta.url));

const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
// Computing needs the first two; without the rest the first WebGPU canvas ends the GPU process.
const SOFTWARE_WEBGPU = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--use-vulkan=swiftshader",
  "--enable-features=Vulkan",
];
const SOFTWARE_GL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

// Browsers trust 127.0.0.1 as they trust https, and give WebGPU to trusted origins alone.
const INSECURE_HOST = "--host-resolver-rules=MAP lab.test 127.0.0.1";

/** Only the packaged typeface, so that a picture is the same on every machine. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * A headless browser with WebGPU on a software adapter, out of npm packages alone (Linux x64).
 *
 * LAB_BROWSER=/path/to/chrome takes that browser with its own GPU instead. On other systems, where
 * the packaged browser does not run, the installed Chrome or Edge is taken.
 *
 * webgpu: false   navigator.gpu is there and gives no adapter, as on a blocklisted GPU; WebGL works.
 *                 (No navigator.gpu at all: open Served.insecureUrl, in any of these browsers.)
 * more            further flags.
 */
export async function launchBrowser({
  webgpu = true,
  more = [],
}: {
  webgpu?: boolean;
  more?: readonly string[];
} = {}): Promise<Browser> {
  const own = process.env.LAB_BROWSER;
  const installed = own || process.platform !== "linux" || process.arch !== "x64";
  const withWebGpu = installed
    ? ["--enable-unsafe-webgpu", "--ignore-gpu-blocklist", "--enable-features=Vulkan"]
    : SOFTWARE_WEBGPU;
  const flags = [...QUIET, INSECURE_HOST, ...(webgpu ? withWebGpu : []), ...more];
  if (installed) {
    const which: LaunchOptions = own
      ? { executablePath: own }
      : { channel: process.platform === "win32" ? "msedge" : "chrome" };
    return chromium.launch({ ...which, args: flags });
  }
  const folder = await unpackChromium(
    "chromium",
    ["chromium.br", "swiftshader.tar.br", "fonts.tar.br", "al2023.tar.br"],
    (aside) => writeFile(join(aside, "fonts.conf"), FONTS),
  );
  const executablePath = join(folder, "chromium");
  return chromium.launch({
    executablePath,
    args: [...SOFTWARE_GL, ...flags],
    env: {
      ...process.env,
      ...missingLibraries(executablePath, join(folder, "lib")),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
      // Where the locale is C, navigator.language would be "en-US@posix", which Intl refuses.
      LC_ALL: "en_US.UTF-8",
    },
  });
}

/** The browser's package brings NSS and friends; the machine's own go first, as they suit its libc. */
function missingLibraries(executable: string, folder: string): Record<string, string> {
  const needed = execFileSync(executable, {
    // The dynamic linker's own variable behind ldd: it lists the libraries and runs nothing.
    env: { ...process.env, LD_TRACE_LOADED_OBJECTS: "1" },
    encoding: "utf8",
  });
  if (!needed.includes("not found")) return {};
  const before = process.env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: before ? `${folder}${delimiter}${before}` : folder };
}

export interface Served {
  /** Ends with a slash. */
  readonly url: string;
  /** The same page from an origin that browsers do not trust: no navigator.gpu, no crypto.subtle. */
  readonly insecureUrl: string;
  close(): Promise<void>;
}

/** The page, built and served on 127.0.0.1 as a static host would; the test files of a run share what is built. */
export async function serveLab(): Promise<Served> {
  const shared = process.env.LAB_TESTS_SHARE;
  if (!shared) return serveBuilt(root);
  const folder = join(shared, "lab");
  if (!existsSync(folder)) {
    const aside = `${folder}-${process.pid}`;
    await build(configOf(root, aside));
    await rename(aside, folder);
  }
  return serve(configOf(root, folder));
}

export interface ServeOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Folders that are served as they are, by the names they get beside the page. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** The same for any folder with an index.html; built for the caller alone. */
export async function serveBuilt(
  folder: string,
  { headers = {}, beside = {} }: ServeOptions = {},
): Promise<Served> {
  const outDir = join(root, "test-output", `served-${process.pid}-${Date.now()}`);
  const config = configOf(folder, outDir);
  await build(config);
  for (const [name, there] of Object.entries(beside)) await symlink(there, join(outDir, name), "junction");
  const served = { ...config, preview: { ...config.preview, headers: { ...headers } } };
  return serve(served, () => rm(outDir, { recursive: true, force: true }));
}

const configOf = (folder: string, outDir: string): InlineConfig => ({
  root: folder,
  configFile: join(root, "vite.config.ts"),
  logLevel: "warn",
  build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: Number.POSITIVE_INFINITY },
  preview: { host: "127.0.0.1", port: 0, open: false, allowedHosts: ["lab.test"] },
});

async function serve(config: InlineConfig, after?: () => Promise<void>): Promise<Served> {
  const server = await preview(config);
  const { port } = server.httpServer.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    insecureUrl: `http://lab.test:${port}/`,
    async close() {
      await server.close();
      await after?.();
    },
  };
}

/** Opens a page; what it complains about, then and later, is collected in `errors`. */
export async function openLab(page: Page, url: string): Promise<{ readonly errors: readonly string[] }> {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("crash", () => errors.push("the page crashed"));
  await page.goto(url);
  return { errors };
}
