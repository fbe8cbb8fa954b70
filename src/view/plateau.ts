import { Drawing, type Frame, type PictureEvents, type Plot } from "./drawing";
import { count, fixed } from "./numbers";
import { linear, logarithmic, type Scale } from "./scale";
import { box, halfDigit, label, line, make } from "./svg";

/**
 * Agreement with the wiring after so many time steps, watched and perturbed.
 *
 * Missing  null where agreement is not defined.
 */
export interface Standing {
  readonly steps: number;
  readonly see: number | null;
  readonly do: number | null;
}

/** What theory expects of perturbing: 95 % of runs lie between low and high. */
export interface ExpectedStanding {
  readonly steps: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface PlateauData {
  /** All numbers of steps that there will be, ascending. */
  readonly steps: readonly number[];
  readonly points: readonly Standing[];
  /** The same with private noise; empty where `points` is just that, or it is not known. */
  readonly plain: readonly Standing[];
  readonly expected: readonly ExpectedStanding[];
  /** Neurons share noise in `points`; what is expected is so with private noise all the same. */
  readonly isShared: boolean;
  /** The first of the steps that the room has yet to predict; null if there is nothing to predict. */
  readonly covered: number | null;
}

export interface PlateauEvents extends PictureEvents {
  /** The cursor is at this number of steps; null if it is gone. */
  at?(steps: number | null): void;
}

const names = { do: "perturbing", see: "watching" } as const;
type Way = keyof typeof names;

/** Above this, agreement is told in three digits: there the last ones are the news. */
export const agreementText = (value: number | null): string =>
  value === null ? "not defined" : fixed(value, value >= 0.95 ? 3 : 2);

/**
 * Lesson 7: agreement against time steps on a logarithmic axis, of watching and of perturbing: a plateau and a climb.
 * Left and right arrows go from point to point.
 */
export class Plateau extends Drawing<PlateauData, PlateauEvents> {
  private at: number | null = null;
  private x: Scale = linear(0, 1, 0, 1);
  private y: Scale = linear(0, 1, 0, 1);
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };

  protected paint(data: PlateauData, frame: Frame): void {
    const { em, width, height } = frame;
    const { body } = this;
    const room = Math.max(...Object.values(names).map((name) => this.widthOf(name, em, 600)));
    const plot: Plot = {
      left: 4.4 * em,
      right: width - room - 1.3 * em,
      top: 1.7 * em,
      bottom: height - 3.3 * em,
    };
    this.plot = plot;
    const [first, last] = [data.steps[0], data.steps[data.steps.length - 1]];
    const lowest = Math.min(0, ...[...data.points, ...data.plain].map(({ see }) => see ?? 0));
    const low = lowest < -0.02 ? Math.floor(lowest * 5) / 5 : 0;
    this.x = logarithmic(first, Math.max(last, 2 * first), plot.left + 1.6 * em, plot.right - 0.6 * em);
    this.y = linear(low, 1, plot.bottom, plot.top);
    const { x, y } = this;
    const values = [-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1].filter((value) => value >= low - 1e-9);
    this.leftAxis(frame, plot, y, values, (value) => fixed(value, 1), "agreement with the wiring");
    body.append(line(plot.left, plot.bottom, plot.right, plot.bottom, "axis"));
    for (const steps of data.steps)
      body.append(line(x(steps), plot.bottom, x(steps), plot.bottom + 0.3 * em, "axis"));
    this.bottomAxis(
      frame,
      plot,
      x,
      data.steps.filter((steps) => isRound(steps) || data.steps.length < 4),
      count,
      "time steps, logarithmic",
    );
    if (data.covered !== null) this.cover(data.covered, frame);
    else this.paintExpected(data.expected);
    this.paintCurve(data.plain, "see", frame, true);
    for (const way of ["see", "do"] as const) this.paintCurve(data.points, way, frame, false);
    this.paintValues(data, frame);
    this.paintNames(data, frame);
    if (data.covered === null) this.paintKey(data, frame);
  }

