import type { LastingRun } from "../engine/lasting";
import type { Cells } from "../view/pixels";
import type { Area, Effects, Picture } from "./desk";
import type { PageEngine } from "./engines";
import { handOver } from "./handOver";
import type { HiredDesk } from "./hire";

export interface PicturingEvents {
  /** The effects of a picture, which are there before the rest of it. */
  effects(effects: Effects): void;
  picture(picture: Picture): void;
  area(area: Area): void;
  failed(error: unknown): void;
}

/** Milliseconds between pictures at least; and they may take this share of the time. */
const pictureInterval = 100;
const pictureShare = 0.25;
/** The share of the time that ROC areas may take, while trials run. */
const areaShare = 0.1;

/**
 * Has the desk make pictures of a run's sums. The run never waits for a picture; there is one at a time, and the latest
 * wins. Nothing is told any more once the signal has aborted.
 */
export class Picturing {
  private isBusy = false;
  private isWanted = false;
  private nextPicture = 0;
  private nextArea = 0;
  /** Trials of the last picture, and of the last area. */
  private readonly known = { picture: 0, area: 0 };

  constructor(
    private readonly run: LastingRun<PageEngine>,
    private readonly desk: HiredDesk["desk"],
    private readonly options: { mostArrows(): number; cells(): Cells },
    private readonly events: PicturingEvents,
    private readonly over: AbortSignal,
  ) {}

  /** There are other sums: a picture of them when there is time, or by `last`. */
  want(): void {
    this.isWanted = true;
  }

  /** A picture of them now, unless one is on its way or the last was but a moment ago. */
  ask(): void {
    this.isWanted = true;
    if (!this.isBusy && performance.now() >= this.nextPicture) void this.make();
  }

  /** The picture of all trials there are, whatever is still on its way. */
  async last(): Promise<void> {
    while (this.isBusy && !this.over.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.isWanted && !this.over.aborted) await this.make();
  }

  /** The area of all trials there are, unless it is known. */
  async lastArea(): Promise<void> {
    if (!this.over.aborted && this.known.area !== this.known.picture) await this.makeArea();
  }

  private async make(): Promise<void> {
    const { run, desk, options, events, over } = this;
    this.isBusy = true;
    this.isWanted = false;
    const begun = performance.now();
    try {
      const sums = run.engine.kind === "cpu" ? null : await run.sums();
      // The desk may be about another network by now.
      if (over.aborted) return;
      const effects = await desk.evaluate(sums && handOver(sums), options.cells());
      if (over.aborted) return;
      events.effects(effects);
      const picture = { ...effects, ...(await desk.judge(options.mostArrows())) };
      if (over.aborted) return;
      const took = performance.now() - begun;
      this.nextPicture = begun + Math.max(pictureInterval, took / pictureShare);
      this.known.picture = picture.trials;
      events.picture(picture);
      if (performance.now() >= this.nextArea) await this.makeArea();
    } catch (error) {
      if (!over.aborted) events.failed(error);
    } finally {
      this.isBusy = false;
    }
  }

  /** The ROC area of the last picture. */
  private async makeArea(): Promise<void> {
    const begun = performance.now();
    const area = await this.desk.area();
    if (this.over.aborted || !area) return;
    this.nextArea = begun + (performance.now() - begun) / areaShare;
    this.known.area = area.trials;
    this.events.area(area);
  }
}
