import { createCpuEngine } from "../engine/cpu/engine";
import { sumsOf } from "../engine/drive";
import { exactEffect } from "../model/estimand";
import { estimate } from "../model/estimate";
import { parseExperiment } from "../model/experiment";
import { predict } from "../model/predict";
import { agreementWith } from "../model/summary";
import { keyFrom } from "../model/threefry";
import { networkOf } from "../network";

/** One network of a growing size, under so many trials. */
export interface RungRequest {
  readonly neurons: number;
  readonly networkSeed: number;
  readonly seed: string;
  readonly trials: number;
  /** Run the trials, or only say what to expect of them. */
  readonly measure: boolean;
}

/** Missing: agreement is null where it was not measured or is not defined. */
export interface Rung {
  readonly neurons: number;
  readonly trials: number;
  readonly agreement: number | null;
  readonly expected: { readonly expected: number; readonly low: number; readonly high: number } | null;
}

/** Pair-updates that a lesson may spend on one network: a few seconds of one thread. */
export const affordable = 3e9;

/** What agreement the trials reach, and what theory expects of them. */
export async function rung({ neurons, networkSeed, seed, trials, measure }: RungRequest): Promise<Rung> {
  const network = networkOf(parseExperiment({ network: "notebook", neurons, networkSeed, seed, trials }));
  const sources = Uint32Array.from({ length: neurons }, (_, neuron) => neuron);
  const expected = predict(trials, network, exactEffect(network), sources).agreement;
  if (!measure) return { neurons, trials, agreement: null, expected };
  const { effect } = estimate(
    await sumsOf(createCpuEngine(), { network, key: keyFrom(seed), sources, trials }),
  );
  return { neurons, trials, agreement: agreementWith(effect, sources, network), expected };
}
