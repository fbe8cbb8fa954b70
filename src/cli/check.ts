import { check as checkKernels, type KernelCheck, sizes } from "../engine/gpu/check";
import { openDevice } from "../engine/gpu/device";
import { compileAll } from "../engine/gpu/kernels";
import { closeNodeGpu, openNodeGpu } from "../engine/gpu/node";
import { inLines, progressOf } from "./report";

/** The JSON of `check`. */
export interface Check {
  readonly adapter: string;
  readonly kernels: readonly KernelCheck[];
}

/**
 * Every kernel against its twin on this machine's adapter.
 *
 * Errors   Error if there is no adapter: nothing can be checked then.
 */
export async function check(): Promise<Check> {
  const { device, adapter } = await openDevice(await openNodeGpu());
  const progress = progressOf("sizes", 0, sizes.length);
  try {
    return { adapter, kernels: await checkKernels(device, await compileAll(device), progress.at) };
  } finally {
    progress.end();
    device.destroy();
    closeNodeGpu();
  }
}

/** A check for a person. */
export function describeCheck({ adapter, kernels }: Check): string {
  const rows = kernels.map(({ name, words, different, first }) => {
    const where = first
      ? `, first ${first.binding}[${first.index}]: GPU ${first.gpu}, CPU ${first.twin}`
      : "";
    return `${name.padEnd(12)}${words.toLocaleString("en").padStart(12)} words, ${different.toLocaleString("en")} different${where}`;
  });
  return inLines([adapter, ...rows]);
}
