import type { Deviations } from "../../model/deviations";
import { deviation } from "../../model/deviations";
import type { Experiment } from "../../model/experiment";
import type { Sameness } from "../../model/sameness";
import { count, duration, fixed, memory, roughly, withError } from "../../ui/words";
import { forecast } from "../forecast";
import { budget } from "../linkBudget";
import type { Estimate, PairNumbers, SelfCheck } from "./bench";
import { affordable, affordableTrials, costOf, isTooLarge, sourcesOf, sourcesThatFit } from "./budget";
import type { Contest, Leg, LegName } from "./comparison";

export const legTitles: Record<LegName, string> = { gpu: "GPU", cpu: "CPU", model: "float64 model" };

/** "0 of 161,201 words differ" */
export const differText = ({ different, words }: { different: number; words: number }): string =>
  `${count(different)} of ${count(words)} words differ`;

/** The one line that matters, in large letters. */
export function verdictText({ phase, verdict, noGpu, experiment, legs }: Contest): string {
  if (verdict) return differText(verdict.sameness);
  if (noGpu) return "No GPU to compare with";
  if (phase === "failed") return "The comparison stopped";
  if (phase === "cancelled") return `Cancelled after ${trialsText(legs.gpu.trials)} of the GPU`;
  return `${trialsText(experiment.trials)}, twice`;
}

const trialsText = (trials: number): string => `${count(trials)} ${trials === 1 ? "trial" : "trials"}`;

/** What is being done, and how long it still takes. */
export function statusText({ phase, legs, failure }: Contest): string {
  if (phase === "preparing") return "getting ready …";
  if (phase === "failed") return `${failure.replace(/\.$/, "")}. R compares again.`;
  if (phase === "done") return "";
  if (phase === "cancelled") return "cancelled; what is done stays";
  const { trials, of, seconds } = legs[phase];
  const left = (of - trials) / (trials / seconds);
  const time = left > 2 ? ` · ${duration(left)} left` : "";
  return `${legTitles[phase]}: ${count(trials)} of ${trialsText(of)}${time}`;
}

export function explanation({ experiment, noGpu, adapter }: Contest): string {
  const { neurons } = experiment;
  if (noGpu) return `${noGpu}. The CPU stands against the float64 model alone.`;
  const sources = sourcesOf(experiment);
  const some =
    sources < neurons ? `, ${count(sources)} of them ${sources === 1 ? "a source" : "sources"}` : "";
  const network = `${count(neurons)} ${neurons === 1 ? "neuron" : "neurons"}${some}`;
  return (
    `The same ${trialsText(experiment.trials)} of ${network}, with the same random numbers, on ${adapter || "the GPU"} and on the ` +
    "CPU. All sums are whole numbers, so they must be the same bit for bit."
  );
}

/** Why a comparison does not start by itself; "" if it may. */
export function offerText(experiment: Experiment): string {
  const { neurons } = experiment;
  if (isTooLarge(experiment))
    return (
      `Compare mode holds every sum twice: of ${count(neurons)} neurons it takes up to ${count(sourcesThatFit(experiment))} ` +
      `as sources, and there are ${count(sourcesOf(experiment))}.`
    );
  const { bytes } = forecast(experiment);
  if (bytes > budget.bytes)
    return `It takes up to ${memory(bytes)} on each side; a link starts up to ${memory(budget.bytes)} by itself.`;
  const cost = costOf(experiment);
  if (cost <= affordable) return "";
  return (
    `${roughly(cost)} pair-updates on each side are more than a link starts by itself: an adapter in software ` +
    `does some 4 billion a second, so about ${duration(cost / 4e9)}. ${trialsText(affordableTrials(experiment))} would start at once.`
  );
}

/** Where the first difference is: "Σ p·o of neuron 5 → neuron 1: GPU 81,234, CPU 81,230" */
export function firstText({ first }: Pick<Sameness, "first">, sources: Uint32Array): string {
  if (!first) return "";
  const { part, index, a, b } = first;
  return `${wordName(part, index, sources)}: GPU ${exactly(a)}, CPU ${exactly(b)}`;
}

const exactly = (value: number): string => (Number.isInteger(value) ? count(value) : String(value));

