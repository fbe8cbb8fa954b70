import { type ArrowList, noArrows } from "./arrowList";
import { bend, type Places, place } from "./curves";
import { kept } from "./kept";
import { layOut, onTheWay, turned } from "./layout";
import type { Ego, GraphNetwork, Shown } from "./painter";
import { type Widths, widthsOf } from "./widths";

/** Where everything lies and how wide it is: what the drawing and whoever points at it have in common. */
export interface Arrangement {
  readonly places: Places;
  readonly widths: Widths;
  /** The arrows that are drawn: of the neuron that is looked at, or of all. */
  readonly estimates: ArrowList;
  readonly truth: ArrowList;
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
  const seen = kept(turned);
  const moving = kept(onTheWay);
  const placed = kept(place);
  const arranged = kept(arrange);
  return (shown) => {
    const { network, estimates, size, view, arranging, turn, from, part } = shown;
    const lies = moving(from, seen(layout(network.neurons, arranging), turn), part);
    const places = placed(lies, size.width, size.height, view.zoom);
    return arranged(network, estimates, egoOf(shown), shown.truth, places);
  };
}

/** What is known of the neuron that is looked at, if that is it. */
export const egoOf = ({ ego, focus }: Pick<Shown, "ego" | "focus">): Ego | null =>
  ego && focus?.kind === "neuron" && focus.neuron === ego.neuron ? ego : null;

function arrange(
  network: GraphNetwork,
  found: ArrowList,
  ego: Ego | null,
  truthShown: boolean,
  places: Places,
): Arrangement {
  const estimates = ego?.estimates ?? found;
  const truth = truthShown ? (ego?.truth ?? network.truth) : noArrows;
  const drawn = Math.max(estimates.source.length, truth.source.length);
  const all = ego ? drawn : network.arrows;
  let curves: Float32Array | null = null;
  let truthCurves: Float32Array | null = null;
  return {
    places,
    widths: widthsOf(places, { all, drawn }, network.scale),
    estimates,
    truth,
    get curves() {
      curves ??= bend(places, estimates);
      return curves;
    },
    get truthCurves() {
      truthCurves ??= bend(places, truth);
      return truthCurves;
    },
  };
}
