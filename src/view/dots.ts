import { intervalHalfWidth } from "../model/inference";
import { Drawing, type Frame, type Plot } from "./drawing";
import { count, decimalsFor, fixed, stepOf, tickText, withError } from "./numbers";
import { linear, roundStep, type Scale, ticks } from "./scale";
import { box, dots, halfDigit, label, line, make } from "./svg";

/**
 * One arm of the two-neuron trial.
 *
 * Shapes   values: B of every trial that there will be, of which the first `trials` are drawn.
 * Units    mean, standardError: of those drawn.
 */
export interface Arm {
  readonly values: ArrayLike<number>;
  readonly mean: number;
  readonly standardError: number;
}

export interface DotsData {
  /** B with A set to 0, and with A set to 1. */
  readonly off: Arm;
  readonly on: Arm;
  /** How many trials of each arm there have been. */
  readonly trials: number;
  readonly difference: number;
  readonly standardError: number;
  /** The true difference, once it is revealed. */
  readonly exact: number | null;
  /** The difference as it is to be printed, where its digits are the point; else as its error allows. */
  readonly digits?: string;
}

/** Where the dots lie across their strip: spread evenly however many there are, and each keeps its place. */
const golden = 0.618_033_988_749_895;

/** Dots drawn in each strip; the histogram counts all. */
const mostDots = 3000;

/**
 * Lesson 1: outcomes of B with A at 0 and at 1, as dots and as histograms with common bins, the two means with
 * 95 % intervals, and their difference as a bracket. Up and down arrows go from bin to bin.
 */
export class Dots extends Drawing<DotsData> {
  private bin: number | null = null;
  private edges: number[] = [];
  private scale: Scale = linear(0, 1, 0, 1);
  private columns: readonly Plot[] = [];
  private bracketLeft = 0;

  protected paint(data: DotsData, frame: Frame): void {
    const { em, width, height, theme } = frame;
    const plot: Plot = { left: 4.2 * em, right: width - 11.5 * em, top: 0.8 * em, bottom: height - 3.4 * em };
    const [low, high] = extent([data.off.values, data.on.values]);
    const step = roundStep((high - low) / 45);
    const first = Math.floor(low / step);
    const bins = Math.max(1, Math.ceil(high / step) - first);
    this.edges = Array.from({ length: bins + 1 }, (_, bin) => (first + bin) * step);
    this.scale = linear(this.edges[0], this.edges[bins], plot.bottom, plot.top);
    const values = ticks(this.edges[0], this.edges[bins], Math.max(3, (plot.bottom - plot.top) / (3 * em)));
    this.leftAxis(
      frame,
      plot,
      this.scale,
      values,
      (value) => tickText(value, stepOf(values)),
      "outcome: B, one step later",
    );

    const half = (plot.right - plot.left) / 2;
    this.columns = [0, 1].map((column) => ({
      ...plot,
      left: plot.left + column * half + 0.06 * half,
      right: plot.left + (column + 1) * half - 0.02 * half,
    }));
    this.bracketLeft = plot.right + 0.8 * em;
    const arms = [data.off, data.on];
    const shares = arms.map(({ values }) => this.sharesOf(values, data.trials));
    // A normal spread fills an eighth of a step of its width at most; few trials may pile up higher and are cut.
    const full = Math.max(0.45 * step, Math.min(0.6, ...shares.map((share) => Math.max(...share))));
    arms.forEach((arm, column) => {
      this.paintArm(arm, column === 1, shares[column], full, this.columns[column], data.trials, frame);
      const { left, right, bottom } = this.columns[column];
      const middle = (left + right) / 2;
      this.body.append(
        label(middle, bottom + 1.3 * em, "middle", column === 1 ? "set" : "strong", `A set to ${column}`),
        label(
          middle,
          bottom + 2.6 * em,
          "middle",
          "muted",
          `${count(data.trials)} ${data.trials === 1 ? "trial" : "trials"}`,
        ),
      );
    });
    ["dot: one trial", "bar: share of trials"].forEach((words, row) => {
      this.body.append(label(width - 0.4 * em, plot.bottom + (1.3 * row - 0.4) * em, "end", "muted", words));
    });
    if (data.trials > 0) this.paintBracket(data, plot, frame, theme === "projector");
  }

