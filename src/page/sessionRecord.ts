import { version } from "../../package.json";
import { estimandInWords, isSimulationOnly } from "../model/design";
import type { SumsName } from "./desk";
import { lastOpenedFile } from "./openedFile";
import type { Progress } from "./session";

/**
 * What a run was, for a file: with it, the runner or another page makes the same sums, and the hash says so. Fields that
 * the runner's JSON has too mean the same.
 *
 * Missing  sumsHash: null where nothing ran.
 */
export function sessionRecord({ experiment, forecast, engine, adapter }: Progress, sums: SumsName | null) {
  const opened = experiment.network === "file" ? lastOpenedFile() : null;
  return {
    version,
    link: location.href,
    browser: navigator.userAgent,
    experiment,
    ...{ engine, adapter },
    trials: { from: 0, to: sums?.trials ?? 0 },
    estimand: estimandInWords(experiment),
    simulationOnly: isSimulationOnly(experiment),
    sources: forecast?.sources ?? null,
    targets: forecast?.targets ?? null,
    file: opened && { understood: opened.described, options: opened.options },
    sumsHash: sums?.sumsHash ?? null,
  };
}
