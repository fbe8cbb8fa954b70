import { css, diverging } from "./colours";
import { Drawing, type Frame, movePair, type Plot } from "./drawing";
import type { Focus } from "./focus";
import { count, fixed, stepOf, tickText } from "./numbers";
import { linear, type Scale, ticks } from "./scale";
import { dots, label, line, make } from "./svg";

/** A straight line through points, and how well it holds. */
export interface FittedLine {
  readonly slope: number;
  readonly intercept: number;
  readonly r: number;
}

export interface Measured {
  /** As an axis says it, with its unit. */
  readonly title: string;
  /** As a sentence says it. */
  readonly name: string;
  /**
   * Shapes   [targets × sources], row = target.
   * Missing  NaN
   */
  readonly values: ArrayLike<number>;
}

/** Two matrices over the same pairs, one against the other. */
export interface ScatterData {
  readonly sources: ArrayLike<number>;
  readonly x: Measured;
  readonly y: Measured;
  /** null where no line can be told. */
  readonly fit: FittedLine | null;
}

/** So many points are elements of their own; more are drawn as one, and still more as a part of them. */
const mostCircles = 1500;
const mostPoints = 30_000;

/** A pair with both values, by its index in the matrices, and where it is drawn. */
interface Point {
  readonly pair: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Lesson 5: one measure of every pair against another, with the fitted line in words. Arrow keys move as in a
 * matrix: left and right along "from", up and down along "to".
 */
export class Scatter extends Drawing<ScatterData> {
  private points: Point[] = [];
  private known = 0;
  private size = 6;
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };

  protected paint(data: ScatterData, frame: Frame): void {
    const { em, width, height, theme } = frame;
    const { body } = this;
    const plot: Plot = { left: 5.4 * em, right: width - 1.2 * em, top: 2.6 * em, bottom: height - 3.3 * em };
    this.plot = plot;
    const { x, y, fit } = data;
    const known = pairsOf(data);
    this.known = known.length;
    const [xLow, xHigh] = rangeOf(x.values, known, 0.13);
    const [yLow, yHigh] = rangeOf(y.values, known, 0.07);
    const atX = linear(xLow, xHigh, plot.left, plot.right);
    const atY = linear(yLow, yHigh, plot.bottom, plot.top);
    const yTicks = ticks(yLow, yHigh, Math.max(3, (plot.bottom - plot.top) / (3 * em)));
    const xTicks = ticks(xLow, xHigh, Math.max(3, (plot.right - plot.left) / (6 * em)));
    this.leftAxis(frame, plot, atY, yTicks, (value) => tickText(value, stepOf(yTicks)), y.title);
    this.bottomAxis(frame, plot, atX, xTicks, (value) => tickText(value, stepOf(xTicks)), x.title);
    if (yLow < 0 && yHigh > 0) body.append(line(plot.left, atY(0), plot.right, atY(0), "axis"));

    this.size = Math.max(0.22 * em, Math.min(0.85 * em, (4 * em) / Math.sqrt(1 + known.length / 30)));
    const shown = thin(known, mostPoints);
    this.points = this.place(shown, data, atX, atY, em);
    const scale = Math.max(...shown.map((pair) => Math.abs(y.values[pair])), 1e-12);
    if (this.points.length <= mostCircles) {
      const marks = make("g", { class: "points" });
      for (const point of this.points)
        marks.append(
          make("circle", {
            cx: point.x,
            cy: point.y,
            r: this.size / 2,
            fill: css(diverging(theme, y.values[point.pair] / scale)),
            class: "point",
          }),
        );
      body.append(marks);
    } else {
      const cloud = dots(
        this.points.map((point) => [point.x, point.y] as const),
        this.size,
        "muted-line",
      );
      cloud.setAttribute("opacity", "0.55");
      body.append(cloud);
    }
    if (fit) this.paintLine(fit, atX, atY);
    const words = fit ? fitText(fit) : "no line can be told";
    const left = this.leftOut(data, shown.length);
    body.append(label(plot.left, 1.25 * em, "start", "strong", words));
    // The count goes where it fits: beside the line's words, or in the corner that a rising line leaves free.
    const beside = this.widthOf(words, em, 600) + this.widthOf(left, em) + em <= plot.right - plot.left;
    if (beside) body.append(label(plot.right, 1.25 * em, "end", "muted", left));
    else if (this.widthOf(left, em) <= 0.7 * (plot.right - plot.left))
      body.append(label(plot.left + 0.5 * em, plot.top + 1.1 * em, "start", "muted halo", left));
  }

