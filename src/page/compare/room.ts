import { deviation, deviations } from "../../model/deviations";
import { everyNeuron } from "../../model/sources";
import type { State } from "../../ui/state";
import { count, roughly } from "../../ui/words";
import { niceEnd } from "../../view/colours";
import { DeviationsPicture } from "../../view/deviations";
import { type Focus, type FocusEvents, sameFocus } from "../../view/focus";
import { Matrix } from "../../view/matrix";
import { columnOf, type Pairs } from "../../view/pixels";
import { compareStops } from "../compareDoor";
import { byId, write } from "../elements";
import type { PairNumbers, Side } from "./bench";
import { isTooLarge, pairsOf, sourcesOf } from "./budget";
import { CheckPanel } from "./checkPanel";
import { Comparison, type Contest, freshContest, isOver, type LegName } from "./comparison";
import { report } from "./report";
import {
  deviationText,
  differText,
  explanation,
  firstText,
  offerText,
  pairWords,
  ratioText,
  speedOf,
  statusText,
  verdictText,
} from "./words";

/** The curve alone: what is expected stands there before the data does. */
const noDeviations = deviations({ effect: [], standardError: [] }, { effect: [], standardError: [] });

const nothingYet = "Point at a cell to read it in words.";

/** Compare mode on show: GPU, CPU, where they differ, and the float64 model beside them. */
export class CompareRoom {
  private state: State | null = null;
  private readonly comparison = new Comparison((contest) => this.follow(contest));
  private contest: Contest | null = null;
  private offered = "";
  /** The experiment that was asked for last, as text. */
  private asked = "";
  private readonly matrices: Readonly<Record<Side | "difference", Matrix>>;
  private readonly histogram: DeviationsPicture;
  private readonly check = new CheckPanel();
  private isCheckWanted = false;
  private hovered: Focus = null;
  private pair: { readonly source: number; readonly target: number; numbers: PairNumbers } | null = null;

  constructor(events: Pick<FocusEvents, "select">) {
    const own: FocusEvents = { hover: (focus) => this.hover(focus), select: events.select };
    const matrix = (id: string, look: "scale" | "sameness" = "scale") =>
      new Matrix(byId(`compare-${id}`), byId(`compare-${id}-bar`), "outcome per perturbation", own, look);
    this.matrices = { gpu: matrix("gpu"), cpu: matrix("cpu"), difference: matrix("difference", "sameness") };
    this.histogram = new DeviationsPicture(byId("picture-deviations"), {
      ...own,
      say: (words) => this.speak(words ?? this.sentence),
    });
    byId("compare-run").addEventListener("click", () => this.again());
    byId("compare-cancel").addEventListener("click", () => this.cancel());
  }

  show(state: State): void {
    const before = this.state;
    this.state = state;
    const { theme } = state.view;
    if (before?.view.theme !== theme)
      for (const picture of [...Object.values(this.matrices), this.histogram]) picture.setTheme(theme);
    byId<HTMLInputElement>("compare-trials").value = String(stopOf(state.experiment.trials));
    write("compare-trials-text", `${count(state.experiment.trials)} trials`);
    const asked = JSON.stringify({ ...state.experiment, engine: "" });
    if (asked !== this.asked) {
      this.asked = asked;
      this.offer();
    }
    if (state.view.check === "1" && (before?.view.check !== "1" || before.view.mode !== "compare"))
      this.isCheckWanted = true;
    this.mayCheck();
    if (before?.view.select !== state.view.select) this.showFocus();
    this.showSentence();
  }

  /** What was under way ends; what is known stays for the way back. */
  leave(): void {
    if (this.contest && !isOver(this.contest)) this.asked = "";
    this.cancel();
    this.state = null;
  }

  /** The same trials again, on both. */
  again(): void {
    if (!this.state || isTooLarge(this.state.experiment)) return;
    this.offered = "";
    this.comparison.begin(this.state.experiment);
  }

  cancel(): void {
    this.isCheckWanted = false;
    if (!this.comparison.cancel()) this.check.cancel();
    this.showButtons();
  }

  startCheck(): void {
    this.isCheckWanted = true;
    this.mayCheck();
  }

  get report(): string {
    const contest = this.contest as Contest;
    return report(contest, this.check.result, location.href, navigator.userAgent);
  }

  /** Starts by itself what a link may start, and names the price of the rest. */
  private offer(): void {
    const { experiment } = this.state as State;
    this.offered = offerText(experiment);
    if (this.offered === "") this.again();
    else {
      this.comparison.cancel();
      this.follow(freshContest(experiment));
    }
  }

