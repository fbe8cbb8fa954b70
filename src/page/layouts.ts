import type { Experiment } from "../model/experiment";
import { withoutPlace } from "../model/places";
import { blockStarts } from "../model/wiring/chance";
import type { ViewOptions } from "../ui/state";
import { count } from "../ui/words";
import type { Arranging } from "../view/layout";
import { placesOf } from "./openedFile";
import { Settling } from "./settling";
import type { Wired } from "./wired";

/** Milliseconds of the way from one layout to the next, and from one step of the forces to the next. */
const [walkTime, stepTime] = [600, 250];

export interface LayoutEvents {
  /** The arrows of the network on show. */
  wired(): Promise<Wired>;
  /** The neurons are to walk there in so many milliseconds. */
  arrange(arranging: Arranging, walkTime: number): void;
  /** There is another note. */
  noted(): void;
}

/** Where the graph's neurons lie, as the view asks for it. */
export class Layouts {
  private readonly settling = new Settling();
  private experiment: Experiment | null = null;
  private layout: ViewOptions["layout"] = "auto";
  /** How the network on show is arranged now. */
  arranging: Arranging = { kind: "auto" };
  /** What there is to say about it; "" if nothing. */
  note = "";

  constructor(private readonly events: LayoutEvents) {}

  /** Another network: its neurons lie there at once. */
  begin(experiment: Experiment, layout: ViewOptions["layout"]): void {
    this.experiment = experiment;
    this.layout = layout;
    this.choose(experiment);
  }

  /** Another layout of the same network. */
  setLayout(layout: ViewOptions["layout"]): void {
    if (layout === this.layout) return;
    this.layout = layout;
    if (!this.experiment) return;
    this.choose(this.experiment);
    // Forces begin where the neurons are, and come to rest where they always do.
    if (layout !== "force") this.events.arrange(this.arranging, walkTime);
  }

  /** There are other places for the same network. */
  replace(): void {
    if (!this.experiment) return;
    this.choose(this.experiment);
    this.events.arrange(this.arranging, walkTime);
    this.events.noted();
  }

  private choose(experiment: Experiment): void {
    this.settling.end();
    this.note = "";
    const { network, neurons, blocks } = experiment;
    const { layout } = this;
    const places = placesOf(experiment);
    if (places && (layout === "auto" || layout === "places")) {
      this.arranging = { kind: "places", places: places.at, dimensions: places.dimensions };
      const aside = withoutPlace(places);
      if (aside > 0) this.note = `${count(aside)} aside, without a place`;
    } else if (layout === "places") {
      this.arranging = { kind: "auto" };
      this.note = "no places given";
    } else if (layout === "force") {
      this.arranging = { kind: "disc" };
      void this.settle(neurons);
    } else if (layout !== "blocks") this.arranging = { kind: layout };
    else if (network === "blocks") this.arranging = { kind: "blocks", starts: blockStarts(neurons, blocks) };
    else {
      this.arranging = { kind: "auto" };
      this.note = "not made of blocks";
    }
  }

  private async settle(neurons: number): Promise<void> {
    const say = (note: string) => {
      this.note = note;
      this.events.noted();
    };
    const { experiment } = this;
    const isWanted = () => this.experiment === experiment && this.layout === "force";
    this.note = "finding places";
    try {
      await this.settling.begin(
        neurons,
        () => this.events.wired(),
        (places, share) => {
          this.arranging = { kind: "places", places, dimensions: 2 };
          this.events.arrange(this.arranging, stepTime);
          say(share < 1 ? `finding places · ${Math.floor(100 * share)} %` : "");
        },
      );
    } catch (error) {
      if (!isWanted()) return;
      this.arranging = { kind: "auto" };
      this.events.arrange(this.arranging, walkTime);
      say(error instanceof Error ? error.message : String(error));
    }
  }
}
