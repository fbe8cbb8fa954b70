import { fill, type Lesson, type PictureId } from "../lessons/lesson";
import { lessons } from "../lessons/lessons";
import { parseExperiment } from "../model/experiment";
import { fitLine, twoArms } from "../model/twoArms";
import type { State } from "../ui/state";
import { Bars } from "../view/bars";
import { Dots } from "../view/dots";
import type { Drawing, PictureEvents } from "../view/drawing";
import type { Focus, FocusEvents } from "../view/focus";
import { count } from "../view/numbers";
import { Plateau } from "../view/plateau";
import { Rasters } from "../view/raster";
import { Scaling } from "../view/scaling";
import { Scatter } from "../view/scatter";
import { ContestRoom } from "./contestRoom";
import type { Picture } from "./desk";
import { byId, write } from "./elements";
import { mathElement } from "./equation";
import { affordable, type Rung } from "./ladder";
import type { LessonData, LessonRequest } from "./lessonData";
import { type Ladders, notebookDigits, numbersOf } from "./lessonNumbers";
import { lessonOf } from "./lessonState";
import { Tutor } from "./tutor";

/** Trials that the slider stops at: fine enough to watch errors shrink, and the notebook's own 2,500. */
export const trialStops = [2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000] as const;

export interface LessonEvents extends FocusEvents {
  /** The graph and the matrices are to show this. */
  ready(picture: Picture, lesson: Lesson): void;
  /** A slider of a lesson asks for this. */
  change(name: "common" | "hidden", value: string): void;
  /** Neurons set to 1 at the half-step on show; null if none is. */
  poked(neurons: Uint8Array | null): void;
  failed(error: Error): void;
}

// biome-ignore lint/suspicious/noExplicitAny: pictures of different data share everything but their data
type AnyDrawing = Drawing<any, any>;

/** Replays and whole matrices of this size still take a moment; the lab itself takes more. */
export const mostLessonNeurons = 200;
/** As many trials of all of these as the slider has; their rasters are held whole. */
const mostStates = 5_000_000;

/** A lesson on show: its words, its numbers and its own pictures. Which lesson is the state's affair. */
export class LessonRoom {
  private readonly tutor = new Tutor();
  /** Has a worker of its own, so that no lesson waits for a large network of the sixth. */
  private readonly climber = new Tutor();
  private readonly contest: ContestRoom;
  private readonly drawings: Partial<Record<PictureId, AnyDrawing>> = {};
  private state: State;
  private data: LessonData | null = null;
  private ladders: Ladders | null = null;
  private focus: Focus = null;
  private asked = "";
  private askedLadder = "";
  /** What of the ladder is being measured, in words. */
  private climbing = "";

  constructor(
    state: State,
    private readonly events: LessonEvents,
  ) {
    this.state = state;
    this.contest = new ContestRoom({
      hover: events.hover,
      select: events.select,
      change: events.change,
      failed: events.failed,
      changed: () => {
        if (!this.lesson?.view.contest) return;
        this.write();
        this.draw();
      },
    });
    window.addEventListener("resize", () => this.showAnswer());
  }

  get lesson(): Lesson | null {
    return lessonOf(this.state.view);
  }

  show(state: State): void {
    const before = this.state;
    this.state = state;
    const root = document.documentElement.dataset;
    const { lesson } = this;
    root.lesson = state.view.lesson;
    for (const button of document.querySelectorAll<HTMLElement>("[data-lesson-button]"))
      button.ariaCurrent =
        button.dataset.lessonButton === state.view.lesson && state.view.mode === "lab" ? "page" : null;
    byId("lesson").hidden = lesson === null;
    if (!lesson?.view.contest) this.contest.leave();
    if (lesson === null) {
      this.asked = "";
      delete root.lessonState;
      return;
    }
    if (before.view.lesson !== state.view.lesson) {
      this.events.poked(null);
      this.restart();
      byId("lesson-text").scrollTop = 0;
    }
    for (const drawing of Object.values(this.drawings)) drawing.setTheme(state.view.theme);
    this.contest.setTheme(state.view.theme);
    this.ask(lesson);
    this.write();
    this.draw();
    const isNews = (["lesson", "answer", "theme"] as const).some(
      (name) => before.view[name] !== state.view[name],
    );
    if (isNews) this.showAnswer();
  }

