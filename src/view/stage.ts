import {
  LinearSRGBColorSpace,
  OrthographicCamera,
  Scene,
  type StorageBufferAttribute,
  WebGPURenderer,
} from "three/webgpu";
import { frames } from "./frames";
import type { Painted, Shown } from "./painter";
import { changed, type Uploader } from "./storageWords";

/**
 * A flat stage for three: one unit is one CSS pixel, 0 in the middle, y upwards. Draws only
 * when asked, never sooner than the last frame allows: a software adapter needs 100 ms for one.
 */
export interface Stage extends Painted, Uploader {
  look(shown: Pick<Shown, "size" | "view" | "network">): void;
  /** Asks for a frame; many requests make one frame. */
  draw(): void;
  /** A frame drawn at once, as PNG. */
  picture(): Promise<Blob>;
  /**
   * Called for each frame: readies the scene and has it rendered, at a moment that suits.
   *
   * must   this very frame is wanted, and not one that is drawn anyway.
   */
  onFrame: (render: () => void, must: boolean) => Promise<void>;
  /** Resolves when the device behind it is gone: nothing is drawn any more, another stage is needed. */
  readonly lost: Promise<void>;
  dispose(): void;
}

/** Milliseconds from one frame to the next: a software adapter has no time for more. */
const leastInterval = (software: boolean) => (software ? 120 : 16);

/** Neurons up to which a software adapter draws smooth edges, which take it twice as long: a ball of arrows is slow without. */
const mostSmooth = 64;

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * device   the one to draw on; null: with WebGL2.
 * isBusy   whether others are at work on the device now.
 * Errors   whatever three rejects with where WebGL2 cannot draw either.
 */
export async function createStage(
  canvas: OffscreenCanvas,
  device: GPUDevice | null,
  scene: Scene,
  isBusy: () => boolean,
): Promise<Stage> {
  const renderer = new WebGPURenderer({
    canvas,
    antialias: true,
    alpha: true,
    depth: false,
    ...(device ? { device } : { forceWebGL: true }),
  });
  // Colours are given as the screen shows them and blend as CSS does; so no output pass is needed.
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.setClearColor(0x000000, 0);
  await renderer.init();
  // three would wake up at every display frame for nodes that change with time; there are none.
  (renderer as unknown as { _animation: { stop(): void } })._animation.stop();
  const software = isSoftware(device, canvas);
  const camera = new OrthographicCamera(-1, 1, 1, -1, -10, 10);
  // The same objects in a scene of its own: three then keeps the pipelines of both numbers of samples, where it would build
  // them anew at every turn. SwiftShader remembers the code of hundreds that are long gone.
  const coarse = new Scene();
  coarse.children = scene.children;
  let drawn = scene;
  let seen: Shown["size"] | null = null;

  let gone = false;
  const lost = device
    ? device.lost.then(() => {
        gone = true;
      })
    : new Promise<void>(() => {});

  const draw = frames(
    async () => {
      let begun = performance.now();
      if (gone) return begun;
      await stage.onFrame(() => {
        begun = performance.now();
        if (!gone) renderer.render(drawn, camera);
      }, false);
      await device?.queue.onSubmittedWorkDone().catch(() => {});
      return begun;
    },
    leastInterval(software),
    isBusy,
  );

  const stage: Stage = {
    backend: device ? "webgpu" : "webgl2",
    software,
    look({ size, view: { x, y, zoom }, network: { neurons } }) {
      if (size !== seen) {
        seen = size;
        renderer.setPixelRatio(software ? 1 : Math.min(size.ratio, 2));
        renderer.setSize(size.width, size.height, false);
      }
      camera.left = -size.width / 2;
      camera.right = size.width / 2;
      camera.top = size.height / 2;
      camera.bottom = -size.height / 2;
      camera.position.set(x, y, 0);
      camera.zoom = zoom;
      camera.updateProjectionMatrix();
      // With WebGL2 the canvas has settled it. Another canvas would take another renderer with pipelines of its own, and
      // three keeps each renderer for as long as the device lives.
      const isCoarse = device !== null && software && neurons > mostSmooth;
      (renderer as unknown as Sampling)._samples = isCoarse ? 0 : 4;
      drawn = isCoarse ? coarse : scene;
    },
    draw,
    async picture() {
      let blob: Promise<Blob> | null = null;
      await stage.onFrame(() => {
        renderer.render(drawn, camera);
        // A canvas of WebGPU can be read in the task that drew on it, and not later.
        blob = canvas.convertToBlob({ type: "image/png" });
      }, true);
      if (blob === null) throw new Error("the picture was not drawn");
      return blob;
    },
    upload(attribute, numbers) {
      if (!device) {
        if (numbers > 0) changed(attribute, numbers);
        return null;
      }
      // three would bring it over in the midst of a frame; our own kernels write into it before that.
      const backend = renderer.backend as unknown as StorageBackend;
      if (!backend.get(attribute).buffer) backend.createStorageAttribute(attribute);
      else if (numbers > 0) {
        attribute.clearUpdateRanges();
        attribute.addUpdateRange(0, numbers);
        backend.updateAttribute(attribute);
      }
      return backend.get(attribute).buffer ?? null;
    },
    onFrame: async (render) => render(),
    dispose() {
      gone = true;
      renderer.dispose();
    },
    lost,
  };
  return stage;
}

/** Samples of a pixel. The renderer looks at every frame what they are; not in its types, so its version is pinned. */
interface Sampling {
  _samples: number;
}

/** What of three's WebGPU backend brings storage buffers to the device: not in its types, so its version is pinned. */
interface StorageBackend {
  get(attribute: StorageBufferAttribute): { buffer?: GPUBuffer };
  createStorageAttribute(attribute: StorageBufferAttribute): void;
  updateAttribute(attribute: StorageBufferAttribute): void;
}

function isSoftware(device: GPUDevice | null, canvas: OffscreenCanvas): boolean {
  if (device) {
    const info = (device as GPUDevice & { adapterInfo?: GPUAdapterInfo }).adapterInfo;
    return softwareNames.test([info?.vendor, info?.architecture, info?.device, info?.description].join(" "));
  }
  const context = canvas.getContext("webgl2");
  const debug = context?.getExtension("WEBGL_debug_renderer_info");
  return debug ? softwareNames.test(String(context?.getParameter(debug.UNMASKED_RENDERER_WEBGL))) : false;
}
