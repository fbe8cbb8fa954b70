import { type Design, shareSet, whole } from "../../src/model/design";
import { type Network, weightOf } from "../../src/model/network";
import { allOf } from "./networks";

type Random = () => number;

export const gauss = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const toSteps = (drive: number, rounding: number) =>
  Math.floor(255 / (1 + Math.exp(-drive)) + rounding) / 255;

/**
 * Effects from trials of any design, in float64 and straight from the design's description: shares nothing with the
 * kernels. Noise that neurons share is left out.
 *
 * Returns  [neurons × neurons], row = target; NaN where an arm is empty or a neuron hidden.
 */
export function effectsOfTrials(
  network: Network,
  design: Design,
  trials: number,
  random: Random,
): Float64Array {
  const { neurons } = network;
  const pairs = allOf(neurons ** 2);
  const weight = Float64Array.from(pairs, (at) => weightOf(network, Math.floor(at / neurons), at % neurons));
  const visible = allOf(neurons).filter((neuron) => !design.hidden?.[neuron]);
  const inTurn = design.kind === "one" || design.kind === "same-noise";
  const isPaired = design.kind === "same-noise";
  const sums = [new Float64Array(pairs.length), new Float64Array(pairs.length)];
  const counts = [new Float64Array(neurons), new Float64Array(neurons)];
  const state = new Float64Array(neurons);
  const isSet = new Uint8Array(neurons);
  const noise = new Float64Array(neurons);
  const rounding = new Float64Array(neurons);
  for (let trial = 0; trial < trials; trial++) {
    const turn = visible[(isPaired ? trial >> 1 : trial) % visible.length];
    if (!isPaired || trial % 2 === 0) {
      for (let neuron = 0; neuron < neurons; neuron++) {
        state[neuron] = toSteps(gauss(random), random());
        noise[neuron] = gauss(random);
        rounding[neuron] = random();
      }
      isSet.fill(0);
      for (const neuron of visible) {
        if (inTurn ? neuron !== turn : random() >= shareSet(design, neuron)) continue;
        isSet[neuron] = 1;
        state[neuron] = random() < design.probability / whole ? 1 : 0;
      }
    }
    if (isPaired) state[turn] = trial % 2;
    for (const source of visible) if (isSet[source]) counts[state[source]][source]++;
    for (const target of visible) {
      let drive = noise[target];
      for (let source = 0; source < neurons; source++)
        drive += weight[target * neurons + source] * state[source];
      const outcome = toSteps(drive, rounding[target]);
      for (const source of visible)
        if (isSet[source]) sums[state[source]][target * neurons + source] += outcome;
    }
  }
  const [off, on] = sums;
  return Float64Array.from(pairs, (pair) => {
    const source = pair % neurons;
    const isHidden = design.hidden?.[source] || design.hidden?.[Math.floor(pair / neurons)];
    return isHidden ? Number.NaN : on[pair] / counts[1][source] - off[pair] / counts[0][source];
  });
}
