// The README's picture: the built lab, opened without a click, once its run is done.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const picture = path("docs/screenshot.png");
const { module } = await runnerImport(path("test/support/browser.ts"), { configFile: false });

const served = await module.serveLab();
const browser = await module.launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, deviceScaleFactor: 1 });
  const { errors } = await module.openLab(page, served.url);
  try {
    await page.waitForSelector("html[data-state=done]", { state: "attached", timeout: 120_000 });
    await page.evaluate(() => document.fonts.ready);
    await mkdir(dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    console.log(picture);
  } catch (error) {
    console.error(error.message.split("\n", 1)[0]);
    process.exitCode = 1;
  }
  for (const complaint of errors) console.error(complaint);
  if (errors.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await served.close();
}
