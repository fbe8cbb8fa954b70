import { usage } from "./buffers";

/** Some words of a buffer. */
export type Glimpse = readonly [buffer: GPUBuffer, at: number, words: number];

/** What was there, glimpse by glimpse. */
export interface Seen {
  readonly before: Uint32Array[];
  readonly after: Uint32Array[];
  readonly made: Uint32Array[];
}

/** Copies of a few words, taken before and after a pass within the same submission, and read once that is done. */
export class Sight {
  private staging: GPUBuffer | null = null;
  private sums: readonly Glimpse[] = [];
  private made: readonly Glimpse[] = [];

  constructor(private readonly device: GPUDevice) {}

  /** What is looked at next: sums before and after, what is made only after. */
  look(sums: readonly Glimpse[], made: readonly Glimpse[]): void {
    this.sums = sums;
    this.made = made;
    const bytes = 4 * (2 * wordsOf(sums) + wordsOf(made));
    if (this.staging && this.staging.size >= bytes) return;
    this.staging?.destroy();
    this.staging = this.device.createBuffer({
      label: "witness",
      size: bytes,
      usage: usage.mapRead | usage.copyTarget,
    });
  }

  before(encoder: GPUCommandEncoder): void {
    this.copy(encoder, this.sums, 0);
  }

  after(encoder: GPUCommandEncoder): void {
    const words = wordsOf(this.sums);
    this.copy(encoder, this.sums, words);
    this.copy(encoder, this.made, 2 * words);
  }

  async read(): Promise<Seen> {
    const { staging, sums, made } = this;
    if (!staging) throw new Error("nothing was looked at");
    await staging.mapAsync(1);
    const words = new Uint32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    let at = 0;
    const next = (glimpses: readonly Glimpse[]) =>
      glimpses.map(([, , length]) => {
        at += length;
        return words.slice(at - length, at);
      });
    return { before: next(sums), after: next(sums), made: next(made) };
  }

  release(): void {
    this.staging?.destroy();
  }

  private copy(encoder: GPUCommandEncoder, glimpses: readonly Glimpse[], from: number): void {
    if (!this.staging) return;
    let to = from;
    for (const [buffer, at, words] of glimpses) {
      encoder.copyBufferToBuffer(buffer, 4 * at, this.staging, 4 * to, 4 * words);
      to += words;
    }
  }
}

const wordsOf = (glimpses: readonly Glimpse[]) => glimpses.reduce((sum, [, , words]) => sum + words, 0);
