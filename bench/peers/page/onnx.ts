import { floats, transposed } from "../../pairs";
import { matrixModel } from "./onnxModel";
import { entryOf, type Open, packages, threads } from "./rival";

/** As much of ONNX Runtime Web as is used. */
interface Tensor {
  readonly data: Float32Array | Int32Array;
  getData(): Promise<Float32Array | Int32Array>;
  dispose(): void;
}
interface Session {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}
interface Runtime {
  readonly env: {
    readonly wasm: { wasmPaths?: string; numThreads?: number };
    readonly webgpu: { readonly device: Promise<GPUDevice> };
  };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: (new (
    type: "float32" | "uint8",
    data: Float32Array | Uint8Array,
    shape: readonly number[],
  ) => Tensor) & {
    fromGpuBuffer(buffer: GPUBuffer, about: { dataType: "float32"; dims: readonly number[] }): Tensor;
  };
}

let loading: Promise<Runtime> | null = null;

async function load(): Promise<Runtime> {
  const folder = `${packages}onnxruntime-web/dist/`;
  const ort: Runtime = await import(/* @vite-ignore */ `${folder}ort.webgpu.min.mjs`);
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = threads;
  return ort;
}

const openWith =
  (on: "wasm" | "webgpu", type: "MatMul" | "MatMulInteger"): Open =>
  async (pairs) => {
    const { neurons, trials } = pairs;
    loading ??= load();
    const ort = await loading;
    const isGpu = on === "webgpu";
    const session = await ort.InferenceSession.create(matrixModel(type, neurons, trials), {
      executionProviders: [on],
      ...(isGpu && { preferredOutputLocation: "gpu-buffer" }),
    });
    const device = isGpu ? await ort.env.webgpu.device : null;
    const buffers: GPUBuffer[] = [];
    const put = (bytes: Uint8Array, dims: readonly number[]) => {
      if (type === "MatMulInteger") return new ort.Tensor("uint8", bytes, dims);
      const values = floats(bytes);
      if (!device) return new ort.Tensor("float32", values, dims);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const buffer = device.createBuffer({ size: values.byteLength, usage });
      device.queue.writeBuffer(buffer, 0, values);
      buffers.push(buffer);
      return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
    };
    const feeds = {
      outcome: put(pairs.outcome, [neurons, trials]),
      on: put(transposed(pairs.on, trials), [trials, neurons]),
    };
    let product: Tensor | null = null;
    return {
      about: isGpu ? "" : `${type}, ${threads} threads`,
      async multiply() {
        product?.dispose();
        product = (await session.run(feeds)).product;
        await device?.queue.onSubmittedWorkDone();
      },
      entries: async (places) => entryOf(await product!.getData(), pairs, places),
      async close() {
        product?.dispose();
        for (const buffer of buffers) buffer.destroy();
        await session.release();
      },
    };
  };

export const openOnnxGpu = openWith("webgpu", "MatMul");
export const openOnnxWasm = openWith("wasm", "MatMul");
export const openOnnxBytes = openWith("wasm", "MatMulInteger");
