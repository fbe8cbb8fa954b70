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

/**
 * Starts copies of whole buffers, as they are after all work submitted so far; the words
 * arrive with the promises. So a snapshot is consistent although later work goes on.
 */
export function snapshot(device: GPUDevice, buffers: readonly GPUBuffer[]): Promise<Uint32Array[]> {
  const encoder = device.createCommandEncoder({ label: "snapshot" });
  const copies = buffers.map((buffer) => {
    const copy = device.createBuffer({
      label: `${buffer.label} copy`,
      size: buffer.size,
      usage: usage.mapRead | usage.copyTarget,
    });
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    return copy;
  });
  device.queue.submit([encoder.finish()]);
  return Promise.all(
    copies.map(async (copy) => {
      await copy.mapAsync(1);
      const words = new Uint32Array(copy.getMappedRange().slice(0));
      copy.unmap();
      copy.destroy();
      return words;
    }),
  );
}
