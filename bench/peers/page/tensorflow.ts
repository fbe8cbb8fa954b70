import { floats, transposed } from "../../pairs";
import { entryOf, type Open, packages, script, threads } from "./rival";

/** As much of TensorFlow.js as is used. */
interface Tensor {
  data(): Promise<Float32Array>;
  dispose(): void;
}
interface TensorFlow {
  readonly wasm: { setWasmPaths(folder: string): void; setThreadsCount(threads: number): void };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  backend(): { readonly device?: GPUDevice };
  env(): { set(flag: string, value: number): void };
  tensor2d(values: Float32Array, shape: readonly [number, number]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
}

let loading: Promise<TensorFlow> | null = null;

async function load(): Promise<TensorFlow> {
  const folder = `${packages}@tensorflow/`;
  for (const name of ["core", "backend-wasm", "backend-webgpu"])
    await script(`${folder}tfjs-${name}/dist/tf-${name}.min.js`);
  const { tf } = globalThis as unknown as { tf: TensorFlow };
  tf.wasm.setWasmPaths(`${folder}tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(threads);
  // Commands go to the device at once, so that it can be waited for.
  tf.env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", 1);
  return tf;
}

const openOn =
  (backend: "wasm" | "webgpu"): Open =>
  async (pairs) => {
    const { neurons, trials } = pairs;
    loading ??= load();
    const tf = await loading;
    // Tensors belong to the backend they were made on, which is asked for again before each product.
    const choose = async () => {
      if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend could not be started`);
      await tf.ready();
    };
    await choose();
    const { device } = tf.backend();
    const outcome = tf.tensor2d(floats(pairs.outcome), [neurons, trials]);
    const on = tf.tensor2d(floats(transposed(pairs.on, trials)), [trials, neurons]);
    let product: Tensor | null = null;
    return {
      about: backend === "wasm" ? `${threads} threads` : "",
      ready: choose,
      async multiply() {
        product?.dispose();
        product = tf.matMul(outcome, on);
        await device?.queue.onSubmittedWorkDone();
      },
      entries: async (places) => entryOf(await product!.data(), pairs, places),
      close() {
        for (const tensor of [outcome, on, product]) tensor?.dispose();
      },
    };
  };

export const openTensorFlowGpu = openOn("webgpu");
export const openTensorFlowWasm = openOn("wasm");