  /** The two would slow each other: the check waits for the comparison. */
  private mayCheck(): void {
    const { contest } = this;
    const isFree = this.offered !== "" || (contest !== null && isOver(contest));
    if (!this.isCheckWanted || !isFree || contest?.noGpu) return;
    this.isCheckWanted = false;
    void this.check.run();
  }

  private follow(contest: Contest): void {
    const before = this.contest;
    this.contest = contest;
    const root = document.documentElement.dataset;
    root.compare = this.offered ? "offered" : contest.phase;
    // Until it is known, what was known last: nothing on the page jumps.
    if (contest.noGpu || contest.adapter) root.compareGpu = contest.noGpu ? "none" : "";
    if (before?.experiment !== contest.experiment) {
      this.pair = null;
      this.hovered = null;
    }
    this.drawMatrices(contest, before);
    if (!before || contest.deviations !== before.deviations || contest.noGpu !== before.noGpu)
      this.drawHistogram();
    this.write(contest);
    if (contest.phase !== before?.phase) {
      this.showButtons();
      this.showFocus();
    }
    if (contest.noGpu) this.check.allow(false);
    this.mayCheck();
  }

  private drawMatrices(contest: Contest, before: Contest | null): void {
    const { gpu, cpu, difference } = this.matrices;
    const { ready, pictures, verdict } = contest;
    const pairs = axesOf(contest);
    if (ready && ready !== before?.ready)
      for (const matrix of [gpu, cpu]) matrix.setScale(niceEnd(ready.largest || 0.2));
    const sides = [
      [gpu, pictures.gpu, before?.pictures.gpu],
      [cpu, pictures.cpu, before?.pictures.cpu],
    ] as const;
    for (const [matrix, now, then] of sides)
      if (now !== then) {
        if (now) matrix.setPixels(now.effects, now.freedom);
        else matrix.clear(pairs);
      }
    if (verdict) {
      if (verdict !== before?.verdict) difference.setPixels(verdict.cells);
    } else if (before?.verdict) difference.clear(pairs);
    // A fresh network has other axes, though there is nothing to draw yet.
    if (!before || !sameAxes(axesOf(before), pairs))
      for (const matrix of [gpu, cpu, difference]) matrix.clear(pairs);
  }

  private drawHistogram(): void {
    const { contest, pair } = this;
    if (!contest) return;
    const judged = contest.noGpu ? "CPU" : "GPU";
    const { gpu, cpu, model } = pair?.numbers ?? { gpu: null, cpu: null, model: null };
    const side = gpu ?? cpu;
    const z =
      side && model ? deviation(side.effect, side.standardError, model.effect, model.standardError) : null;
    this.histogram.draw({ deviations: contest.deviations ?? noDeviations, judged, z });
  }

  /** All words and numbers, and what the pictures are to a screen reader. */
  private write(contest: Contest): void {
    const { experiment, verdict, pictures, legs, noGpu } = contest;
    const { offered } = this;
    const isBad = (verdict?.sameness.different ?? 0) > 0;
    write("compare-verdict", verdictText(contest));
    byId("compare-verdict").className = verdict ? (isBad ? "bad" : "good") : "";
    write("compare-status", offered || statusText(contest));
    byId("compare-progress").hidden = offered !== "" || isOver(contest);
    byId<HTMLProgressElement>("compare-progress").value = partDone(contest);
    const first = verdict ? firstText(verdict.sameness, axesOf(contest).sources) : "";
    write("compare-first", first && `First: ${first}.`);
    write("compare-words", explanation(contest));
    for (const name of ["gpu", "cpu", "model"] as const) this.writeLeg(name, contest);
    write("compare-ratio", ratioText(contest));
    write("compare-hash", hashText(contest));
    const cells = `${experiment.neurons} targets by ${sourcesOf(experiment)} sources, column = from, row = to`;
    const after = (side: Side) =>
      pictures[side] ? `after ${count(legs[side].trials)} trials` : "not computed yet";
    byId("compare-gpu").ariaLabel = `Effects by the GPU ${after("gpu")}, ${cells}`;
    byId("compare-cpu").ariaLabel = `Effects by the CPU ${after("cpu")}, ${cells}`;
    const differ = verdict ? `${differText(verdict.sameness)}. ${first}` : "not compared yet";
    byId("compare-difference").ariaLabel = `Where GPU and CPU differ, ${cells}: ${differ}`;
    write(
      "compare-difference-note",
      isBad && verdict ? differText(verdict.sameness) : "GPU and CPU, bit for bit",
    );
    write("compare-none", verdict && !isBad ? "0" : "");
    write("compare-none-of", verdict && !isBad ? `of ${count(verdict.sameness.words)} words differ` : "");
    write("deviations-title", `${noGpu ? "CPU" : "GPU"} against the float64 model`);
    write(
      "deviations-note",
      contest.deviations
        ? deviationText(contest.deviations, experiment)
        : "other random numbers, ordinary arithmetic: are all pairs as far apart as their errors say?",
    );
  }

