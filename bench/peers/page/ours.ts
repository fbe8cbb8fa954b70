import { pageThreads } from "../../../src/engine/cpu/page";
import type { Task } from "../../../src/engine/engine";
import { openDevice } from "../../../src/engine/gpu/device";
import { compilerOn } from "../../../src/engine/gpu/kernels";
import { fastest } from "../../../src/engine/gpu/variants";
import { parseExperiment } from "../../../src/model/experiment";
import { keyFrom } from "../../../src/model/threefry";
import { networkOf } from "../../../src/network";
import { cpuPairs } from "../../cpuPairs";
import { gpuPairs } from "../../gpuPairs";
import type { Open } from "./rival";

export const taskOf = (neurons: number, trials: number): Task => ({
  network: networkOf(parseExperiment({ network: "random", neurons, seed: "peers" })),
  key: keyFrom("peers"),
  trials,
  sources: Uint32Array.from({ length: neurons }, (_, neuron) => neuron),
});

const openEngine = async () => {
  const open = await openDevice(navigator.gpu);
  const compiler = compilerOn(open.device);
  return { ...open, compiler, variant: (await fastest(open, compiler)).name };
};
let opening: ReturnType<typeof openEngine> | null = null;

/** The GPU engine's kernels, on a device like the engine's. */
export const openGpu: Open = async (pairs) => {
  opening ??= openEngine();
  const { device, adapter, compiler, variant } = await opening;
  const { add, entries, close } = await gpuPairs(device, compiler, variant, pairs);
  return { about: `${variant}; ${adapter}`, multiply: add, entries, close };
};

/** The CPU engine's, in the page's threads. */
export const openCpu: Open = async (pairs) => {
  const { neurons, trials } = pairs;
  const hiring = pageThreads();
  if (!hiring) throw new Error("this browser has no workers");
  const task = taskOf(neurons, trials);
  const { add, entries, repeated, close } = await cpuPairs(task, trials, hiring, pairs);
  return { about: `${hiring.threads} threads`, multiply: add, entries, repeated, close };
};
