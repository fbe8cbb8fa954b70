import { isNotebookDesign, notebookDesign } from "../../model/design";
import { arrows } from "../../model/network";
import { type Limits, plan } from "../../model/plan";
import type { Sums } from "../../model/sums";
import type { Task, Watcher } from "../engine";
import { numbersOf } from "../words";
import { inTime, OutOfMemory } from "./attempt";
import { type OpenDevice, openDevice } from "./device";
import { type Compiler, compilerOn } from "./kernels";
import { type GpuRun, openRun, type Pace, plainKernels } from "./run";
import { fastest, kernelsOf, type VariantName, variants } from "./variants";
import { openGpuWatch } from "./watch";

/** The GPU engine lends its device, so that pictures can be drawn without copies. */
export interface GpuEngine extends Watcher {
  readonly device: GPUDevice;
  open(task: Task, begun?: Sums | null): Promise<GpuRun>;
  /** What adds up the pair sums: the fastest kernel on this adapter. */
  readonly kernel: VariantName;
  /** Resolves when the device is lost, with the reason; the engine is of no use then. */
  readonly lost: Promise<string>;
}

/**
 * The WGSL kernels on an adapter; the same code in a browser and in Node. It works within the
 * adapter's own limits, or within narrower ones.
 *
 * Errors   NoAdapter with one sentence for a person; Error with line and column if a kernel does
 *          not compile.
 */
export async function createGpuEngine(
  gpu: GPU,
  narrower?: Limits,
  variant?: VariantName,
): Promise<GpuEngine> {
  return engineOn(await openDevice(gpu), narrower, variant);
}

/** The same on a device that is open already, and that others may use too. */
export async function engineOn(
  open: OpenDevice,
  narrower?: Limits,
  variant?: VariantName,
): Promise<GpuEngine> {
  const { device, adapter } = open;
  const compiled = compilerOn(device);
  const compiler: Compiler = {
    need: (names, hasCommonNoise) => inTime(open, compiled.need(names, hasCommonNoise), compilingTimes),
  };
  // What most runs need is compiled meanwhile.
  const usual = compiler.need(plainKernels, false);
  usual.catch(() => {});
  const { name: accumulates, failed } = variant
    ? { name: variant, failed: [] }
    : await fastest(open, compiler);
  await Promise.all([usual, compiler.need(kernelsOf(accumulates))]);
  const notHere = failed.map((name) => variants[name].inWords).join(" and ");
  const pace: Pace = { affordable: 2 ** 20 };
  let limits = narrower ?? open.limits;
  let isNarrowed = false;
  /** Errors   Error with what would fit, if there was no room before. */
  const narrow = (task: Task, error: unknown) => {
    if (!(error instanceof OutOfMemory)) throw error;
    if (isNarrowed) throw new Error(noRoom(task, limits));
    isNarrowed = true;
    limits = narrowed(task, limits);
  };
  const openWithin = (task: Task, begun: Sums | null) =>
    openRun(open, limits, compiler, accumulates, pace, task, begun);
  return {
    kind: "gpu",
    adapter: `${adapter}, ${variants[accumulates].inWords}${notHere && ` (its driver does not compile ${notHere})`}`,
    kernel: accumulates,
    get limits() {
      return limits;
    },
    device,
    lost: device.lost.then(({ message }) => open.lost ?? message),
    async open(task, begun = null) {
      const smaller = (error: unknown) => {
        narrow(task, error);
        return openWithin(task, begun);
      };
      // The second time there is nothing smaller, and the error is what a person can do.
      const run = await openWithin(task, begun).catch(smaller).catch(smaller);
      // Working buffers grow as it runs; then the next run is of smaller pieces.
      const advance = (from: number, to: number) =>
        run.advance(from, to).catch((error: unknown) => {
          narrow(task, error);
          throw error;
        });
      return { ...run, advance };
    },
    watch: async (task) => openGpuWatch(open, limits, compiler, task),
    close: () => device.destroy(),
  };
}

/** Compiling may take so many times as long as other answers. */
const compilingTimes = 4;

/** Where memory has run out buffers may be no larger than this, or than what cannot be cut. */
const smallBuffer = 16 * 2 ** 20;

const narrowed = ({ network, sources }: Task, { bindingBytes, totalBytes }: Limits): Limits => ({
  bindingBytes: Math.min(bindingBytes, Math.max(smallBuffer, 4 * arrows(network), 4 * sources.length)),
  totalBytes,
});

function noRoom({ network, sources, trials, design = notebookDesign }: Task, limits: Limits): string {
  const { products } = numbersOf(isNotebookDesign(design), design.kind);
  const size = { neurons: network.neurons, arrows: arrows(network), trials, products };
  const needs = (count: number) =>
    `${count.toLocaleString("en")} sources need ${Math.ceil(plan({ ...size, sources: count }, limits).bytes / 2 ** 20)} MiB`;
  const half = Math.ceil(sources.length / 2);
  return (
    `the adapter has no room for this run, not in small buffers either: ${needs(sources.length)}; ` +
    `allowed: fewer sources, such as half (${needs(half)}), or the CPU engine`
  );
}
