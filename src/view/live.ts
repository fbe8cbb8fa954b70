import type { ArrowList } from "./arrowList";
import type { Rgb, Theme } from "./colours";
import type { Focus } from "./focus";

/** How arrows and neurons are to look; pixels of the stage. */
export interface LiveLook {
  readonly theme: Theme;
  readonly focus: Focus;
  /** Effect of full colour and width. */
  readonly scale: number;
  readonly thinnest: number;
  readonly widest: number;
  readonly disc: number;
  readonly veil: number;
  /** A neuron on which there is no effect, and who is not poked. */
  readonly resting: Rgb;
}

/** Who colours pictures from sums that never leave the device, while these stand still. */
export interface LiveColours {
  /** Colours and widths of listed arrows, from number `first` on, in an ArrowMesh's numbers. */
  tint(arrows: GPUBuffer, first: number, list: ArrowList, look: LiveLook): void;
  /**
   * Fillings of all neurons, in a DiscMesh's words: the effects of the source that is looked at, or, with `shimmer`,
   * who was set to 1 in the last trial.
   *
   * Returns  false if there is neither: then the fillings are as they were.
   */
  light(discs: GPUBuffer, look: LiveLook, shimmer: boolean): boolean;
}

/** A run under way whose sums can be drawn where they are. */
export interface Live {
  /** Calls `draw` while no trials are being added; with null where these sums cannot be drawn. */
  frame(draw: (colours: LiveColours | null) => void): Promise<void>;
}
