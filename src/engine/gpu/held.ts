/** Bytes of a texel; those not named here have four. */
const texelBytes: Readonly<Record<string, number>> = {
  r8unorm: 1,
  stencil8: 1,
  r16float: 2,
  rg8unorm: 2,
  depth16unorm: 2,
  rg32float: 8,
  rgba16float: 8,
  "depth32float-stencil8": 8,
  rgba32float: 16,
};

/**
 * Counts what a device's buffers and textures hold from now on, whoever makes them: engine and pictures alike. No browser
 * tells; what it keeps beside them, pipelines and the pictures on their way to the screen, is not in it.
 *
 * Returns  the bytes of all that are not destroyed, nor forgotten and cleared away.
 */
export function countHeld(device: GPUDevice): () => number {
  let held = 0;
  const forgotten = new FinalizationRegistry<{ bytes: number }>((entry) => {
    held -= entry.bytes;
  });
  const counted = <Made extends GPUBuffer | GPUTexture>(made: Made, bytes: number): Made => {
    const entry = { bytes };
    held += bytes;
    forgotten.register(made, entry, entry);
    const destroy = made.destroy.bind(made);
    made.destroy = (): undefined => {
      held -= entry.bytes;
      entry.bytes = 0;
      destroy();
    };
    return made;
  };
  const createBuffer = device.createBuffer.bind(device);
  const createTexture = device.createTexture.bind(device);
  device.createBuffer = (asked) => counted(createBuffer(asked), asked.size);
  device.createTexture = (asked) => {
    const made = createTexture(asked);
    return counted(made, textureBytes(made));
  };
  return () => held;
}

function textureBytes({
  width,
  height,
  depthOrArrayLayers,
  mipLevelCount,
  sampleCount,
  format,
}: GPUTexture): number {
  let texels = 0;
  for (let level = 0; level < mipLevelCount; level++)
    texels += Math.max(1, width >> level) * Math.max(1, height >> level);
  return texels * depthOrArrayLayers * sampleCount * (texelBytes[format] ?? 4);
}
