import { expose, transfer } from "comlink";
import { createCpuEngine } from "../engine/cpu/engine";
import type { Run } from "../engine/engine";
import { csvLines } from "../io/effectsCsv";
import { designOf } from "../model/design";
import { exactEffect } from "../model/estimand";
import { type Estimates, estimate } from "../model/estimate";
import { parameters } from "../model/experiment";
import { weightOf } from "../model/network";
import { predictor } from "../model/predict";
import { recover } from "../model/recovery";
import { agreementWith } from "../model/summary";
import type { Sums } from "../model/sums";
import { keyFrom } from "../model/threefry";
import { networkOf } from "../network";
import { pool } from "../view/pixels";
import { contest, expectContest } from "./contest";
import type { Desk } from "./desk";
import { pictureOf } from "./digest";
import { rung } from "./ladder";
import { lessonData } from "./lessonData";
import { needsOf, type Planned, pairNeed } from "./needs";

const engine = createCpuEngine();
let open: Planned | null = null;
let run: Run | null = null;
let latest: Estimates | null = null;
let contesting: AbortController | null = null;

function the<T>(value: T | null): T {
  if (value === null) throw new Error("nothing has been prepared");
  return value;
}

const desk: Desk = {
  prepare(experiment) {
    desk.release();
    latest = null;
    const network = networkOf(experiment);
    const design = designOf(experiment, keyFrom(experiment.seed));
    const estimand = exactEffect(network, design);
    const sources = Uint32Array.from({ length: network.neurons }, (_, neuron) => neuron);
    open = { experiment, network, estimand, sources, design };
    const weights = pool(network.neurons, (pair) =>
      weightOf(network, Math.floor(pair / network.neurons), pair % network.neurons),
    );
    const predict = predictor(network, estimand, sources, design);
    return {
      network,
      exact: estimand.effect,
      weights,
      expected: milestones(experiment.trials).map((trials) => predict(trials)),
    };
  },
  async open() {
    const { experiment, network, sources, design } = the(open);
    const { seed, trials } = experiment;
    run = await engine.open({ network, key: keyFrom(seed), sources, trials, design });
  },
  advance: (from, to) => the(run).advance(from, to),
  sums: () => the(run).sums(),
  release() {
    run?.release();
    run = null;
  },
  async evaluate(given, mostArrows) {
    const { network, estimand, design } = the(open);
    const sums: Sums = given ?? (await the(run).sums());
    latest = estimate(sums, design.hidden);
    const picture = pictureOf(latest, network, estimand, mostArrows);
    const { value, standardError, pair } = picture.effects;
    return transfer(picture, [value.buffer, standardError.buffer, pair.buffer]);
  },
  pair(source, target) {
    if (!latest) return null;
    const pair = target * latest.sources.length + source;
    return { effect: latest.effect[pair], standardError: latest.standardError[pair] };
  },
  recover(confidence) {
    if (!latest) return null;
    const { network, estimand } = the(open);
    return {
      trials: latest.trials,
      recovery: recover(latest, network, estimand, confidence),
      agreement: agreementWith(latest.effect, latest.sources, network),
    };
  },
  needs: (z) => open && needsOf(open, z),
  pairNeed: (z, source, target) => open && pairNeed(open, z, source, target),
  csv() {
    const { network, estimand } = the(open);
    return latest && `${[...csvLines(latest, network, estimand)].join("\n")}\n`;
  },
  lesson: lessonData,
  rung,
  contest(request, tell) {
    desk.endContest();
    contesting = new AbortController();
    return contest(request, tell, contesting.signal);
  },
  expectContest,
  endContest() {
    contesting?.abort();
    contesting = null;
  },
};

/** Numbers of trials at which the expected curves are drawn, evenly spaced on a logarithmic axis. */
function milestones(trials: number): number[] {
  const first = Math.min(firstMilestone, trials);
  const steps = 48;
  const at = (step: number) => Math.round(first * (trials / first) ** (step / steps));
  return [...new Set(Array.from({ length: steps + 1 }, (_, step) => at(step)))];
}

/** Below 4 trials nobody expects anything. */
const firstMilestone = Math.max(4, parameters.trials.min);

expose(desk);
