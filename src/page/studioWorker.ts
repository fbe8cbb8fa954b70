import { expose, proxy, transfer } from "comlink";
import type { Run, Task } from "../engine/engine";
import { Snapshots } from "../engine/gpu/buffers";
import { NoAdapter, type OpenDevice, openDevice } from "../engine/gpu/device";
import { engineOn, type GpuEngine } from "../engine/gpu/engine";
import { createGraphLook, type GraphLook } from "../engine/gpu/graphLook";
import { countHeld } from "../engine/gpu/held";
import { createSettler, settlingSteps } from "../engine/gpu/settle";
import { reasonOf } from "../engine/lasting";
import type { Sums } from "../model/sums";
import { GraphPainter } from "../view/graphPainter";
import { kept } from "../view/kept";
import { layOut } from "../view/layout";
import { handOver } from "./handOver";
import { lendEngine } from "./lentEngine";
import type { Studio } from "./studio";
import { type LiveGraph, liveGraph } from "./studioLive";
import { type MatrixSubject, StudioMatrix } from "./studioMatrix";
import { mostByForces } from "./wired";

let device: Promise<OpenDevice> | null = null;
let engine: Promise<GpuEngine> | null = null;
const nothing = () => 0;
let held: () => number = nothing;
/** The run on show, whose sums colour the graph where they are. */
let live: { readonly graph: LiveGraph; readonly matrix: MatrixSubject } | null = null;

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
    live = null;
    held = nothing;
  };
  try {
    if (!isSecureContext)
      throw new NoAdapter(
        "WebGPU needs a secure address (https, localhost or a file), and this page has none",
      );
    const gpu = navigator.gpu as GPU | undefined;
    if (!gpu) throw new NoAdapter("This browser has no WebGPU");
    const opened = await openDevice(gpu);
    held = countHeld(opened.device);
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

/**
 * What colours the graph from sums, made once for a device. Nothing of a run may be in reach here: what waits for a loss is
 * kept for as long as the device lives.
 *
 * Errors   Error if the device is lost: what is compiled then may never be ready.
 */
const lookOn = kept((device: OpenDevice["device"], lost: Promise<string>): Promise<GraphLook> => {
  const isLost = lost.then((reason): never => {
    throw new Error(`the GPU was lost: ${reason}`);
  });
  return Promise.race([createGraphLook(device), isLost]);
});

/** Only the device: who draws a lesson needs no kernels. */
async function deviceToDrawOn() {
  try {
    return (await theDevice()).device;
  } catch (error) {
    if (!(error instanceof NoAdapter)) throw error;
    return null;
  }
}

/** The network that is finding its places. */
let settling: AbortController | null = null;

/** Milliseconds from one picture of the places to the next. */
const tellInterval = 400;

/** When trials were last under way; between two chunks there is a moment without any. */
let lastTrials = Number.NEGATIVE_INFINITY;
const isBusy = () => performance.now() - lastTrials < 100;

async function advanceBusily(run: Run, from: number, to: number): Promise<void> {
  lastTrials = Number.POSITIVE_INFINITY;
  await run.advance(from, to).finally(() => {
    lastTrials = performance.now();
  });
}

/** Ends what was lent to another thread. */
let lent: (() => void) | null = null;

const painter = new GraphPainter(deviceToDrawOn, isBusy, () => live?.graph ?? null);
const matrix = new StudioMatrix(() => live?.matrix ?? null, isBusy);

const studio: Studio = {
  isThere: () => true,
  async openEngine() {
    try {
      const { adapter, limits } = await theEngine();
      return { adapter, limits };
    } catch (error) {
      // A kernel that does not compile is our fault: the reason says so, with line and column.
      return { reason: reasonOf(error) };
    }
  },
  engineLost: async () => (await theEngine()).lost,
  async openRun(task, begun) {
    const { device, open, lost } = await theEngine();
    const run = await open(task, begun);
    const look = await lookOn(device, lost).catch((error: unknown): never => {
      run.release();
      throw error;
    });
    const graph = liveGraph(look, run, task);
    const mine = { graph, matrix: { device, run } };
    live = mine;
    let isFirst = true;
    return proxy<Run>({
      grain: run.grain,
      async advance(from, to) {
        await advanceBusily(run, from, to);
        painter.refresh();
        // Nobody should wait for the first effects until more trials have run.
        if (isFirst) await matrix.first();
        else matrix.refresh();
        isFirst = false;
      },
      sums: async () => handOver(await run.sums()),
      release() {
        if (live === mine) live = null;
        graph.end();
        run.release();
      },
    });
  },
  held: () => held(),
  async lend(port) {
    studio.endLending();
    await theEngine();
    const openBusily = async (task: Task, begun: Sums | null): Promise<Run> => {
      const run = await (await theEngine()).open(task, begun);
      return {
        ...run,
        advance: (from, to) => advanceBusily(run, from, to),
        sums: async () => handOver(await run.sums()),
      };
    };
    lent = lendEngine(openBusily, port);
  },
  endLending() {
    lent?.();
    lent = null;
  },
  async settle({ wiring, outgoing }, tell) {
    studio.stopSettling();
    const mine = new AbortController();
    settling = mine;
    const device = await deviceToDrawOn();
    if (!device)
      throw new Error(
        `above ${mostByForces.toLocaleString("en")} neurons forces need WebGPU, which is missing here`,
      );
    const { x, y } = layOut(wiring.neurons, { kind: "disc" });
    const start = new Float32Array(2 * wiring.neurons);
    for (let neuron = 0; neuron < wiring.neurons; neuron++) start.set([x[neuron], y[neuron]], 2 * neuron);
    const settler = await createSettler(device, wiring, outgoing, start);
    const snapshots = new Snapshots(device);
    try {
      let told = performance.now();
      while (!mine.signal.aborted && settler.done < settlingSteps) {
        await settler.step();
        const now = performance.now();
        if (now < told + tellInterval && settler.done < settlingSteps) continue;
        told = now;
        const [words] = await snapshots.take([settler.places]);
        const places = new Float32Array(words.buffer, words.byteOffset, words.length);
        if (!mine.signal.aborted) await tell(transfer(places, [words.buffer]), settler.done / settlingSteps);
      }
    } finally {
      snapshots.release();
      settler.release();
    }
  },
  stopSettling: () => settling?.abort(),
  paint: (canvas, events) => painter.paint(canvas, events),
  show: (part) => painter.show(part),
  picture: () => painter.picture(),
  paintMatrix: (canvas, drawn) => matrix.paintMatrix(canvas, drawn),
  showMatrix: (part) => matrix.showMatrix(part),
  matrixPicture: () => matrix.matrixPicture(),
};

expose(studio);
