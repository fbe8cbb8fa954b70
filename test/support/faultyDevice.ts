// A GPU that does as it is told but for one call, in a way that GPUs and their drivers are known for.

/** What goes wrong. */
export type FaultKind =
  | "lost"
  | "refused"
  | "out of memory"
  | "validation error"
  | "silent zeros"
  | "late answer"
  | "compile failure";

/** Calls of a GPU, its device, its queue, its encoders and buffers, that a fault can meet. */
export type Stage =
  | "requestAdapter"
  | "requestDevice"
  | "createShaderModule"
  | "createComputePipelineAsync"
  | "createBuffer"
  | "writeBuffer"
  | "copy"
  | "dispatch"
  | "submit"
  | "workDone"
  | "map"
  | "popErrorScope";

/** What can go wrong in a call. */
export const faultsOf: Record<Stage, readonly FaultKind[]> = {
  requestAdapter: ["refused", "late answer"],
  requestDevice: ["refused", "late answer", "lost"],
  createShaderModule: ["compile failure", "lost"],
  createComputePipelineAsync: ["lost", "late answer"],
  createBuffer: ["out of memory", "validation error", "lost"],
  writeBuffer: ["silent zeros", "lost"],
  copy: ["silent zeros", "lost"],
  dispatch: ["silent zeros", "validation error", "lost"],
  submit: ["silent zeros", "validation error", "lost"],
  workDone: ["lost", "late answer"],
  map: ["silent zeros", "lost", "late answer"],
  popErrorScope: ["lost", "late answer"],
};

/** A call, by its stage and by what it is about: a buffer's label, a kernel's name. */
export interface Call {
  readonly stage: Stage;
  readonly about: string;
}

export interface Fault extends Call {
  readonly kind: FaultKind;
  /** It meets the call that is the so manyth of its name; 1 is the first. */
  readonly number: number;
  /** And all calls of its name after that, for good. */
  readonly stays?: boolean;
}

/** What is asked for and does not come. */
const never = new Promise<never>(() => {});

/** A GPU whose devices tell of every call, and fail at one, once. */
export class FaultyGpu {
  readonly gpu: GPU;
  /** Calls since the last one was armed. */
  calls: Call[] = [];
  /** The fault has met its call. */
  met = false;
  private fault: Fault | null = null;

  constructor(real: GPU) {
    this.gpu = within(real, {
      requestAdapter: async (options: GPURequestAdapterOptions) => {
        const kind = this.meets(null, "requestAdapter", "");
        if (kind === "refused") return null;
        const adapter = await (kind ? never : real.requestAdapter(options));
        return adapter && within(adapter, { requestDevice: this.requestDevice.bind(this, adapter) });
      },
    });
  }

  private async requestDevice(adapter: GPUAdapter, asked: GPUDeviceDescriptor): Promise<GPUDevice> {
    const kind = this.meets(null, "requestDevice", "");
    if (kind === "refused") throw new DOMException("no more devices", "OperationError");
    const device = await (kind === "late answer" ? never : adapter.requestDevice(asked));
    if (kind === "lost") device.destroy();
    return this.device(device);
  }

  arm(fault: Fault | null): void {
    this.fault = fault;
    this.calls = [];
    this.met = false;
  }

  /** The kind of the fault that meets this call, if one does. */
  private meets(device: GPUDevice | null, stage: Stage, about: string): FaultKind | null {
    this.calls.push({ stage, about });
    const { fault } = this;
    if (!fault || fault.stage !== stage || fault.about !== about || (this.met && !fault.stays)) return null;
    const number = this.calls.filter((call) => call.stage === stage && call.about === about).length;
    if (number < fault.number) return null;
    this.met = true;
    if (fault.kind === "lost") device?.destroy();
    return fault.kind;
  }

