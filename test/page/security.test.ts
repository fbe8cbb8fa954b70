import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, resolveConfig } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser, openLab, type Served, serveLab } from "../support/browser";
import { root } from "../support/lab";
import { type RecordingProxy, startRecordingProxy } from "../support/recordingProxy";

// What the built page may do, on a host and as one file: nothing that its policy (scripts/security.ts) does not name.
// The browser's own proxy sees all it asks for; each thing that is forbidden is also tried without the policy.

const configFile = join(root, "vite.config.ts");
const out = join(root, "test-output", `security-${process.pid}`);
const single = join(out, "perturbation-lab.html");

let served: Served;
let browser: Browser;
let proxy: RecordingProxy;
let context: BrowserContext;

beforeAll(async () => {
  served = await serveLab();
  await build({
    root,
    configFile,
    mode: "single",
    logLevel: "error",
    build: { outDir: out, emptyOutDir: true },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
  await rm(out, { recursive: true, force: true });
});

beforeEach(async () => {
  proxy = await startRecordingProxy();
  context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    // Also to this machine itself, which a browser asks without a proxy otherwise.
    proxy: { server: proxy.url, bypass: "<-loopback>" },
  });
});

afterEach(async () => {
  await context?.close();
  await proxy?.close();
});

/** Both ways in which the lab is handed out: where it is, and its page as text. */
const builds = {
  "on a host": { url: () => served.url, html: async () => (await fetch(served.url)).text() },
  "as one file": { url: () => pathToFileURL(single).href, html: () => readFile(single, "utf8") },
} as const;
const each = Object.entries(builds).map(([name, built]) => ({ name: name as keyof typeof builds, ...built }));

/** Hears of everything that the policy refused, in the page, in its workers and in workers of these. */
const listens = `(() => {
  const told = new BroadcastChannel("violations");
  globalThis.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    told.postMessage(effectiveDirective + " " + blockedURI));
})();`;
const listensEverywhere = `
  globalThis.violations = [];
  new BroadcastChannel("violations").onmessage = ({ data }) => violations.push(data);
  ${listens}
  const starts = (original, first) => class extends original {
    constructor(parts, options) {
      super(/javascript/.test(options?.type ?? "") ? [first, ...parts] : parts, options);
    }
  };
  const within = ${JSON.stringify(listens)};
  Blob = starts(Blob, within + "Blob = (" + starts + ")(Blob, " + JSON.stringify(within) + ");");
`;
const violations = (page: Page) => page.evaluate<string[]>("violations");

async function open(url: string): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await context.newPage();
  await page.addInitScript(listensEverywhere);
  return { page, ...(await openLab(page, url)) };
}

const shows = (page: Page, name: string, value: string) =>
  page.waitForSelector(`html[data-${name}=${value}]`, { state: "attached", timeout: 60_000 });
const go = (page: Page, hash: string) =>
  page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
const engine = (page: Page) => expect.poll(() => page.locator("#engine").innerText(), { timeout: 60_000 });

/** Whatever a person may do with the lab that asks for something, or makes something out of text. */
async function useAll(page: Page): Promise<void> {
  await shows(page, "state", "done");
  await engine(page).toBe("GPU");
  const saved: string[] = [];
  page.on("download", (download) => saved.push(download.suggestedFilename()));
  await page.hover("#graph-figure h2");
  await page.keyboard.press("s");
  await expect.poll(() => saved.length, { timeout: 20_000 }).toBe(2);
  await page.keyboard.press("?");
  await page.locator("#help").getByRole("button").click();
  await page.keyboard.press("e");
  await page.locator('[data-save="effects-csv"]').click();
  await expect.poll(() => saved.length, { timeout: 20_000 }).toBe(3);
  await page.keyboard.press("o");
  await page.locator("#open-file").setInputFiles({
    name: "edges.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("source,target,weight\n<img src=x onerror=alert(1)>,1,0.5\n1,2,-0.5\n"),
  });
  await page.locator("#open-go:enabled").click();
  await expect.poll(() => page.locator("#graph-caption").innerText()).toMatch(/^3 neurons/);
  await shows(page, "state", "done");
  await page.keyboard.press("g");
  await shows(page, "compare", "done");
  expect(await page.locator("#compare-verdict").innerText()).toMatch(/^0 of 19 words differ/);
  await page.keyboard.press("1");
  await shows(page, "lesson-state", "ready");
  expect(await page.locator("#lesson-result").innerText()).toContain("0.990719");
  expect(await page.locator("#lesson-equation mi").first().textContent()).toBe("B");
  await go(page, "#v=1&neurons=25&trials=500&pace=off&engine=cpu&layout=force");
  await engine(page).toBe("CPU");
  await shows(page, "state", "done");
  expect(await page.locator("#adapter").innerText()).toMatch(/^CPU, \d+ threads?, WASM$/);
}

