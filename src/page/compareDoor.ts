import type { State } from "../ui/state";
import type { FocusEvents } from "../view/focus";
import type { CompareRoom } from "./compare/room";
import { byId } from "./elements";

export interface CompareEvents extends Pick<FocusEvents, "select"> {
  failed(error: Error): void;
}

/** Whether compare mode is what the page shows. */
export const isComparing = ({ view }: State): boolean => view.mode === "compare" && view.lesson === "";

/** Trials that the slider stops at. */
export const compareStops = [
  100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
] as const;

/** The parts of the page that only compare mode shows. */
const parts = [
  "compare",
  "compare-pictures",
  "compare-sentence",
  "deviations-figure",
  "compare-check",
] as const;

/** The way into compare mode. Its room, with a worker and kernels of its own, is fetched when it first opens. */
export class CompareDoor {
  private room: CompareRoom | null = null;
  private fetching: Promise<void> | null = null;
  private state: State | null = null;

  constructor(private readonly events: CompareEvents) {}

  show(state: State): void {
    const isOpen = isComparing(state);
    this.state = isOpen ? state : null;
    document.documentElement.dataset.mode = isOpen ? "compare" : "lab";
    byId("compare-button").ariaCurrent = isOpen ? "page" : null;
    for (const id of parts) byId(id).hidden = !isOpen;
    if (!isOpen) this.room?.leave();
    else if (this.room) this.room.show(state);
    else this.fetching ??= this.fetch();
  }

  again(): void {
    this.room?.again();
  }

  cancel(): void {
    this.room?.cancel();
  }

  startCheck(): void {
    this.room?.startCheck();
  }

  get report(): string {
    return this.room?.report ?? "";
  }

  private async fetch(): Promise<void> {
    try {
      const { CompareRoom } = await import("./compare/room");
      this.room = new CompareRoom(this.events);
      if (this.state) this.room.show(this.state);
    } catch (error) {
      this.fetching = null;
      this.events.failed(error as Error);
    }
  }
}
