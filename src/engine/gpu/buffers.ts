import type { Network } from "../../model/network";
import { normalTable, sigmoidTable } from "../../model/tables";

type Words = Uint32Array | Int32Array;

export const usage = {
  storage: 0x80,
  copySource: 0x04,
  copyTarget: 0x08,
  mapRead: 0x01,
  uniform: 0x40,
} as const;

/** A zeroed storage buffer of some bytes, rounded up to whole words and never empty. */
export function storage(device: GPUDevice, label: string, bytes: number): GPUBuffer {
  return device.createBuffer({
    label,
    size: Math.max(4, 4 * Math.ceil(bytes / 4)),
    usage: usage.storage | usage.copySource | usage.copyTarget,
  });
}

/** A storage buffer that holds these words. */
export function upload(device: GPUDevice, label: string, words: Words): GPUBuffer {
  const buffer = storage(device, label, words.byteLength);
  if (words.length > 0) device.queue.writeBuffer(buffer, 0, words as Words & { buffer: ArrayBuffer });
  return buffer;
}

export function uniform(device: GPUDevice, label: string, bytes: number): GPUBuffer {
  return device.createBuffer({
    label,
    size: 16 * Math.ceil(bytes / 16),
    usage: usage.uniform | usage.copyTarget,
  });
}

/** What kernels read of a network and of its sources; normal and sigmoid tables too. */
export function inputTables(
  device: GPUDevice,
  { rowStart, source, weight }: Network,
  sources: Uint32Array,
  keep: (buffer: GPUBuffer) => GPUBuffer,
) {
  const table = (label: string, words: Words) => keep(upload(device, label, words));
  return {
    rowStart: table("row_start", rowStart),
    source: table("source", source),
    weight: table("weight", weight),
    normalTable: table("normal_table", normalTable),
    sigmoidTable: table("sigmoid_table", sigmoidTable),
    sourceList: table("source_list", sources),
  };
}

/** Bytes of copies that are kept for the next snapshot; larger ones are rare, and are not worth their memory. */
const mostKept = 32 * 2 ** 20;

/**
 * Snapshots of the same buffers, time after time, in copies that are used again: of a small buffer that was mapped
 * Chromium 147 keeps in its GPU process for good what it held, destroyed and collected or not (2,000 of 64 KiB: 128 MiB).
 */
export class Snapshots {
  /** Copies nobody reads, by what they are copies of. */
  private readonly free = new Map<GPUBuffer, GPUBuffer>();
  private keptBytes = 0;
  private isOver = false;

  constructor(private readonly device: GPUDevice) {}

  /**
   * Starts copies of whole buffers, as they are after all work submitted so far; the words arrive with the promises. So a
   * snapshot is consistent although later work goes on.
   */
  take(buffers: readonly GPUBuffer[]): Promise<Uint32Array[]> {
    const encoder = this.device.createCommandEncoder({ label: "snapshot" });
    const copies = buffers.map((buffer) => {
      const copy = this.copyOf(buffer);
      encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
      return copy;
    });
    this.device.queue.submit([encoder.finish()]);
    return Promise.all(
      copies.map(async (copy, index) => {
        await copy.mapAsync(1);
        const words = new Uint32Array(copy.getMappedRange().slice(0));
        copy.unmap();
        this.giveBack(buffers[index], copy);
        return words;
      }),
    );
  }

  release(): void {
    this.isOver = true;
    for (const copy of this.free.values()) copy.destroy();
    this.free.clear();
  }

  private copyOf(buffer: GPUBuffer): GPUBuffer {
    const copy = this.free.get(buffer);
    if (copy) {
      this.free.delete(buffer);
      this.keptBytes -= copy.size;
      return copy;
    }
    return this.device.createBuffer({
      label: `${buffer.label} copy`,
      size: buffer.size,
      usage: usage.mapRead | usage.copyTarget,
    });
  }

  private giveBack(buffer: GPUBuffer, copy: GPUBuffer): void {
    if (this.isOver || this.free.has(buffer) || this.keptBytes + copy.size > mostKept) {
      copy.destroy();
      return;
    }
    this.free.set(buffer, copy);
    this.keptBytes += copy.size;
  }
}

/** One snapshot, of buffers of which there will be no other; see Snapshots. */
export async function snapshot(device: GPUDevice, buffers: readonly GPUBuffer[]): Promise<Uint32Array[]> {
  const once = new Snapshots(device);
  const words = once.take(buffers);
  once.release();
  return words;
}
