/**
 * Bytes of all arrays of numbers in these records, each memory once however many look into it.
 *
 * Missing  texts, and what the language itself takes.
 */
export function bytesOf(...values: readonly unknown[]): number {
  const buffers = new Set<ArrayBufferLike>();
  const seen = new Set<object>();
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    if (ArrayBuffer.isView(value)) {
      buffers.add(value.buffer);
      return;
    }
    seen.add(value);
    // A million names are texts, every one of them.
    if (Array.isArray(value) && typeof value[0] === "string") return;
    for (const inner of Object.values(value)) visit(inner);
  };
  for (const value of values) visit(value);
  let bytes = 0;
  for (const { byteLength } of buffers) bytes += byteLength;
  return bytes;
}

/** Milliseconds from one count to the next. */
const interval = 500;

/** Counts what is in use while things change: one count at a time, and one after the last change. */
export class InUse {
  private isWaiting = false;
  private again = false;

  constructor(
    private readonly count: () => Promise<number>,
    private readonly tell: (bytes: number) => void,
  ) {}

  /** Something has changed. */
  changed(): void {
    this.again = true;
    if (!this.isWaiting) void this.next();
  }

  private async next(): Promise<void> {
    this.isWaiting = true;
    this.again = false;
    // Who does not answer has something else to say about it.
    const bytes = await this.count().catch(() => null);
    if (bytes !== null) this.tell(bytes);
    setTimeout(() => {
      this.isWaiting = false;
      if (this.again) void this.next();
    }, interval);
  }
}
