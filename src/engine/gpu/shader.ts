import { type StructInfo, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";

/** WGSL says trial_from where TypeScript says trialFrom; this is the one place that knows. */
const toCamel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const toSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export type Bound = Readonly<Record<string, GPUBuffer | GPUBufferBinding>>;

/** The storage bindings of a shader, addressed by the names its WGSL uses, in camelCase. */
export interface Bindings {
  /** In binding order. */
  readonly names: readonly string[];
  readonly written: ReadonlySet<string>;
  /** A group of the uniform at binding 0 and these buffers; more of them than are needed may be given. */
  bind(layout: GPUBindGroupLayout, uniform: GPUBuffer, buffers: Bound): GPUBindGroup;
}

export function bindingsOf(device: GPUDevice, name: string, code: string): Bindings {
  const slots = new WgslReflect(code).storage.sort((a, b) => a.binding - b.binding);
  const names = slots.map((slot) => toCamel(slot.name));
  return {
    names,
    written: new Set(names.filter((_, slot) => slots[slot].access === "read_write")),
    bind: (layout, uniform, buffers) =>
      device.createBindGroup({
        label: name,
        layout,
        entries: [
          { binding: 0, resource: { buffer: uniform } },
          ...slots.map(({ binding }, index) => {
            const buffer = buffers[names[index]];
            if (!buffer) throw new Error(`${name} needs a buffer called ${names[index]}`);
            return { binding, resource: "buffer" in buffer ? buffer : { buffer } };
          }),
        ],
      }),
  };
}

/** The struct of a shader's uniform: its size, and its bytes from values by name. */
export interface UniformLayout<Values> {
  readonly size: number;
  bytes(values: Values): ArrayBuffer;
}

/** Each field is where the WGSL has it; floats and whole numbers as the WGSL says. */
export function uniformOf<Values>(code: string): UniformLayout<Values> {
  const [{ size, type }] = new WgslReflect(code).uniforms;
  const { members } = type as StructInfo;
  return {
    size,
    bytes(values) {
      const view = new DataView(new ArrayBuffer(size));
      for (const { name, offset, type: field } of members) {
        const value = values[toCamel(name) as keyof Values] as number;
        if (field.name === "f32") view.setFloat32(offset, value, true);
        else view.setUint32(offset, value, true);
      }
      return view.buffer;
    },
  };
}

/**
 * A shader's module and what it is made into.
 *
 * Errors   Error that shows each message with line and column of the whole shader, and the line itself.
 */
export async function compileShader<Pipeline>(
  device: GPUDevice,
  name: string,
  code: string,
  make: (module: GPUShaderModule) => Promise<Pipeline>,
): Promise<Pipeline> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code });
  // Closed before anything is awaited: kernels compile side by side, and scopes are a stack.
  const scoped = device.popErrorScope();
  // A device that is gone fails whatever is awaited first; the scope's failure would be left to nobody.
  scoped.catch(() => {});
  const info = await module.getCompilationInfo();
  const errors = info.messages.filter((message) => message.type === "error");
  if (errors.length > 0) {
    const lines = code.split("\n");
    const shown = errors.map(({ lineNum, linePos, message }) => {
      const pointer = `${" ".repeat(Math.max(linePos - 1, 0))}^`;
      return `${toSnake(name)}.wgsl (with its includes) ${lineNum}:${linePos}: ${message}\n  ${lines[lineNum - 1] ?? ""}\n  ${pointer}`;
    });
    throw new Error(shown.join("\n"));
  }
  const pipeline = await make(module);
  const failed = await scoped;
  if (failed) throw new Error(`${toSnake(name)}.wgsl: ${failed.message}`);
  return pipeline;
}

/** A compiled shader that computes. */
export interface ComputeShader extends Omit<Bindings, "bind"> {
  bind(uniform: GPUBuffer, buffers: Bound): GPUBindGroup;
  /** Adds one run of it to a pass; workgroups that one dimension cannot hold are folded into rows. */
  encode(pass: GPUComputePassEncoder, group: GPUBindGroup, groups: number): void;
}

/**
 * The shader whose entry point is called as it is itself.
 *
 * Errors   see compileShader.
 */
export async function computeShader(
  device: GPUDevice,
  name: string,
  code: string,
  constants: Readonly<Record<string, number>> = {},
): Promise<ComputeShader> {
  const pipeline = await compileShader(device, name, code, (module) =>
    device.createComputePipelineAsync({
      label: name,
      layout: "auto",
      compute: { module, entryPoint: toSnake(name), constants: constants as Record<string, number> },
    }),
  );
  const { names, written, bind } = bindingsOf(device, name, code);
  const layout = pipeline.getBindGroupLayout(0);
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  return {
    names,
    written,
    bind: (uniform, buffers) => bind(layout, uniform, buffers),
    encode: (pass, group, groups) => {
      const across = Math.min(groups, most);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(across, Math.ceil(groups / across));
    },
  };
}
