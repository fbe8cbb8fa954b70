import type { Limits } from "../../model/plan";

/** What the CPU engine has room for. */
export const cpuLimits: Limits = { bindingBytes: 2 ** 30, totalBytes: 4 * 2 ** 30 };
