import { LinearSRGBColorSpace, OrthographicCamera, Scene, WebGPURenderer } from "three/webgpu";

/**
 * A flat stage for three: one unit is one CSS pixel, 0 in the middle, y upwards. Draws only
 * when asked, never sooner than the last frame allows: a software adapter needs 100 ms for one.
 */
export interface Stage {
  readonly scene: Scene;
  readonly camera: OrthographicCamera;
  /** "webgpu" or "webgl2". */
  readonly backend: string;
  readonly software: boolean;
  resize(width: number, height: number): void;
  /** Asks for a frame; many requests make one frame. */
  draw(): void;
  /** Draws in this very task, for who reads the canvas in it: afterwards it may be empty. */
  drawNow(): void;
  /** Called at each frame, for what lies over the picture and must change with it. */
  onFrame: () => void;
  /** Resolves when the device behind it is gone: nothing is drawn any more, another stage is needed. */
  readonly lost: Promise<void>;
  dispose(): void;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * fine     smooth edges; they take a software adapter twice as long.
 * Errors   whatever three rejects with where neither WebGPU nor WebGL2 can draw.
 */
export async function createStage(
  canvas: HTMLCanvasElement,
  scene = new Scene(),
  camera = new OrthographicCamera(-1, 1, 1, -1, -10, 10),
  fine = true,
): Promise<Stage> {
  const renderer = new WebGPURenderer({ canvas, antialias: fine, alpha: true, depth: false });
  // Colours are given as the screen shows them and blend as CSS does; so no output pass is needed.
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.setClearColor(0x000000, 0);
  await renderer.init();
  const backend = renderer.backend as unknown as { isWebGPUBackend?: boolean; device?: GPUDevice };
  const device = backend.isWebGPUBackend ? backend.device : undefined;
  const software = await isSoftware(device, renderer.domElement);
  // three would wake up at every display frame for nodes that change with time; there are none.
  (renderer as unknown as { _animation: { stop(): void } })._animation.stop();
  renderer.setPixelRatio(software ? 1 : Math.min(window.devicePixelRatio, 2));

  const leastInterval = software ? 120 : 16;
  let asked = false;
  let last = Number.NEGATIVE_INFINITY;
  let gone = false;
  const lost = device
    ? device.lost.then(() => {
        gone = true;
      })
    : new Promise<void>(() => {});

  const frame = async () => {
    asked = false;
    if (gone) return;
    const begin = performance.now();
    stage.onFrame();
    renderer.render(scene, camera);
    performance.measure("lab:frame", { start: begin });
    // Leave the device at least as long for trials as the picture took from it.
    await device?.queue.onSubmittedWorkDone().catch(() => {});
    last = performance.now() + Math.min(1000, performance.now() - begin);
  };

  const stage: Stage = {
    scene,
    camera,
    backend: device ? "webgpu" : "webgl2",
    software,
    resize(width, height) {
      renderer.setSize(width, height, false);
      camera.left = -width / 2;
      camera.right = width / 2;
      camera.top = height / 2;
      camera.bottom = -height / 2;
      camera.updateProjectionMatrix();
    },
    draw() {
      if (asked) return;
      asked = true;
      const wait = Math.max(0, last + leastInterval - performance.now());
      setTimeout(() => requestAnimationFrame(() => void frame()), wait);
    },
    drawNow() {
      if (!gone) renderer.render(scene, camera);
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

async function isSoftware(device: GPUDevice | undefined, canvas: HTMLCanvasElement): Promise<boolean> {
  if (device) {
    const info = (device as GPUDevice & { adapterInfo?: GPUAdapterInfo }).adapterInfo;
    return softwareNames.test([info?.vendor, info?.architecture, info?.device, info?.description].join(" "));
  }
  const context = canvas.getContext("webgl2");
  const debug = context?.getExtension("WEBGL_debug_renderer_info");
  return debug ? softwareNames.test(String(context?.getParameter(debug.UNMASKED_RENDERER_WEBGL))) : false;
}