test.each(each)(
  "$name, nothing is refused and nobody else is asked, whatever is done",
  async ({ name, url }) => {
    const { page, errors } = await open(`${url()}#v=1&trials=500&pace=off`);
    const asked: string[] = [];
    context.on("request", (request) => asked.push(request.url()));
    await useAll(page);
    if (name === "on a host") {
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
      // Only the service worker asks for this one.
      expect(proxy.asked).toContain(`${served.url}icons/maskable.png`);
      expect(proxy.asked.filter((address) => !address.startsWith(served.url))).toEqual([]);
    } else {
      expect(proxy.asked).toEqual([]);
      // From a file no proxy is asked for files.
      expect(asked.filter((address) => !/^(data|blob):/.test(address))).toEqual([]);
    }
    expect(errors.map((error) => error.slice(0, 300))).toEqual([]);
    expect(await violations(page)).toEqual([]);
  },
);

/**
 * Things that a page must not do: each resolves with whether it was done, after waiting `until` it is; "asks" where
 * it would have asked another host, which the proxy knows.
 */
const attempts: Record<string, string> = {
  "a script within the page": "return globalThis.inline",
  "a handler within the page": "return globalThis.handler",
  "a script of another host, within the page": "return globalThis.foreign",
  "a style within the page": "return getComputedStyle(document.body).letterSpacing === '7px'",
  "a style of an element":
    "return getComputedStyle(document.getElementById('styled')).letterSpacing === '9px'",
  eval: "return eval('1 + 1') === 2",
  "a function out of text": "return new Function('return 2')() === 2",
  "a timer out of text": "setTimeout('globalThis.timer = true'); return until(() => globalThis.timer)",
  "markup out of text": `
    document.createElement("div").innerHTML = '<img src="data:," onerror="globalThis.markup = true">';
    return until(() => globalThis.markup)`,
  "even harmless markup out of text": "document.createElement('div').innerHTML = '<b>b</b>'; return true",
  "a script out of text": `
    add("script", { textContent: "globalThis.made = true" });
    return globalThis.made`,
  "a script out of a blob": `
    add("script", { src: URL.createObjectURL(new Blob(["globalThis.blob = true"])) });
    return until(() => globalThis.blob)`,
  "a script by its address": "add('script', { src: 'http://elsewhere.test/script' }); return 'asks'",
  "a module by its address": "import('http://elsewhere.test/module').catch(() => {}); return 'asks'",
  "a worker out of an address": "new Worker('data:text/javascript,'); return true",
  "a second policy": "trustedTypes.createPolicy('another', {}); return true",
  fetch: "fetch('http://elsewhere.test/fetch').catch(() => {}); return 'asks'",
  "a worker's fetch": `
    const text = 'fetch("http://elsewhere.test/worker").then(() => postMessage(true), () => postMessage(false))';
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    return new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data && "asks"); })`,
  "a beacon": "navigator.sendBeacon('http://elsewhere.test/beacon'); return 'asks'",
  "a socket": "new WebSocket('ws://elsewhere.test/'); return 'asks'",
  "an image": "add('img', { src: 'http://elsewhere.test/image' }); return 'asks'",
  "a frame": "add('iframe', { src: 'http://elsewhere.test/frame' }); return 'asks'",
  "a form": `
    add("iframe", { name: "other" });
    add("form", { action: "http://elsewhere.test/form", target: "other" }).submit();
    return "asks"`,
  "another base": `
    add("base", { href: "http://elsewhere.test/" });
    return new URL("x", document.baseURI).host === "elsewhere.test"`,
};

