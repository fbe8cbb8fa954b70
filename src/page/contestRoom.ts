import type { Lesson } from "../lessons/lesson";
import { type Experiment, watchedPart } from "../model/experiment";
import { count } from "../ui/words";
import { niceEnd, type Theme } from "../view/colours";
import type { Focus, FocusEvents } from "../view/focus";
import { Matrix } from "../view/matrix";
import { fixed } from "../view/numbers";
import { pixelAt } from "../view/pixels";
import { agreementText, type PlateauData, type Standing } from "../view/plateau";
import { affordableSteps, type ContestPoint, type ContestRequest, type ExpectedAt } from "./contest";
import { byId, write } from "./elements";
import { Tutor } from "./tutor";

export interface ContestEvents extends FocusEvents {
  /** More is known: words and pictures are to be written and drawn again. */
  changed(): void;
  /** A slider asks for this. */
  change(name: "common" | "hidden", value: string): void;
  failed(error: Error): void;
}

type Contest = NonNullable<Lesson["view"]["contest"]>;

interface Result {
  readonly points: ContestPoint[];
  expected: ExpectedAt[];
}

/** Lesson 7: what was measured of watching and perturbing, its sliders, and the matrix of correlations. */
export class ContestRoom {
  /** Has a worker of its own, so that nothing waits for a million time steps. */
  private readonly tutor = new Tutor();
  /** Of one network and seed, by what is shared and hidden: a slider that comes back finds it again. */
  private readonly results = new Map<string, Result>();
  private readonly matrix: Matrix;
  private contest: Contest = { steps: [], shown: 0 };
  private experiment: Experiment | null = null;
  private asked = "";
  private network = "";
  private pointed: number | null = null;
  private revealed = false;
  private measuring = "";
  /** Counts what was begun: only the last of it is listened to. */
  private turn = 0;

  constructor(private readonly events: ContestEvents) {
    this.matrix = new Matrix(byId("see"), byId("see-bar"), "correlation", events);
    for (const name of ["common", "hidden"] as const) {
      const slider = byId<HTMLInputElement>(`lesson-${name}`);
      slider.addEventListener("input", () => events.change(name, slider.value));
    }
  }

  /** Measures what the experiment asks for, unless that is known or under way. */
  ask(contest: Contest, experiment: Experiment, revealed: boolean): void {
    this.contest = contest;
    this.experiment = experiment;
    this.revealed = revealed;
    const { common, hidden, ...network } = watchedPart(experiment);
    for (const [name, value] of Object.entries({ common, hidden })) {
      byId<HTMLInputElement>(`lesson-${name}`).value = String(value);
      write(`lesson-${name}-text`, percent(value));
    }
    const one = JSON.stringify(network);
    if (one !== this.network) this.results.clear();
    this.network = one;
    const asked = `${one} ${keyOf(experiment)}`;
    if (asked === this.asked) return;
    this.asked = asked;
    void this.measure();
  }

  /** Another lesson is on show. */
  leave(): void {
    if (this.asked === "") return;
    this.asked = "";
    this.turn++;
    this.tutor.endContest();
  }

  setTheme(theme: Theme): void {
    this.matrix.setTheme(theme);
  }

  highlight(focus: Focus): void {
    this.matrix.setFocus(focus);
    this.writeNote(focus);
  }

  /** The cursor is at so many steps: the matrices show what was known then. */
  point(steps: number | null): void {
    this.pointed = steps;
    this.events.changed();
  }

  /** There is enough to look at. */
  get isReady(): boolean {
    return this.shown.length >= Math.min(this.contest.shown, this.steps.length);
  }

  /** The point whose matrices are on show: the last one known, or the one that is pointed at. */
  get current(): ContestPoint | null {
    const { shown, pointed } = this;
    return shown.find(({ steps }) => steps === pointed) ?? shown.at(-1) ?? null;
  }

  get picture(): PlateauData {
    const { steps, shown, revealed, contest } = this;
    return {
      steps,
      points: shown,
      plain: revealed && this.isShared ? this.plain.slice(0, shown.length) : [],
      expected: revealed ? this.result.expected : [],
      isShared: this.isShared,
      covered: revealed ? null : (steps[contest.shown] ?? null),
    };
  }

  /** Draws the correlations, and says what they are. */
  draw(focus: Focus): void {
    const { current } = this;
    if (!current) return;
    const { value, sources } = current.correlation;
    this.matrix.setScale(niceEnd(largest(value)));
    this.matrix.setPixels(current.correlation, new Float64Array(sources.length).fill(current.steps));
    byId("see").ariaLabel =
      `Lagged correlations after ${count(current.steps)} time steps of watching, column = from, row = to`;
    this.writeNote(focus);
  }

