import { fitLine, twoArms } from "../model/twoArms";
import { count, decimalsFor, fixed } from "../view/numbers";
import type { Rung } from "./ladder";
import type { LessonData } from "./lessonData";

/** The rungs of lesson 6: a fixed number of trials, and one that grows with the pairs. */
export interface Ladders {
  readonly fixed: readonly Rung[];
  readonly grown: readonly Rung[];
  readonly trials: number;
  readonly trialsPerPair: number;
}

type Numbers = Readonly<Record<string, string>>;

/** Digits that the error allows; all of them where the notebook's own are the point. */
const withinError = (value: number, error: number) => fixed(value, decimalsFor(error));

const shown = (value: number | null, decimals: number) =>
  value === null ? "not defined" : fixed(value, decimals);

/** Arrows of a neuron in words: "sends an arrow to 0", "sends arrows to 1 and 2". */
function sendsOf({ exact, neurons }: LessonData, source: number): string {
  const targets = Array.from({ length: neurons }, (_, target) => target).filter(
    (target) => exact[target * neurons + source] !== 0,
  );
  if (targets.length === 0) return "sends no arrow";
  if (targets.length === 1) return `sends an arrow to ${targets[0]}`;
  return `sends arrows to ${targets.slice(0, -1).join(", ")} and ${targets[targets.length - 1]}`;
}

/** The arrow that lesson 3 follows: the notebook's 5 → 1 if there is one, else the strongest. */
function followed({ exact, neurons }: LessonData) {
  const at = (source: number, target: number) => ({
    source,
    target,
    effect: exact[target * neurons + source],
  });
  if (neurons > 5 && at(5, 1).effect !== 0) return at(5, 1);
  let pair = 0;
  exact.forEach((effect, other) => {
    if (Math.abs(effect) > Math.abs(exact[pair])) pair = other;
  });
  return at(pair % neurons, Math.floor(pair / neurons));
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The notebook prints its digits cut off, not rounded; so do we, and say that there are more. */
export function notebookDigits(value: number): string {
  return `${(Math.trunc(value * 1e6) / 1e6).toFixed(6)}…`;
}

/** What the sentences of a lesson fill in where they say {name}; lessons/lessons.ts says what each means. */
export function numbersOf(lesson: number, data: LessonData, ladders: Ladders | null): Numbers {
  const { neurons, exact, weight, noise, all, single, request } = data;
  const arrowsOf = (matrix: Float64Array) => [...matrix].filter((value) => value !== 0);
  const typical = data.arrows > 0 ? meanOf(arrowsOf(exact)) : null;
  const common = {
    neurons: count(neurons),
    arrows: count(data.arrows),
    noise: fixed(noise, 2),
    effect: shown(typical, 2),
    trials: count(data.trials),
  };
  if (lesson === 1) {
    const { on, off } = data.twoNeurons;
    const { difference, standardError } = twoArms(off, on);
    const isNotebook = request.source === "numpy" && on.length === 5000;
    return {
      trials: count(on.length),
      difference: isNotebook ? notebookDigits(difference) : withinError(difference, standardError),
      standardError: fixed(standardError, decimalsFor(standardError)),
    };
  }
  if (lesson === 3) {
    const { source, target, effect } = followed(data);
    const needed = effect === 0 ? null : ((6 * noise) / effect) ** 2;
    return {
      ...common,
      arrow: effect === 0 ? "no arrow in this network" : `an arrow from neuron ${source} to neuron ${target}`,
      effect: fixed(effect, 2),
      trialsNeeded: needed === null ? "no number of" : count(Number(needed.toPrecision(1))),
    };
  }
  if (lesson === 4) {
    const error = meanOf([...single.standardError]);
    return {
      ...common,
      source: String(request.selected),
      sends: sendsOf(data, request.selected),
      agreement: shown(single.agreement, 3),
      standardError: fixed(error, decimalsFor(error)),
    };
  }
  if (lesson === 5) {
    return {
      ...common,
      pairs: count(neurons * neurons),
      weight: shown(data.arrows > 0 ? meanOf(arrowsOf(weight)) : null, 2),
      slope: shown(fitLine(weight, all.effect)?.slope ?? null, 3),
      agreement: shown(all.agreement, 3),
      correlationAgreement: shown(data.correlation.agreement, 3),
      exactAgreement: shown(data.exactAgreement, 4),
    };
  }
  if (lesson === 6 && ladders) {
    const rungs = (of: readonly Rung[], name: string) =>
      Object.fromEntries(of.map((rung) => [`${name}${rung.neurons}`, rungText(rung)]));
    return {
      trials: count(ladders.trials),
      trialsPerPair: count(ladders.trialsPerPair),
      ...rungs(ladders.fixed, "fixed"),
      ...rungs(ladders.grown, "grown"),
    };
  }
  return common;
}

const rungText = ({ agreement, expected }: Rung): string =>
  agreement !== null
    ? fixed(agreement, 2)
    : expected
      ? `${fixed(expected.expected, 2)} (expected)`
      : "not defined";
