import { trialsTogether } from "../../model/design";
import type { Experiment } from "../../model/experiment";
import { forecast } from "../forecast";

/** Pair-updates that a link may start by itself: some seconds in software, on either side. */
export const affordable = 8e9;

/** The float64 model is slower by far; this is a few seconds of it. */
const modelAffordable = 3e8;

/** Sums, estimates and float64 sums of every pair are held at once, several times over. */
const mostPairs = 2048 ** 2;

/** Pairs of an experiment: its sources, and every neuron as a target. */
export const pairsOf = (experiment: Experiment): number => sourcesOf(experiment) * experiment.neurons;

/** Whether compare mode has room for it. */
export const isTooLarge = (experiment: Experiment): boolean => pairsOf(experiment) > mostPairs;

/** So many sources fit. */
export const sourcesThatFit = ({ neurons }: Experiment): number => Math.floor(mostPairs / neurons);

export const sourcesOf = (experiment: Experiment): number => forecast(experiment).sources;

/** Beside its pairs, a trial draws noise for each neuron and goes through all arrows, which cost as much as so many pairs. */
const noise = 60;
const arrow = 2;

/** Work of the integer engines, in pair-updates; arms of their own make some three times as much. */
export const costOf = (experiment: Experiment): number => experiment.trials * costOfTrial(experiment);

function costOfTrial(experiment: Experiment): number {
  const { neurons, design, probability, hidden } = experiment;
  const { sources, arrows } = forecast(experiment);
  const isPlain = design === "all" && probability === 0.5 && hidden === 0;
  return (isPlain ? 1 : 3) * (neurons * (sources + noise) + arrow * arrows);
}

/** So many trials are as many as a link may start, a round number of them. */
export function affordableTrials(experiment: Experiment): number {
  const most = affordable / costOfTrial(experiment);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return Math.max(1, Math.floor(most / power) * power);
}

/** Trials of the float64 model: as many as the others, as far as it takes seconds and not minutes. */
export function modelTrials(experiment: Experiment): number {
  const { neurons, trials, design, share } = experiment;
  const { sources, arrows } = forecast(experiment);
  const set = { all: sources, subset: share * sources, one: 1, "same-noise": 2 }[design];
  const most = Math.floor(modelAffordable / (neurons * (set + noise) + arrow * arrows));
  // A few hundred say something about every network.
  const unit = trialsTogether(design);
  return unit * Math.ceil(Math.min(trials, Math.max(200, most)) / unit);
}
