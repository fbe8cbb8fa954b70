// A browser started with LANG=C calls its language "en-US@posix", which is no language tag, and
// uPlot makes a number format of it while it loads: without this the page stays empty.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
