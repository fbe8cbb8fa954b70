import type { ArrowList } from "./arrowList";
import { bend, type Places, place } from "./curves";
import { kept } from "./kept";
import { layOut } from "./layout";
import type { GraphNetwork, Shown } from "./painter";
import { type Widths, widthsOf } from "./widths";

/** Where everything lies and how wide it is: what the drawing and whoever points at it have in common. */
export interface Arrangement {
  readonly places: Places;
  readonly widths: Widths;
  /** [8 × arrows] of the estimates and of the true arrows, see curve. */
  readonly curves: Float32Array;
  readonly truthCurves: Float32Array;
}

/**
 * Arranges what is shown; only what has changed since the last time is worked out anew, and curves only when they
 * are asked for.
 */
export function arranger(): (shown: Shown) => Arrangement {
  const layout = kept(layOut);
  const placed = kept(place);
  const arranged = kept(arrange);
  return ({ network, estimates, size }) =>
    arranged(network, estimates, placed(layout(network.neurons), size.width, size.height));
}

function arrange(network: GraphNetwork, estimates: ArrowList, places: Places): Arrangement {
  const drawn = Math.max(estimates.source.length, network.truth.source.length);
  let curves: Float32Array | null = null;
  let truthCurves: Float32Array | null = null;
  return {
    places,
    widths: widthsOf(network, places, drawn),
    get curves() {
      curves ??= bend(places, estimates);
      return curves;
    },
    get truthCurves() {
      truthCurves ??= bend(places, network.truth);
      return truthCurves;
    },
  };
}
