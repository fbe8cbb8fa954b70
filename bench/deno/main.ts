import { check, type KernelCheck } from "../../src/engine/gpu/check";
import { openDevice } from "../../src/engine/gpu/device";
import { engineOn } from "../../src/engine/gpu/engine";
import { compileAll } from "../../src/engine/gpu/kernels";
import { type VariantName, variantNames } from "../../src/engine/gpu/variants";
import { hashesOf } from "./tasks";

// Runs under deno, where navigator.gpu is wgpu: its own WGSL compiler, its own checks, its own way to the driver.

/** The one line on standard output. */
export interface Found {
  readonly adapter: string;
  /** Of every task, by each kernel that adds pairs up. */
  readonly hashes: Readonly<Record<VariantName, readonly string[]>>;
  readonly kernels: readonly KernelCheck[];
}

const open = await openDevice(navigator.gpu);
const hashes: Partial<Record<VariantName, readonly string[]>> = {};
for (const variant of variantNames) {
  console.error(`wgpu: ${variant}`);
  hashes[variant] = await hashesOf(await engineOn(open, undefined, variant));
}
const kernels = await check(open.device, await compileAll(open.device), (done, of) =>
  console.error(`wgpu: ${done} of ${of} sizes of every kernel`),
);
open.device.destroy();
console.log(JSON.stringify({ adapter: open.adapter, hashes, kernels }));
