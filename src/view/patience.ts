import type { Live, LiveColours } from "./live";

/** Colours as some frame before left them, where they are still those of what is shown. */
export const asTheyWere = Symbol("as they were");

export type Colours = LiveColours | null | typeof asTheyWere;

/** Milliseconds that what a person has changed waits for live colours, which come between two chunks of trials. */
const patience = 80;

/**
 * Frames of a run under way. One frame at a time stands in line for live colours; what a person changes is drawn
 * without them if they are long in coming.
 */
export class Patience {
  /** Something is to be shown that is on no frame yet. */
  private isAsked = false;
  private wake = () => {};
  private inLine: Promise<void> | null = null;

  /** There is something else to show. */
  ask(): void {
    this.isAsked = true;
    this.wake();
  }

  /** Everything is on a frame. */
  answered(): void {
    this.isAsked = false;
  }

  /**
   * Resolves when a frame is drawn: by this call, or by the one in line if there was nothing new to show.
   *
   * must   it has to be drawn by this call, as it is for a picture that is saved.
   */
  async frame(live: Live, draw: (colours: Colours) => void, must = false): Promise<void> {
    let isDrawn = false;
    const drawn = (colours: Colours) => {
      isDrawn = true;
      draw(colours);
    };
    const wait = this.inLine ? 0 : patience;
    this.inLine ??= live
      .frame(drawn)
      .catch(() => {
        // A run that has failed or is over has no colours any more.
        drawn(null);
      })
      .finally(() => {
        this.inLine = null;
      });
    await Promise.race([this.inLine, must ? passed(wait) : this.impatience(wait)]);
    if (!isDrawn && (this.isAsked || must)) draw(asTheyWere);
  }

  /** Resolves after so many milliseconds, and not before there is something else to show. */
  private async impatience(milliseconds: number): Promise<void> {
    await passed(milliseconds);
    if (this.isAsked) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}

const passed = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
