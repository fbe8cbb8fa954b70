import { launchBrowser, openLab, serveLab } from "../test/support/browser";

/** Milliseconds until the page has drawn effects. */
export interface FirstPicture {
  readonly sinceKey: number;
  /** Since the network was ready and the run began. */
  readonly sinceStart: number;
}

/** Few: what is timed is over after the first chunk of them. */
const trials = 512;

declare const watchFirstPicture: () => void;
declare const firstPicture: Promise<FirstPicture>;

/**
 * Waits, frame by frame, for effects of the run that a key asks for: drawn from the sums on the GPU, or from the picture
 * that the desk has made of them, whatever comes first.
 */
const watch = `globalThis.watchFirstPicture = () => void (globalThis.firstPicture = new Promise((resolve) => {
  const root = document.documentElement.dataset;
  const isDrawn = () =>
    document.querySelector("#effect-figure canvas.live")?.hidden === false ||
    /^Effects after [1-9]/.test(document.querySelector("#effect").ariaLabel);
  let begun = 0;
  let started = 0;
  // A small run is over before a frame could see it under way.
  const observer = new MutationObserver(() => {
    if (begun > 0 && started === 0 && /running|done/.test(root.state)) started = performance.now();
  });
  observer.observe(document.documentElement, { attributeFilter: ["data-state"] });
  const look = () => {
    if (started === 0 || !isDrawn()) return requestAnimationFrame(look);
    observer.disconnect();
    // This frame's pixels are out when the next one begins.
    requestAnimationFrame((now) => resolve({ sinceKey: now - begun, sinceStart: now - started }));
  };
  addEventListener("keydown", ({ timeStamp }) => {
    begun = timeStamp;
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}))`;

/** The same run again and again with one engine, by the key that resets it; the first time is left out. */
export async function firstPictures(
  engine: "gpu" | "cpu",
  neurons: number,
  rounds: number,
): Promise<FirstPicture[]> {
  const served = await serveLab();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.addInitScript(watch);
    await openLab(
      page,
      `${served.url}#v=1&network=random&neurons=${neurons}&trials=${trials}&pace=off&engine=${engine}`,
    );
    const pictures: FirstPicture[] = [];
    for (let round = -1; round < rounds; round++) {
      await page.waitForSelector("html[data-state=done]", { timeout: 120_000 });
      // Whoever listens is there before the key is pressed.
      await page.evaluate(() => watchFirstPicture());
      await page.keyboard.press("r");
      const picture = await page.evaluate(() => firstPicture);
      if (round >= 0) pictures.push(picture);
    }
    return pictures;
  } finally {
    await browser.close();
    await served.close();
  }
}
