import type { Remote } from "comlink";
import type { Confidence } from "../model/inference";
import type { Sums } from "../model/sums";
import type { Desk, SavedBy, SumsName } from "./desk";
import { lastOpenedFile, placesOf } from "./openedFile";
import type { Writing } from "./save";
import type { Progress } from "./session";

/** Where there is something to save. */
export interface Saver {
  readonly now: Progress;
  readonly desk: Remote<Desk>;
  /** The sums so far, for the desk: null where it has them itself; undefined where nothing runs or ran. */
  sumsSoFar(): Promise<Sums | null | undefined>;
}

/** What goes out of the run on show: files, the name of its sums, and what the browser keeps. */
export class Saving {
  constructor(private readonly from: Saver) {}

  /** A file of the last picture's effects, or of the network. */
  write(writing: Writing, confidence: Confidence, tell: (bytes: number) => void): Promise<Blob> {
    const places = writing === "network-graphml" ? placesOf(this.from.now.experiment) : null;
    return this.from.desk.write(writing, confidence, places, tell);
  }

  endWriting(): void {
    void this.from.desk.endWriting();
  }

  /** The sums so far, by their hash; null where nothing runs or ran. */
  async sumsName(): Promise<SumsName | null> {
    const sums = await this.from.sumsSoFar();
    return sums === undefined ? null : this.from.desk.hash(sums);
  }

  /** A file of the experiment and its sums so far, to go on with. */
  async session(tell: (bytes: number) => void): Promise<Blob> {
    const sums = await this.from.sumsSoFar();
    if (sums === undefined) throw new Error("there are no trials yet");
    return this.from.desk.saveSession(sums, this.by, tell);
  }

  /** Keeps the same in the browser's storage; false where it cannot. */
  async keep(): Promise<boolean> {
    const sums = await this.from.sumsSoFar();
    return sums !== undefined && this.from.desk.keep(sums, this.by, this.from.now.opened);
  }

  private get by(): SavedBy {
    const { engine, adapter, experiment } = this.from.now;
    const file = experiment.network === "file" ? lastOpenedFile() : null;
    return { experiment, engine, adapter, understood: file?.described ?? null };
  }
}