  private leftOut(data: ScatterData, shown: number): string {
    const all = data.x.values.length;
    const missing = all - this.known;
    return [
      `${count(this.known)} pairs`,
      shown < this.known ? `showing ${count(shown)}` : "",
      missing > 0 ? `${count(missing)} missing, left out` : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }

  /** Points of one x (all arrows of a network weigh the same) move aside where they would hide each other. */
  private place(
    pairs: readonly number[],
    { x, y }: ScatterData,
    atX: Scale,
    atY: Scale,
    em: number,
  ): Point[] {
    const columns = [...new Set(pairs.map((pair) => atX(x.values[pair])))].sort((a, b) => a - b);
    const shared = columns.length < pairs.length / 4 || columns.length <= 4;
    const gap = Math.min(...columns.slice(1).map((column, index) => column - columns[index]), 24 * em);
    const reach = Math.min(0.3 * gap, 0.1 * (this.plot.right - this.plot.left));
    const rows = new Map<string, number[]>();
    for (const pair of pairs) {
      const row = `${atX(x.values[pair])} ${Math.round(atY(y.values[pair]) / this.size)}`;
      const held = rows.get(row);
      if (held) held.push(pair);
      else rows.set(row, [pair]);
    }
    const aside = new Map<number, number>();
    if (shared && reach > 0)
      for (const row of rows.values()) {
        const apart = Math.min(1.08 * this.size, (2 * reach) / row.length);
        row.forEach((pair, index) => {
          aside.set(pair, (index - (row.length - 1) / 2) * apart);
        });
      }
    return pairs.map((pair) => ({
      pair,
      x: atX(x.values[pair]) + (aside.get(pair) ?? 0),
      y: atY(y.values[pair]),
    }));
  }

  private paintLine({ slope, intercept }: FittedLine, atX: Scale, atY: Scale): void {
    const clip = `${this.id}-clip`;
    const { left, right, top, bottom } = this.plot;
    this.body.append(
      make(
        "clipPath",
        { id: clip },
        make("rect", { x: left, y: top, width: right - left, height: bottom - top }),
      ),
    );
    const path = line(
      left,
      atY(intercept + slope * atX.low),
      right,
      atY(intercept + slope * atX.high),
      "fit",
    );
    path.setAttribute("clip-path", `url(#${clip})`);
    this.body.append(path);
  }

  protected mark(data: ScatterData, { em, theme }: Frame): void {
    const { focus, overlay, points, plot } = this;
    if (!focus) return;
    const columns = data.sources.length;
    const lit = points.filter(({ pair }) =>
      isLit(focus, data.sources[pair % columns], Math.floor(pair / columns)),
    );
    const thick = theme === "projector" ? 3 : 2;
    for (const point of lit.slice(0, 400))
      overlay.append(
        make("circle", {
          cx: point.x,
          cy: point.y,
          r: this.size / 2 + thick,
          class: "outline",
        }),
      );
    const [only] = lit;
    if (focus.kind !== "pair" || !only) return;
    overlay.append(
      line(plot.left, only.y, only.x - this.size / 2 - thick, only.y, "thin dashed"),
      line(only.x, plot.bottom, only.x, only.y + this.size / 2 + thick, "thin dashed"),
    );
    const toLeft = only.x > (plot.left + plot.right) / 2;
    overlay.append(
      label(
        only.x + (toLeft ? -1 : 1) * (this.size / 2 + 0.5 * em),
        Math.max(plot.top + em, only.y - 0.6 * em),
        toLeft ? "end" : "start",
        "strong halo",
        `${focus.source} → ${focus.target}`,
      ),
    );
  }

  protected describe(data: ScatterData): string {
    const { x, y, fit } = data;
    const known = pairsOf(data).length;
    const missing = x.values.length - known;
    return (
      `Points: ${y.name} against ${x.name}, ${count(known)} pairs${missing > 0 ? `, ${count(missing)} missing and left out` : ""}. ` +
      `${fit ? `Fitted line: ${fitText(fit)}.` : "No line can be told."}`
    );
  }

  protected point(x: number, y: number): void {
    const { data } = this;
    if (!data) return;
    let nearest = Math.max(16, 1.5 * this.size);
    let found: Focus = null;
    for (const point of this.points) {
      const distance = Math.hypot(point.x - x, point.y - y);
      if (distance >= nearest) continue;
      nearest = distance;
      found = focusOf(point.pair, data.sources);
    }
    this.events.hover(found);
  }

  protected leave(): void {
    this.events.hover(null);
  }

  protected press(key: string): boolean {
    const { data } = this;
    if (!data) return false;
    const targets = data.x.values.length / data.sources.length;
    const columns = Array.from({ length: data.sources.length }, (_, column) => data.sources[column]);
    const { focus } = this;
    // Keys walk over columns; a focus names neurons.
    const at: Focus =
      focus?.kind === "pair"
        ? { kind: "pair", source: Math.max(0, columns.indexOf(focus.source)), target: focus.target }
        : null;
    const moved = movePair(at, key, Math.max(targets, columns.length));
    if (!moved) return false;
    const column = Math.min(columns.length - 1, moved.source);
    this.events.hover({
      kind: "pair",
      source: columns[column],
      target: Math.min(targets - 1, moved.target),
    });
    return true;
  }
}

const fitText = ({ slope, r }: FittedLine): string =>
  `slope ${Number(slope.toPrecision(3)).toString().replace("-", "−")}, r = ${correlationText(r)}`;

/** Three decimals; more where three would say 1 of what is not quite 1. */
function correlationText(r: number): string {
  let decimals = 3;
  while (decimals < 6 && Math.abs(r) < 1 && Math.abs(Number(r.toFixed(decimals))) === 1) decimals++;
  return fixed(r, decimals);
}

const focusOf = (pair: number, sources: ArrayLike<number>): Focus => ({
  kind: "pair",
  source: sources[pair % sources.length],
  target: Math.floor(pair / sources.length),
});

function isLit(focus: NonNullable<Focus>, source: number, target: number): boolean {
  if (focus.kind === "pair") return focus.source === source && focus.target === target;
  return focus.neuron === source || focus.neuron === target;
}

function pairsOf({ x, y }: ScatterData): number[] {
  const known: number[] = [];
  for (let pair = 0; pair < x.values.length; pair++)
    if (!Number.isNaN(x.values[pair]) && !Number.isNaN(y.values[pair])) known.push(pair);
  return known;
}

/** Every so many-th, so that at most so many are left. */
function thin(pairs: readonly number[], most: number): readonly number[] {
  if (pairs.length <= most) return pairs;
  const step = pairs.length / most;
  return Array.from({ length: most }, (_, index) => pairs[Math.floor(index * step)]);
}

function rangeOf(values: ArrayLike<number>, pairs: readonly number[], margin: number): [number, number] {
  let low = 0;
  let high = 0;
  for (const pair of pairs) {
    low = Math.min(low, values[pair]);
    high = Math.max(high, values[pair]);
  }
  if (low === high) return [-1, 1];
  const room = margin * (high - low);
  return [low - room, high + room];
}