  /** An answer below the edge of the words would go unnoticed. */
  private showAnswer(): void {
    if (this.revealed) byId("lesson-reveal").scrollIntoView({ block: "nearest" });
  }

  /** Back to the first time step, with none of them lit. */
  restart(): void {
    for (const drawing of Object.values(this.drawings)) if (drawing instanceof Rasters) drawing.restart();
  }

  /** The step key: half a trial on, perturb or respond. True if there is something to step through. */
  step(by: number): boolean {
    const raster = this.raster;
    if (!raster) return false;
    raster.advance(by);
    return true;
  }

  highlight(focus: Focus): void {
    this.focus = focus;
    for (const drawing of Object.values(this.drawings)) drawing.highlight(focus);
    this.contest.highlight(focus);
  }

  /** The picture that matters, for export. */
  get mainPicture(): HTMLElement | null {
    const { lesson } = this;
    return lesson && slot(lesson.picture);
  }

  private get raster(): Rasters | null {
    const { lesson } = this;
    const drawing = lesson?.view.halfSteps ? this.drawings[lesson.picture] : null;
    return drawing instanceof Rasters ? drawing : null;
  }

  private get revealed(): boolean {
    return this.state.view.answer === "shown";
  }

  /** NumPy knows the notebook's networks alone; any other has fresh trials. */
  private get source(): State["view"]["source"] {
    return this.state.experiment.network === "notebook" ? this.state.view.source : "fresh";
  }

  private ask(lesson: Lesson): void {
    const { experiment, view } = this.state;
    const mostTrials = Math.floor(mostStates / experiment.neurons);
    if (experiment.neurons > mostLessonNeurons || experiment.trials > mostTrials) {
      const message =
        experiment.neurons > mostLessonNeurons
          ? `lessons take up to ${mostLessonNeurons} neurons, and the link asks for ${count(experiment.neurons)}.`
          : `lessons take up to ${count(mostTrials)} trials of ${experiment.neurons} neurons, and the link asks for ${count(experiment.trials)}.`;
      if (this.asked !== message) this.events.failed(new Error(message));
      this.asked = message;
      return;
    }
    if (lesson.view.contest) {
      // What another lesson asked for comes too late.
      this.asked = "";
      this.contest.ask(lesson.view.contest, experiment, this.revealed);
      return;
    }
    const [neuron] = view.select.split("-");
    const { source } = lesson.view;
    const selected = source !== undefined && neuron !== "" ? Number(neuron) : (source ?? 1);
    const request: LessonRequest = {
      source: this.source,
      experiment,
      timesteps: 2 * experiment.trials,
      selected: Math.min(selected, experiment.neurons - 1),
    };
    const asked = JSON.stringify(request);
    if (asked !== this.asked) {
      this.asked = asked;
      document.documentElement.dataset.lessonState = "preparing";
      this.tutor
        .lesson(request)
        .then((data) => {
          if (this.asked !== asked) return;
          this.data = data;
          this.write();
          this.draw();
          this.showAnswer();
        })
        .catch((error) => this.events.failed(error));
    }
    if (lesson.view.ladder) void this.climb(lesson.view.ladder);
  }

