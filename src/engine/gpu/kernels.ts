import { type StructInfo, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import accumulate from "../../../shaders/accumulate.wgsl";
import choose from "../../../shaders/choose.wgsl";
import correlate from "../../../shaders/correlate.wgsl";
import count from "../../../shaders/count.wgsl";
import encrypt from "../../../shaders/encrypt.wgsl";
import evolve from "../../../shaders/evolve.wgsl";
import impose from "../../../shaders/impose.wgsl";
import perturb from "../../../shaders/perturb.wgsl";
import respond from "../../../shaders/respond.wgsl";
import square from "../../../shaders/square.wgsl";
import tally from "../../../shaders/tally.wgsl";
import type { Params } from "../../model/params";

/** Every kernel by its one name: file, entry point, GPU label and twin are called the same. */
export const shaders = {
  ...{ encrypt, perturb, choose, respond, impose, evolve, square, count, tally, accumulate, correlate },
};
export type KernelName = keyof typeof shaders;

/** WGSL says trial_from where TypeScript says trialFrom; this is the one place that knows. */
const toCamel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** A compiled kernel, addressed by the names its WGSL uses, in camelCase. */
export interface Kernel {
  readonly name: KernelName;
  /** Names of the storage bindings in binding order, the order of the twin's arguments. */
  readonly bindings: readonly string[];
  readonly written: ReadonlySet<string>;
  bind(params: GPUBuffer, buffers: Readonly<Record<string, GPUBuffer | GPUBufferBinding>>): GPUBindGroup;
  /** One dispatch that does all the work that the params describe. */
  encode(pass: GPUComputePassEncoder, group: GPUBindGroup, params: Params): void;
}

export type Kernels = Readonly<Record<KernelName, Kernel>>;

/** Workgroups of 64 invocations that a piece of work takes, kernel by kernel. */
const workgroups: Record<KernelName, (params: Params) => number> = {
  encrypt: ({ sources }) => Math.ceil(sources / 64),
  perturb: ({ neurons, words }) => Math.ceil((neurons * words) / 2 / 64),
  choose: ({ neurons, words }) => Math.ceil((neurons * words) / 2 / 64),
  impose: ({ neurons, words }) => Math.ceil((neurons * words) / 64),
  square: ({ targets, words }) => Math.ceil((targets * words * 8) / 64),
  respond: ({ targets, words }) => Math.ceil((targets * words) / 64),
  evolve: ({ targets, words }) => Math.ceil((targets * words * 8) / 64),
  count: ({ sources }) => Math.ceil((sources + 1) / 64),
  tally: ({ targets, words }) => Math.ceil((targets * Math.ceil(words / 8)) / 64),
  correlate: ({ sources, targets }) => Math.ceil((Math.ceil(sources / 4) * Math.ceil(targets / 4)) / 64),
  accumulate: ({ sources, targets }) => Math.ceil((Math.ceil(sources / 4) * Math.ceil(targets / 4)) / 64),
};

const paramsLayout = new WgslReflect(shaders.perturb).uniforms[0];
export const paramsSize: number = paramsLayout.size;
const paramsMembers = (paramsLayout.type as StructInfo).members;

/** The bytes of `struct Params`, each field where the WGSL has it. */
export function paramsBytes(params: Params): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(paramsSize));
  for (const { name, offset } of paramsMembers)
    view.setUint32(offset, params[toCamel(name) as keyof Params], true);
  return view.buffer;
}

/**
 * Compiles one kernel.
 *
 * Errors   Error that shows each message with line and column of the whole shader, and the line itself.
 */
export async function compile(device: GPUDevice, name: KernelName, code = shaders[name]): Promise<Kernel> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code });
  // Closed before anything is awaited: kernels compile side by side, and scopes are a stack.
  const scoped = device.popErrorScope();
  const info = await module.getCompilationInfo();
  const errors = info.messages.filter((message) => message.type === "error");
  if (errors.length > 0) {
    const lines = code.split("\n");
    const shown = errors.map(({ lineNum, linePos, message }) => {
      const pointer = `${" ".repeat(Math.max(linePos - 1, 0))}^`;
      return `${name}.wgsl (with its includes) ${lineNum}:${linePos}: ${message}\n  ${lines[lineNum - 1] ?? ""}\n  ${pointer}`;
    });
    throw new Error(shown.join("\n"));
  }
  const pipeline = await device.createComputePipelineAsync({
    label: name,
    layout: "auto",
    compute: { module, entryPoint: name },
  });
  const failed = await scoped;
  if (failed) throw new Error(`${name}.wgsl: ${failed.message}`);

  const slots = new WgslReflect(code).storage.sort((a, b) => a.binding - b.binding);
  const bindings = slots.map((slot) => toCamel(slot.name));
  const layout = pipeline.getBindGroupLayout(0);
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  return {
    name,
    bindings,
    written: new Set(bindings.filter((_, slot) => slots[slot].access === "read_write")),
    bind: (params, buffers) =>
      device.createBindGroup({
        label: name,
        layout,
        entries: [
          { binding: 0, resource: { buffer: params } },
          ...slots.map(({ binding }, index) => {
            const buffer = buffers[bindings[index]];
            if (!buffer) throw new Error(`${name} needs a buffer called ${bindings[index]}`);
            return { binding, resource: "buffer" in buffer ? buffer : { buffer } };
          }),
        ],
      }),
    encode: (pass, group, params) => {
      const groups = workgroups[name](params);
      const across = Math.min(groups, most);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(across, Math.ceil(groups / across));
    },
  };
}

/** Compiles all kernels side by side. */
export async function compileAll(device: GPUDevice): Promise<Kernels> {
  const names = Object.keys(shaders) as KernelName[];
  const kernels = await Promise.all(names.map((name) => compile(device, name)));
  return Object.fromEntries(kernels.map((kernel) => [kernel.name, kernel])) as Record<KernelName, Kernel>;
}