  private paintArm(
    { values, mean, standardError }: Arm,
    on: boolean,
    shares: readonly number[],
    full: number,
    { left, right }: Plot,
    trials: number,
    { em }: Frame,
  ): void {
    const { scale, body, edges } = this;
    const width = right - left;
    const strip = 0.4 * width;
    const base = left + 0.46 * width;
    const shown = Math.min(trials, mostDots);
    const dot = Math.max(0.21 * em, Math.min(0.55 * em, (3.6 * em) / Math.sqrt(1 + shown / 12)));
    // The latest trials, so that the picture lives on when there are more than it can hold.
    const from = trials - shown;
    const places = Array.from({ length: shown }, (_, index) => {
      const trial = from + index;
      return [left + strip * (((trial + 1) * golden) % 1), scale(values[trial])] as const;
    });
    const strip_ = dots(places, dot, on ? "stroke-set" : "muted-line");
    strip_.setAttribute("opacity", String(shown > 400 ? 0.7 : 0.9));
    body.append(strip_);
    const bars = make("g", { opacity: 0.8 });
    shares.forEach((share, bin) => {
      if (share === 0) return;
      const top = scale(edges[bin + 1]);
      const length = Math.min(1, share / full) * (right - base);
      bars.append(
        box(base, top + 0.5, length, scale(edges[bin]) - top - 1, on ? "fill-poked" : "fill-muted"),
      );
    });
    body.append(bars, line(base, scale(scale.low), base, scale(scale.high), "axis"));
    if (trials === 0) return;
    const y = scale(mean);
    const reach = intervalHalfWidth(0.95, trials - 1) * standardError;
    if (Number.isFinite(reach)) {
      const [top, bottom] = [mean + reach, mean - reach].map((value) =>
        scale(Math.max(scale.low, Math.min(scale.high, value))),
      );
      body.append(box(left, top, width, bottom - top, "lit"));
      const middle = left + strip / 2;
      body.append(
        line(middle, top, middle, bottom, "bold"),
        line(middle - 0.5 * em, top, middle + 0.5 * em, top, "bold"),
        line(middle - 0.5 * em, bottom, middle + 0.5 * em, bottom, "bold"),
      );
    }
    body.append(line(left, y, right, y, "bold"));
  }

  /** The two means carried to the right, and what lies between them. */
  private paintBracket(data: DotsData, plot: Plot, { em, width }: Frame, large: boolean): void {
    const { scale, body, bracketLeft } = this;
    const [low, high] = [scale(data.off.mean), scale(data.on.mean)];
    const x = bracketLeft + 0.8 * em;
    for (const [y, column] of [
      [low, 0],
      [high, 1],
    ])
      body.append(line(this.columns[column].right, y, x + 0.35 * em, y, "thin dashed muted-line"));
    body.append(line(x, low, x, high, "bold"));
    const upper = Math.min(low, high);
    const lower = Math.max(low, high);
    for (const y of [low, high]) body.append(line(x - 0.35 * em, y, x + 0.35 * em, y, "bold"));
    const text = x + 1.2 * em;
    const middle = Math.max(plot.top + 3 * em, Math.min((upper + lower) / 2, plot.bottom - 4 * em));
    const big = 1.55 * em;
    const shown = data.digits ?? differenceText(data);
    const number = label(text, middle + 0.5 * em, "start", "strong", shown);
    number.setAttribute(
      "font-size",
      String(Math.min(big, (em * (width - text - 4)) / this.widthOf(shown, em, 600))),
    );
    body.append(label(text, middle - 1.25 * em, "start", "muted", "difference in means"), number);
    const error = Number.isFinite(data.standardError)
      ? `± ${fixed(data.standardError, decimalsFor(data.standardError))}`
      : "± not known yet";
    body.append(label(text, middle + 1.95 * em, "start", "muted", error));
    if (data.exact !== null) {
      const y = scale(data.off.mean + data.exact);
      body.append(
        line(x + (large ? 0.7 : 0.55) * em, low, x + (large ? 0.7 : 0.55) * em, y, "dashed"),
        label(text, middle + 3.4 * em, "start", "", `true effect ${Number(data.exact.toPrecision(6))}`),
      );
    }
  }

