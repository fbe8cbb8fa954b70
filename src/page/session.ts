import { proxy, transfer } from "comlink";
import { drive } from "../engine/drive";
import type { Task } from "../engine/engine";
import { type LastingRun, openLasting, reasonOf } from "../engine/lasting";
import { trialsTogether } from "../model/design";
import type { Experiment } from "../model/experiment";
import type { Confidence } from "../model/inference";
import { InputError } from "../model/inputError";
import type { Places } from "../model/places";
import type { Sums } from "../model/sums";
import { keyFrom } from "../model/threefry";
import type { Cells } from "../view/pixels";
import type { CellsOnShow, Laid, PairEstimate, Picture, Preparation, Prepared, Recovered } from "./desk";
import type { EgoNetwork, Outwards } from "./ego";
import { deskEngine, gpuEngine, type PageEngine, type StudioEngine } from "./engines";
import { type Forecast, forecast } from "./forecast";
import { handOver } from "./handOver";
import { type HiredDesk, hireDesk, studioIfThere, theStudio } from "./hire";
import { bytesOf, InUse } from "./inUse";
import { type Begun, keptBegun } from "./keeper";
import { checkOver } from "./kept";
import type { Needs, PairNeed } from "./needs";
import { openedFile } from "./openedFile";
import { paceLimit, paceMoment } from "./pace";
import { Picturing, type PicturingEvents } from "./picturing";
import { sweepLater } from "./spills";
import { insteadNote, succession } from "./succession";
import type { TellTiles, TileRequest, TilesDone } from "./tileRun";
import { type TilesAhead, tilesAhead } from "./tilesAhead";
import type { Wired } from "./wired";

export type RunState =
  | "preparing"
  | "idle"
  | "offered"
  | "running"
  | "paused"
  | "cancelled"
  | "done"
  | "failed";

export interface Progress {
  readonly state: RunState;
  /** What is being readied, and for how long; null when all is ready. */
  readonly preparation: Preparing | null;
  /** What the run will hold and cost; null where it cannot be run. */
  readonly forecast: Forecast | null;
  /** Bytes that arrays and buffers of all threads hold now; null before the run has any. */
  readonly held: number | null;
  /** Seconds that the whole run should take, by the speed of those before it; NaN without any. */
  readonly expectedSeconds: number;
  readonly experiment: Experiment;
  readonly trials: number;
  /** Where the first of them are from, if they were there before this run; "" if not. */
  readonly begun: string;
  /** They are, or went on from, those of a session out of a file. */
  readonly opened: boolean;
  readonly engine: "gpu" | "cpu" | null;
  readonly adapter: string;
  /** Trials per second while computing; NaN before there is a measurement. */
  readonly speed: number;
  /** The run is slowed down to be watched. */
  readonly paced: boolean;
  /** Why the run stopped by itself, or why it runs elsewhere than asked; "" if neither. */
  readonly failure: string;
  readonly engineNote: string;
}

export interface Preparing extends Preparation {
  /** When this work began, in milliseconds of performance.now(). */
  readonly since: number;
}

export interface SessionEvents extends Omit<PicturingEvents, "failed"> {
  progress(progress: Progress): void;
  /** There is a network to draw; what is known of it takes longer. */
  laid(laid: Laid, experiment: Experiment): void;
  prepared(prepared: Prepared, experiment: Experiment, task: Task): void;
}

