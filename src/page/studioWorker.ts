import { expose, proxy } from "comlink";
import type { Run } from "../engine/engine";
import { NoAdapter, type OpenDevice, openDevice } from "../engine/gpu/device";
import { engineOn, type GpuEngine } from "../engine/gpu/engine";
import { GraphPainter } from "../view/graphPainter";
import { handOver } from "./handOver";
import type { Studio } from "./studio";

let device: Promise<OpenDevice> | null = null;
let engine: Promise<GpuEngine> | null = null;

/**
 * The device, opened once and again after a loss.
 *
 * Errors   NoAdapter with the first half of a sentence.
 */
function theDevice(): Promise<OpenDevice> {
  device ??= open();
  return device;
}

async function open(): Promise<OpenDevice> {
  const forget = () => {
    device = null;
    engine = null;
  };
  try {
    if (!isSecureContext)
      throw new NoAdapter(
        "WebGPU needs a secure address (https, localhost or a file), and this page has none",
      );
    const gpu = navigator.gpu as GPU | undefined;
    if (!gpu) throw new NoAdapter("This browser has no WebGPU");
    const opened = await openDevice(gpu);
    void opened.device.lost.then(forget);
    return opened;
  } catch (error) {
    forget();
    throw error;
  }
}

function theEngine(): Promise<GpuEngine> {
  engine ??= theDevice().then((opened) => engineOn(opened));
  engine.catch(() => {
    engine = null;
  });
  return engine;
}

/** Only the device: who draws a lesson needs no kernels. */
async function deviceToDrawOn() {
  try {
    return (await theDevice()).device;
  } catch (error) {
    if (!(error instanceof NoAdapter)) throw error;
    return null;
  }
}

/** When trials were last under way; between two chunks there is a moment without any. */
let lastTrials = Number.NEGATIVE_INFINITY;
const isBusy = () => performance.now() - lastTrials < 100;

const painter = new GraphPainter(deviceToDrawOn, isBusy);

const studio: Studio = {
  isThere: () => true,
  async openEngine() {
    try {
      const { adapter } = await theEngine();
      return { adapter };
    } catch (error) {
      // A kernel that does not compile is our fault and must be seen, not covered up by the CPU.
      if (!(error instanceof NoAdapter)) throw error;
      return { reason: error.message };
    }
  },
  engineLost: async () => (await theEngine()).lost,
  async openRun(task) {
    const run = await (await theEngine()).open(task);
    return proxy<Run>({
      ...run,
      async advance(from, to) {
        lastTrials = Number.POSITIVE_INFINITY;
        await run.advance(from, to).finally(() => {
          lastTrials = performance.now();
        });
      },
      sums: async () => handOver(await run.sums()),
    });
  },
  paint: (canvas, fine, events) => painter.paint(canvas, fine, events),
  show: (part) => painter.show(part),
  picture: () => painter.picture(),
};

expose(studio);