  protected mark(data: DotsData, { em }: Frame): void {
    const { bin, edges, scale, columns, overlay } = this;
    if (bin === null || bin >= edges.length - 1) return;
    const top = scale(edges[bin + 1]);
    const bottom = scale(edges[bin]);
    [data.off, data.on].forEach((arm, column) => {
      const { left, right } = columns[column];
      overlay.append(box(left, top, right - left, bottom - top, "outline"));
      const share = this.sharesOf(arm.values, data.trials)[bin];
      overlay.append(
        label(right - 0.3 * em, (top + bottom) / 2 + halfDigit * em, "end", "halo", percent(share)),
      );
    });
  }

  /** Share of an arm's trials in each bin. */
  private sharesOf(values: ArrayLike<number>, trials: number): number[] {
    const { edges } = this;
    const bins = edges.length - 1;
    const shares = new Array<number>(bins).fill(0);
    const width = (edges[bins] - edges[0]) / bins;
    for (let trial = 0; trial < trials; trial++) {
      const bin = Math.floor((values[trial] - edges[0]) / width);
      shares[Math.max(0, Math.min(bins - 1, bin))] += 1 / trials;
    }
    return shares;
  }

  protected describe(data: DotsData): string {
    const { off, on, trials } = data;
    if (trials === 0) return "Two columns, B with A set to 0 and B with A set to 1; there are no trials yet.";
    const error = Number.isFinite(data.standardError) ? data.standardError : Number.NaN;
    const decimals = error > 0 ? decimalsFor(error) : 2;
    const truth = data.exact === null ? "" : `; the true effect is ${data.exact}`;
    return (
      `Two columns of dots with histograms. B after ${count(trials)} ${trials === 1 ? "trial" : "trials"} with A set to 0: mean ` +
      `${fixed(off.mean, decimals)}; with A set to 1: mean ${fixed(on.mean, decimals)}. ` +
      `Difference in means ${error > 0 ? withError(data.difference, error) : differenceText(data)}${truth}.`
    );
  }

  private setBin(bin: number | null): void {
    if (bin === this.bin) return;
    this.bin = bin;
    this.remark();
    const { data, edges } = this;
    if (!data || bin === null) {
      this.events.say?.(null);
      return;
    }
    const step = edges[1] - edges[0];
    const [off, on] = [data.off, data.on].map(({ values }) =>
      percent(this.sharesOf(values, data.trials)[bin]),
    );
    this.events.say?.(
      `B between ${tickText(edges[bin], step)} and ${tickText(edges[bin + 1], step)}: ` +
        `${off} of the trials with A set to 0, ${on} with A set to 1`,
    );
  }

  protected point(_x: number, y: number): void {
    const { edges, scale } = this;
    const bins = edges.length - 1;
    const bin = Math.floor(((scale.invert(y) - edges[0]) / (edges[bins] - edges[0])) * bins);
    this.setBin(bin < 0 || bin >= bins ? null : bin);
  }

  protected leave(): void {
    this.setBin(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (!move) return false;
    const bins = this.edges.length - 1;
    const from = this.bin ?? Math.floor(bins / 2) - move;
    this.setBin(Math.max(0, Math.min(bins - 1, from + move)));
    return true;
  }
}

const differenceText = ({ difference, standardError }: DotsData): string =>
  fixed(difference, Number.isFinite(standardError) ? decimalsFor(standardError) : 2);

const percent = (share: number): string => `${fixed(100 * share, share > 0 && share < 0.095 ? 1 : 0)} %`;

function extent(all: readonly ArrayLike<number>[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of all)
    for (let index = 0; index < values.length; index++) {
      low = Math.min(low, values[index]);
      high = Math.max(high, values[index]);
    }
  return low <= high ? [low, high] : [0, 1];
}
