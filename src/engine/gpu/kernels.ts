import accumulate from "../../../shaders/accumulate.wgsl";
import accumulateDots from "../../../shaders/accumulate_dots.wgsl";
import accumulatePlanes from "../../../shaders/accumulate_planes.wgsl";
import accumulateTables from "../../../shaders/accumulate_tables.wgsl";
import align from "../../../shaders/align.wgsl";
import choose from "../../../shaders/choose.wgsl";
import correlate from "../../../shaders/correlate.wgsl";
import count from "../../../shaders/count.wgsl";
import encrypt from "../../../shaders/encrypt.wgsl";
import evolve from "../../../shaders/evolve.wgsl";
import impose from "../../../shaders/impose.wgsl";
import perturb from "../../../shaders/perturb.wgsl";
import respond from "../../../shaders/respond.wgsl";
import slice from "../../../shaders/slice.wgsl";
import square from "../../../shaders/square.wgsl";
import tally from "../../../shaders/tally.wgsl";
import type { Params } from "../../model/params";
import { wholeWords } from "../../model/slice";
import { type Bound, computeShader, uniformOf } from "./shader";

/** Every kernel by its one name: file, entry point, GPU label and twin are called the same. */
export const shaders = {
  ...{ encrypt, perturb, choose, respond, impose, evolve, square, count, tally, accumulate, correlate },
  ...{ align, slice, accumulatePlanes, accumulateDots, accumulateTables },
};
export type KernelName = keyof typeof shaders;

/** A compiled kernel, addressed by the names its WGSL uses, in camelCase. */
export interface Kernel {
  readonly name: KernelName;
  /** Names of the storage bindings in binding order, the order of the twin's arguments. */
  readonly bindings: readonly string[];
  readonly written: ReadonlySet<string>;
  bind(params: GPUBuffer, buffers: Bound): GPUBindGroup;
  /** One dispatch that does all the work that the params describe. */
  encode(pass: GPUComputePassEncoder, group: GPUBindGroup, params: Params): void;
}

export type Kernels = Readonly<Record<KernelName, Kernel>>;

/** Workgroups that a piece of work takes, kernel by kernel. */
const workgroups: Record<KernelName, (params: Params) => number> = {
  encrypt: ({ sources }) => Math.ceil(sources / 64),
  perturb: ({ neurons, words }) => Math.ceil((neurons * words) / 2 / 64),
  choose: ({ neurons, words }) => Math.ceil((neurons * words) / 2 / 64),
  impose: ({ neurons, words }) => Math.ceil((neurons * words) / 64),
  square: ({ targets, words }) => Math.ceil((targets * words * 8) / 64),
  respond: ({ targets, words }) => Math.ceil((targets * words) / 64),
  evolve: ({ targets, words }) => Math.ceil((targets * words * 8) / 64),
  count: ({ sources }) => Math.ceil((sources + 1) / 64),
  tally: ({ targets, words }) => Math.ceil((targets * Math.ceil(words / 8)) / 64),
  correlate: ({ sources, targets }) => Math.ceil((Math.ceil(sources / 4) * Math.ceil(targets / 4)) / 64),
  accumulate: ({ sources, targets }) => Math.ceil((Math.ceil(sources / 4) * Math.ceil(targets / 4)) / 64),
  align: ({ sources, words }) => Math.ceil((sources * wholeWords(words)) / 64),
  slice: ({ targets, words }) => Math.ceil((targets * wholeWords(words)) / 64),
  accumulatePlanes: ({ sources, targets }) =>
    Math.ceil((Math.ceil(targets / 2) * Math.ceil(sources / 128)) / 64),
  accumulateDots: ({ sources, targets }) => Math.ceil(sources / 64) * Math.ceil(targets / 64),
  accumulateTables: ({ sources, targets }) => Math.ceil(sources / 128) * Math.ceil(targets / 64),
};

const paramsLayout = uniformOf<Params>(shaders.perturb);
export const paramsSize = paramsLayout.size;

/** The bytes of `struct Params`, each field where the WGSL has it. */
export const paramsBytes = paramsLayout.bytes;

/** Kernels that draw noise: they are compiled with or without noise that neurons share. */
export const noisyKernels = ["respond", "evolve"] as const satisfies readonly KernelName[];

const isNoisy = (name: KernelName): boolean => (noisyKernels as readonly KernelName[]).includes(name);

/**
 * Compiles one kernel.
 *
 * hasCommonNoise  without it a kernel that draws noise is of use only where all noise is each neuron's own.
 * Errors          Error that shows each message with line and column of the whole shader, and the line itself.
 */
export async function compile(
  device: GPUDevice,
  name: KernelName,
  code = shaders[name],
  hasCommonNoise = true,
): Promise<Kernel> {
  const constants = isNoisy(name) ? { has_common_noise: Number(hasCommonNoise) } : {};
  const { names, encode, ...shader } = await computeShader(device, name, code, constants);
  return {
    ...shader,
    name,
    bindings: names,
    encode: (pass, group, params) => encode(pass, group, workgroups[name](params)),
  };
}

/** Compiles kernels side by side, each when it is first needed: a software adapter takes a second for some. */
export interface Compiler {
  /** Errors   see compile. */
  need<Name extends KernelName>(
    names: readonly Name[],
    hasCommonNoise?: boolean,
  ): Promise<Pick<Kernels, Name>>;
}

export function compilerOn(device: GPUDevice): Compiler {
  const compiled = new Map<string, Promise<Kernel>>();
  return {
    async need(names, hasCommonNoise = true) {
      const found = names.map(async (name) => {
        const is = isNoisy(name) ? `${name} ${hasCommonNoise}` : name;
        const kernel = compiled.get(is) ?? compile(device, name, shaders[name], hasCommonNoise);
        compiled.set(is, kernel);
        return [name, await kernel] as const;
      });
      return Object.fromEntries(await Promise.all(found)) as Pick<Kernels, (typeof names)[number]>;
    },
  };
}

/** All kernels. */
export const compileAll = (device: GPUDevice): Promise<Kernels> =>
  compilerOn(device).need(Object.keys(shaders) as KernelName[]);
