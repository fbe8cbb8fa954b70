import type { Limits } from "../../model/plan";

export interface OpenDevice {
  readonly device: GPUDevice;
  /** The adapter, as it names itself. */
  readonly adapter: string;
  readonly limits: Limits;
}

/** No API tells how much memory an adapter has; a task that needs more than this is refused. */
const totalBytes = 4 * 2 ** 30;

function nameOf({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  const name = description || device;
  const maker = [vendor, architecture].filter(Boolean).join(" ");
  if (!name) return maker || "unnamed adapter";
  return !maker || name.toLowerCase().includes(vendor.toLowerCase()) ? name : `${name} (${maker})`;
}

/**
 * A device with the adapter's own limits instead of the small defaults.
 *
 * Errors   Error with one sentence for a person: no adapter, or it grants no device.
 */
export async function openDevice(gpu: GPU): Promise<OpenDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter)
    throw new Error("WebGPU is here but has no adapter: no graphics driver that it can use was found");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    label: "perturbation lab",
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  return {
    device,
    adapter: nameOf(adapter.info),
    limits: { bindingBytes: Math.min(maxBufferSize, maxStorageBufferBindingSize), totalBytes },
  };
}
