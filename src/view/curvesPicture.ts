import { Drawing, type Frame, type Plot } from "./drawing";
import { fixed } from "./numbers";
import { linear } from "./scale";
import { box, halfDigit, label, line, make, upright } from "./svg";

/**
 * A curve over all thresholds, in the unit square.
 *
 * Shapes   x, y: aligned, in the order of falling thresholds.
 * Units    shares of 1.
 */
export interface ThresholdCurve {
  /** Long and, where there is no room, short; likewise the titles of the axes. */
  readonly names: readonly [string, string];
  readonly area: number;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly xTitles: readonly [string, string];
  readonly yTitles: readonly [string, string];
  /** What guessing gets, from the left edge to the right one. */
  readonly guess: readonly [left: number, right: number];
  /** Where the discoveries lie; null without any. */
  readonly point: { readonly x: number; readonly y: number } | null;
}

export interface CurvesData {
  readonly curves: readonly ThresholdCurve[];
  /** What the marked points are: "discoveries at a rate of 0.05". */
  readonly pointName: string;
}

/** Where the cursor is: on which curve, and at which of its points. */
interface Cursor {
  readonly curve: number;
  readonly at: number;
}

/**
 * Curves over all thresholds, each with its area and the point that the discoveries have: below each other where the
 * room is high, beside each other where it is wide. Left and right arrows go along a curve, up and down to the other.
 */
export class CurvesPicture extends Drawing<CurvesData> {
  private plots: Plot[] = [];
  private cursor: Cursor | null = null;

  protected paint({ curves }: CurvesData, frame: Frame): void {
    const { width, height, em } = frame;
    const isWide = width > 1.25 * height;
    const gap = (isWide ? 1.6 : 0.5) * em;
    const panels = curves.length;
    const across = isWide ? (width - gap * (panels - 1)) / panels : width;
    const down = isWide ? height : (height - gap * (panels - 1)) / panels;
    this.plots = curves.map((_, index) => {
      const x = isWide ? index * (across + gap) : 0;
      const y = isWide ? 0 : index * (down + gap);
      const top = y + 1.75 * em;
      const bottom = y + down - 1.45 * em;
      const left = x + 1.7 * em;
      const right = x + across - 0.4 * em;
      // Near the unit square, as far as the room is.
      const wide = Math.min(right - left, 2.2 * (bottom - top));
      const high = Math.min(bottom - top, 1.4 * wide);
      return { left, right: left + wide, top, bottom: top + high };
    });
    curves.forEach((curve, index) => {
      this.paintPanel(curve, this.plots[index], frame);
    });
  }

  private paintPanel(curve: ThresholdCurve, plot: Plot, frame: Frame): void {
    const { em } = frame;
    const { body } = this;
    const { left, right, top, bottom } = plot;
    const [x, y] = scalesOf(plot);
    const area = `area ${areaText(curve.area)}`;
    const room = right - left - this.widthOf(area, em) - 0.6 * em;
    const name = curve.names.find((words) => this.widthOf(words, em, 600) <= room) ?? "";
    const after = left + this.widthOf(name, em, 600) + (name ? 0.6 * em : 0);
    body.append(
      label(left, top - 0.6 * em, "start", "strong", name),
      label(after, top - 0.6 * em, "start", "", area),
    );
    for (const part of bottom - top > 9 * em ? [0.25, 0.5, 0.75] : [0.5])
      body.append(line(x(part), top, x(part), bottom, "grid"), line(left, y(part), right, y(part), "grid"));
    body.append(box(left, top, right - left, bottom - top, "frame"));
    this.paintAxes(curve, plot, em);
    // Before any pair can be judged there is nothing to guess at, either.
    if (curve.guess.every(Number.isFinite))
      body.append(
        make("path", {
          d: `M${left} ${y(curve.guess[0])}L${right} ${y(curve.guess[1])}`,
          class: "dashed muted-line thin",
        }),
      );
    if (curve.x.length === 0) return;
    // The first threshold's value holds up to it: the area counts it so.
    const points = [[0, curve.y[0]], ...Array.from(curve.x, (value, at) => [value, curve.y[at]])]
      .map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
      .join("L");
    const last = x(curve.x[curve.x.length - 1]).toFixed(1);
    body.append(
      make("path", { d: `M${left} ${bottom}L${points}L${last} ${bottom}Z`, class: "lit" }),
      make("path", { d: `M${points}`, "stroke-linejoin": "round" }),
    );
    if (curve.point) this.paintPoint(x(curve.point.x), y(curve.point.y), frame);
  }