/** One experiment at a time: readies it, runs it, and has pictures made of its sums. */
export class Session {
  private progress: Progress;
  private hired: HiredDesk;
  /** The desk that takes over with the next experiment, and the file that it has read. */
  private successor: { readonly hired: HiredDesk; readonly fileHash: string } | null = null;
  /** The network from a file that the desk has, by its hash. */
  private fileHash = "";
  private run: LastingRun<PageEngine> | null = null;
  /** What the desk has readied, of which experiment. */
  private readied: { readonly experiment: Experiment; readonly prepared: Prepared } | null = null;
  /** Ends when another experiment takes over. */
  private life = new AbortController();
  private going: AbortController | null = null;
  private driving: Promise<void> = Promise.resolve();
  private preparing = false;
  /** The desk recovers everything, and answers nobody for seconds at a time. */
  private tiling = false;
  private inUse: InUse | null = null;
  /** What the page itself has to draw with: what was readied, and the last picture. */
  private onShow: readonly [Prepared | null, Picture | null] = [null, null];
  /** Of the run. */
  private picturing: Picturing | null = null;
  private computed = { trials: 0, seconds: 0 };
  /** Work per second, of the run before too. */
  private workSpeed = Number.NaN;
  /** The trial that single steps go up to; there may be several under way. */
  private stepTo = 0;
  /** The run is on its way back to the GPU. */
  private returning = false;
  private onGpu: ((studio: StudioEngine) => PageEngine) | null = null;

  constructor(
    private readonly events: SessionEvents,
    private readonly options: {
      paced(): boolean;
      mostArrows(): number;
      cells(): Cells;
      starts(): boolean;
      /** Sums that the run of this experiment is to begin with; anew: with none, now and later. */
      begun(experiment: Experiment, anew: boolean): Begun | null;
    },
    experiment: Experiment,
  ) {
    this.hired = this.hire();
    this.progress = {
      state: "preparing",
      preparation: null,
      forecast: null,
      held: null,
      expectedSeconds: Number.NaN,
      experiment,
      trials: 0,
      begun: "",
      opened: false,
      engine: null,
      adapter: "",
      speed: Number.NaN,
      paced: false,
      failure: "",
      engineNote: "",
    };
  }

  private get engine(): PageEngine | null {
    return this.run?.engine ?? null;
  }

  get desk(): HiredDesk["desk"] {
    return this.hired.desk;
  }

  private hire(): HiredDesk {
    return hireDesk((error) => this.fail(error));
  }

  /** What is known of the run. */
  get now(): Progress {
    return this.progress;
  }

  get state(): RunState {
    return this.progress.state;
  }

  /** Drops what is there, readies this experiment and starts it, or goes on with it; anew: with no trials. */
  async begin(experiment: Experiment, anew = false): Promise<void> {
    this.life.abort();
    this.going?.abort();
    void this.desk.endArea();
    const life = new AbortController();
    this.life = life;
    const old = this.run;
    this.run = null;
    this.computed = { trials: 0, seconds: 0 };
    this.picturing = null;
    this.returning = false;
    this.stepTo = 0;
    this.onShow = [null, null];
    this.inUse = new InUse(
      () => this.countHeld(),
      (held) => {
        if (!life.signal.aborted) this.say({ held });
      },
    );
    this.say({
      state: "preparing",
      preparation: null,
      forecast: null,
      held: null,
      experiment,
      trials: 0,
      begun: "",
      opened: false,
      failure: "",
      speed: Number.NaN,
    });
    try {
      const ahead = forecast(experiment);
      this.say({ forecast: ahead, expectedSeconds: ahead.work / this.workSpeed });
      // Its answer is not wanted any more, and it may take long.
      if (this.preparing || this.tiling) this.replaceWorker();
      old?.giveUp();
      await this.driving;
      old?.release();
      if (life.signal.aborted) return;
      if (this.successor) this.replaceWorker(this.successor.hired, this.successor.fileHash);
      this.successor = null;
      // A lesson has numbers of its own: no kernel need be compiled for a run that never starts. For others that goes
      // on while the worker gets ready; what comes of it is heard below.
      const starts = this.options.starts();
      const asked = starts && experiment.engine === "gpu" ? gpuEngine() : null;
      this.preparing = true;
      const prepared = await this.prepare(experiment, life).finally(() => {
        if (!life.signal.aborted) this.preparing = false;
      });
      if (life.signal.aborted || !prepared) return;
      this.readied = { experiment, prepared };
      this.onShow = [prepared, null];
      this.inUse?.changed();
      this.say({ preparation: null });
      const { network, sources, design } = prepared;
      const task = { network, key: keyFrom(experiment.seed), sources, trials: experiment.trials, design };
      this.events.prepared(prepared, experiment, task);
      if (!starts) {
        this.say({ state: "idle" });
        return;
      }
      const gpu = await asked;
      if (life.signal.aborted) return;
      const studio = gpu && !("reason" in gpu) ? gpu : null;
      const { desk } = this;
      // The studio's own copy is handed on, not made: a million neurons would hold the page up.
      const onGpu = (on: StudioEngine): PageEngine => ({
        ...on,
        open: async (given, begun) => on.openWith({ ...given, network: await desk.copied() }, begun),
      });
      this.onGpu = onGpu;
      const onCpu = () => deskEngine(desk);
      const tell = (engineNote: string) => {
        if (!life.signal.aborted) this.say({ engineNote });
      };
      tell(gpu && "reason" in gpu ? insteadNote(gpu) : "");
      const after = succession(gpuEngine, onGpu, onCpu, tell);
      const begun = this.options.begun(experiment, anew) ?? (await this.kept(anew));
      if (life.signal.aborted) return;
      if (begun) checkOver(begun.sums, experiment, sources);
      const first = studio ? onGpu(studio) : onCpu();
      const run = await openLasting(first, after, task, begun?.sums ?? null);
      if (life.signal.aborted) return run.release();
      this.run = run;
      this.picturing = this.picture(run, life.signal);
      this.sayEngine();
      if (begun) this.goOn(begun);
      else this.start();
    } catch (error) {
      if (!life.signal.aborted) this.fail(error);
    }
  }

