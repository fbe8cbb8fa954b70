import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, type Plugin, resolveConfig } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, openLab } from "../support/browser";

const root = fileURLToPath(new URL("../..", import.meta.url));
const configFile = join(root, "vite.config.ts");
const out = join(root, "test-output", `offline-${process.pid}`);

let browser: Browser;
let context: BrowserContext;
let errors: readonly string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(out, { recursive: true, force: true });
});

afterEach(async () => {
  await context?.close();
  expect(errors).toEqual([]);
});

/** Builds the lab as the command line does; what went in, each module as "importer → module". */
async function buildLab(mode: "single" | "production", outDir: string): Promise<string[]> {
  await mkdir(outDir, { recursive: true });
  const imports: string[] = [];
  const listen = (): Plugin => ({
    name: "imports",
    buildEnd() {
      for (const id of this.getModuleIds())
        for (const importer of this.getModuleInfo(id)?.importers ?? []) imports.push(`${importer} → ${id}`);
    },
  });
  await build({
    root,
    configFile,
    mode,
    logLevel: "error",
    plugins: [listen()],
    worker: { plugins: () => [listen()] },
    build: { outDir, emptyOutDir: true },
  });
  return imports.map((line) => line.replaceAll("\\", "/"));
}

/** Sum over the files of a folder. */
function sizeOf(folder: string, measure: (content: Buffer) => number): number {
  return filesOf(folder).reduce((sum, file) => sum + measure(readFileSync(join(folder, file))), 0);
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();

/** The six neurons to the end on the GPU, then lesson 1 by its key. */
async function runsWhole(page: Page): Promise<void> {
  await page.waitForSelector("html[data-state=done]", { state: "attached", timeout: 30_000 });
  expect(await text(page, "engine")).toBe("GPU");
  expect(Number(await text(page, "agreement"))).toBeGreaterThan(0.96);
  expect(await page.locator("#graph canvas").count()).toBe(1);
  expect(await page.evaluate(() => document.fonts.check('16px "Source Sans 3"'))).toBe(true);
  await page.keyboard.press("1");
  await page.waitForSelector("html[data-lesson-state=ready]", { state: "attached", timeout: 30_000 });
  expect(await text(page, "lesson-result")).toContain("0.990719");
}

describe("one HTML file", () => {
  const folder = join(out, "single");
  const file = join(folder, "perturbation-lab.html");

  beforeAll(() => buildLab("single", folder));

  test("is the whole lab: nothing beside it, and small enough for a mail", () => {
    expect(filesOf(folder)).toEqual(["perturbation-lab.html"]);
    const html = readFileSync(file);
    console.log(`one file: ${html.length} bytes, ${gzipSync(html).length} gzipped`);
    expect(html.length).toBeLessThan(3e6);
    expect(gzipSync(html).length).toBeLessThan(0.9e6);
    expect(html.includes("serviceWorker")).toBe(false);
  });

  test("runs from the disk without a network, and asks nobody for anything", async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await context.setOffline(true);
    const asked: string[] = [];
    context.on("request", (request) => asked.push(request.url()));
    const page = await context.newPage();
    const url = pathToFileURL(file).href;
    ({ errors } = await openLab(page, `${url}#v=1&pace=off`));
    await runsWhole(page);
    // The CPU engine's threads come out of it, too.
    const other = await context.newPage();
    await openLab(other, `${url}#v=1&pace=off&engine=cpu`);
    await other.waitForSelector("html[data-state=done]", { state: "attached", timeout: 30_000 });
    expect(await text(other, "adapter")).toMatch(/^CPU, \d+ threads?, WASM$/);
    // Its own fonts, icon and worker come out of the page itself.
    expect(asked[0]?.startsWith(url)).toBe(true);
    const others = asked.filter((address) => !/^(data|blob):/.test(address) && !address.startsWith(url));
    expect(others).toEqual([]);
  });
});

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** A static host with nothing of its own: folders answer with their index.html, like most. */
async function hostFolder(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const path = join(folder, name);
    if (!existsSync(path)) return response.writeHead(404).end();
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, vary: "Origin" }).end(await readFile(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Not a browser's word for it that there is no network: the host is gone. */
async function takeAway(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

describe("on a static host", () => {
  // Any folder will do.
  const folder = join(out, "host/courses/lab");
  let imports: string[] = [];
  let server: Server;
  let url = "";

  beforeAll(async () => {
    imports = await buildLab("production", folder);
    const host = await hostFolder(join(out, "host"));
    server = host.server;
    url = `${host.url}/courses/lab/`;
  });

  afterAll(() => server?.listening && takeAway(server));

  async function openPage(hash = "#v=1&pace=off"): Promise<Page> {
    const page = await context.newPage();
    ({ errors } = await openLab(page, `${url}${hash}`));
    return page;
  }

  const isReady = (page: Page) =>
    page.evaluate(() => navigator.serviceWorker.ready.then(({ scope }) => scope));

  test("nothing of Node is in it, and it stays small", () => {
    // Of the page, and of its worker, which is bundled by itself.
    expect(imports.some((line) => line.endsWith("/src/page/lab.ts"))).toBe(true);
    expect(imports.some((line) => /\/worker\.ts.* → .*\/src\/page\/lessonData\.ts$/.test(line))).toBe(true);
    const alien =
      /→ (node:|.*(__vite-browser-external|\/src\/cli|\/gpu\/(node|unpack)\.ts|node_modules\/(webgpu|tar-fs|@sparticuz)\/))/;
    // seedrandom declares Node's crypto as empty in a browser; it is for seeding by chance, which nobody does.
    const allowed = /\/seedrandom\/seedrandom\.js → __vite-browser-external$/;
    expect(imports.filter((line) => alien.test(line) && !allowed.test(line))).toEqual([]);
    const raw = sizeOf(folder, ({ length }) => length);
    const packed = sizeOf(folder, (content) => Math.min(content.length, gzipSync(content).length));
    console.log(`dist: ${filesOf(folder).length} files, ${raw} bytes, ${packed} gzipped`);
    expect(raw).toBeLessThan(3e6);
    expect(packed).toBeLessThan(0.95e6);
  });

  test("its manifest names a folder to start from and icons that are there", async () => {
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.webmanifest"), "utf8"));
    expect(manifest).toMatchObject({ name: "Perturbation Lab", start_url: ".", display: "standalone" });
    for (const { src } of manifest.icons) expect(filesOf(folder)).toContain(src);

    context = await browser.newContext();
    const page = await openPage();
    const session = await context.newCDPSession(page);
    const { url: address, errors: faults } = await session.send("Page.getAppManifest");
    expect(address).toBe(`${url}manifest.webmanifest`);
    expect(faults).toEqual([]);
  });

  test("while it is written nothing is kept: the service worker is for what is built", async () => {
    const names = async (command: "build" | "serve") =>
      (await resolveConfig({ root, configFile, logLevel: "error" }, command)).plugins.map(({ name }) => name);
    expect(await names("serve")).not.toContain("lab:installable");
    expect(await names("build")).toContain("lab:installable");
  });

  test("a new version takes over once the old one's windows are closed", async () => {
    context = await browser.newContext();
    const first = await openPage();
    expect(await isReady(first)).toBe(url);

    const index = join(folder, "index.html");
    const worker = join(folder, "service-worker.js");
    const [oldIndex, oldWorker] = await Promise.all([readFile(index, "utf8"), readFile(worker, "utf8")]);
    try {
      await writeFile(index, oldIndex.replace("<title>", "<title>New "));
      await writeFile(worker, oldWorker.replace(/^const version = "\w+"/, 'const version = "new"'));
      await first.reload();
      await first.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 20));
      });
      await first.reload();
      expect(await first.title()).toBe("Perturbation Lab");
      // Seen from beside the lab: a page of it, or a worker of one, would keep the old version in use.
      const beside = await context.newPage();
      await beside.goto(`${url}../beside`);
      await first.close();
      // Asked again and again from here: what waits for a function of the page takes its promise for a yes.
      const hasTakenOver = () =>
        beside.evaluate(async (lab) => {
          const registration = await navigator.serviceWorker.getRegistration(lab);
          return registration?.waiting === null && registration.active?.state === "activated";
        }, url);
      await expect.poll(hasTakenOver, { timeout: 60_000, interval: 200 }).toBe(true);
      const second = await openPage();
      expect(await second.title()).toBe("New Perturbation Lab");
      expect(await second.evaluate(() => caches.keys())).toEqual([`perturbation-lab ${url} new`]);
    } finally {
      await Promise.all([writeFile(index, oldIndex), writeFile(worker, oldWorker)]);
    }
  }, 120_000);

  test("opened once, it runs without host and network", async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await openPage();
    expect(await isReady(page)).toBe(url);
    await takeAway(server);
    await context.setOffline(true);
    await page.reload();
    await runsWhole(page);
    // The same in another window, by the lesson's link, under the page's longer name.
    const other = await context.newPage();
    await other.goto(`${url}index.html?from=elsewhere${new URL(page.url()).hash}`);
    await other.waitForSelector("html[data-lesson-state=ready]", { state: "attached", timeout: 30_000 });
    expect(await text(other, "lesson-result")).toContain("0.990719");
  });
});