  private device(real: GPUDevice): GPUDevice {
    const meets = (stage: Stage, about: string) => this.meets(real, stage, about);
    const answer = <T>(stage: Stage, about: string, ask: () => Promise<T>): Promise<T> =>
      meets(stage, about) === "late answer" ? never : ask();
    /** Scopes of the device, to which an error of our own is added. */
    const scopes: { readonly filter: GPUErrorFilter; error: GPUError | null }[] = [];
    const complain = (filter: GPUErrorFilter, message: string) => {
      const scope = scopes.findLast((open) => open.filter === filter);
      if (scope) scope.error ??= { message };
    };

    const queue = within(real.queue, {
      submit: (buffers: GPUCommandBuffer[]) => {
        const kind = meets("submit", "");
        if (kind === "silent zeros") return;
        if (kind === "validation error") return complain("validation", "the submission is invalid");
        real.queue.submit(buffers);
      },
      writeBuffer: (buffer: GPUBuffer, at: number, data: GPUAllowSharedBufferSource) => {
        if (meets("writeBuffer", buffer.label) !== "silent zeros") real.queue.writeBuffer(buffer, at, data);
      },
      onSubmittedWorkDone: () => answer("workDone", "", () => real.queue.onSubmittedWorkDone()),
    });

    const passOf = (pass: GPUComputePassEncoder): GPUComputePassEncoder => {
      let kernel = "";
      return within(pass, {
        setPipeline: (pipeline: GPUComputePipeline) => {
          kernel = pipeline.label;
          pass.setPipeline(pipeline);
        },
        dispatchWorkgroups: (across: number, down: number) => {
          const kind = meets("dispatch", kernel);
          if (kind === "silent zeros") return;
          if (kind === "validation error") return complain("validation", "the dispatch is invalid");
          pass.dispatchWorkgroups(across, down);
        },
      });
    };

    const encoderOf = (encoder: GPUCommandEncoder): GPUCommandEncoder =>
      within(encoder, {
        beginComputePass: () => passOf(encoder.beginComputePass()),
        copyBufferToBuffer: (from: GPUBuffer, at: number, to: GPUBuffer, where: number, bytes: number) => {
          if (meets("copy", to.label) !== "silent zeros")
            encoder.copyBufferToBuffer(from, at, to, where, bytes);
        },
      });

    return within(real, {
      queue,
      createBuffer: (asked: GPUBufferDescriptor) => {
        const label = asked.label ?? "";
        const kind = meets("createBuffer", label);
        const fails = kind === "out of memory" || kind === "validation error";
        if (fails) {
          complain(kind === "out of memory" ? "out-of-memory" : "validation", `no buffer ${label}`);
          // A buffer that is not there, as after a real error; that is not told twice.
          real.pushErrorScope("validation");
        }
        const buffer = real.createBuffer(fails ? { ...asked, usage: 0 } : asked);
        if (fails) void real.popErrorScope();
        return this.mapped(buffer, meets);
      },
      createShaderModule: (asked: GPUShaderModuleDescriptor) => {
        const isBroken = meets("createShaderModule", asked.label ?? "") === "compile failure";
        return real.createShaderModule(
          isBroken ? { ...asked, code: `${asked.code}\nfn broken() { let x = ; }\n` } : asked,
        );
      },
      createComputePipelineAsync: (asked: GPUComputePipelineDescriptor) =>
        answer("createComputePipelineAsync", asked.label ?? "", () => real.createComputePipelineAsync(asked)),
      createCommandEncoder: (asked?: GPUCommandEncoderDescriptor) =>
        encoderOf(real.createCommandEncoder(asked)),
      pushErrorScope: (filter: GPUErrorFilter) => {
        scopes.push({ filter, error: null });
        real.pushErrorScope(filter);
      },
      popErrorScope: () => {
        const scope = scopes.pop();
        const popped = real.popErrorScope();
        return answer(
          "popErrorScope",
          scope?.filter ?? "",
          async () => (await popped) ?? scope?.error ?? null,
        );
      },
    });
  }

  /** Native calls take the buffer itself, so that its own methods are replaced. */
  private mapped(buffer: GPUBuffer, meets: (stage: Stage, about: string) => FaultKind | null): GPUBuffer {
    const mapAsync = buffer.mapAsync.bind(buffer);
    const getMappedRange = buffer.getMappedRange.bind(buffer);
    let kind: FaultKind | null = null;
    buffer.mapAsync = (mode) => {
      kind = meets("map", buffer.label);
      return kind === "late answer" ? never : mapAsync(mode);
    };
    buffer.getMappedRange = () => (kind === "silent zeros" ? new ArrayBuffer(buffer.size) : getMappedRange());
    return buffer;
  }
}

/** A native object with some of its members replaced; the others are its own. */
function within<T extends object>(real: T, replaced: Record<string, unknown>): T {
  return new Proxy(real, {
    get(_, name) {
      if (typeof name === "string" && Object.hasOwn(replaced, name)) return replaced[name];
      const value = Reflect.get(real, name) as unknown;
      return typeof value === "function" ? value.bind(real) : value;
    },
    set(_, name, value) {
      if (typeof name !== "string" || !Object.hasOwn(replaced, name)) return Reflect.set(real, name, value);
      replaced[name] = value;
      return true;
    },
  });
}