  private cover(from: number, { em }: Frame): void {
    const { body, plot, x, y } = this;
    const shown = this.data?.points.at(-1)?.steps ?? from;
    // From where the curves end, so that their names lie on it whole.
    const left = Math.min(x(shown) + 0.6 * em, x(from));
    body.append(box(left, plot.top, plot.right - left, plot.bottom - plot.top, "cover"));
    const size = 3.4;
    const mark = label((left + plot.right) / 2, y(0.58) + halfDigit * size * em, "middle", "muted", "?");
    mark.setAttribute("font-size", String(size * em));
    body.append(mark);
  }

  private paintExpected(expected: readonly ExpectedStanding[]): void {
    if (expected.length === 0) return;
    const { body, x, y } = this;
    const edge = (of: (one: ExpectedStanding) => number, list: readonly ExpectedStanding[]) =>
      list.map((one) => `${x(one.steps).toFixed(1)} ${y(of(one)).toFixed(1)}`).join("L");
    body.append(
      make("path", {
        d: `M${edge((one) => one.high, expected)}L${edge((one) => one.low, [...expected].reverse())}Z`,
        class: "fill-poked",
        opacity: 0.3,
      }),
      make("path", { d: `M${edge((one) => one.expected, expected)}`, class: "dashed thin stroke-set" }),
    );
  }

  private paintCurve(points: readonly Standing[], way: Way, frame: Frame, thin: boolean): void {
    const { body } = this;
    const places = this.placesOf(points, way);
    if (places.length === 0) return;
    const colour = way === "do" ? "stroke-set" : "";
    const path = places.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L");
    if (thin) {
      body.append(make("path", { d: `M${path}`, class: "thin muted-line" }));
      return;
    }
    body.append(make("path", { d: `M${path}`, class: colour }));
    const r = this.radius(frame);
    for (const [cx, cy] of places)
      body.append(make("circle", { cx, cy, r, class: way === "do" ? "fill-set" : "fill-ink" }));
  }

  private placesOf(points: readonly Standing[], way: Way): (readonly [x: number, y: number])[] {
    const { x, y } = this;
    return points.flatMap((point) => {
      const value = point[way];
      return value === null ? [] : [[x(point.steps), y(value)] as const];
    });
  }

  private radius = ({ em, theme }: Frame) => (theme === "projector" ? 0.33 : 0.28) * em;

  /** Numbers at a few points; the last ones have theirs beside their names. */
  private paintValues({ points, covered }: PlateauData, { em }: Frame): void {
    const { x, y, body } = this;
    for (const point of points.slice(0, -1)) {
      if (!(isRound(point.steps) || covered !== null)) continue;
      for (const way of ["see", "do"] as const) {
        const value = point[way];
        if (value === null) continue;
        const above = (point.do ?? 1) >= (point.see ?? 0) === (way === "do");
        const py = y(value) + (above ? -0.75 : 1.4) * em;
        body.append(
          label(x(point.steps), py, "middle", `halo ${way === "do" ? "set" : ""}`, agreementText(value)),
        );
      }
    }
  }

  /** Each curve's name, and where it has come to, at its end; no two lie on each other. */
  private paintNames({ points, plain, covered }: PlateauData, { em }: Frame): void {
    const { plot, x, y, body } = this;
    const last = points.at(-1);
    if (!last) return;
    const ends = (["do", "see"] as const)
      .flatMap((way) => (last[way] === null ? [] : [{ way, value: last[way] as number }]))
      .sort((a, b) => b.value - a.value);
    const height = 2.5 * em;
    let top = plot.top - 0.4 * em;
    ends.forEach(({ way, value }, index) => {
      const below = (ends.length - 1 - index) * height;
      const py = Math.min(plot.bottom - below, Math.max(top, y(value)));
      top = py + height;
      // Paper around letters would show where they lie on the cover.
      const colour = `${covered === null ? "halo" : ""} ${way === "do" ? "set" : ""}`;
      const px = x(last.steps) + 0.9 * em;
      body.append(
        label(px, py + 0.1 * em, "start", `strong ${colour}`, names[way]),
        label(px, py + 1.3 * em, "start", colour, agreementText(value)),
      );
    });
    // In the hollow under the thin curve.
    const middle = plain[Math.floor((plain.length - 1) * 0.4)];
    if (plain.length > 2 && middle.see !== null)
      body.append(
        label(
          x(middle.steps) + 1.2 * em,
          y(middle.see) + 1.5 * em,
          "start",
          "muted halo",
          "watching, private noise",
        ),
      );
  }

