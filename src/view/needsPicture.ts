import { Drawing, type Frame, type Plot } from "./drawing";
import { count, short } from "./numbers";
import { logarithmic, type Scale } from "./scale";
import { halfDigit, label, line, make, upright } from "./svg";

/**
 * Trials until 95 % of the arrows of a network stand out. (Half of them need hardly fewer.)
 *
 * Missing  null: they never do.
 */
export interface SizeTrials {
  readonly neurons: number;
  readonly trials: number | null;
  /** Lines that say what that costs: time, memory. */
  readonly cost: readonly string[];
}

export interface NeedsData {
  /** Networks of this kind, by ascending size. */
  readonly curve: readonly SizeTrials[];
  /** The network on show. */
  readonly here: SizeTrials;
  /** Trials done so far. */
  readonly done: number;
}

/**
 * Trials needed against the size of the network, both axes logarithmic: networks of one kind, the one on
 * show, what is done already, and the law N². Left and right arrows go from size to size.
 */
export class NeedsPicture extends Drawing<NeedsData> {
  private at: number | null = null;
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };
  private x: Scale = logarithmic(1, 10, 0, 1);
  private y: Scale = logarithmic(1, 10, 0, 1);

  protected paint(data: NeedsData, frame: Frame): void {
    const { em, width, height } = frame;
    const known = [...data.curve, data.here];
    const trials = known.flatMap((size) => size.trials ?? []);
    const low = 10 ** Math.floor(Math.log10(Math.max(1, Math.min(...trials, data.done || Infinity))));
    const high = 10 ** Math.ceil(Math.log10(Math.max(10, ...trials, data.done)));
    const sizes = known.map(({ neurons }) => neurons);
    const [first, last] = [Math.max(1, Math.min(...sizes)), Math.max(10, ...sizes)];
    const plot: Plot = { left: 3.9 * em, right: width - 0.9 * em, top: 1.5 * em, bottom: height - 1.45 * em };
    this.plot = plot;
    // The ends stand off the frame, so that their dots do.
    const x = logarithmic(first, last, plot.left + 0.6 * em, plot.right - 0.6 * em);
    const y = logarithmic(low, Math.max(high, 10 * low), plot.bottom, plot.top);
    this.x = x;
    this.y = y;
    this.paintAxes(plot, em);
    this.paintLaw(data, plot);
    this.paintDone(data, plot, em);
    this.paintCurve(data.curve);
    this.paintNames(data, plot, em);
    this.paintHere(data.here, frame);
  }

  private paintAxes(plot: Plot, em: number): void {
    const { body, x, y } = this;
    const decades = Math.log10(y.high / y.low);
    const room = (plot.bottom - plot.top) / Math.max(1, decades);
    const every = Math.max(1, Math.ceil((1.5 * em) / room));
    for (let decade = 0; decade <= decades + 1e-9; decade++) {
      const value = y.low * 10 ** decade;
      body.append(line(plot.left, y(value), plot.right, y(value), "grid"));
      if (decade % every === 0)
        body.append(label(plot.left - 0.4 * em, y(value) + halfDigit * em, "end", "muted", short(value)));
    }
    const below = plot.bottom + 1.15 * em;
    let free = Number.NEGATIVE_INFINITY;
    for (let power = 0; power <= 5; power++) {
      const value = 10 ** power;
      if (value < x.low * 0.999 || value > x.high * 1.001) continue;
      const text = short(value);
      const half = this.widthOf(text, em) / 2;
      const middle = Math.min(x(value), plot.right + 0.8 * em - half);
      body.append(line(x(value), plot.top, x(value), plot.bottom, "grid"));
      if (middle - half < free) continue;
      body.append(label(middle, below, "middle", "muted", text));
      free = middle + half + 0.6 * em;
    }
    body.append(
      label(plot.right - 0.3 * em, plot.bottom - 0.45 * em, "end", "muted halo", "neurons"),
      upright(1.1 * em, (plot.top + plot.bottom) / 2, "muted", "trials"),
    );
  }

  /** A line of slope 2, through the largest network. */
  private paintLaw({ curve }: NeedsData, plot: Plot): void {
    const last = curve.findLast(({ trials }) => trials !== null);
    if (!last?.trials) return;
    const { body, x, y } = this;
    const clip = `${this.id}-clip`;
    body.append(
      make(
        "clipPath",
        { id: clip },
        make("rect", {
          x: plot.left,
          y: plot.top,
          width: Math.max(0, plot.right - plot.left),
          height: Math.max(0, plot.bottom - plot.top),
        }),
      ),
      make(
        "g",
        { "clip-path": `url(#${clip})` },
        make("path", {
          d: `M${x(x.low)} ${y(last.trials * (x.low / last.neurons) ** 2)}L${x(last.neurons)} ${y(last.trials)}`,
          class: "dashed thin muted-line",
        }),
      ),
    );
  }

  private paintDone({ done }: NeedsData, plot: Plot, em: number): void {
    if (done <= 0) return;
    const { body, y } = this;
    // Below its line, unless the axis' own name is there.
    const baseline = y(done) + (y(done) < plot.bottom - 2.6 * em ? 1.05 : -0.4) * em;
    body.append(
      line(plot.left, y(done), plot.right, y(done), "stroke-set thin"),
      label(plot.right - 0.3 * em, baseline, "end", "set halo", `${short(done)} done`),
    );
  }

  private paintCurve(curve: readonly SizeTrials[]): void {
    const points = curve.flatMap(({ neurons, trials }) =>
      trials === null ? [] : [`${this.x(neurons).toFixed(1)} ${this.y(trials).toFixed(1)}`],
    );
    if (points.length > 1)
      this.body.append(make("path", { d: `M${points.join("L")}`, "stroke-linejoin": "round" }));
  }

  /** What the curves are, where they leave the upper left corner free. */
  private paintNames({ curve }: NeedsData, plot: Plot, em: number): void {
    if (curve.length === 0) return;
    const room = plot.right - plot.left - 2.5 * em;
    const share = ["95 % of the arrows", "95 % of arrows", "95 %"].find(
      (words) => this.widthOf(words, em) <= room,
    );
    const rows = [
      ["", share ?? ""],
      ["dashed thin muted-line", "N²"],
    ] as const;
    rows.forEach(([name, words], row) => {
      const y = plot.top + (1.1 + 1.35 * row) * em;
      const left = plot.left + 0.5 * em;
      this.body.append(
        line(left, y - halfDigit * em, left + 1.5 * em, y - halfDigit * em, name),
        label(left + 2 * em, y, "start", "halo", words),
      );
    });
  }

  private paintHere({ neurons, trials }: SizeTrials, { em, theme }: Frame): void {
    if (trials === null) return;
    const radius = (theme === "projector" ? 0.4 : 0.36) * em;
    const at = { cx: this.x(neurons), cy: this.y(trials) };
    this.body.append(
      make("circle", { ...at, r: radius + 2, class: "veil" }),
      make("circle", { ...at, r: radius, class: "fill-set" }),
    );
  }

  protected mark(data: NeedsData, { em }: Frame): void {
    const size = this.allSizes(data)[this.at ?? -1];
    if (!size) return;
    const { overlay, plot, x, y } = this;
    const at = x(size.neurons);
    overlay.append(line(at, plot.top, at, plot.bottom, "thin"));
    if (size.trials !== null)
      overlay.append(make("circle", { cx: at, cy: y(size.trials), r: 0.3 * em, class: "fill-ink" }));
    const words = [`${count(size.neurons)} neurons`, wordsOf(size.trials), ...size.cost];
    // The curve rises: the lower right is free.
    const first = plot.bottom - (0.5 + 1.3 * (words.length - 1)) * em;
    const wide = Math.max(...words.map((text) => this.widthOf(text, em, 600)));
    const left = plot.right - wide - 0.5 * em;
    overlay.append(
      make("rect", {
        x: left - 0.3 * em,
        y: first - 1.1 * em,
        width: wide + 0.6 * em,
        height: (1.3 * words.length + 0.2) * em,
        class: "veil",
        opacity: 0.9,
      }),
    );
    words.forEach((text, row) => {
      overlay.append(label(left, first + 1.3 * row * em, "start", "strong", text));
    });
  }

  private allSizes({ curve, here }: NeedsData): SizeTrials[] {
    return [...curve.filter(({ neurons }) => neurons !== here.neurons), here].sort(
      (a, b) => a.neurons - b.neurons,
    );
  }

  protected describe({ curve, here, done }: NeedsData): string {
    const some = curve.filter((_, index) => index % 3 === 0);
    const list = some.map(({ neurons, trials }) => `${count(neurons)} neurons ${wordsOf(trials)}`).join(", ");
    return (
      `Trials until 95 % of the arrows stand out, against the number of neurons, both logarithmic. ` +
      `This network: ${wordsOf(here.trials)}; ${count(done)} are done. ${list ? `Others of its kind: ${list}.` : ""}`
    );
  }

  private setAt(at: number | null): void {
    if (at === this.at) return;
    this.at = at;
    this.remark();
    const size = this.data && at !== null ? this.allSizes(this.data)[at] : null;
    this.events.say?.(
      size && [`${count(size.neurons)} neurons: ${wordsOf(size.trials)}`, ...size.cost].join(", "),
    );
  }

  protected point(px: number): void {
    const { data, x, plot } = this;
    if (!data) return;
    const distance = this.allSizes(data).map(({ neurons }) => Math.abs(x(neurons) - px));
    const isInside = px >= plot.left && px <= plot.right;
    this.setAt(isInside ? distance.indexOf(Math.min(...distance)) : null);
  }

  protected leave(): void {
    this.setAt(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const { data } = this;
    if (!move || !data) return false;
    const most = this.allSizes(data).length - 1;
    const from = this.at ?? (move > 0 ? -1 : most + 1);
    this.setAt(Math.max(0, Math.min(most, from + move)));
    return true;
  }
}

const wordsOf = (trials: number | null) => (trials === null ? "never" : `${count(trials)} trials`);
