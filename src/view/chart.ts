import "./locale";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { css, inks, type Theme } from "./colours";

/** What a chart expects to see: 95 % of runs lie between low and high. */
export interface Expected {
  readonly trials: readonly number[];
  readonly middle: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface ChartOptions {
  readonly logarithmic: boolean;
  /** The vertical axis, fixed for a whole run. */
  readonly range: readonly [number, number];
}

/**
 * One measure against trials (logarithmic): the measured curve over what theory expects.
 * Both axes stay as they are for a whole run.
 */
export class Chart {
  private plot: uPlot | null = null;
  private expected: Expected | null = null;
  private options: ChartOptions = { logarithmic: false, range: [0, 1] };
  private trials: number[] = [];
  private measured: number[] = [];
  private theme: Theme = "desk";

  constructor(private readonly host: HTMLElement) {
    new ResizeObserver(() => this.resize()).observe(host);
  }

  /** A new run: what to expect of it, and the axes. */
  begin(expected: Expected | null, trials: number, options: ChartOptions): void {
    this.expected = expected;
    this.options = options;
    this.trials = [];
    this.measured = [];
    this.build(trials);
  }

  /** The curve measured so far. */
  show(trials: readonly number[], measured: readonly number[]): void {
    this.trials = [...trials];
    this.measured = [...measured];
    this.plot?.setData(this.data());
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.build(this.last);
  }

  private last = 0;

  /** Measured and expected trials share one axis: their union, with gaps. */
  private data(): uPlot.AlignedData {
    const { expected } = this;
    const measured = broken(this.trials, this.measured);
    if (!expected) {
      const [trials, values] = measured;
      const nothing = trials.map(() => null);
      return [trials, nothing, nothing, nothing, values];
    }
    const band: uPlot.AlignedData = [
      [...expected.trials],
      [...expected.low],
      [...expected.high],
      [...expected.middle],
    ];
    // The break reaches from one measured point to the next, over all expected ones between.
    const [retain, expand] = [1, 2] as const;
    return uPlot.join(
      [band, measured as uPlot.AlignedData],
      [
        [retain, retain, retain, retain],
        [retain, expand],
      ],
    );
  }

  private resize(): void {
    if (this.plot) this.plot.setSize({ width: this.host.clientWidth, height: this.host.clientHeight });
    else if (this.last > 0) this.build(this.last);
  }

  private build(trials: number): void {
    this.last = trials;
    const { clientWidth: width, clientHeight: height } = this.host;
    if (trials === 0 || width < 40 || height < 40) return;
    const colours = inks[this.theme];
    const large = this.theme === "projector";
    const size = large ? 18 : 13;
    const font = `${size}px "Source Sans 3", system-ui, sans-serif`;
    const first = Math.min(4, trials);
    const axis: uPlot.Axis = {
      stroke: css(colours.muted),
      font,
      grid: { stroke: css(colours.rule, 0.6), width: 1 },
      ticks: { show: false },
    };
    const line = (
      rgb: readonly [number, number, number],
      width: number,
      alpha = 1,
      dash?: number[],
    ): uPlot.Series => ({
      stroke: css(rgb, alpha),
      width,
      points: { show: false },
      spanGaps: true,
      ...(dash && { dash }),
    });
    this.plot?.destroy();
    this.plot = new uPlot(
      {
        width,
        height,
        padding: [size / 2, size, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false, distr: 3, range: [first, Math.max(trials, first + 1)] },
          y: { distr: this.options.logarithmic ? 3 : 1, range: [...this.options.range] },
        },
        axes: [
          {
            ...axis,
            size: size * 2,
            splits: (_, __, low, high) => powersOfTen(low, high),
            values: (_, ticks) => ticks.map(shortPower),
          },
          {
            ...axis,
            size: size * 3.6,
            space: size * 2.4,
            ...(this.options.logarithmic && {
              splits: (_: uPlot, __: number, low: number, high: number) => powersOfTen(low, high),
            }),
            values: (_, ticks) => ticks.map(shortDecimal),
          },
        ],
        series: [
          {},
          line(colours.muted, 0, 0),
          line(colours.muted, 0, 0),
          line(colours.muted, large ? 2.5 : 1.5, 1, [6, 5]),
          {
            ...line(colours.ink, large ? 4 : 2.5),
            // Where pictures were far between, dots alone: a line would claim what was not measured.
            spanGaps: false,
            points: {
              show: true,
              size: large ? 9 : 6,
              fill: css(colours.ink),
              filter: (plot: uPlot) => lonely(plot.data[0], plot.data[4] ?? []),
            },
          },
        ],
        bands: [{ series: [2, 1], fill: css(colours.muted, this.theme === "desk" ? 0.22 : 0.28) }],
        hooks: {
          draw: [
            (plot) => {
              const at = this.trials.length - 1;
              const value = this.measured[at];
              if (at < 0 || !Number.isFinite(value)) return;
              const { ctx } = plot;
              ctx.beginPath();
              const x = plot.valToPos(this.trials[at], "x", true);
              const y = plot.valToPos(value, "y", true);
              ctx.arc(x, y, (large ? 6 : 4) * window.devicePixelRatio, 0, 2 * Math.PI);
              ctx.fillStyle = css(colours.ink);
              ctx.fill();
            },
          ],
        },
      },
      this.data(),
      this.host,
    );
  }
}

/** Points further apart than this are not joined. */
const farApart = 3;

/** The curve with a break (null) wherever it jumps over trials that nobody looked at. */
function broken(
  trials: readonly number[],
  values: readonly number[],
): [trials: number[], values: (number | null)[]] {
  const at: number[] = [];
  const shown: (number | null)[] = [];
  for (let index = 0; index < trials.length; index++) {
    const before = trials[index - 1];
    if (index > 0 && trials[index] > farApart * before) {
      at.push(Math.sqrt(trials[index] * before));
      shown.push(null);
    }
    at.push(trials[index]);
    shown.push(values[index]);
  }
  return [at, shown];
}

/** Indices of the points whose neighbour is far away. */
function lonely(trials: ArrayLike<number>, measured: ArrayLike<number | null | undefined>): number[] {
  const found = new Set<number>();
  let before = -1;
  for (let at = 0; at < trials.length; at++) {
    if (typeof measured[at] !== "number") continue;
    if (before >= 0 && trials[at] > farApart * trials[before]) found.add(before).add(at);
    before = at;
  }
  return [...found];
}

function powersOfTen(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}

/** "10", "10,000", "1M": powers of ten, short enough for a small axis. */
function shortPower(tick: number | null): string {
  if (tick === null) return "";
  const number = Math.round(tick);
  if (number >= 1e6) return `${number / 1e6}M`;
  return number >= 1e5 ? `${number / 1e3}k` : number.toLocaleString("en");
}

const shortDecimal = (tick: number | null): string =>
  tick === null ? "" : String(Number(tick.toPrecision(2))).replace("-", "−");
