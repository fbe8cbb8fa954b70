import type { ReadOptions } from "../io/readNetwork";
import type { Experiment } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { Names, type PackedNames } from "../model/names";
import type { Places } from "../model/places";
import { hasNames, numberNames, numbersByNumber } from "../model/sources";
import type { aboutFile } from "../network";

/** What the page knows of a network that a worker has read from a file. */
export interface FileFacts {
  /** Goes into the experiment. */
  readonly about: ReturnType<typeof aboutFile>;
  readonly arrows: number;
  /** What was read, in one line for a person. */
  readonly described: string;
  /** Where its neurons are, if the file says so. */
  readonly places: Places | null;
  /** What its neurons are called; null where that is their numbers. */
  readonly names: PackedNames | null;
}

/** A file and how it was read: any worker can read it again, so none has to keep its network safe. */
export interface OpenedFile extends FileFacts {
  readonly file: File;
  readonly options: ReadOptions;
}

let opened: OpenedFile | null = null;

/** From now on experiments of kind `file` are about this one. */
export function setOpenedFile(file: OpenedFile | null): void {
  opened = file;
}

export const lastOpenedFile = (): OpenedFile | null => opened;

/** Where the neurons of an experiment's network are; null where nobody says so. */
export const placesOf = ({ network, fileHash }: Experiment): Places | null =>
  network === "file" && opened?.about.fileHash === fileHash ? opened.places : null;

/** Whether its network is in a file that is not the one that is open. */
export const needsFile = ({ network, fileHash }: Experiment): boolean =>
  network === "file" && opened?.about.fileHash !== fileHash;

/**
 * The file that an experiment is about.
 *
 * Errors   InputError if it is not the one that is open: which has to be, and how.
 */
export function openedFile({ file, fileHash, neurons }: Experiment): OpenedFile {
  if (opened === null || opened.about.fileHash !== fileHash)
    throw new InputError(
      `the network is in the file ${file === "" ? "of whoever made the link" : shown(file)}, which only you can open: press O and choose it`,
    );
  if (opened.about.neurons !== neurons)
    throw new InputError(
      `neurons is ${neurons.toLocaleString("en")}; allowed: ${opened.about.neurons.toLocaleString("en")}, as in ${opened.about.file}`,
    );
  return opened;
}

/**
 * An experiment whose sources are chosen by name, if they are, by the numbers of the neurons that are called so.
 *
 * Errors   InputError with the first name that the file does not have; also if its file is not the one that is open.
 */
export function byNumbers(experiment: Experiment): Experiment {
  if (experiment.network !== "file" || !hasNames(experiment.sources)) return experiment;
  const { names, about } = openedFile(experiment);
  const called = names && new Names(names);
  const numbersOf = called
    ? (wanted: readonly string[]) => called.indicesOf(wanted)
    : numbersByNumber(about.neurons);
  return { ...experiment, sources: numberNames(experiment.sources, numbersOf, about.file) };
}
