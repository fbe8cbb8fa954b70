import "../trustedTypes";
import { expose, transfer } from "comlink";
import { createCpuEngine } from "../../engine/cpu/engine";
import type { Run } from "../../engine/engine";
import { check, sizes } from "../../engine/gpu/check";
import { openDevice } from "../../engine/gpu/device";
import { compileAll } from "../../engine/gpu/kernels";
import { readNetwork } from "../../io/readNetwork";
import { hashSums } from "../../io/sumsFile";
import { type Design, designOf } from "../../model/design";
import { deviations } from "../../model/deviations";
import { type Estimand, exactEffect } from "../../model/estimand";
import { type Estimates, estimate } from "../../model/estimate";
import type { Experiment } from "../../model/experiment";
import { type FloatEstimates, type FloatTrials, floatTrials } from "../../model/floatTrials";
import type { Network } from "../../model/network";
import { compareSums, type Sameness } from "../../model/sameness";
import { resolveSources } from "../../model/sources";
import type { Sums } from "../../model/sums";
import { type Key, keyFrom } from "../../model/threefry";
import { openedOrMade } from "../../network";
import { LegacyRandom } from "../../replay/mt19937";
import { columnOf, type Pixels, pool } from "../../view/pixels";
import { exactOf } from "../lookup";
import type { Bench, Estimate, Side } from "./bench";

interface Case {
  readonly experiment: Experiment;
  readonly network: Network;
  readonly estimand: Estimand;
  readonly key: Key;
  readonly design: Design;
  readonly sources: Uint32Array;
  readonly sums: Partial<Record<Side, Sums>>;
  readonly estimates: Partial<Record<Side, Estimates>>;
  sameness: Sameness | null;
  trials: FloatTrials | null;
  model: FloatEstimates | null;
}

/** Nobody waits minutes on a page: the largest size is for the headless runner. */
const usualSizes = sizes.filter(({ neurons, from, to }) => neurons * (to - from) <= 5_000_000);

const engine = createCpuEngine();
let open: Case | null = null;
let run: Run | null = null;

function the<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("nothing has been prepared");
  return value;
}

const bench: Bench = {
  async prepare(experiment, opened) {
    run?.release();
    run = null;
    const file = opened && (await readNetwork(opened.file, opened.options));
    const { network } = openedOrMade(experiment, file);
    const key = keyFrom(experiment.seed);
    const design = designOf(experiment, key);
    const estimand = exactEffect(network, design);
    const sources = resolveSources(experiment.sources, network, design.hidden);
    const nothing = { sums: {}, estimates: {}, sameness: null, trials: null, model: null };
    open = { experiment, network, estimand, key, design, sources, ...nothing };
    return {
      network,
      sources,
      largest: estimand.effect.reduce((most, effect) => Math.max(most, Math.abs(effect)), 0),
    };
  },
  async open() {
    const { network, key, design, sources, experiment } = the(open);
    run = await engine.open({ network, key, design, sources, trials: experiment.trials });
  },
  advance: (from, to) => the(run).advance(from, to),
  async take(side, given) {
    const { sums, estimates, design } = the(open);
    const taken = given ?? (await the(run).sums());
    if (!given) {
      run?.release();
      run = null;
    }
    const found = estimate(taken, design.hidden);
    sums[side] = taken;
    estimates[side] = found;
    const hash = hashSums(taken);
    return sent({ effects: pictureOf(found), freedom: found.freedom, hash }, ({ effects }) => effects);
  },
  judge() {
    const now = the(open);
    const found = compareSums(the(now.sums.gpu), the(now.sums.cpu));
    now.sameness = found;
    const { pairs, ...sameness } = found;
    const cells = pool({ targets: now.network.neurons, sources: now.sources }, pairs);
    return sent({ sameness, cells }, (verdict) => verdict.cells);
  },
  model(trials) {
    const now = the(open);
    now.trials ??= floatTrials(now.network, now.design, ownRandom(now.key), now.sources);
    now.trials.advance(trials);
  },
  deviations() {
    const now = the(open);
    const { gpu, cpu } = now.estimates;
    now.model = the(now.trials).estimates();
    return deviations(the(gpu ?? cpu), now.model);
  },
  pair(source, target) {
    const { network, sources, estimand, estimates, model, sameness } = the(open);
    const column = columnOf(sources, source);
    const pair = target * sources.length + column;
    const of = (found: { effect: Float64Array; standardError: Float64Array } | null | undefined) =>
      found && column >= 0
        ? ({ effect: found.effect[pair], standardError: found.standardError[pair] } as Estimate)
        : null;
    return {
      gpu: of(estimates.gpu),
      cpu: of(estimates.cpu),
      model: of(model),
      exact: exactOf(network, estimand.effect, source, target),
      isDifferent: column >= 0 && sameness?.pairs[pair] === 1,
    };
  },
  async check(onProgress) {
    const { device, adapter } = await openDevice(navigator.gpu);
    try {
      return { adapter, kernels: await check(device, await compileAll(device), onProgress, usualSizes) };
    } finally {
      device.destroy();
    }
  },
};

/** NumPy's generator, seeded from the experiment's key: nothing that the integer trials ever draw. */
const ownRandom = ([first, second]: Key): LegacyRandom => new LegacyRandom((first ^ second) >>> 0);

const pictureOf = (estimates: Estimates): Pixels =>
  pool(estimates, estimates.effect, estimates.standardError);

/** Hands the picture's arrays over instead of copying them. */
function sent<Answer extends object>(answer: Answer, pixels: (answer: Answer) => Pixels): Answer {
  const { value, standardError, pair } = pixels(answer);
  return transfer(answer, [value.buffer, standardError.buffer, pair.buffer]);
}

expose(bench);
