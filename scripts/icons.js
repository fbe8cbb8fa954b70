// The PNG icons of an installed lab, from public/favicon.svg: `npm run icons` after changing that.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const { module } = await runnerImport(path("test/support/browser.ts"), { configFile: false });
const svg = await readFile(path("public/favicon.svg"), "utf8");
const ground = svg.match(/<rect[^>]* fill="([^"]+)"/)[1];

/** `share` < 1: the picture within a full square of its ground, for systems that cut a shape of their own. */
const icons = [
  { name: "192", size: 192, share: 1 },
  { name: "512", size: 512, share: 1 },
  { name: "maskable", size: 512, share: 0.8 },
  { name: "home", size: 180, share: 0.9 },
];

const browser = await module.launchBrowser({ webgpu: false });
try {
  await mkdir(path("public/icons"), { recursive: true });
  for (const { name, size, share } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const background = share < 1 ? ground : "transparent";
    const side = share * size;
    await page.setContent(
      `<body style="margin:${(size - side) / 2}px;background:${background}">` +
        svg.replace("<svg ", `<svg style="display:block;width:${side}px;height:${side}px" `),
    );
    await writeFile(path(`public/icons/${name}.png`), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