  /** What the lesson's sentences fill in; lessons/lessons.ts says what each means. */
  get numbers(): Readonly<Record<string, string>> {
    const { experiment, result, plain, steps, contest } = this;
    if (!experiment) return {};
    const { neurons, common, hidden } = experiment;
    const first = steps[contest.shown - 1];
    const last = steps[steps.length - 1];
    const unseen = Math.min(neurons - 1, Math.round(neurons * hidden));
    const at = (points: readonly Standing[], wanted: number, way: "see" | "do") => {
      const found = points.find((point) => point.steps === wanted);
      return found ? agreementText(found[way]) : "…";
    };
    return {
      neurons: count(neurons),
      observed: unseen > 0 ? `${count(neurons - unseen)} observed` : "all observed",
      common: percent(common),
      first: count(first),
      last: count(last),
      seeFirst: at(result.points, first, "see"),
      doFirst: at(result.points, first, "do"),
      seeLast: at(result.points, last, "see"),
      doLast: at(result.points, last, "do"),
      seePrivate: at(plain, last, "see"),
    };
  }

  get isShared(): boolean {
    return (this.experiment?.common ?? 0) > 0;
  }

  /** What is going on, or what the matrices show. */
  get resultText(): string {
    const { current, pointed } = this;
    if (pointed === null && this.measuring) return this.measuring;
    return current ? `matrices: after ${count(current.steps)} time steps each` : "";
  }

  private get steps(): readonly number[] {
    const { contest, experiment } = this;
    return affordableSteps(contest.steps, experiment?.neurons ?? 1, contest.shown);
  }

  private get result(): Result {
    return this.resultOf(this.experiment ? keyOf(this.experiment) : "");
  }

  private get plain(): readonly ContestPoint[] {
    return this.resultOf(keyOf({ common: 0, hidden: this.experiment?.hidden ?? 0 })).points;
  }

  /** What the room may see. */
  private get shown(): readonly ContestPoint[] {
    const { points } = this.result;
    return this.revealed ? points : points.slice(0, this.contest.shown);
  }

  private resultOf(key: string): Result {
    const known = this.results.get(key);
    if (known) return known;
    const made: Result = { points: [], expected: [] };
    this.results.set(key, made);
    return made;
  }

  /** First what was asked for, then the same with private noise, to compare. */
  private async measure(): Promise<void> {
    const { experiment, steps } = this;
    if (!experiment) return;
    const turn = ++this.turn;
    const still = () => this.turn === turn;
    const root = document.documentElement.dataset;
    delete root.contest;
    this.pointed = null;
    try {
      for (const { common, hidden } of [experiment, { ...experiment, common: 0 }]) {
        const result = this.resultOf(keyOf({ common, hidden }));
        if (result.points.length === steps.length) continue;
        const request: ContestRequest = { ...watchedPart(experiment), common, hidden, steps };
        // What was left half-way begins again: the same points, from the first.
        result.points.length = 0;
        result.expected = await this.tutor.expectContest(request);
        if (!still()) return;
        const tell = () => {
          const next = steps[result.points.length];
          const what = common !== experiment.common ? "the same with private noise" : "measuring";
          this.measuring = next === undefined ? "" : `${what}: ${count(next)} time steps …`;
          this.events.changed();
        };
        tell();
        await this.tutor.contest(request, (point) => {
          if (!still()) return;
          result.points.push(point);
          tell();
        });
        if (!still()) return;
      }
      this.measuring = "";
      this.events.changed();
      root.contest = "done";
    } catch (error) {
      if (!still()) return;
      this.asked = "";
      this.events.failed(error as Error);
    }
  }

  private writeNote(focus: Focus): void {
    const { current } = this;
    if (focus?.kind !== "pair" || !current) {
      write("see-note", "from (column) → to (row)");
      return;
    }
    const { source, target } = focus;
    const value = current.correlation.value[pixelAt(current.correlation, target, source)];
    const text = Number.isNaN(value) ? "hidden" : fixed(value, 3);
    write("see-note", `${source} → ${target}: ${text}`);
  }
}

const keyOf = ({ common, hidden }: Pick<Experiment, "common" | "hidden">) => `${common} ${hidden}`;

const percent = (part: number) => `${Number((100 * part).toPrecision(3))}\u00a0%`;

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index]) || 0);
  return most;
}
