import type { Seeded } from "./bug";
import { engines } from "./engines";
import { estimators } from "./estimators";
import { files } from "./files";
import { kernels } from "./kernels";
import { twins } from "./twins";

/** All bugs that are seeded, file by file. */
export const seeded: readonly Seeded[] = [...kernels, ...twins, ...estimators, ...engines, ...files];
