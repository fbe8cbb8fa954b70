import matrixCode from "../../../shaders/matrix.wgsl";
import poolCode from "../../../shaders/pool.wgsl";
import { storage, uniform } from "./buffers";
import { bindingsOf, compileShader, computeShader, uniformOf } from "./shader";

/** What the kernels of pictures read of a run, as it is between two chunks. */
export interface SumBuffers {
  readonly trials: number;
  readonly targets: number;
  readonly sources: number;
  readonly perturbed: GPUBuffer;
  readonly outcomes: readonly [low: GPUBuffer, high: GPUBuffer];
  /** The perturbations of the last chunk, `words` of them a neuron, and the place of its last trial; −1: none yet. */
  readonly last: { readonly perturbation: GPUBuffer; readonly words: number; readonly trial: number };
  /** The pair sums, in tiles of whole rows; high is null as long as it is not needed. */
  readonly tiles: readonly { from: number; rows: number; low: GPUBuffer; high: GPUBuffer | null }[];
}

/** A part of the matrix, rows = targets, columns = places in the list of sources. */
export interface Window {
  readonly rowFrom: number;
  readonly rows: number;
  readonly columnFrom: number;
  readonly columns: number;
}

/** Colours of a theme, each one word, red in the lowest byte. */
export interface Ramp {
  /** [513] from the largest negative effect to the largest positive. */
  readonly scale: Uint32Array;
  readonly missing: number;
}

/** Colours of a ramp's scale. */
export const rampSteps = 513;

/** The words of a ramp as shaders have them: the scale, then missing. */
export const rampWords = ({ scale, missing }: Ramp) => Uint32Array.of(...scale, missing);

/** How a matrix is to be drawn. */
export interface Appearance {
  readonly window: Window;
  /** Pixels wanted, at most; a block of pairs for each. */
  readonly width: number;
  readonly height: number;
  /** A pixel shows the largest effect of its block, or the mean. */
  readonly pooling: "largest" | "mean";
  /** Effect of full colour, outcome per perturbation. */
  readonly scale: number;
}

/** `struct Picture` of shaders/lib/picture.wgsl. */
interface PictureValues extends Window {
  readonly trials: number;
  readonly sources: number;
  readonly blockRows: number;
  readonly blockColumns: number;
  readonly width: number;
  readonly height: number;
  readonly tileFrom: number;
  readonly tileRows: number;
  readonly pixelFrom: number;
  readonly pixelRows: number;
  readonly hasHigh: number;
  readonly mean: number;
  readonly scale: number;
}

const layout = uniformOf<PictureValues>(poolCode);

/** Of `struct Pixel`. */
const pixelBytes = 20;

/** Pairs that one submission may pool: some 50 ms of a software adapter. */
const pairsAtOnce = 2 ** 22;

/** Draws matrices from the sums where they are: nothing is read back. */
export interface MatrixLook {
  setRamp(ramp: Ramp): void;
  /**
   * Pools a window of the sums and draws it over the whole of a canvas.
   *
   * target   gives a texture of the format that the look was made for, once it is time to draw: a canvas's own
   *          lives no longer than a task.
   */
  draw(sums: SumBuffers, appearance: Appearance, target: () => GPUTexture): Promise<void>;
  /** The pooled pixels of the last picture, for tests: [height × width × 5], see `struct Pixel` of shaders/lib/picture.wgsl. */
  readonly pixels: GPUBuffer;
  release(): void;
}

/**
 * Errors   see compileShader.
 */
export async function createMatrixLook(device: GPUDevice, format: GPUTextureFormat): Promise<MatrixLook> {
  const [pool, pipeline] = await Promise.all([
    computeShader(device, "pool", poolCode),
    compileShader(device, "matrix", matrixCode, (module) =>
      device.createRenderPipelineAsync({
        label: "matrix",
        layout: "auto",
        vertex: { module, entryPoint: "corner" },
        fragment: { module, entryPoint: "matrix", targets: [{ format }] },
      }),
    ),
  ]);
  const drawn = bindingsOf(device, "matrix", matrixCode);
  const values = uniform(device, "picture", layout.size);
  const ramp = storage(device, "ramp", 4 * (rampSteps + 1));
  const noHigh = storage(device, "no high words", 4);
  let pixels = storage(device, "pixel", pixelBytes);

  const submit = (given: PictureValues, encode: (encoder: GPUCommandEncoder) => void) => {
    device.queue.writeBuffer(values, 0, layout.bytes(given));
    const encoder = device.createCommandEncoder();
    encode(encoder);
    device.queue.submit([encoder.finish()]);
  };

  return {
    get pixels() {
      return pixels;
    },
    setRamp: (given) => device.queue.writeBuffer(ramp, 0, rampWords(given)),
    async draw(sums, { window, width: most, height: tall, pooling, scale }, target) {
      const blockRows = Math.ceil(window.rows / tall);
      const blockColumns = Math.ceil(window.columns / most);
      const width = Math.ceil(window.columns / blockColumns);
      const height = Math.ceil(window.rows / blockRows);
      if (pixels.size < pixelBytes * width * height) {
        pixels.destroy();
        pixels = storage(device, "pixel", pixelBytes * width * height);
      }
      const whole: PictureValues = {
        ...window,
        ...{ blockRows, blockColumns, width, height, scale },
        trials: sums.trials,
        sources: sums.sources,
        mean: pooling === "mean" ? 1 : 0,
        tileFrom: 0,
        tileRows: 0,
        pixelFrom: 0,
        pixelRows: 0,
        hasHigh: 0,
      };
      const [outcomeLow, outcomeHigh] = sums.outcomes;
      const pixelRows = Math.max(1, Math.floor(pairsAtOnce / (blockRows * window.columns)));
      for (const { from, rows, low, high } of sums.tiles) {
        const first = Math.max(0, Math.floor((from - window.rowFrom) / blockRows));
        const end = Math.min(height, Math.ceil((from + rows - window.rowFrom) / blockRows));
        for (let pixelFrom = first; pixelFrom < end; pixelFrom += pixelRows) {
          const part = { pixelFrom, pixelRows: Math.min(pixelRows, end - pixelFrom) };
          const given = { ...whole, ...part, tileFrom: from, tileRows: rows, hasHigh: high ? 1 : 0 };
          submit(given, (encoder) => {
            const pass = encoder.beginComputePass();
            const bound = pool.bind(values, {
              perturbedLow: sums.perturbed,
              ...{ outcomeLow, outcomeHigh, pairLow: low, pairHigh: high ?? noHigh, pixel: pixels },
            });
            pool.encode(pass, bound, Math.ceil((part.pixelRows * width) / 64));
            pass.end();
          });
          await device.queue.onSubmittedWorkDone();
        }
      }
      submit(whole, (encoder) => {
        const pass = encoder.beginRenderPass({
          colorAttachments: [{ view: target().createView(), loadOp: "clear", storeOp: "store" }],
        });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, drawn.bind(pipeline.getBindGroupLayout(0), values, { pixel: pixels, ramp }));
        pass.draw(3);
        pass.end();
      });
    },
    release: () => {
      for (const buffer of [values, ramp, noHigh, pixels]) buffer.destroy();
    },
  };
}
