import type { StorageBufferAttribute, Texture } from "three/webgpu";

/** Where the storage buffers of meshes are. */
export interface Uploader {
  /**
   * Brings the first `numbers` numbers of a storage buffer to the device.
   *
   * Returns  the buffer there, for kernels that write into it; null with WebGL2.
   */
  upload(attribute: StorageBufferAttribute, numbers: number): GPUBuffer | null;
}

/**
 * Tells three that the first `numbers` numbers of a storage buffer are others now.
 *
 * WebGL2 has no storage buffers: three reads from a texture instead, made of the same array, and never asks again.
 */
export function changed(attribute: StorageBufferAttribute, numbers: number): void {
  attribute.clearUpdateRanges();
  attribute.addUpdateRange(0, numbers);
  attribute.needsUpdate = true;
  const { pbo } = attribute as { readonly pbo?: Texture };
  if (pbo) pbo.needsUpdate = true;
}