  /** The network first, so that it can be drawn while the rest is computed. Null: not wanted any more. */
  private async prepare(experiment: Experiment, life: AbortController): Promise<Prepared | null> {
    const { readied } = this;
    if (readied && isReadyFor(readied.experiment, experiment)) {
      void this.desk.again();
      this.events.laid(readied.prepared, experiment);
      return readied.prepared;
    }
    this.readied = null;
    const tell = proxy((now: Preparation) => {
      if (life.signal.aborted) return;
      const { preparation } = this.progress;
      const since = preparation?.work === now.work ? preparation.since : performance.now();
      this.say({ preparation: { ...now, since } });
    });
    if (experiment.network === "file" && this.fileHash !== experiment.fileHash) {
      const { file, options } = openedFile(experiment);
      const { about } = await this.desk.read(file, options, tell);
      if (life.signal.aborted) return null;
      this.fileHash = about.fileHash;
    }
    const laid = await this.desk.lay(experiment, tell);
    if (life.signal.aborted) return null;
    this.events.laid(laid, experiment);
    return { ...laid, ...(await this.desk.know(tell)) };
  }

  /** What the browser keeps of what was readied; dropped, if it is to begin anew. */
  private async kept(anew: boolean): Promise<Begun | null> {
    if (anew) await this.desk.forget();
    const kept = anew ? null : await this.desk.kept();
    return kept && keptBegun(kept.sums, kept.opened);
  }

  /** From there on; the pictures are there at once. */
  private goOn({ sums, words, paused, opened }: Begun): void {
    this.say({ trials: sums.trials, begun: words, opened });
    this.picturing?.want();
    this.go(paused ? sums.trials : this.progress.experiment.trials, this.options.paced());
  }

  toggle(): void {
    const { state, experiment } = this.progress;
    if (state === "preparing") return;
    if (state === "running") this.pause();
    else if (this.run === null) void this.begin(experiment);
    else if (state === "done" || state === "cancelled") this.reset();
    else this.start();
  }

  start(): void {
    const { trials, experiment, state } = this.progress;
    if (!this.run || state === "running" || trials >= experiment.trials) return;
    this.stepTo = 0;
    this.go(experiment.trials, this.options.paced());
  }

