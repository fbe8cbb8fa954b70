import { proxy, type Remote, wrap } from "comlink";
import { drive } from "../../engine/drive";
import type { Run } from "../../engine/engine";
import { designOf, trialsTogether } from "../../model/design";
import type { Deviations } from "../../model/deviations";
import type { Experiment } from "../../model/experiment";
import type { Sums } from "../../model/sums";
import { keyFrom } from "../../model/threefry";
import { gpuEngine } from "../engines";
import { handOver } from "../handOver";
import { type OpenedFile, openedFile } from "../openedFile";
import type { Bench, PairNumbers, Ready, SelfCheck, Side, SidePicture, Verdict } from "./bench";
import { modelTrials } from "./budget";
import BenchWorker from "./worker.ts?worker&inline";

export type LegName = Side | "model";

/** Trials that one of the three has done. seconds: computing, without start-up and pictures. */
export interface Leg {
  readonly trials: number;
  readonly of: number;
  readonly seconds: number;
}

export type Phase = "preparing" | LegName | "done" | "cancelled" | "failed";

/** How far the comparison is. It carries its experiment, so that no number is ever under a wrong name. */
export interface Contest {
  readonly experiment: Experiment;
  readonly phase: Phase;
  /** The GPU's name; "" as long as it is not known. */
  readonly adapter: string;
  /** Why there is no GPU, as the first half of a sentence; "" if there is one. */
  readonly noGpu: string;
  readonly legs: Readonly<Record<LegName, Leg>>;
  readonly ready: Ready | null;
  readonly pictures: Readonly<Record<Side, SidePicture | null>>;
  readonly verdict: Verdict | null;
  readonly deviations: Deviations | null;
  readonly failure: string;
}

export function freshContest(experiment: Experiment): Contest {
  const leg = (of: number): Leg => ({ trials: 0, of, seconds: 0 });
  const { trials } = experiment;
  return {
    experiment,
    phase: "preparing",
    adapter: "",
    noGpu: "",
    legs: { gpu: leg(trials), cpu: leg(trials), model: leg(modelTrials(experiment)) },
    ready: null,
    pictures: { gpu: null, cpu: null },
    verdict: null,
    deviations: null,
    failure: "",
  };
}

/**
 * Runs the same trials on the GPU and on the CPU, one after the other so that neither slows the other, and the
 * float64 model after them. Tells every step.
 */
export class Comparison {
  private hired = this.hire();
  private contest: Contest | null = null;
  private life = new AbortController();
  private flow: Promise<void> = Promise.resolve();

  constructor(private readonly changed: (contest: Contest) => void) {}

  private get bench(): Remote<Bench> {
    return this.hired.bench;
  }

  private hire() {
    return hireBench((error) => this.fail(error));
  }

  /** Making a large network hears of nothing until it is done: another worker is sooner there. */
  private giveUpPreparing(): void {
    if (this.contest?.phase !== "preparing" || this.contest.ready || this.life.signal.aborted) return;
    this.hired.worker.terminate();
    this.hired = this.hire();
    this.flow = Promise.resolve();
  }

  begin(experiment: Experiment): void {
    this.giveUpPreparing();
    this.life.abort();
    const life = new AbortController();
    this.life = life;
    this.contest = freshContest(experiment);
    this.changed(this.contest);
    this.flow = this.flow
      .then(() => this.go(experiment, life.signal))
      .catch((error: unknown) => {
        if (!life.signal.aborted) this.fail(error);
      });
  }

  /** Ends what is under way; what is known by then stays. False if nothing was. */
  cancel(): boolean {
    const { contest } = this;
    if (!contest || this.life.signal.aborted || isOver(contest)) return false;
    this.giveUpPreparing();
    this.life.abort();
    this.say({ phase: "cancelled" });
    return true;
  }

  pair(source: number, target: number): Promise<PairNumbers> {
    return this.bench.pair(source, target);
  }