  private writeLeg(name: LegName, { legs, experiment, noGpu }: Contest): void {
    const leg = legs[name];
    const speed = speedOf(leg);
    const isKnown = Number.isFinite(speed);
    const none = name === "gpu" && noGpu ? "none" : "–";
    write(`compare-${name}-trials`, leg.trials > 0 ? count(leg.trials) : none);
    write(`compare-${name}-speed`, isKnown ? roughly(speed) : "–");
    write(`compare-${name}-pairs`, isKnown ? roughly(speed * pairsOf(experiment)) : "–");
  }

  private showButtons(): void {
    const { contest } = this;
    const isRunning = contest !== null && this.offered === "" && !isOver(contest);
    byId("compare-cancel").hidden = !isRunning;
    byId("compare-run").hidden = isRunning;
    byId<HTMLButtonElement>("compare-run").disabled = contest !== null && isTooLarge(contest.experiment);
    write("compare-run", contest?.verdict ? "compare again" : "compare");
    byId<HTMLButtonElement>("compare-copy").disabled = !contest?.pictures.cpu;
  }

  private hover(focus: Focus): void {
    if (sameFocus(focus, this.hovered)) return;
    this.hovered = focus;
    this.showFocus();
  }

  private get focus(): Focus {
    return this.hovered ?? selectionOf(this.state?.view.select ?? "");
  }

  private showFocus(): void {
    const { focus } = this;
    for (const matrix of Object.values(this.matrices)) matrix.setFocus(focus);
    this.showSentence();
    if (focus?.kind !== "pair" || !this.contest?.ready) {
      this.pair = null;
      this.drawHistogram();
      return;
    }
    const { source, target } = focus;
    void this.comparison.pair(source, target).then((numbers) => {
      if (!sameFocus(this.focus, focus)) return;
      this.pair = { source, target, numbers };
      this.showSentence();
      this.drawHistogram();
    });
  }

  private get sentence(): string {
    const { focus, pair, state } = this;
    if (focus?.kind !== "pair") return nothingYet;
    const { ready } = this.contest ?? {};
    if (ready && columnOf(ready.sources, focus.source) < 0)
      return `neuron ${focus.source} → neuron ${focus.target}: neuron ${focus.source} is not among the ${count(ready.sources.length)} sources`;
    const isKnown = pair?.source === focus.source && pair.target === focus.target;
    if (!isKnown) return `neuron ${focus.source} → neuron ${focus.target}: …`;
    return pairWords(pair.source, pair.target, pair.numbers, state?.view.truth === "shown");
  }

  private showSentence(): void {
    this.speak(this.sentence);
  }

  private speak(words: string): void {
    write("compare-sentence", words);
    byId("compare-sentence").classList.toggle("hint", words === nothingYet);
  }
}

/** Rows and columns; until it is known which neurons are the columns, as many. */
const axesOf = ({ experiment, ready }: Contest): Pairs => ({
  targets: experiment.neurons,
  sources: ready?.sources ?? everyNeuron(sourcesOf(experiment)),
});

const sameAxes = (a: Pairs, b: Pairs): boolean =>
  a.targets === b.targets &&
  a.sources.length === b.sources.length &&
  a.sources.every((source, column) => source === b.sources[column]);

const stopOf = (trials: number): number => {
  const at = compareStops.findIndex((stop) => stop >= trials);
  return at < 0 ? compareStops.length - 1 : at;
};

/** All three legs as one way: each takes a third. */
const partDone = ({ legs }: Contest): number =>
  Object.values(legs).reduce((sum, { trials, of }) => sum + trials / of / 3, 0);

function hashText({ pictures: { gpu, cpu } }: Contest): string {
  const short = (hash: string) => `${hash.slice(0, 8)}…${hash.slice(-8)}`;
  if (!cpu?.hash) return "";
  if (!gpu?.hash) return `SHA-256 of the sums: ${short(cpu.hash)}`;
  if (gpu.hash === cpu.hash) return `SHA-256 of the sums, both: ${short(cpu.hash)}`;
  return `SHA-256 of the sums: GPU ${short(gpu.hash)}, CPU ${short(cpu.hash)}`;
}

function selectionOf(text: string): Focus {
  const [source, target] = text.split("-").map(Number);
  return target === undefined ? null : { kind: "pair", source, target };
}
