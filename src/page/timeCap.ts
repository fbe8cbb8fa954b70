import { InputError } from "../model/inputError";
import { duration } from "../ui/words";

/** Seconds that something may take. */
export interface Patience {
  /** Without a sign that it goes on. */
  readonly silence: number;
  /** From beginning to end. */
  readonly whole: number;
}

/** A look takes a blink. */
export const lookingPatience: Patience = { silence: 60, whole: 60 };
/** The largest tables take a minute, to sort and scale them several; on a slow machine ten times as long. */
export const readingPatience: Patience = { silence: 300, whole: 3600 };

/**
 * Gives up a file that takes for ever: none should, and whoever opened it can end it; but a page that a stranger's file
 * keeps busy unattended is theirs.
 *
 * giveUp   hears an InputError, once
 */
export class TimeCap {
  private silent: ReturnType<typeof setTimeout> | undefined;
  private readonly late: ReturnType<typeof setTimeout>;

  constructor(
    private readonly file: string,
    private readonly patience: Patience,
    private readonly giveUp: (error: InputError) => void,
  ) {
    this.late = setTimeout(() => this.refuse("is still being read", patience.whole), 1000 * patience.whole);
    this.sign();
  }

  /** It goes on. */
  sign(): void {
    clearTimeout(this.silent);
    const { silence } = this.patience;
    this.silent = setTimeout(() => this.refuse("has not got any further", silence), 1000 * silence);
  }

  /** It is over, or is not waited for any more. */
  end(): void {
    clearTimeout(this.silent);
    clearTimeout(this.late);
  }

  private refuse(what: string, seconds: number): void {
    this.end();
    this.giveUp(
      new InputError(
        `${this.file} ${what} after ${duration(seconds)}, so it was ended; allowed: files that are read in ${duration(this.patience.whole)}`,
      ),
    );
  }
}
