import { isNotebookDesign, notebookDesign } from "../../model/design";
import { arrows } from "../../model/network";
import { type Limits, plan } from "../../model/plan";
import type { Sums } from "../../model/sums";
import { observed, stateBytes, type WatchTask } from "../../model/watch";
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
  const limits = narrower ?? open.limits;
  let isNarrowed = false;
  /** uncut: bytes of the largest buffer that cannot be cut, which differs from one task to the next. */
  const within = (uncut: number) => (isNarrowed ? narrowed(limits, uncut) : limits);
  /** Errors   the error, if it is another; Error with what would fit, if buffers are small already. */
  const narrow = (error: unknown, noRoom: () => string) => {
    if (!(error instanceof OutOfMemory)) throw error;
    if (isNarrowed) throw new Error(noRoom());
    isNarrowed = true;
  };
  /** Opens something, in smaller buffers if need be; the second time there is nothing smaller. */
  const inRoom = <T>(opening: () => Promise<T>, noRoom: () => string): Promise<T> => {
    const smaller = (error: unknown) => {
      narrow(error, noRoom);
      return opening();
    };
    return opening().catch(smaller).catch(smaller);
  };
  /** Buffers grow as it runs, and copies of its sums are made: where there is no room, the next run is of smaller pieces. */
  const narrowing = <R extends Running>(run: R, noRoom: () => string): R => {
    const or = <T>(work: Promise<T>) =>
      work.catch((error: unknown): never => {
        narrow(error, noRoom);
        throw error;
      });
    return { ...run, advance: (from, to) => or(run.advance(from, to)), sums: () => or(run.sums()) };
  };
  return {
    kind: "gpu",
    adapter: `${adapter}, ${variants[accumulates].inWords}${notHere && ` (its driver does not compile ${notHere})`}`,
    kernel: accumulates,
    limits,
    device,
    lost: device.lost.then(({ message }) => open.lost ?? message),
    async open(task, begun = null) {
      const mine = () => within(uncutOf(task));
      const noRoom = () => noRoomFor(task, mine());
      const run = await inRoom(() => openRun(open, mine(), compiler, accumulates, pace, task, begun), noRoom);
      return narrowing(run, noRoom);
    },
    async watch(task) {
      const mine = () => within(uncutToWatch(task));
      const noRoom = () => noRoomToWatch(task);
      const run = await inRoom(() => openGpuWatch(open, mine(), compiler, task), noRoom);
      return narrowing(run, noRoom);
    },
    close: () => device.destroy(),
  };
}

/** What trials and watching have in common. */
interface Running {
  advance(from: number, to: number): Promise<void>;
  sums(): Promise<unknown>;
}

/** Compiling may take so many times as long as other answers. */
const compilingTimes = 4;

/** Where memory has run out buffers may be no larger than this, or than what cannot be cut. */
const smallBuffer = 16 * 2 ** 20;

const narrowed = ({ bindingBytes, totalBytes }: Limits, uncut: number): Limits => ({
  bindingBytes: Math.min(bindingBytes, Math.max(smallBuffer, uncut)),
  totalBytes,
});

/** Arrows, and one row of pairs. */
const uncutOf = ({ network, sources }: Pick<Task, "network" | "sources">): number =>
  4 * Math.max(arrows(network), sources.length);

const uncutToWatch = (task: WatchTask): number =>
  Math.max(uncutOf({ network: task.network, sources: observed(task) }), stateBytes(task));

const noRoomToWatch = ({ network, chains }: WatchTask): string =>
  `the adapter has no room for ${chains.toLocaleString("en")} chains of ${network.neurons.toLocaleString("en")} ` +
  "neurons, not in small buffers either; allowed: fewer chains or neurons, or the CPU engine";

function noRoomFor({ network, sources, trials, design = notebookDesign }: Task, limits: Limits): string {
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
