import type { Page } from "playwright-core";

/** Bytes that the GPU process keeps for the letters of texts, as the browser itself reports them (memory-infra). */
export async function glyphBytes(page: Page): Promise<number> {
  const devtools = await page.context().browser()?.newBrowserCDPSession();
  if (!devtools) throw new Error("this page has no browser of its own");
  const events: Event[] = [];
  devtools.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as Event[])));
  try {
    await devtools.send("Tracing.start", {
      transferMode: "ReportEvents",
      traceConfig: { includedCategories: ["disabled-by-default-memory-infra"], excludedCategories: ["*"] },
    });
    await devtools.send("Tracing.requestMemoryDump", { levelOfDetail: "detailed" });
    const complete = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
    await devtools.send("Tracing.end");
    await complete;
  } finally {
    await devtools.detach();
  }
  const gpu = events.find(({ name, args }) => name === "process_name" && args.name === "GPU Process");
  const dump = events.find(({ pid, args }) => pid === gpu?.pid && args.dumps?.allocators);
  const size = dump?.args.dumps?.allocators?.["skia/sk_glyph_cache"]?.attrs.size?.value;
  if (size === undefined) throw new Error("the browser says nothing of its GPU process's letters");
  return Number.parseInt(size, 16);
}

/** What of a trace's event is read here. */
interface Event {
  readonly name: string;
  readonly pid: number;
  readonly args: {
    readonly name?: string;
    readonly dumps?: {
      readonly allocators?: Record<
        string,
        { readonly attrs: { readonly size?: { readonly value: string } } }
      >;
    };
  };
}
