import { fill, type Lesson, type PictureId } from "../lessons/lesson";
import { lessons } from "../lessons/lessons";
import { fitLine, twoArms } from "../lessons/measures";
import type { State } from "../ui/state";
import { Bars } from "../view/bars";
import { Dots } from "../view/dots";
import type { Drawing, PictureEvents } from "../view/drawing";
import type { Focus, FocusEvents } from "../view/focus";
import { Rasters } from "../view/raster";
import { Scaling } from "../view/scaling";
import { Scatter } from "../view/scatter";
import { byId, write } from "./elements";
import { affordable, type Rung } from "./ladder";
import type { LessonData, LessonRequest } from "./lessonData";
import { type Ladders, notebookDigits, numbersOf } from "./lessonNumbers";
import { Tutor } from "./tutor";

export const lessonOf = (state: State): Lesson | null =>
  lessons.find(({ number }) => String(number) === state.view.lesson) ?? null;

/** Trials that the slider stops at: fine enough to watch errors shrink, and the notebook's own 2,500. */
export const trialStops = [2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000] as const;

export interface LessonEvents extends FocusEvents {
  /** The graph and the matrices are to show this. */
  ready(data: LessonData, lesson: Lesson): void;
  /** Neurons set to 1 at the half-step on show; null if none is. */
  poked(neurons: Uint8Array | null): void;
  failed(error: Error): void;
}

// biome-ignore lint/suspicious/noExplicitAny: pictures of different data share everything but their data
type AnyDrawing = Drawing<any, any>;

/** A lesson on show: its words, its numbers and its own pictures. Which lesson is the state's affair. */
export class LessonRoom {
  private readonly tutor = new Tutor();
  private readonly drawings: Partial<Record<PictureId, AnyDrawing>> = {};
  private state: State;
  private data: LessonData | null = null;
  private ladders: Ladders | null = null;
  private asked = "";
  private askedLadder = "";

  constructor(
    state: State,
    private readonly events: LessonEvents,
  ) {
    this.state = state;
  }

  get lesson(): Lesson | null {
    return lessonOf(this.state);
  }

  show(state: State): void {
    const before = this.state;
    this.state = state;
    const root = document.documentElement.dataset;
    const { lesson } = this;
    root.lesson = state.view.lesson;
    byId("lesson").hidden = lesson === null;
    if (lesson === null) {
      this.asked = "";
      delete root.lessonState;
      return;
    }
    if (before.view.lesson !== state.view.lesson) this.events.poked(null);
    for (const drawing of Object.values(this.drawings)) drawing.setTheme(state.view.theme);
    this.write();
    this.ask(lesson);
    this.draw();
  }

  /** The step key: half a trial on, perturb or respond. True if there is something to step through. */
  step(by: number): boolean {
    const raster = this.raster;
    if (!raster) return false;
    raster.advance(by);
    return true;
  }

  highlight(focus: Focus): void {
    for (const drawing of Object.values(this.drawings)) drawing.highlight(focus);
  }

  /** The picture that matters, for export. */
  get mainPicture(): { host: HTMLElement; lesson: Lesson } | null {
    const { lesson } = this;
    return lesson && { host: slot(lesson.picture), lesson };
  }

  private get raster(): Rasters | null {
    const { lesson } = this;
    const drawing = lesson?.view.halfSteps ? this.drawings[lesson.picture] : null;
    return drawing instanceof Rasters ? drawing : null;
  }

  private get revealed(): boolean {
    return this.state.view.answer === "shown";
  }