  /** Lesson 6: what to expect at every size first, then the trials, smallest network first. */
  private async climb(ladder: NonNullable<Lesson["view"]["ladder"]>): Promise<void> {
    const { seed, networkSeed } = this.state.experiment;
    const asked = JSON.stringify([ladder, seed, networkSeed]);
    if (asked === this.askedLadder) return;
    this.askedLadder = asked;
    this.ladders = null;
    delete document.documentElement.dataset.ladder;
    const { neurons: sizes, trials, trialsPerPair } = ladder;
    const plans = [
      sizes.map((neurons) => ({ neurons, trials })),
      sizes.map((neurons) => ({ neurons, trials: trialsPerPair * neurons ** 2 })),
    ];
    const rungs: Rung[][] = [[], []];
    const still = () => this.askedLadder === asked && this.lesson?.view.ladder === ladder;
    try {
      for (const measure of [false, true]) {
        for (const [which, plan] of plans.entries()) {
          for (const [at, one] of plan.entries()) {
            if (!still()) return this.leaveLadder(asked);
            if (measure && one.neurons ** 2 * one.trials > affordable) continue;
            this.climbing = `${measure ? "measuring" : "working out what to expect"}: ${count(one.neurons)} neurons, ${count(one.trials)} trials …`;
            this.write();
            rungs[which][at] = await this.climber.rung({ ...one, seed, networkSeed, measure });
            const all = rungs[0].length === sizes.length && rungs[1].length === sizes.length;
            if (all) this.ladders = { fixed: [...rungs[0]], grown: [...rungs[1]], trials, trialsPerPair };
            if (all && still()) {
              this.write();
              this.draw();
            }
          }
        }
      }
      this.climbing = "";
      this.write();
      document.documentElement.dataset.ladder = "done";
    } catch (error) {
      this.leaveLadder(asked);
      this.events.failed(error as Error);
    }
  }

  private leaveLadder(asked: string): void {
    if (this.askedLadder === asked) this.askedLadder = "";
  }

  /** The words, with the numbers as far as they are known. */
  private write(): void {
    const { lesson, data, state } = this;
    if (!lesson) return;
    const replayed = Object.fromEntries(Object.entries(lesson.numbers).map(([name]) => [name, "…"]));
    const { contest } = lesson.view;
    const known = contest ? this.contest.numbers : data ? numbersOf(lesson.number, data, this.ladders) : {};
    const numbers = { ...replayed, ...known };
    write("lesson-title", `${lesson.number}. ${lesson.title}`);
    write("lesson-words", fill(lesson.text, numbers));
    const equation = byId("lesson-equation");
    if (equation.dataset.of !== lesson.name) equation.replaceChildren(mathElement(lesson.equation.mathml));
    equation.dataset.of = lesson.name;
    equation.ariaLabel = lesson.equation.words;
    write("lesson-question", fill(lesson.question, numbers));
    write("lesson-answer", fill(this.revealOf(lesson), numbers));
    write("lesson-note", lesson.note ?? "");
    byId("lesson-reveal").hidden = !this.revealed;
    byId("lesson-note").hidden = !lesson.note || !this.revealed;
    const numpy = this.source === "numpy";
    const { trials } = state.experiment;
    write("lesson-source-text", contest ? lesson.fresh : sourceText(lesson, state.experiment, numpy));
    byId("lesson-contest").hidden = !contest;
    byId("lesson-sources").hidden = contest !== undefined;
    byId<HTMLInputElement>("lesson-numpy").disabled = state.experiment.network !== "notebook";
    byId<HTMLInputElement>("lesson-numpy").checked = numpy;
    byId<HTMLInputElement>("lesson-fresh").checked = !numpy;
    byId<HTMLInputElement>("lesson-trials").value = String(stopOf(trials));
    write("lesson-trials-text", trialsText(lesson, trials));
    byId("lesson-trials-row").hidden = !estimates.includes(lesson.picture);
    byId("lesson-step").hidden = lesson.view.halfSteps !== true;
    write("lesson-reveal-button", this.revealed ? "hide" : "reveal");
    byId<HTMLButtonElement>("lesson-previous").disabled = lesson.number === 1;
    byId<HTMLButtonElement>("lesson-next").disabled = lesson.number === lessons.length;
    const ladderText = this.climbing || (this.revealed ? ladderDone : "all sizes are measured");
    const result = lesson.view.ladder ? ladderText : data ? resultOf(lesson, data) : "";
    write("lesson-result", contest ? this.contest.resultText : result);
  }

