import type { Confidence } from "../model/inference";
import type { State } from "../ui/state";
import { type ViewNumber, viewNumberNames } from "../ui/viewNumbers";
import type { Focus, FocusEvents } from "../view/focus";
import { Convergence } from "./convergence";
import type { Area, Picture, Prepared, Recovered } from "./desk";
import { byId } from "./elements";
import type { Needs, PairNeed } from "./needs";
import { inOwnTask } from "./ownTask";
import { parseSelection } from "./pictures";
import { PlanView } from "./planView";
import { RecoveryView } from "./recoveryView";
import type { Progress } from "./session";
import { StrongestView } from "./strongestView";

export const chartViews = [
  "convergence",
  "recovery",
  "plan",
  "strongest",
] as const satisfies State["view"]["charts"][];

export interface ChartsEvents extends FocusEvents {
  choose(charts: State["view"]["charts"]): void;
  /** A number was typed. Returns false if it was refused. */
  change(name: ViewNumber, text: string): boolean;
  recover(confidence: Confidence): Promise<Recovered | null>;
  needs(z: number): Promise<Needs | null>;
  pairNeed(z: number, source: number, target: number): Promise<PairNeed | null>;
}

/** What stands beside the matrices: four views of one run, of which one is on show. */
export class ChartsRoom {
  private readonly convergence = new Convergence();
  private readonly recovery: RecoveryView;
  private readonly plan: PlanView;
  private readonly strongest: StrongestView;
  private prepared: Prepared | null = null;
  private picture: Picture | null = null;
  private view: State["view"];
  private theme: State["view"]["theme"] | null = null;

  constructor(state: State, events: ChartsEvents) {
    this.view = state.view;
    this.recovery = new RecoveryView(state, (confidence) => events.recover(confidence));
    this.plan = new PlanView(state, {
      needs: (z) => events.needs(z),
      pair: (z, source, target) => events.pairNeed(z, source, target),
    });
    this.strongest = new StrongestView(state, events);
    for (const name of chartViews) byId(`show-${name}`).addEventListener("click", () => events.choose(name));
    for (const name of viewNumberNames) {
      const input = byId<HTMLInputElement>(`set-${name}`);
      const reset = () => {
        input.value = String(this.view[name]);
      };
      input.addEventListener("change", () => !events.change(name, input.value) && reset());
      input.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") reset();
        if (key === "Escape" || key === "Enter") input.blur();
      });
    }
    this.setView(state);
  }

  setView(state: State): void {
    const { view } = state;
    this.view = view;
    if (view.theme !== this.theme) {
      const { theme } = view;
      this.theme = theme;
      // Building charts anew takes as long as drawing everything else.
      inOwnTask(() => this.convergence.setTheme(theme));
    }
    document.documentElement.dataset.charts = view.charts;
    for (const name of chartViews) {
      byId(`show-${name}`).ariaPressed = String(name === view.charts);
      byId(name).hidden = name !== view.charts;
    }
    for (const name of viewNumberNames) {
      const input = byId<HTMLInputElement>(`set-${name}`);
      if (input !== document.activeElement || Number(input.value) !== view[name])
        input.value = String(view[name]);
    }
    this.recovery.setView(state);
    this.plan.setView(state);
    this.strongest.setView(state);
    this.plan.select(parseSelection(view.select));
  }

  begin(prepared: Prepared, { experiment }: State): void {
    this.prepared = prepared;
    this.picture = null;
    this.convergence.begin(prepared, experiment.trials);
    this.convergence.describe(prepared, null);
    this.recovery.begin(prepared);
    this.plan.begin(prepared);
    this.strongest.begin(prepared);
  }

  show(picture: Picture): void {
    this.picture = picture;
    this.convergence.show(picture);
    if (this.prepared) this.convergence.describe(this.prepared, picture);
    this.recovery.show(picture);
    this.strongest.show(picture);
  }

  showArea(area: Area): void {
    this.convergence.showArea(area);
    if (this.prepared) this.convergence.describe(this.prepared, this.picture);
  }

  /** What is looked at, here or in another picture. */
  highlight(focus: Focus): void {
    this.strongest.highlight(focus);
  }

  progress(progress: Progress): void {
    this.recovery.setRunning(progress.state === "running");
    this.plan.progress(progress);
  }
}

/** The view after this one. */
export const nextCharts = (charts: State["view"]["charts"]): State["view"]["charts"] =>
  chartViews[(chartViews.indexOf(charts) + 1) % chartViews.length];
