import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, homedir } from "node:os";
import { delimiter, join } from "node:path";
import { InputError } from "../../model/inputError";
import { isSoftware, NoAdapter, namesSoftware } from "./device";
import { unpackChromium } from "./unpack";

type Create = (flags: string[]) => GPU;

// Dawn stops when its GPU object is collected, even while devices of it are at work.
let opened: Promise<GPU> | undefined;

/**
 * WebGPU for Node (Dawn): the same `GPU` that a page has in `navigator.gpu`, and the same globals
 * (GPUBufferUsage and others). One per process. Only Node may import this file.
 *
 * On Linux the machine's own Vulkan driver is used where it has a GPU, otherwise SwiftShader, a
 * software adapter that an npm package brings along with its Vulkan loader; neither root nor system
 * packages are needed. macOS and Windows have Metal and Direct3D.
 *
 * LAB_ADAPTER=software takes SwiftShader also where there is a GPU; LAB_ADAPTER=hardware fails where
 * there is none. VK_DRIVER_FILES names drivers outside the usual folders, as for any Vulkan program.
 *
 * Before the process ends, destroy the devices, and let it end by itself (no process.exit()).
 *
 * Errors   InputError if LAB_ADAPTER is another word; NoAdapter if no adapter can be had.
 */
export function openNodeGpu(): Promise<GPU> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** Lets Dawn go; its devices must have been destroyed. */
export function closeNodeGpu(): void {
  opened = undefined;
}

async function open(): Promise<GPU> {
  const wanted = process.env.LAB_ADAPTER || "any";
  if (!["any", "software", "hardware"].includes(wanted)) {
    throw new InputError(`LAB_ADAPTER is "${wanted}"; allowed are software and hardware.`);
  }
  const { create, globals } = loadDawn();
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  const gpu =
    process.platform === "linux" ? await openLinux(create, wanted) : await openElsewhere(create, wanted);
  if (gpu) return gpu;
  throw new NoAdapter(
    wanted === "hardware"
      ? "No GPU was found with a driver for WebGPU (on Linux: Vulkan 1.1 or later); without LAB_ADAPTER=hardware the lab computes in software."
      : `No WebGPU adapter was found on this machine (${process.platform} ${process.arch}), not even in software.`,
  );
}

/**
 * Loaded when asked for, because a machine that Dawn is not built for can still use the CPU engine;
 * by require, because Vite's runner is closed by then to imports.
 */
function loadDawn(): typeof import("webgpu") {
  try {
    return createRequire(import.meta.url)("webgpu");
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : error;
    throw new NoAdapter(
      `Dawn, WebGPU for Node, cannot be loaded on ${process.platform} ${process.arch}: ${reason}`,
    );
  }
}

async function openElsewhere(create: Create, wanted: string): Promise<GPU | undefined> {
  const gpu = create([]);
  const software = await hasSoftware(gpu);
  if (software === undefined || (wanted === "hardware" && software)) return undefined;
  if (wanted === "software" && !software) {
    throw new NoAdapter("LAB_ADAPTER=software needs Linux: elsewhere no software adapter is brought along.");
  }
  return gpu;
}

async function openLinux(create: Create, wanted: string): Promise<GPU | undefined> {
  // Dawn and the loader write warnings when they look in vain; so they look only where it is worth it.
  const hopeful =
    wanted === "hardware" || (wanted === "any" && driverFiles().some((file) => !namesSoftware(file)));
  if (hopeful) {
    if (!loadLibrary("libvulkan.so.1")) await loadPackagedLoader();
    const gpu = create([]);
    if ((await hasSoftware(gpu)) === false) return gpu;
  }
  if (wanted === "hardware") return undefined;

  const folder = await loadPackagedLoader();
  if (!folder) return undefined;
  // The loader reads these when Dawn first looks for adapters, and not again; children must not inherit
  // them. VK_ICD_FILENAMES is the name that loaders before 1.3.207 know.
  return withEnvironment(
    {
      VK_DRIVER_FILES: join(folder, "vk_swiftshader_icd.json"),
      VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"),
      VK_ADD_DRIVER_FILES: undefined,
    },
    async () => {
      const gpu = create([]);
      return (await hasSoftware(gpu)) === undefined ? undefined : gpu;
    },
  );
}

/** undefined: no adapter at all. */
async function hasSoftware(gpu: GPU): Promise<boolean | undefined> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) return undefined;
  return isSoftware(adapter.info);
}

/** The packaged Vulkan loader and SwiftShader, built for x64 alone; their folder, if they load here. */
async function loadPackagedLoader(): Promise<string | undefined> {
  if (process.arch !== "x64") return undefined;
  const folder = await unpackChromium("swiftshader", ["swiftshader.tar.br"]);
  // By its soname a library that is loaded already is found without LD_LIBRARY_PATH.
  return loadLibrary("libvulkan.so.1") || loadLibrary(join(folder, "libvulkan.so.1")) ? folder : undefined;
}

/** Loads a shared library for good, though it is no Node module: Node complains only afterwards. */
function loadLibrary(file: string): boolean {
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes("did not self-register");
  }
}

/** Files in which the machine's Vulkan drivers announce themselves, in the loader's usual places. */
function driverFiles(): string[] {
  const env = process.env;
  const named = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES;
  if (named) return named.split(delimiter).filter((file) => existsSync(file));
  const shares = [
    ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(delimiter),
    "/etc",
    "/usr/local/etc",
    env.XDG_DATA_HOME || join(homedir(), ".local/share"),
    ...(env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(delimiter),
  ];
  return shares.flatMap((share) => {
    const folder = join(share, "vulkan/icd.d");
    return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
  });
}

async function withEnvironment<T>(
  values: Record<string, string | undefined>,
  action: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(values)) set(name, value);
  try {
    return await action();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}
