import type { Band } from "../model/predict";
import type { Judged } from "../model/summary";
import { count, fixed } from "../ui/words";
import { Chart, type ChartOptions, type Expected } from "../view/chart";
import type { Theme } from "../view/colours";
import { MeasuredCurve } from "./curve";
import type { Area, Expectation, Picture, Prepared } from "./desk";
import { byId, write } from "./elements";
import { type Measure, measure, measureText } from "./measures";

/** What is told of a picture, and what of it comes later. */
type Measured = Judged & Pick<Area, "auroc">;

/** A measure of all pairs that a chart follows. */
interface Followed {
  /** What its elements in index.html are called. */
  readonly id: string;
  readonly name: string;
  measured(known: Partial<Measured>): number | null | undefined;
  expected(expectation: Expectation): Band | null;
  axis(expected: readonly Band[]): ChartOptions;
}

const followed: readonly Followed[] = [
  {
    id: "agreement",
    name: "Agreement",
    measured: ({ agreement }) => agreement,
    expected: ({ agreement }) => agreement,
    axis: (bands) => ({
      logarithmic: false,
      range: [bands.some(({ low }) => low < -0.02) ? -0.25 : 0, 1.03],
    }),
  },
  {
    id: "rms",
    name: "RMS error",
    measured: ({ rmsError }) => rmsError,
    expected: ({ rmsError }) => rmsError,
    axis(bands) {
      const best = Math.min(...bands.map(({ low }) => low));
      const worst = Math.max(...bands.map(({ high }) => high));
      const isKnown = best > 0 && Number.isFinite(worst);
      return {
        logarithmic: true,
        range: isKnown
          ? [10 ** Math.floor(Math.log10(best)), 10 ** Math.ceil(Math.log10(worst))]
          : [0.001, 1],
      };
    },
  },
  {
    id: "area",
    name: "ROC area",
    measured: ({ auroc }) => auroc,
    expected: ({ auroc }) => auroc,
    // A half is chance; what a few trials scatter below that is still on the axis.
    axis: (bands) => ({
      logarithmic: false,
      range: [Math.max(0, Math.floor(10 * Math.min(0.5, ...bands.map(({ low }) => low))) / 10), 1.02],
    }),
  },
];

/** Three measures against trials, what is expected of them drawn before the data arrives. */
export class Convergence {
  private readonly rows = followed.map((what) => ({
    what,
    chart: new Chart(byId(`${what.id}-chart`)),
    curve: new MeasuredCurve(1),
  }));
  /** The last one; null before there is one of this run. */
  private area: Area | null = null;

  setTheme(theme: Theme): void {
    for (const { chart } of this.rows) chart.setTheme(theme);
  }

  /** A new run of so many trials. */
  begin({ expected }: Prepared, trials: number): void {
    this.area = null;
    for (const row of this.rows) {
      const { what, chart } = row;
      row.curve = new MeasuredCurve(trials);
      const bands = expected.flatMap((one) => known(what.expected(one)) ?? []);
      chart.begin(
        expectedOf(expected, (one) => what.expected(one)),
        trials,
        what.axis(bands),
      );
    }
  }

  /** Another point of the curves of what is told of a picture. */
  show({ trials, summary }: Picture): void {
    this.add(trials, summary);
  }

  /** Another point of the area's, which may be of fewer trials than the picture on show. */
  showArea(area: Area): void {
    this.area = area;
    this.add(area.trials, { auroc: area.auroc });
  }

  private add(trials: number, known: Partial<Measured>): void {
    for (const { what, chart, curve } of this.rows) {
      const value = what.measured(known);
      if (value === undefined) continue;
      // Two trials say nothing yet, and a logarithmic axis has no 0.
      if (value !== null && trials >= 3 && (value > 0 || what.id !== "rms")) curve.add(trials, value);
      chart.show(curve.trials, curve.values);
    }
  }

  /** The numbers beside the charts, and the charts in words. */
  describe({ network, expected }: Prepared, picture: Picture | null): void {
    const area = picture && this.area;
    for (const { what } of this.rows) {
      const { id, name } = what;
      const isArea = id === "area";
      const trials = (isArea ? area : picture)?.trials ?? 0;
      const told = isArea ? area : picture?.summary;
      const value = (told && what.measured(told)) ?? null;
      const found = measure(expected, trials, value, (one) => known(what.expected(one)));
      write(id, measureText(found));
      byId(id).dataset.value = String(found.value ?? "");
      byId(`${id}-chart`).ariaLabel =
        `${name} ${measureText(found)} after ${count(trials)} trials; ${bandText(found)}`;
    }
    const arrows = network.source.length;
    const all = network.neurons * network.neurons;
    const undefinedBecause =
      arrows === 0 ? "there are no arrows" : arrows === all ? "all pairs are arrows" : "";
    write(
      "agreement-note",
      undefinedBecause ? `not defined: ${undefinedBecause}` : "correlation with connectivity",
    );
    const isOlder = area !== null && area.trials < (picture?.trials ?? 0);
    const ranks = `an arrow ranks above others${isOlder ? ` · after ${count(area.trials)} trials` : ""}`;
    write("area-note", undefinedBecause ? `not defined: ${undefinedBecause}` : ranks);
  }
}

const bandText = ({ band }: Measure) =>
  band
    ? `expected ${fixed(band.expected, 3)}, 95 % of runs ${fixed(band.low, 3)} to ${fixed(band.high, 3)}`
    : "nothing is expected";

/** A band of numbers, or none. */
const known = (band: Band | null): Band | null => (band && Number.isFinite(band.expected) ? band : null);

function expectedOf(all: readonly Expectation[], of: (one: Expectation) => Band | null): Expected | null {
  const bands = all.flatMap((one) => {
    const band = known(of(one));
    return band ? [{ trials: one.trials, ...band }] : [];
  });
  if (bands.length === 0 || bands.every(({ high }) => high === 0)) return null;
  return {
    trials: bands.map(({ trials }) => trials),
    middle: bands.map(({ expected }) => expected),
    low: bands.map(({ low }) => low),
    high: bands.map(({ high }) => high),
  };
}