  private revealOf({ reveal, revealPrivate, view }: Lesson): string {
    return view.contest && !this.contest.isShared ? (revealPrivate ?? reveal) : reveal;
  }

  private draw(): void {
    const { lesson, data } = this;
    if (lesson?.view.contest) {
      this.drawContest(lesson);
      return;
    }
    if (!lesson || !data || JSON.stringify(data.request) !== this.asked) return;
    for (const id of [lesson.picture, ...lesson.beside]) this.drawOne(id, lesson, data);
    this.events.ready(data.picture, lesson);
    document.documentElement.dataset.lessonState = "ready";
  }

  private drawContest(lesson: Lesson): void {
    const { contest } = this;
    this.drawing(
      lesson.picture,
      (host, events) => new Plateau(host, { ...events, at: (steps) => contest.point(steps) }),
    ).draw(contest.picture);
    contest.draw(this.focus);
    if (contest.current) this.events.ready(contest.current.picture, lesson);
    document.documentElement.dataset.lessonState = contest.isReady ? "ready" : "preparing";
  }

  private drawOne(id: PictureId, lesson: Lesson, data: LessonData): void {
    const { neurons, exact, weight, all, single, correlation, request } = data;
    const sources = Array.from({ length: neurons }, (_, neuron) => neuron);
    const shownTruth = this.state.view.truth === "shown";
    switch (id) {
      case "dots": {
        const { on, off } = data.twoNeurons;
        const arms = twoArms(off, on);
        const isNotebook = request.source === "numpy" && on.length === 5000;
        this.drawing(id, (host, events) => new Dots(host, events)).draw({
          off: { values: off, ...arms.off },
          on: { values: on, ...arms.on },
          trials: on.length,
          difference: arms.difference,
          standardError: arms.standardError,
          exact: this.revealed ? 1 : null,
          ...(isNotebook && { digits: notebookDigits(arms.difference) }),
        });
        break;
      }
      case "raster":
      case "rasters": {
        const standard = { title: "Standard", raster: data.standard, perturbed: false };
        const perturbed = { title: "Perturbed", raster: data.perturbed, perturbed: true };
        const drawing = this.drawing(
          id,
          (host, events) => new Rasters(host, { ...events, step: (step) => this.showStep(step) }),
        );
        const covered = lesson.view.halfSteps === true && !this.revealed;
        drawing.draw({ panels: id === "raster" ? [standard] : [standard, perturbed], covered });
        if (lesson.view.halfSteps) this.showStep(drawing.step);
        break;
      }
      case "bars":
        this.drawing(id, (host, events) => new Bars(host, events)).draw({
          source: request.selected,
          effect: single.effect,
          standardError: single.standardError,
          freedom: data.picture.freedom[request.selected],
          exact: shownTruth ? sources.map((target) => exact[target * neurons + request.selected]) : null,
          scale: Math.max(0.2, ...exact.map(Math.abs)),
        });
        break;
      case "scatter":
        this.drawing(id, (host, events) => new Scatter(host, events)).draw({
          sources,
          x: { title: "weight, drive per perturbation", name: "weight", values: weight },
          y: { title: "effect, outcome per perturbation", name: "effect", values: all.effect },
          fit: fitLine(weight, all.effect),
        });
        break;
      case "proportion":
        this.drawing(id, (host, events) => new Scatter(host, events)).draw({
          sources,
          x: {
            title: "difference in means, outcome per perturbation",
            name: "difference in means",
            values: all.effect,
          },
          y: { title: "correlation estimate R", name: "correlation estimate", values: correlation.effect },
          fit: fitLine(all.effect, correlation.effect),
        });
        break;
      case "scaling": {
        const { ladders } = this;
        if (!ladders) break;
        const ladder = (name: string, rungs: readonly Rung[]) => ({
          name,
          measured: rungs.flatMap(({ neurons, trials, agreement }) =>
            agreement === null ? [] : [{ neurons, trials, agreement }],
          ),
          expected: rungs.flatMap(({ neurons, trials, expected }) =>
            expected ? [{ neurons, trials, ...expected }] : [],
          ),
        });
        this.drawing(id, (host, events) => new Scaling(host, events)).draw({
          neurons: ladders.fixed.map(({ neurons }) => neurons),
          ladders: [
            // Before the answer the room sees where the ladder begins, and has to say how it goes on.
            ladder(
              `${count(ladders.trials)} trials`,
              this.revealed ? ladders.fixed : ladders.fixed.slice(0, 1),
            ),
            {
              ...ladder(`${ladders.trialsPerPair} trials for each pair`, ladders.grown),
              hidden: !this.revealed,
            },
          ],
        });
        break;
      }
      default:
        // The graph and the matrices are the lab's own; `ready` tells them.
        break;
    }
  }

