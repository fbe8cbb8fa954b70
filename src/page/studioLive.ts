import type { Task } from "../engine/engine";
import { type GraphAppearance, type GraphLook, none } from "../engine/gpu/graphLook";
import type { Ramp, SumBuffers } from "../engine/gpu/look";
import type { GpuRun } from "../engine/gpu/run";
import type { ArrowList } from "../view/arrowList";
import { diverging, inks, type Rgb, type Theme } from "../view/colours";
import { type Focus, mostWhole } from "../view/focus";
import { kept } from "../view/kept";
import type { Live, LiveColours, LiveLook } from "../view/live";

const word = ([red, green, blue]: Rgb) => (red | (green << 8) | (blue << 16) | (255 << 24)) >>> 0;

/** The page's effect scale, for shaders. */
export const rampOf = (theme: Theme): Ramp => ({
  scale: Uint32Array.from({ length: 513 }, (_, step) => word(diverging(theme, step / 256 - 1))),
  missing: word(inks[theme].missing),
});

const lookedAt = (focus: Focus): GraphAppearance["looked"] => {
  if (focus === null) return { kind: "nothing", source: none, target: none };
  if (focus.kind === "pair") return focus;
  return { kind: "neuron", source: focus.neuron, target: focus.neuron };
};

const appearanceOf = ({ focus, theme, resting, ...look }: LiveLook): GraphAppearance => ({
  ...look,
  neuronColour: word(resting),
  pokedColour: word(inks[theme].poked),
  looked: lookedAt(focus),
});

export interface LiveGraph extends Live {
  /** The run is over: frames that wait for their turn draw without it. */
  end(): void;
}

/** The graph's colours from a run's sums. */
export function liveGraph(look: GraphLook, run: GpuRun, { network, sources }: Task): LiveGraph {
  let isOver = false;
  const columns = new Map(Array.from(sources, (neuron, column) => [neuron, column]));
  const setRamp = kept((theme: Theme) => look.setRamp(rampOf(theme)));
  const setDrawn = kept((list: ArrowList) => {
    const drawn = new Uint32Array(4 * list.source.length);
    for (let arrow = 0; arrow < list.source.length; arrow++) {
      const source = list.source[arrow];
      drawn.set([source, list.target[arrow], columns.get(source) ?? none], 4 * arrow);
    }
    look.setDrawn(drawn);
  });
  const coloursOf = (sums: SumBuffers): LiveColours => ({
    tint(arrows, first, list, given) {
      setRamp(given.theme);
      setDrawn(list);
      look.tint(sums, appearanceOf(given), arrows, first);
    },
    light(discs, given, shimmer) {
      const { focus } = given;
      const isTold = focus?.kind === "neuron" && network.neurons > mostWhole;
      const column = isTold ? columns.get(focus.neuron) : undefined;
      if (column === undefined && !shimmer) return false;
      setRamp(given.theme);
      look.light(sums, appearanceOf(given), discs, column ?? none);
      return true;
    },
  });
  return {
    frame: (draw) =>
      run.look(async (sums) => draw(isOver || sums === null || sums.trials === 0 ? null : coloursOf(sums))),
    end: () => {
      isOver = true;
    },
  };
}