  private ask(lesson: Lesson): void {
    const { experiment, view } = this.state;
    const [neuron] = view.select.split("-");
    const selected = lesson.number === 4 && neuron !== "" ? Number(neuron) : (lesson.view.source ?? 1);
    const request: LessonRequest = {
      source: view.source,
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
            rungs[which][at] = await this.tutor.rung({ ...one, seed, networkSeed, measure });
            const all = rungs[0].length === sizes.length && rungs[1].length === sizes.length;
            if (all) this.ladders = { fixed: [...rungs[0]], grown: [...rungs[1]], trials, trialsPerPair };
            if (all && still()) {
              this.write();
              this.draw();
            }
          }
        }
      }
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
    const numbers = { ...replayed, ...(data ? numbersOf(lesson.number, data, this.ladders) : {}) };
    write("lesson-title", `${lesson.number}. ${lesson.title}`);
    write("lesson-words", fill(lesson.text, numbers));
    const equation = byId("lesson-equation");
    // Our own markup out of lessons/equations.ts, never text from outside.
    if (equation.dataset.of !== lesson.name) equation.innerHTML = lesson.equation.mathml;
    equation.dataset.of = lesson.name;
    equation.ariaLabel = lesson.equation.words;
    write("lesson-question", fill(lesson.question, numbers));
    write("lesson-answer", fill(lesson.reveal, numbers));
    write("lesson-note", lesson.note ?? "");
    byId("lesson-reveal").hidden = !this.revealed;
    byId("lesson-note").hidden = !lesson.note || !this.revealed;
    const numpy = state.view.source === "numpy";
    write("lesson-source-text", numpy ? lesson.replay : lesson.fresh);
    byId<HTMLInputElement>("lesson-numpy").checked = numpy;
    byId<HTMLInputElement>("lesson-fresh").checked = !numpy;
    byId<HTMLInputElement>("lesson-trials").value = String(stopOf(state.experiment.trials));
    const perArm = lesson.number === 1;
    const trials = perArm ? 2 * state.experiment.trials : state.experiment.trials;
    write("lesson-trials-text", `${trials.toLocaleString("en")} ${perArm ? "trials in each arm" : "trials"}`);
    byId("lesson-trials-row").hidden = !estimates.includes(lesson.picture);
    byId("lesson-step").hidden = lesson.view.halfSteps !== true;
    write("lesson-reveal-button", this.revealed ? "hide the answer" : "reveal");
    byId<HTMLButtonElement>("lesson-previous").disabled = lesson.number === 1;
    byId<HTMLButtonElement>("lesson-next").disabled = lesson.number === lessons.length;
    write("lesson-result", data ? resultOf(lesson, data) : "");
    for (const button of document.querySelectorAll<HTMLElement>("[data-lesson-button]"))
      button.toggleAttribute("aria-current", button.dataset.lessonButton === state.view.lesson);
  }

  private draw(): void {
    const { lesson, data } = this;
    if (!lesson || !data || JSON.stringify(data.request) !== this.asked) return;
    for (const id of [lesson.picture, ...lesson.beside]) this.drawOne(id, lesson, data);
    this.events.ready(data, lesson);
    document.documentElement.dataset.lessonState = "ready";
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
        const isNew = !this.drawings[id];
        const drawing = this.drawing(
          id,
          (host, events) => new Rasters(host, { ...events, step: (step) => this.showStep(step) }),
        );
        drawing.draw({ panels: id === "raster" ? [standard] : [standard, perturbed], covered: false });
        if (isNew) drawing.showSteps(0, lesson.view.steps ?? 10);
        break;
      }
      case "bars":
        this.drawing(id, (host, events) => new Bars(host, events)).draw({
          source: request.selected,
          effect: single.effect,
          standardError: single.standardError,
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
            ladder(`${ladders.trials.toLocaleString("en")} trials`, ladders.fixed),
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
    this.drawings[id] = made;
    return made;
  }
}

/** Pictures that sharpen as trials accumulate. */
const estimates: readonly PictureId[] = ["dots", "bars", "scatter"];

/** Where a lesson's own picture hangs; index.html has the places. */
const slot = (id: PictureId): HTMLElement => byId(`picture-${id}`);

const stopOf = (trials: number): number => {
  const at = trialStops.findIndex((stop) => stop >= trials);
  return at < 0 ? trialStops.length - 1 : at;
};

/** The lesson's number in one line, with what it is. */
function resultOf(lesson: Lesson, data: LessonData): string {
  const numbers = numbersOf(lesson.number, data, null);
  if (lesson.number === 1) return `difference in means ${numbers.difference}`;
  if (lesson.number === 4)
    return `agreement of neuron ${numbers.source}’s effects with its column: ${numbers.agreement}`;
  if (lesson.number === 5)
    return `agreement with the connectivity: R ${(data.correlation.agreement ?? Number.NaN).toFixed(3)}, difference in means ${numbers.agreement}`;
  return "";
}
