import { floats, transposed } from "../../pairs";
import { entryOf, type Open, packages } from "./rival";

/** As much of jax-js as is used. Arrays are counted: who takes `ref` leaves the array to others too. */
interface JaxArray {
  readonly ref: JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Float32Array>;
  dispose(): void;
}
interface Jax {
  init(device: string): Promise<readonly string[]>;
  readonly numpy: {
    array(values: Float32Array, about: { shape: readonly number[]; device: string }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
  };
}

const openOn =
  (device: "wasm" | "webgpu"): Open =>
  async (pairs) => {
    const { neurons, trials } = pairs;
    const jax: Jax = await import(/* @vite-ignore */ `${packages}@jax-js/jax/dist/index.js`);
    if (!(await jax.init(device)).includes(device)) throw new Error(`no ${device} backend here`);
    const { array, matmul } = jax.numpy;
    const outcome = array(floats(pairs.outcome), { shape: [neurons, trials], device });
    const on = array(floats(transposed(pairs.on, trials)), { shape: [trials, neurons], device });
    let product: JaxArray | null = null;
    return {
      about: "",
      async multiply() {
        product?.dispose();
        product = await matmul(outcome.ref, on.ref).blockUntilReady();
      },
      entries: async (places) => entryOf(await product!.ref.data(), pairs, places),
      close() {
        for (const array of [outcome, on, product]) array?.dispose();
      },
    };
  };

export const openJaxGpu = openOn("webgpu");
export const openJaxWasm = openOn("wasm");
