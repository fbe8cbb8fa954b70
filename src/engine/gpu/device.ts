import type { Limits } from "../../model/plan";

/** There is no adapter here, or it grants no device: nothing is wrong, only the GPU is not to be had. */
export class NoAdapter extends Error {
  override readonly name = "NoAdapter";
}

export interface OpenDevice {
  readonly device: GPUDevice;
  /** The adapter, as it names itself. */
  readonly adapter: string;
  /** The processor does the adapter's work. */
  readonly isSoftware: boolean;
  readonly limits: Limits;
  /** Milliseconds within which the device has to answer; after that it counts as lost. */
  readonly patience: number;
  /** Why the device was lost, or null while it works. */
  lost: string | null;
  /** Told when the device is lost: who waits for it, and nobody longer than that. */
  readonly waiting: Set<() => void>;
}

/** In names of adapters (llvmpipe is Mesa's, Basic Render Microsoft's) and of driver files (lvp, lavapipe). */
const software = /swiftshader|llvmpipe|lavapipe|lvp_icd|basic render/i;

/** Whether a name, of an adapter or of a driver's file, is that of one in software. */
export const namesSoftware = (name: string): boolean => software.test(name);

export const isSoftware = ({
  isFallbackAdapter,
  architecture,
  device,
  description,
}: GPUAdapterInfo): boolean => isFallbackAdapter || namesSoftware(`${architecture} ${device} ${description}`);

/** No API tells how much memory an adapter has; a task that needs more than this is refused. */
const totalBytes = 4 * 2 ** 30;

/** A submission takes 50 milliseconds, and browsers reset a device of their own accord after 30 seconds at most. */
const mostPatience = 30_000;

function nameOf({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  const name = description || device;
  const maker = [vendor, architecture].filter(Boolean).join(" ");
  if (!name) return maker || "unnamed adapter";
  return !maker || name.toLowerCase().includes(vendor.toLowerCase()) ? name : `${name} (${maker})`;
}

/** Errors   NoAdapter if there is no answer in time. */
async function answered<T>(patience: number, asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const words = `the graphics driver did not answer for ${patience / 1000} seconds`;
    timer = setTimeout(() => reject(new NoAdapter(words)), patience);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A device with the adapter's own limits instead of the small defaults.
 *
 * Errors   NoAdapter with one sentence for a person.
 */
export async function openDevice(gpu: GPU, patience = mostPatience): Promise<OpenDevice> {
  const adapter = await answered(patience, gpu.requestAdapter({ powerPreference: "high-performance" }));
  if (!adapter)
    throw new NoAdapter("WebGPU is here but has no adapter: no graphics driver that it can use was found");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
  const asked = adapter
    .requestDevice({ label: "perturbation lab", requiredLimits })
    .catch((error: unknown) => {
      throw new NoAdapter(`the adapter grants no device: ${error instanceof Error ? error.message : error}`);
    });
  const device = await answered(patience, asked);
  const open: OpenDevice = {
    device,
    adapter: nameOf(adapter.info),
    isSoftware: isSoftware(adapter.info),
    limits: { bindingBytes: Math.min(maxBufferSize, maxStorageBufferBindingSize), totalBytes },
    patience,
    lost: null,
    waiting: new Set(),
  };
  // One listener for all runs: each would keep its run's network for as long as the device lives.
  void device.lost.then(({ message }) => {
    open.lost ??= message || "the device was lost";
    for (const tell of open.waiting) tell();
  });
  // A lost device answers null, as the standard has it. Chromium refuses where its GPU process has ended, and three, which
  // draws on the same device, leaves that to nobody.
  const pop = device.popErrorScope.bind(device);
  device.popErrorScope = () =>
    pop().catch(async (error: unknown) => {
      if (await isLost(open)) return null;
      throw error;
    });
  return open;
}

/** Milliseconds. */
const newsTime = 200;

/** Whether something went wrong because the device is lost: the news of it may come a moment later. */
export async function isLost(open: OpenDevice): Promise<boolean> {
  if (open.lost === null)
    await Promise.race([open.device.lost, new Promise((resolve) => setTimeout(resolve, newsTime))]);
  return open.lost !== null;
}