  private async go(experiment: Experiment, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { bench } = this;
    const ready = await bench.prepare(
      experiment,
      experiment.network === "file" ? toRead(openedFile(experiment)) : null,
    );
    if (signal.aborted) return;
    this.say({ ready });
    await this.runGpu(experiment, ready, signal);
    if (signal.aborted) return;
    await bench.open();
    const cpu: Run = { ...nothing, advance: (from, to) => bench.advance(from, to) };
    await this.runLeg("cpu", cpu, signal);
    if (signal.aborted) return;
    this.picture("cpu", await bench.take("cpu", null), signal);
    if (signal.aborted) return;
    if (this.contest?.pictures.gpu) {
      const verdict = await bench.judge();
      if (signal.aborted) return;
      this.say({ verdict });
    }
    const model: Run = { ...nothing, advance: (from, to) => bench.model(to - from) };
    await this.runLeg("model", model, signal);
    if (signal.aborted) return;
    const deviations = await bench.deviations();
    if (!signal.aborted) this.say({ deviations, phase: "done" });
  }

  private async runGpu(
    experiment: Experiment,
    { network, sources }: Ready,
    signal: AbortSignal,
  ): Promise<void> {
    const engine = await gpuEngine();
    if (signal.aborted) return;
    if ("reason" in engine) {
      this.say({ noGpu: engine.reason });
      return;
    }
    this.say({ adapter: engine.adapter });
    const { trials, seed } = experiment;
    const key = keyFrom(seed);
    const design = designOf(experiment, key);
    // What it does wrong is what is looked for here.
    const run = await engine.open({ network, key, design, sources, trials, isBelieved: true });
    let sums: Sums | null = null;
    try {
      await this.runLeg("gpu", run, signal);
      if (!signal.aborted) sums = await run.sums();
    } finally {
      // Before its sums are handed over: whoever takes them may be dismissed, and never answer.
      run.release();
    }
    if (sums && !signal.aborted) this.picture("gpu", await this.bench.take("gpu", handOver(sums)), signal);
  }

  private async runLeg(name: LegName, run: Run, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.say({ phase: name });
    let seconds = 0;
    const timed: Run = {
      ...run,
      async advance(from, to) {
        const start = performance.now();
        await run.advance(from, to);
        seconds += (performance.now() - start) / 1000;
      },
    };
    const { legs, experiment } = this.contest as Contest;
    const { of } = legs[name];
    await drive(timed, 0, of, {
      signal,
      unit: trialsTogether(experiment.design),
      onProgress: (trials) => {
        const { legs } = this.contest as Contest;
        if (!signal.aborted) this.say({ legs: { ...legs, [name]: { trials, of, seconds } } });
      },
    });
  }

  private picture(side: Side, picture: SidePicture, signal: AbortSignal): void {
    if (!signal.aborted) this.say({ pictures: { ...(this.contest as Contest).pictures, [side]: picture } });
  }

  private fail(error: unknown): void {
    this.life.abort();
    this.say({ phase: "failed", failure: error instanceof Error ? error.message : String(error) });
  }

  private say(change: Partial<Contest>): void {
    if (!this.contest) return;
    this.contest = { ...this.contest, ...change };
    this.changed(this.contest);
  }
}

/** A run whose sums stay in the worker. */
const nothing: Pick<Run, "sums" | "release"> = {
  sums: () => Promise.reject(new Error("the sums stay in the worker")),
  release: () => {},
};

export const isOver = ({ phase }: Contest): boolean =>
  phase === "done" || phase === "cancelled" || phase === "failed";

/** Every kernel against its twin, in a worker of its own, which goes when it is done. */
export async function selfCheck(
  onProgress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<SelfCheck> {
  const worker: Worker = new BenchWorker();
  try {
    return await new Promise<SelfCheck>((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      signal.addEventListener("abort", () => reject(new Error("cancelled")));
      wrap<Bench>(worker).check(proxy(onProgress)).then(resolve, reject);
    });
  } finally {
    worker.terminate();
  }
}

function hireBench(failed: (error: Error) => void) {
  const worker: Worker = new BenchWorker();
  worker.addEventListener("error", ({ message }) =>
    failed(new Error(message || "the worker of compare mode could not be loaded")),
  );
  return { worker, bench: wrap<Bench>(worker) };
}

/** What another worker needs to read a file again. */
const toRead = ({ file, options }: OpenedFile) => ({ file, options });
