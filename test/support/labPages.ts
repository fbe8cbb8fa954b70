import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchBrowser, openLab, type Served, serveLab } from "./browser";

export interface OpenOptions {
  readonly size?: { readonly width: number; readonly height: number };
  /** In another browser, or from another address than the served one. */
  readonly by?: Browser;
  readonly at?: string;
  /** Scripts that run before the page's own. */
  readonly before?: readonly string[];
}

/** The lab in a browser, for the tests of one file. */
export interface LabPages {
  readonly served: Served;
  readonly browser: Browser;
  /** Opens the lab at a hash, in a fresh page, which is closed when the test ends. */
  open(hash: string, options?: OpenOptions): Promise<Page>;
}

/** Builds and serves the lab once for all tests of a file. A test fails if one of its pages complains about anything. */
export function labPages(): LabPages {
  let served: Served | undefined;
  let browser: Browser | undefined;
  let opened: { readonly page: Page; readonly errors: readonly string[] }[] = [];
  const the = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the lab is served while tests run, and not before");
    return value;
  };

  beforeAll(async () => {
    served = await serveLab();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.close();
    expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
  });

  return {
    get served() {
      return the(served);
    },
    get browser() {
      return the(browser);
    },
    async open(hash, options = {}) {
      const { size = { width: 1280, height: 720 }, by = the(browser), at = the(served).url } = options;
      const page = await by.newPage({ viewport: size });
      for (const script of options.before ?? []) await page.addInitScript(script);
      const { errors } = await openLab(page, `${at}${hash}`);
      opened.push({ page, errors });
      // Before its first frame is out a page hears no keys.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      return page;
    },
  };
}
