import { hashNetwork } from "../io/networkHash";
import { formatOf } from "../io/readNetwork";
import { networkBytes } from "../io/writeNetwork";
import type { Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import { arrows } from "../model/network";
import { openedOrMade } from "../network";
import { nodeHash } from "./hash";
import type { ExportOptions } from "./options";
import { inLines, withNetworkProgress } from "./report";
import { writeWhole } from "./write";

/** The JSON of `export`; the README says what each field means. */
export interface Exported {
  readonly experiment: Pick<Experiment, "network" | "neurons" | "file">;
  readonly out: string;
  readonly arrows: number;
  readonly networkHash: string;
}

/**
 * Writes a network as an edge list, a matrix or a graph, by the end of the file's name.
 *
 * Errors   InputError if the file cannot be written; a file that was not written to its end is not left behind.
 */
export function exportNetwork({ experiment, file, places, out }: ExportOptions): Exported {
  const format = formatOf(out);
  if (/\.gz$/i.test(out)) throw new InputError(`--out is ${out}; allowed: without .gz`);
  const { network, names } = withNetworkProgress((tell) => openedOrMade(experiment, file, tell));
  writeWhole(out, networkBytes(format, network, names, places));
  return {
    experiment: { network: experiment.network, neurons: experiment.neurons, file: experiment.file },
    out,
    arrows: arrows(network),
    networkHash: hashNetwork(network, names, nodeHash()),
  };
}

/** What was written, for a person. */
export const describeExport = ({ experiment, out, arrows: count, networkHash }: Exported): string =>
  inLines([
    `${out}: ${experiment.neurons.toLocaleString("en")} neurons, ${count.toLocaleString("en")} arrows`,
    `network ${networkHash}`,
  ]);