  pause(): void {
    if (this.progress.state !== "running") return;
    this.going?.abort();
    this.stepTo = 0;
    this.say({ state: "paused" });
  }

  /** One more trial; a run at full speed pauses first. Quick steps wait for each other. */
  step(): void {
    const { trials, experiment, state } = this.progress;
    const stepping = this.stepTo > 0 && this.stepTo >= trials;
    const next = Math.max(trials, this.stepTo) + trialsTogether(experiment.design);
    if (state === "running" && !stepping) this.pause();
    else if (this.run && state !== "cancelled" && next <= experiment.trials) {
      this.stepTo = next;
      this.go(next, false);
    }
  }

  /** Shows what an experiment would cost, and leaves its start to a person. */
  offer(experiment: Experiment): void {
    this.rest();
    const ahead = forecast(experiment);
    this.say({
      state: "offered",
      experiment,
      forecast: ahead,
      expectedSeconds: ahead.work / this.workSpeed,
      preparation: null,
      held: null,
      trials: 0,
      failure: "",
      speed: Number.NaN,
    });
  }

  /** From no trials on, the same experiment. */
  reset(): void {
    void this.begin(this.progress.experiment, true);
  }

  /** Ends for good what is under way, getting ready too; the sums so far stay in sight. */
  cancel(): void {
    const { state } = this.progress;
    if (state !== "running" && state !== "paused" && state !== "preparing") return;
    this.going?.abort();
    this.stepTo = 0;
    if (state === "preparing") {
      this.life.abort();
      if (this.preparing) this.replaceWorker();
    }
    this.say({ state: "cancelled" });
  }

  /** Leaves the machine to others: what is under way ends, and its buffers are free. */
  rest(): void {
    this.cancel();
    this.life.abort();
    if (this.tiling) this.replaceWorker();
    const { run } = this;
    this.run = null;
    run?.giveUp();
    void this.driving.then(() => run?.release());
  }

  /** Which engine computes now; a run may go on elsewhere than it began. */
  private sayEngine(): void {
    const { run } = this;
    if (!run) return;
    const adapter = run.run.adapter ?? run.engine.adapter;
    if (run.engine.kind !== this.progress.engine || adapter !== this.progress.adapter)
      this.say({ engine: run.engine.kind, adapter });
  }

  /** The GPU was asked for, and the run goes on without it. */
  get mayReturn(): boolean {
    const { state, engine, experiment } = this.progress;
    const isUnderWay = state === "running" || state === "paused";
    return isUnderWay && engine === "cpu" && experiment.engine === "gpu" && !this.returning;
  }

  /** Takes the run back to the GPU, with all its sums, if there is one now. */
  async returnToGpu(): Promise<void> {
    const { run, life, onGpu } = this;
    if (!run || !onGpu || !this.mayReturn) return;
    this.returning = true;
    try {
      const found = await gpuEngine();
      if (life.signal.aborted) return;
      if ("reason" in found) {
        this.say({ engineNote: `${found.reason}; the CPU engine goes on. Try again in a minute or two.` });
        return;
      }
      this.say({ engineNote: "" });
      await run.moveTo(onGpu(found));
      if (!life.signal.aborted) this.sayEngine();
    } catch (error) {
      if (!life.signal.aborted) this.fail(error);
    } finally {
      if (!life.signal.aborted) {
        this.returning = false;
        this.say({});
      }
    }
  }

  private go(to: number, paced: boolean): void {
    // That of the pause is not wanted any more.
    void this.desk.endArea();
    const going = new AbortController();
    this.going = going;
    this.say({ state: "running", failure: "" });
    this.driving = this.driving
      .then(() => this.drive(to, going.signal, paced))
      .catch((error) => {
        if (!going.signal.aborted) this.fail(error);
      });
  }