  /** The neurons that a perturbed column sets to 1 light up on the graph; a column of answers lights none. */
  private showStep(step: number | null): void {
    const { data } = this;
    const isSet = data !== null && step !== null && step % 2 === 0 && step < data.perturbed.timesteps - 1;
    if (!isSet) {
      this.events.poked(null);
      return;
    }
    const { neurons, timesteps, state } = data.perturbed;
    this.events.poked(Uint8Array.from({ length: neurons }, (_, neuron) => state[neuron * timesteps + step]));
  }

  private drawing<Kind extends AnyDrawing>(
    id: PictureId,
    make: (host: HTMLElement, events: PictureEvents) => Kind,
  ): Kind {
    const known = this.drawings[id];
    if (known) return known as Kind;
    const events: PictureEvents = {
      hover: this.events.hover,
      select: this.events.select,
      say: (words) => write("lesson-sentence", words ?? ""),
    };
    const made = make(slot(id), events);
    made.setTheme(this.state.view.theme);
    made.highlight(this.focus);
    this.drawings[id] = made;
    return made;
  }
}

/** Pictures that sharpen as trials accumulate. */
const estimates: readonly PictureId[] = ["dots", "bars", "scatter"];

const ladderDone = "Empty circles are expected: they would take minutes.";

/** Where a lesson's own picture hangs; index.html has the places. */
const slot = (id: PictureId): HTMLElement => byId(`picture-${id}`);

const stopOf = (trials: number): number => {
  const at = trialStops.findIndex((stop) => stop >= trials);
  return at < 0 ? trialStops.length - 1 : at;
};

/** In lesson 1 an arm has as many trials as the other lessons have time steps. */
const inArms = (lesson: Lesson, trials: number) => count(lesson.view.trialsPerArm ? 2 * trials : trials);

const trialsText = (lesson: Lesson, trials: number): string =>
  `${inArms(lesson, trials)} ${lesson.view.trialsPerArm ? "trials in each arm" : "trials"}`;

/** Where the numbers come from; the notebook's own digits are named only where they are on show. */
function sourceText(lesson: Lesson, experiment: State["experiment"], numpy: boolean): string {
  if (!numpy) return lesson.fresh;
  const usual = parseExperiment(lesson.experiment);
  const { neurons, networkSeed, trials } = experiment;
  // The two neurons of lesson 1 have a seed of their own.
  const isOther = neurons !== usual.neurons || networkSeed !== usual.networkSeed;
  if (isOther && !lesson.view.trialsPerArm)
    return `NumPy's own random numbers: the notebook's cells in their order, with ${count(neurons)} neurons, seed ${networkSeed} and ${count(trials)} trials.`;
  const now = ` Now with ${trialsText(lesson, trials)} of that stream instead of ${inArms(lesson, usual.trials)}.`;
  return lesson.replay + (trials === usual.trials ? "" : now);
}

/** The lesson's number in one line, with what it is. */
function resultOf(lesson: Lesson, data: LessonData): string {
  const numbers = numbersOf(lesson.number, data, null);
  if (lesson.number === 1) return `difference in means ${numbers.difference}`;
  if (lesson.number === 4) return `agreement with its column: ${numbers.agreement}`;
  if (lesson.number === 5)
    return `agreement: R ${numbers.correlationAgreement}, difference in means ${numbers.agreement}`;
  return "";
}