const injected = `<script>globalThis.inline = true</script><img src="data:," onerror="globalThis.handler = true">
<script src="http://elsewhere.test/foreign.js"></script>
<style>body { letter-spacing: 7px }</style><p id="styled" style="letter-spacing: 9px"></p></body>`;

/** The page with what somebody has got into it; what of all attempts succeeds there, within `patience` milliseconds each. */
async function attempt(name: keyof typeof builds, patience: number, change = (html: string) => html) {
  const { url, html } = builds[name];
  const body = change(await html()).replace("</body>", injected);
  let address = url();
  if (name === "on a host") {
    await context.route(address, (route) => route.fulfill({ body, contentType: "text/html" }));
  } else {
    const file = join(out, "changed.html");
    await writeFile(file, body);
    address = pathToFileURL(file).href;
  }
  const { page } = await open(`${address}#v=1&trials=500&pace=off`);
  await shows(page, "state", "done");
  const done: string[] = [];
  for (const [what, code] of Object.entries(attempts)) {
    const before = proxy.asked.length;
    // From a timer: what a debugger evaluates may do what the page may not.
    const result = await page.evaluate<boolean | "asks">(`new Promise((resolve) => setTimeout(async () => {
      const add = (tag, values) => document.body.appendChild(Object.assign(document.createElement(tag), values));
      const until = async (holds) => {
        const end = performance.now() + ${patience};
        while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
        return holds();
      };
      const act = async () => { ${code} };
      try { resolve(await act() || false); } catch { resolve(false); }
    }))`);
    const asks = () => proxy.asked.slice(before).some((asked) => asked.includes("elsewhere.test"));
    const end = performance.now() + patience;
    while (result === "asks" && !asks() && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10));
    if (result === "asks" ? asks() : result) done.push(what);
  }
  return { done, violations: await violations(page) };
}

test.each(each)("$name, the policy is in force, in workers too", async ({ name }) => {
  const { done, violations } = await attempt(name, 100);
  expect(done).toEqual([]);
  expect(proxy.asked.filter((address) => address.includes("elsewhere.test"))).toEqual([]);
  expect(violations).toContain("connect-src http://elsewhere.test/fetch");
  expect(violations).toContain("connect-src http://elsewhere.test/worker");
});

test.each(each)("$name, and it is the policy alone that keeps them from being done", async ({ name }) => {
  const { done } = await attempt(name, 10_000, (html) =>
    html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""),
  );
  expect(done).toEqual(Object.keys(attempts));
});

describe("the policy", () => {
  test.each(each)(
    "$name, stands before whatever it rules over, and names no other host",
    async ({ html }) => {
      const text = await html();
      const [meta, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
      if (!meta || !policy) throw new Error("there is no policy");
      expect(text.indexOf('<meta charset="utf-8" />')).toBeLessThan(1024 - 30);
      expect(text.indexOf(meta)).toBeLessThan(text.search(/<(script|link|style)\b/));
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/'unsafe-|\/\/|\*|https?:/);
    },
  );

  test("is for what is built: while it is written, the server puts scripts into the page", async () => {
    const { plugins } = await resolveConfig({ root, configFile, logLevel: "error" }, "serve");
    expect(plugins.map(({ name }) => name)).not.toContain("lab:security");
  });
});

test("every dependency is pinned to one version, none of them needs its install script, and the lab has none", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const kind of ["dependencies", "optionalDependencies", "peerDependencies"])
    expect(manifest).not.toHaveProperty(kind);
  for (const version of Object.values(manifest.devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  for (const script of ["preinstall", "install", "postinstall", "prepare"])
    expect(manifest.scripts).not.toHaveProperty(script);
});
