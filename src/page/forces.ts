import createLayout from "ngraph.forcelayout/dist/ngraph.forcelayout2d.js";
import type { Wiring } from "../model/network";
import { layOut } from "../view/layout";

/** Steps until a network lies still. */
export const forceSteps = 300;

/** A network finding its places on the CPU: arrows are springs, and neurons push each other apart. */
export interface Forces {
  /** Steps done; it is at rest after `forceSteps`. */
  readonly done: number;
  step(): void;
  /** [neurons × 2] x and y, of any size. */
  places(): Float32Array<ArrayBuffer>;
}

/**
 * From a sunflower's places and without chance, so that the same network always comes to lie the same.
 *
 * Source   ngraph.forcelayout: springs, and Barnes & Hut's tree for the push of all others.
 */
export function createForces({ neurons, rowStart, source }: Wiring): Forces {
  const simulator = createLayout.simulator({ springLength: 1, gravity: -1, timeStep: 1 });
  const start = layOut(neurons, { kind: "disc" });
  const size = 0.15 * Math.sqrt(neurons);
  const bodies = Array.from(start.x, (x, neuron) =>
    simulator.addBodyAt({ x: size * x, y: size * start.y[neuron] }),
  );
  const degree = new Uint32Array(neurons);
  const eachArrow = (visit: (from: number, to: number) => void) => {
    for (let row = 0; row < neurons; row++)
      for (let at = rowStart[row]; at < rowStart[row + 1]; at++)
        if (source[at] !== row) visit(source[at], row);
  };
  eachArrow((from, to) => {
    degree[from]++;
    degree[to]++;
  });
  // However many springs there are to a neuron, together they pull no harder than it can follow.
  eachArrow((from, to) => {
    simulator.addSpring(bodies[from], bodies[to], -1, 0.8 / Math.min(degree[from], degree[to]));
  });
  let done = 0;
  return {
    get done() {
      return done;
    },
    step() {
      // Large strides find the shape, small ones let it come to rest.
      simulator.timeStep(1 - (0.98 * done) / forceSteps);
      simulator.step();
      done++;
    },
    places: () => Float32Array.from(bodies.flatMap(({ pos }) => [pos.x, pos.y])),
  };
}
