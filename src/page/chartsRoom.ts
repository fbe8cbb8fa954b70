import type { State } from "../ui/state";
import { Convergence } from "./convergence";
import type { Picture, Prepared } from "./desk";
import { byId } from "./elements";

export const chartViews = ["convergence", "recovery", "plan"] as const satisfies State["view"]["charts"][];

/** What stands beside the matrices: three views of one run, of which one is on show. */
export class ChartsRoom {
  private readonly convergence = new Convergence();
  private prepared: Prepared | null = null;

  constructor(choose: (charts: State["view"]["charts"]) => void) {
    for (const name of chartViews) byId(`show-${name}`).addEventListener("click", () => choose(name));
  }

  setView({ view }: State): void {
    document.documentElement.dataset.charts = view.charts;
    for (const name of chartViews) {
      byId(`show-${name}`).ariaPressed = String(name === view.charts);
      byId(name).hidden = name !== view.charts;
    }
    this.convergence.setTheme(view.theme);
  }

  begin(prepared: Prepared, { experiment }: State): void {
    this.prepared = prepared;
    this.convergence.begin(prepared, experiment.trials);
    this.convergence.describe(prepared, null);
  }

  show(picture: Picture): void {
    this.convergence.show(picture);
    if (this.prepared) this.convergence.describe(this.prepared, picture);
  }
}

/** The view after this one. */
export const nextCharts = (charts: State["view"]["charts"]): State["view"]["charts"] =>
  chartViews[(chartViews.indexOf(charts) + 1) % chartViews.length];