/** A word of the sums by what it counts; every neuron is a target. */
export function wordName(part: string, index: number, sources: Uint32Array): string {
  const columns = sources.length;
  const pair = `neuron ${sources[index % columns]} → neuron ${Math.floor(index / columns)}`;
  const names: Record<string, string> = {
    trials: "number of trials",
    perturbed: `trials with neuron ${sources[index]} at 1`,
    outcome: `Σ o of neuron ${index}`,
    outcomeSquared: `Σ o² of neuron ${index}`,
    pair: `Σ p·o of ${pair}`,
    "arms.off": `trials with neuron ${sources[index]} at 0`,
    "arms.pairOff": `Σ o with the source at 0, of ${pair}`,
    "arms.squaredOn": `Σ o² with the source at 1 (with the same noise, of the difference), of ${pair}`,
    "arms.squaredOff": `Σ o² with the source at 0, of ${pair}`,
  };
  return names[part] ?? `${part} of ${pair}`;
}

export function ratioText({ legs: { gpu, cpu }, noGpu, verdict }: Contest): string {
  const ratio = speedOf(gpu) / speedOf(cpu);
  if (noGpu || !verdict || !Number.isFinite(ratio) || ratio === 0) return "";
  if (ratio >= 1) return `The GPU is ${times(ratio)} times as fast as the CPU.`;
  return `The CPU is ${times(1 / ratio)} times as fast as this GPU.`;
}

const times = (ratio: number): string => (ratio < 10 ? fixed(ratio, 1) : roughly(ratio));

/** Trials per second of computing; NaN before there are any. */
export const speedOf = ({ trials, seconds }: Leg): number => (trials > 0 ? trials / seconds : Number.NaN);

/** "neuron 5 → neuron 1: GPU 0.139 ± 0.004, CPU the same bits; exact 0.141; float64 model 0.138 ± 0.004 (z = 0.3)" */
export function pairWords(
  source: number,
  target: number,
  { gpu, cpu, model, exact, isDifferent }: PairNumbers,
  truth: boolean,
): string {
  const parts: string[] = [];
  if (gpu) parts.push(`GPU ${estimateText(gpu)}`);
  if (cpu)
    parts.push(
      gpu && !isDifferent
        ? "CPU the same bits"
        : `CPU ${estimateText(cpu)}${gpu ? apart(gpu.effect, cpu.effect) : ""}`,
    );
  const said = [parts.join(", ")];
  if (truth) said.push(exact === 0 ? "exact 0" : `exact ${fixed(exact, 4)}`);
  const judged = gpu ?? cpu;
  if (model) {
    const z = judged
      ? deviation(judged.effect, judged.standardError, model.effect, model.standardError)
      : Number.NaN;
    said.push(
      `float64 model ${estimateText(model)}${Number.isFinite(z) ? `, ${fixed(Math.abs(z), 1)} standard errors away` : ""}`,
    );
  }
  const itself = source === target ? " (itself)" : "";
  return `neuron ${source} → neuron ${target}${itself}: ${said.filter(Boolean).join("; ") || "not computed yet"}`;
}

const estimateText = ({ effect, standardError }: Estimate): string =>
  Number.isFinite(effect) && Number.isFinite(standardError) ? withError(effect, standardError) : "missing";

/** Two effects whose words differ may look the same at the places that their errors allow. */
const apart = (a: number, b: number): string =>
  a === b ? ", other sums" : `, ${Math.abs(a - b).toPrecision(2)} apart`;

/**
 * "RMS 1.002, expected 1 ± 0.002 · 4.97 % beyond ±1.96, expected 5 %"
 *
 * Errors of different targets are independent, unless the neurons share noise: then those of one source agree to
 * about the shared part c of the variance, and the pairs are worth fewer, 1 / (1 + (N − 1) c²) of them.
 */
export function deviationText(
  { rms, outside, pairs }: Deviations,
  { neurons, common }: Pick<Experiment, "neurons" | "common">,
): string {
  if (pairs === 0) return "no pair can be judged: too few trials";
  const error = Math.sqrt((1 + (neurons - 1) * common ** 2) / (2 * pairs));
  const decimals = Math.min(4, Math.max(1, -Math.floor(Math.log10(error))));
  return (
    `RMS ${fixed(rms, decimals)}, expected 1 ± ${fixed(error, decimals)} · ` +
    `${fixed(100 * outside, 1)} % beyond ±1.96, expected 5 %`
  );
}

/** All kernels together: "0 of 20,474,518 words differ on SwiftShader" */
export function checkText({ adapter, kernels }: SelfCheck): string {
  const total = (of: "words" | "different") => kernels.reduce((sum, kernel) => sum + kernel[of], 0);
  const idle = kernels.filter(({ changed }) => changed === 0).map(({ name }) => name);
  const ran = idle.length > 0 ? `; nothing at all was written by ${idle.join(", ")}` : "";
  return `${differText({ different: total("different"), words: total("words") })} on ${adapter}${ran}`;
}