  private paintKey({ expected, isShared }: PlateauData, frame: Frame): void {
    if (expected.length === 0) return;
    const { body, plot } = this;
    const { em } = frame;
    const py = plot.bottom - 0.9 * em;
    const left = plot.left + 1.1 * em;
    const middle = py - halfDigit * em;
    const words = "measured";
    const next = left + 0.9 * em + this.widthOf(words, em) + 1.6 * em;
    body.append(
      make("circle", { cx: left, cy: middle, r: this.radius(frame), class: "fill-set" }),
      label(left + 0.8 * em, py, "start", "muted halo", words),
      box(next, middle - 0.45 * em, 2 * em, 0.9 * em, "fill-poked", { opacity: 0.3 }),
      line(next, middle, next + 2 * em, middle, "dashed thin stroke-set"),
      label(
        next + 2.4 * em,
        py,
        "start",
        "muted halo",
        isShared ? "expected with private noise" : "expected, 95 % of runs",
      ),
    );
  }

  protected mark(data: PlateauData, frame: Frame): void {
    if (this.at === null) return;
    const { overlay, plot, x } = this;
    const { em } = frame;
    const steps = data.steps[this.at];
    overlay.append(line(x(steps), plot.top, x(steps), plot.bottom, "thin"));
    overlay.append(label(x(steps), plot.bottom + 1.25 * em, "middle", "strong halo", count(steps)));
    const point = data.points.find((one) => one.steps === steps);
    for (const way of ["see", "do"] as const)
      for (const [cx, cy] of this.placesOf(point ? [point] : [], way))
        overlay.append(
          make("circle", {
            cx,
            cy,
            r: 1.9 * this.radius(frame),
            class: `ring ${way === "do" ? "stroke-set" : ""}`,
          }),
        );
  }

  protected describe(data: PlateauData): string {
    const list = (way: Way, points: readonly Standing[]) =>
      points.map((point) => `${agreementText(point[way])} after ${count(point.steps)}`).join(", ");
    const parts = (["do", "see"] as const).map(
      (way) => `${names[way]} ${list(way, data.points) || "not yet measured"} steps`,
    );
    if (data.plain.length > 0) parts.push(`watching with private noise ${list("see", data.plain)} steps`);
    const more = data.covered === null ? "" : " The rest is to be predicted.";
    return `Agreement with the wiring against time steps, logarithmic: ${parts.join("; ")}.${more}`;
  }

  private setAt(at: number | null): void {
    if (at === this.at) return;
    this.at = at;
    this.remark();
    const { data } = this;
    const steps = data && at !== null ? data.steps[at] : null;
    this.events.at?.(steps);
    this.events.say?.(data && steps !== null ? sentence(data, steps) : null);
  }

  protected point(px: number): void {
    const { data, x } = this;
    if (!data) return;
    const distance = data.points.map(({ steps }) => Math.abs(x(steps) - px));
    const nearest = distance.indexOf(Math.min(...distance));
    this.setAt(distance[nearest] < 60 ? nearest : null);
  }

  protected leave(): void {
    this.setAt(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const { data } = this;
    if (!move || !data || data.points.length === 0) return false;
    const from = this.at ?? (move > 0 ? -1 : data.points.length);
    this.setAt(Math.max(0, Math.min(data.points.length - 1, from + move)));
    return true;
  }
}

/** 1,000, 10,000 …: what the axis names. */
const isRound = (steps: number) => Number.isInteger(Math.log10(steps));

function sentence({ points, plain, expected, isShared }: PlateauData, steps: number): string {
  const point = points.find((one) => one.steps === steps);
  if (!point) return "";
  const band = expected.findLast((one) => one.steps <= steps * 1.001);
  const own = plain.find((one) => one.steps === steps);
  const measured = `${count(steps)} time steps: perturbing ${agreementText(point.do)}, watching ${agreementText(point.see)}`;
  if (!band) return measured;
  const usual = agreementText(band.expected);
  if (isShared)
    return `${measured}; with private noise ${usual} (expected)${own ? ` and ${agreementText(own.see)}` : ""}`;
  return `${measured}; expected ${usual}, 95 % of runs ${agreementText(band.low)} to ${agreementText(band.high)}`;
}
