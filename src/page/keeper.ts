import type { Session } from "../io/sessionFile";
import type { Experiment } from "../model/experiment";
import type { Sums } from "../model/sums";
import { count } from "../ui/words";
import { identityOf } from "./kept";
import type { Progress } from "./session";

/** Sums that a run begins with, instead of none. */
export interface Begun {
  readonly sums: Sums;
  /** Where they are from, in words for the status. */
  readonly words: string;
  /** It waits to be told to go on. */
  readonly paused: boolean;
  /** They are, or went on from, those of a session out of a file. */
  readonly opened: boolean;
}

export const keptBegun = (sums: Sums, opened: boolean): Begun => ({
  sums,
  words: `went on from trial ${count(sums.trials)}${opened ? " of a session from a file," : ""} kept in this browser; R begins anew`,
  paused: false,
  opened,
});

/** Seconds of computing that are worth keeping. */
const leastSeconds = 2;
/** Milliseconds from one time to the next; and keeping may take this share of the time. */
const interval = 10_000;
const share = 0.03;

/**
 * Has the run on show kept in the browser's storage: soon after it begins, every ten seconds, when it pauses or ends, and
 * when the page goes out of sight, since nothing that begins while it is closed comes to an end. And hands a session out
 * of a file to the run that it is for.
 */
export class Keeper {
  private offered: { readonly identity: string; readonly begun: Begun } | null = null;
  private progress: Progress | null = null;
  /** Trials of the last time; 0: nothing of this run is kept. */
  private trials = 0;
  /** When running trials are to be kept again. */
  private next = 0;
  /** The work that is under way; null: none, or one that may never end, as its worker was dismissed. */
  private keeping: object | null = null;
  private again = false;

  /** keep   keeps what there is now; false: it cannot be. */
  constructor(private readonly keep: () => Promise<boolean>) {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.go();
    });
  }

  /** The next run is to begin with this session, if it is of its experiment. */
  offer({ head, sums }: Session): void {
    const words = `opened at trial ${count(sums.trials)}; R begins anew`;
    this.offered = {
      identity: identityOf(head.experiment),
      begun: { sums, words, paused: true, opened: true },
    };
  }

  /**
   * What this run is to begin with; anew: nothing, also if it is asked for again. What is of another waits for that, and
   * what is taken stays until the run has begun with it: a person may end that, and begin once more.
   */
  take(experiment: Experiment, anew = false): Begun | null {
    const { offered } = this;
    if (offered?.identity !== identityOf(experiment)) return null;
    const isFitting = !anew && offered.begun.sums.trials <= experiment.trials;
    if (!isFitting) this.offered = null;
    return isFitting ? offered.begun : null;
  }

  /** The run on show is so far. */
  hear(progress: Progress): void {
    const before = this.progress;
    this.progress = progress;
    const { state, experiment, trials } = progress;
    if (progress.begun !== "" && this.offered?.identity === identityOf(experiment)) this.offered = null;
    if (experiment !== before?.experiment || trials < this.trials) this.trials = this.next = 0;
    if (state === "preparing" && before?.state !== state) this.keeping = null;
    // A last chunk may come in after a pause.
    const isNews = state !== before?.state || trials !== before.trials;
    const hasStopped = isNews && (state === "paused" || state === "done");
    if (hasStopped || (state === "running" && performance.now() >= this.next)) void this.go();
  }

  private async go(): Promise<void> {
    if (!this.progress) return;
    const { trials, speed, experiment, begun: from } = this.progress;
    const isWorth = this.trials > 0 || from !== "" || trials / speed >= leastSeconds;
    if (trials <= this.trials || !isWorth) return;
    this.again = this.keeping !== null;
    if (this.keeping) return;
    const mine = {};
    this.keeping = mine;
    const begun = performance.now();
    const isKept = await this.keep().catch(() => false);
    if (this.keeping !== mine) return;
    this.keeping = null;
    const now = performance.now();
    if (experiment === this.progress.experiment && trials <= this.progress.trials) {
      this.trials = trials;
      this.next = isKept ? now + Math.max(interval, (now - begun) / share) : Number.POSITIVE_INFINITY;
    }
    if (this.again) void this.go();
  }
}
