import { LinearSRGBColorSpace, OrthographicCamera, type Scene, WebGPURenderer } from "three/webgpu";
import type { Painted, Shown, View } from "./painter";

/**
 * A flat stage for three: one unit is one CSS pixel, 0 in the middle, y upwards. Draws only
 * when asked, never sooner than the last frame allows: a software adapter needs 100 ms for one.
 */
export interface Stage extends Painted {
  look(size: Shown["size"], view: View): void;
  /** Asks for a frame; many requests make one frame. */
  draw(): void;
  /** A frame drawn at once, as PNG. */
  picture(): Promise<Blob>;
  /** Called before each frame. */
  onFrame: () => void;
  /** Resolves when the device behind it is gone: nothing is drawn any more, another stage is needed. */
  readonly lost: Promise<void>;
  dispose(): void;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * device   the one to draw on; null: with WebGL2.
 * fine     smooth edges; they take a software adapter twice as long.
 * isBusy   whether others are at work on the device now.
 * Errors   whatever three rejects with where WebGL2 cannot draw either.
 */
export async function createStage(
  canvas: OffscreenCanvas,
  device: GPUDevice | null,
  scene: Scene,
  fine: boolean,
  isBusy: () => boolean,
): Promise<Stage> {
  const renderer = new WebGPURenderer({
    canvas,
    antialias: fine,
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
  let seen: Shown["size"] | null = null;

  const leastInterval = software ? 120 : 16;
  let asked = false;
  let last = Number.NEGATIVE_INFINITY;
  let gone = false;
  const lost = device
    ? device.lost.then(() => {
        gone = true;
      })
    : new Promise<void>(() => {});

  const render = () => {
    stage.onFrame();
    renderer.render(scene, camera);
  };

  const frame = async () => {
    asked = false;
    if (gone) return;
    const begin = performance.now();
    render();
    await device?.queue.onSubmittedWorkDone().catch(() => {});
    const end = performance.now();
    // Trials get the device for at least as long as the picture took it from them.
    last = isBusy() ? end + (end - begin) : end;
  };

  const stage: Stage = {
    backend: device ? "webgpu" : "webgl2",
    software,
    look(size, { x, y, zoom }) {
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
    },
    draw() {
      if (asked) return;
      asked = true;
      const wait = Math.max(0, last + leastInterval - performance.now());
      setTimeout(() => requestAnimationFrame(() => void frame()), wait);
    },
    picture() {
      // A canvas of WebGPU can be read in the task that drew on it, and not later.
      render();
      return canvas.convertToBlob({ type: "image/png" });
    },
    onFrame: () => {},
    dispose() {
      gone = true;
      renderer.dispose();
    },
    lost,
  };
  return stage;
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