  /** 0 and 1 at the ends, the title between them: one line below, one column beside. */
  private paintAxes(curve: ThresholdCurve, { left, right, top, bottom }: Plot, em: number): void {
    const { body } = this;
    const below = bottom + 1.15 * em;
    const beside = left - 0.6 * em;
    const between = (titles: readonly [string, string], room: number) =>
      titles.find((title) => this.widthOf(title, em) <= room - 1.6 * em) ?? "";
    body.append(
      label(left, below, "middle", "muted", "0"),
      label(right, below, "end", "muted", "1"),
      label((left + right) / 2, below, "middle", "muted", between(curve.xTitles, right - left)),
      label(beside, bottom, "end", "muted", "0"),
      label(beside, top + 2 * halfDigit * em, "end", "muted", "1"),
      upright(left - 0.7 * em, (top + bottom) / 2, "muted", between(curve.yTitles, bottom - top)),
    );
  }

  private paintPoint(x: number, y: number, { em, theme }: Frame): void {
    const radius = (theme === "projector" ? 0.4 : 0.36) * em;
    this.body.append(
      make("circle", { cx: x, cy: y, r: radius + 2, class: "veil" }),
      make("circle", { cx: x, cy: y, r: radius, class: "fill-set" }),
    );
  }

  protected mark({ curves }: CurvesData, { em }: Frame): void {
    const { cursor, overlay } = this;
    const curve = cursor && curves[cursor.curve];
    if (!cursor || !curve) return;
    const plot = this.plots[cursor.curve];
    const [x, y] = scalesOf(plot);
    const [cx, cy] = [x(curve.x[cursor.at]), y(curve.y[cursor.at])];
    overlay.append(
      line(cx, plot.top, cx, plot.bottom, "thin"),
      line(plot.left, cy, plot.right, cy, "thin"),
      make("circle", { cx, cy, r: 0.3 * em, class: "fill-ink" }),
    );
    const words = [
      `${curve.yTitles[1]} ${fixed(curve.y[cursor.at], 3)}`,
      `${curve.xTitles[1]} ${fixed(curve.x[cursor.at], 3)}`,
    ];
    // In the half of the panel that the point leaves free.
    const isHigh = cy < (plot.top + plot.bottom) / 2;
    words.forEach((text, row) => {
      const baseline = isHigh
        ? plot.bottom - (0.6 + 1.3 * (1 - row)) * em
        : plot.top + (1.2 + 1.3 * row) * em;
      overlay.append(label(plot.right - 0.5 * em, baseline, "end", "strong halo", text));
    });
  }

  protected describe({ curves, pointName }: CurvesData): string {
    const parts = curves.map(({ names: [name], area, point, xTitles, yTitles }) => {
      const where = point
        ? `; ${pointName}: ${yTitles[0]} ${fixed(point.y, 3)} at ${xTitles[0]} ${fixed(point.x, 3)}`
        : "; nothing is claimed";
      return `${name}, area ${areaText(area)}${where}.`;
    });
    return `Curves over all thresholds of |effect|. ${parts.join(" ")}`;
  }

  private setCursor(cursor: Cursor | null): void {
    this.cursor = cursor;
    this.remark();
    const curve = cursor && this.data?.curves[cursor.curve];
    this.events.say?.(
      cursor && curve
        ? `${curve.names[0]}: ${curve.yTitles[0]} ${fixed(curve.y[cursor.at], 3)} at ${curve.xTitles[0]} ${fixed(curve.x[cursor.at], 3)}`
        : null,
    );
  }

  protected point(px: number, py: number): void {
    const { data, plots } = this;
    const curve = plots.findIndex(
      ({ left, right, top, bottom }) =>
        px >= left - 8 && px <= right + 8 && py >= top - 8 && py <= bottom + 8,
    );
    if (!data || curve < 0) {
      this.setCursor(null);
      return;
    }
    const [x, y] = scalesOf(plots[curve]);
    const { x: xs, y: ys } = data.curves[curve];
    let best = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < xs.length; at++) {
      const distance = (x(xs[at]) - px) ** 2 + (y(ys[at]) - py) ** 2;
      if (distance < nearest) [best, nearest] = [at, distance];
    }
    this.setCursor(xs.length > 0 ? { curve, at: best } : null);
  }

  protected leave(): void {
    this.setCursor(null);
  }

  protected press(key: string): boolean {
    const along = { ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0;
    const over = { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
    const { data, cursor } = this;
    if (!data || (along === 0 && over === 0)) return false;
    const last = data.curves.length - 1;
    const curve = Math.max(0, Math.min(last, (cursor?.curve ?? 0) + (cursor ? over : 0)));
    const points = data.curves[curve].x.length;
    if (points === 0) return true;
    const from = cursor && cursor.curve === curve ? cursor.at + along : 0;
    this.setCursor({ curve, at: Math.max(0, Math.min(points - 1, from)) });
    return true;
  }
}

const scalesOf = ({ left, right, top, bottom }: Plot) =>
  [linear(0, 1, left, right), linear(0, 1, bottom, top)] as const;

/** Three digits, and more where it comes near 1: 0.9996 is not 1. */
const areaText = (area: number): string =>
  area === 1 || area < 0.9995 ? fixed(area, 3) : fixed(Math.floor(area * 1e6) / 1e6, 6).replace(/0+$/, "");
