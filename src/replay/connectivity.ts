import type { Wiring } from "../model/network";
import { largestSingularValue } from "../model/singularValue";
import { cumulative, LegacyRandom } from "./mt19937";

/** The notebook's probability of no arrow and of an arrow. */
const noArrowOrArrow = [0.9, 0.1];

export interface NotebookConnectivity {
  readonly wiring: Wiring;
  readonly largestSingularValue: number;
  readonly weight: number;
  /** Where `np.random` stands after the call: what the notebook draws next, unseeded, comes from here. */
  readonly random: LegacyRandom;
}

/**
 * The notebook's `create_connectivity(neurons, seed)`, before the weight is rounded to the fixed-point grid.
 * Draws go straight into sparse rows, so that 20,000 neurons take the room of their arrows, not 3.2 GB.
 *
 * Units    weight: drive per perturbation, 1 / (1.01 × largest singular value); 0 if no arrow was drawn
 *          (the notebook's 0/0; 2.3 % of the seeds at 6 neurons).
 * Errors   RangeError for a seed that is not 32 bits.
 * Source   The notebook: `np.random.choice([0, 1], size=(n, n), p=[.9, .1])`, row = target.
 */
export function createConnectivity(
  neurons: number,
  seed: number,
  tell?: (work: "wiring" | "scale", share: number) => void,
): NotebookConnectivity {
  const random = new LegacyRandom(seed);
  const cdf = cumulative(noArrowOrArrow);
  const rowStart = new Uint32Array(neurons + 1);
  let source = new Uint32Array(Math.ceil(0.11 * neurons * neurons) + 64);
  let arrows = 0;
  for (let target = 0; target < neurons; target++) {
    if (target % 64 === 0) tell?.("wiring", target / neurons);
    if (arrows + neurons > source.length) source = extended(source, arrows + neurons);
    for (let from = 0; from < neurons; from++) {
      if (random.choice(cdf) === 1) source[arrows++] = from;
    }
    rowStart[target + 1] = arrows;
  }
  const wiring = { neurons, rowStart, source: source.slice(0, arrows) };
  const largest = largestSingularValue(wiring, { tell: (share) => tell?.("scale", share) });
  return { wiring, largestSingularValue: largest, weight: largest === 0 ? 0 : 1 / (1.01 * largest), random };
}

function extended(words: Uint32Array<ArrayBuffer>, atLeast: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(Math.ceil(1.1 * atLeast));
  longer.set(words);
  return longer;
}