  private async drive(to: number, signal: AbortSignal, paced: boolean): Promise<void> {
    const { run, life, picturing } = this;
    if (!run || signal.aborted) return;
    const { experiment } = this.progress;
    const unit = trialsTogether(experiment.design);
    const begun = performance.now() - 1000 * paceMoment(experiment.trials, this.progress.trials);
    while (this.progress.trials < to && !signal.aborted) {
      const elapsed = (performance.now() - begun) / 1000;
      const limit = paced
        ? unit * Math.floor(paceLimit(experiment.neurons, experiment.trials, elapsed) / unit)
        : Number.POSITIVE_INFINITY;
      this.progress = { ...this.progress, paced: Number.isFinite(limit) };
      const from = this.progress.trials;
      if (limit <= from) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        continue;
      }
      let at = performance.now();
      await drive(run, from, Math.min(to, limit), {
        signal,
        unit,
        onProgress: (next) => {
          if (life.signal.aborted) return;
          const now = performance.now();
          // A handful of trials says nothing about speed.
          if (!this.progress.paced || next - this.progress.trials >= 256)
            this.measure(next - this.progress.trials, (now - at) / 1000);
          at = now;
          this.sayEngine();
          this.say({ trials: next });
          this.inUse?.changed();
          picturing?.ask();
        },
      });
    }
    if (life.signal.aborted) return;
    const finished = this.progress.trials >= experiment.trials;
    await picturing?.last();
    if (finished) await picturing?.lastArea();
    const isLast = this.stepTo <= this.progress.trials;
    if (!life.signal.aborted && !signal.aborted && (finished || isLast))
      this.say({ state: finished ? "done" : "paused" });
    if (!finished) await picturing?.lastArea();
  }

  private async countHeld(): Promise<number> {
    const onGpu = studioIfThere()?.then(
      (studio) => studio.held(),
      () => 0,
    );
    const [desk, studio] = await Promise.all([this.desk.held(), onGpu ?? 0]);
    return desk + studio + bytesOf(this.onShow);
  }

  /** Speed over about the last seconds. */
  private measure(trials: number, seconds: number): void {
    const fade = Math.exp(-seconds / 3);
    this.computed = {
      trials: this.computed.trials * fade + trials,
      seconds: this.computed.seconds * fade + seconds,
    };
    if (this.computed.seconds > 0) {
      const speed = this.computed.trials / this.computed.seconds;
      const { forecast: ahead, experiment } = this.progress;
      if (ahead && experiment.trials > 0) this.workSpeed = (speed * ahead.work) / experiment.trials;
      this.progress = { ...this.progress, speed };
    }
  }

  private picture(run: LastingRun<PageEngine>, over: AbortSignal): Picturing {
    const picture = (picture: Picture) => {
      this.onShow = [this.onShow[0], picture];
      this.inUse?.changed();
      this.events.picture(picture);
    };
    const failed = (error: unknown) => this.fail(error);
    return new Picturing(run, this.desk, this.options, { ...this.events, picture, failed }, over);
  }

  private replaceWorker(by = this.hire(), fileHash = ""): void {
    this.preparing = false;
    this.readied = null;
    this.hired.worker.terminate();
    if (this.tiling) sweepLater();
    this.tiling = false;
    by.reportTo((error) => this.fail(error));
    this.hired = by;
    this.fileHash = fileHash;
  }

  /** The next experiment is for this desk, which has read a file; until then nothing changes. */
  adopt(hired: HiredDesk, fileHash: string): void {
    this.successor?.hired.worker.terminate();
    this.successor = { hired, fileHash };
  }

  private fail(error: unknown): void {
    this.going?.abort();
    this.say({ state: "failed", failure: reasonOf(error) });
  }

  /** Where the neurons of the file on show are, from a table of its own. */
  readPlaces(file: File, tell: (now: Preparation) => void): Promise<Places> {
    return this.desk.readPlaces(file, tell);
  }

  endPlaces(): void {
    void this.desk.endPlaces();
  }

  /** The sums so far, for the desk: null where it has them itself; undefined where nothing runs or ran. */
  async sumsSoFar(): Promise<Sums | null | undefined> {
    const { run, engine, life } = this;
    if (!run || !engine) return undefined;
    const sums = engine.kind === "cpu" ? null : await run.sums();
    // The desk may be about another experiment by now.
    return life.signal.aborted ? undefined : sums && handOver(sums);
  }

  /**
   * What it takes to recover everything, in tiles of so many sources; seconds: NaN where no run has told.
   *
   * Errors   InputError as of tilesAhead; also while there is no engine yet.
   */
  ahead(rate: number, asked: string): { readonly ahead: TilesAhead; readonly seconds: number } {
    const { forecast: now, experiment, state } = this.progress;
    if (!now || !this.engine || !this.run || state === "preparing")
      throw new InputError("the network is not ready yet; allowed: once its first trials have run");
    const ahead = tilesAhead(experiment, now, this.engine.limits, rate, asked);
    return { ahead, seconds: ahead.work / this.workSpeed };
  }

  /**
   * Recovers everything in tiles, on the engine of the run on show, which pauses; its sums stay.
   *
   * Errors   as of recoverInTiles; also if another experiment takes over.
   */
  async recoverAll(request: TileRequest, tell: TellTiles): Promise<TilesDone> {
    const { engine, life } = this;
    if (!engine) throw new Error("there is no engine yet");
    this.pause();
    await this.driving;
    const replaced = new Promise<never>((_, reject) =>
      life.signal.addEventListener("abort", () => reject(new Error("another experiment took over")), {
        once: true,
      }),
    );
    replaced.catch(() => {});
    this.tiling = true;
    const { port1, port2 } = new MessageChannel();
    const studio = engine.kind === "gpu" ? await theStudio() : null;
    const onCpu = (reason: string) =>
      this.say({ engineNote: `The GPU failed (${reason}); the CPU engine goes on with the tiles.` });
    try {
      const isLent = await studio?.lend(transfer(port1, [port1])).then(
        () => true,
        (error: unknown) => onCpu(reasonOf(error)),
      );
      const lent = isLent ? transfer(port2, [port2]) : null;
      const told: TellTiles = (done, total) => {
        this.inUse?.changed();
        tell(done, total);
      };
      const recovering = this.desk.recoverAll(request, lent, proxy(told), proxy(onCpu));
      return await Promise.race([recovering, replaced]);
    } finally {
      if (!life.signal.aborted) this.tiling = false;
      void studio?.endLending();
    }
  }

  /** Ends that; the tiles that are done are kept. */
  endRecovering(): void {
    void this.desk.endRecovering();
  }

  /** How well the wiring comes out of the last picture's estimates; null before there is one. */
  recover(confidence: Confidence): Promise<Recovered | null> {
    return this.desk.recover(confidence);
  }

  /** Trials until arrows stand out, in the network and design on show; null before they are readied. */
  needs(z: number): Promise<Needs | null> {
    return this.desk.needs(z);
  }

  pairNeed(z: number, source: number, target: number): Promise<PairNeed | null> {
    return this.desk.pairNeed(z, source, target);
  }

  /** Another part of the matrices. */
  cells(cells: Cells): Promise<CellsOnShow> {
    return this.desk.cells(cells);
  }

  /** The estimate of one pair, of the last picture: pictures of large networks hold but a part of the pairs. */
  pair(source: number, target: number): Promise<PairEstimate | null> {
    return this.desk.pair(source, target);
  }

  /** What joins one neuron with others, see Desk. */
  ego(neuron: number, out: Outwards, most: number): Promise<EgoNetwork | null> {
    return this.desk.ego(neuron, out, most);
  }

  /** The arrows of the network on show, to be handed on. */
  wired(): Promise<Wired> {
    return this.desk.wired();
  }

  private say(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
    this.events.progress(this.progress);
  }
}

/** Whether what was readied of one experiment is what another needs: on which engine it runs is no matter. */
const isReadyFor = (one: Experiment, other: Experiment): boolean =>
  JSON.stringify({ ...one, engine: "" }) === JSON.stringify({ ...other, engine: "" });
