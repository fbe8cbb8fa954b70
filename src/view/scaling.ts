import { Drawing, type Frame, type Plot } from "./drawing";
import { count, fixed, short } from "./numbers";
import { linear, logarithmic, type Scale } from "./scale";
import { halfDigit, label, line, make } from "./svg";

export interface MeasuredAgreement {
  readonly neurons: number;
  readonly trials: number;
  readonly agreement: number;
}

/** What theory expects of such a run: 95 % of runs lie between low and high. */
export interface ExpectedAgreement {
  readonly neurons: number;
  readonly trials: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Networks of growing size under one rule for the number of trials. */
export interface Ladder {
  /** "2,500 trials", "4 trials for each pair" */
  readonly name: string;
  readonly measured: readonly MeasuredAgreement[];
  readonly expected: readonly ExpectedAgreement[];
  /** A prediction still kept from the room. */
  readonly hidden?: boolean;
}

export interface ScalingData {
  /** Sizes to put on the axis. */
  readonly neurons: readonly number[];
  /** The fixed number of trials first, then the one that grows. */
  readonly ladders: readonly [Ladder, Ladder];
}

/**
 * Lesson 6: agreement against the size of the network, at a fixed number of trials and with trials that grow like
 * the number of pairs: what was measured, over what is expected. Left and right arrows go from size to size.
 */
export class Scaling extends Drawing<ScalingData> {
  private at: number | null = null;
  private x: Scale = linear(0, 1, 0, 1);
  private y: Scale = linear(0, 1, 0, 1);
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };

  protected paint(data: ScalingData, frame: Frame): void {
    const { em, width, height } = frame;
    const { body } = this;
    const shown = data.ladders.filter((ladder) => !ladder.hidden);
    const rows = shown.length;
    const plot: Plot = {
      left: 4.6 * em,
      right: width - 3.4 * em,
      top: 1.2 * em,
      bottom: height - (3.4 + 1.45 * rows) * em,
    };
    this.plot = plot;
    const sizes = data.neurons;
    const [first, last] = [Math.min(...sizes), Math.max(...sizes, Math.min(...sizes) + 1)];
    // The first and the last size stand off the corners, so that their labels do.
    const room = 3.2 * em;
    const x = logarithmic(first, last, plot.left + room, plot.right - room);
    const y = linear(0, 1, plot.bottom, plot.top);
    this.x = x;
    this.y = y;
    this.leftAxis(frame, plot, y, [0, 0.2, 0.4, 0.6, 0.8, 1], (value) => fixed(value, 1), "agreement");
    body.append(line(plot.left, plot.bottom, plot.right, plot.bottom, "axis"));
    const below = plot.bottom;
    for (const size of sizes) {
      body.append(
        line(x(size), below, x(size), below + 0.35 * em, "axis"),
        label(x(size), below + 1.4 * em, "middle", "", count(size)),
      );
    }
    body.append(label(plot.left - 0.6 * em, below + 1.4 * em, "end", "muted", "N"));
    const gap = Math.min(...sizes.slice(1).map((size, index) => Math.abs(x(size) - x(sizes[index]))));
    shown.forEach((ladder, row) => {
      const line = below + (2.85 + 1.45 * row) * em;
      const growing = ladder === data.ladders[1];
      const known = [...ladder.expected, ...ladder.measured];
      const isNarrow = known.some(({ trials }) => this.widthOf(count(trials), em, 600) + 0.6 * em > gap);
      const text = isNarrow ? short : count;
      body.append(label(plot.left - 0.6 * em, line, "end", growing ? "set" : "muted", "trials"));
      for (const size of sizes) {
        const trials = [...ladder.expected, ...ladder.measured].find(
          ({ neurons }) => neurons === size,
        )?.trials;
        if (trials !== undefined)
          body.append(label(x(size), line, "middle", growing ? "set" : "muted", text(trials)));
      }
    });
    body.append(
      label(
        (plot.left + plot.right) / 2,
        below + (2.85 + 1.45 * rows) * em,
        "middle",
        "muted",
        "neurons N, logarithmic",
      ),
    );
    const [fixedTrials] = data.ladders;
    for (const ladder of shown)
      this.paintLadder(ladder, ladder === data.ladders[1], frame, ({ neurons, agreement }) => {
        const other = fixedTrials.measured.find((one) => one.neurons === neurons);
        return ladder === fixedTrials || (other !== undefined && agreement < other.agreement);
      });
    const isGuess = shown.some((ladder) => unmeasured(ladder).length > 0);
    this.paintKey(isGuess, frame);
  }

  private paintLadder(
    { name, measured, expected }: Ladder,
    growing: boolean,
    { em, theme }: Frame,
    isBelow: (point: MeasuredAgreement) => boolean,
  ): void {
    const { body, x, y } = this;
    const order = [...expected].sort((a, b) => a.neurons - b.neurons);
    if (order.length > 0) {
      const edge = (of: (one: ExpectedAgreement) => number, list: readonly ExpectedAgreement[]) =>
        list.map((one) => `${x(one.neurons).toFixed(1)} ${y(Math.max(0, of(one))).toFixed(1)}`).join("L");
      const band = make("path", {
        d: `M${edge((one) => one.high, order)}L${edge((one) => one.low, [...order].reverse())}Z`,
        class: growing ? "fill-poked" : "fill-muted",
        opacity: 0.3,
      });
      const middle = make("path", {
        d: `M${edge((one) => one.expected, order)}`,
        class: `dashed ${growing ? "stroke-set" : "muted-line"}`,
      });
      body.append(band, middle);
    }
    const radius = (theme === "projector" ? 0.36 : 0.3) * em;
    for (const point of measured) {
      const { neurons, agreement } = point;
      const [px, py] = [x(neurons), y(agreement)];
      body.append(
        make("circle", { cx: px, cy: py, r: radius, class: growing ? "fill-set" : "fill-ink" }),
        label(
          px,
          isBelow(point) ? py + 1.45 * em : py - 0.75 * em,
          "middle",
          `halo ${growing ? "set" : ""}`,
          fixed(agreement, 2),
        ),
      );
    }
    // What no one has measured here is an empty circle, and its number says so.
    for (const one of unmeasured({ measured, expected })) {
      const [px, py] = [x(one.neurons), y(one.expected)];
      body.append(
        make("circle", { cx: px, cy: py, r: radius, class: `empty ${growing ? "stroke-set" : ""}` }),
        label(px, py - 0.75 * em, "middle", `halo ${growing ? "set" : ""}`, fixed(one.expected, 2)),
      );
    }
    this.name(name, growing, order, em);
  }

  /** What filled and empty circles are, in the corner that the falling curve leaves free. */
  private paintKey(isGuess: boolean, { em, theme }: Frame): void {
    const { body, plot } = this;
    const radius = (theme === "projector" ? 0.36 : 0.3) * em;
    const rows = isGuess ? ["measured", "expected, not measured"] : ["measured"];
    rows.forEach((words, row) => {
      const y = plot.bottom - (1 + 1.45 * (rows.length - 1 - row)) * em;
      body.append(
        make("circle", {
          cx: plot.left + em,
          cy: y - halfDigit * em,
          r: radius,
          class: row === 0 ? "fill-ink" : "empty",
        }),
        label(plot.left + 1.8 * em, y, "start", "muted halo", words),
      );
    });
  }

  /** The curve's own name, on its inner side where the two curves are far apart. */
  private name(name: string, growing: boolean, order: readonly ExpectedAgreement[], em: number): void {
    if (order.length === 0) return;
    const { plot, x, y, body } = this;
    const spot = order[Math.floor((order.length - 1) * (growing ? 0.8 : 0.62))];
    const height = 2.1 * em;
    const py = y(spot.expected) + (growing ? height : -0.9 * em);
    const px = Math.min(plot.right - 0.3 * em, x(spot.neurons) + (growing ? 4 : 1.2) * em);
    body.append(
      label(
        growing ? px : px + 0.2 * em,
        Math.max(plot.top + 0.9 * em, Math.min(plot.bottom - em, py)),
        growing ? "end" : "start",
        `halo strong ${growing ? "set" : ""}`,
        name,
      ),
    );
  }

  protected mark(data: ScalingData, { em }: Frame): void {
    if (this.at === null) return;
    const { overlay, plot, x } = this;
    const at = x(data.neurons[this.at]);
    overlay.append(line(at, plot.top, at, plot.bottom, "thin"));
    overlay.append(label(at, plot.bottom + 1.4 * em, "middle", "strong halo", count(data.neurons[this.at])));
  }

  protected describe(data: ScalingData): string {
    const parts = data.ladders
      .filter((ladder) => !ladder.hidden)
      .map(({ name, measured, expected }) => {
        const at = (value: number, neurons: number) => `${fixed(value, 2)} at ${count(neurons)}`;
        const lists = [
          ["measured", measured.map((one) => at(one.agreement, one.neurons))],
          [
            "expected, not measured",
            unmeasured({ measured, expected }).map((one) => at(one.expected, one.neurons)),
          ],
        ] as const;
        return lists
          .filter(([, list]) => list.length > 0)
          .map(([how, list]) => `With ${name}, ${how}: ${list.join(", ")} neurons.`)
          .join(" ");
      });
    return `Agreement against the number of neurons, logarithmic. ${parts.join(" ")}`;
  }

  private setAt(at: number | null): void {
    if (at === this.at) return;
    this.at = at;
    this.remark();
    const { data } = this;
    if (!data || at === null) {
      this.events.say?.(null);
      return;
    }
    const size = data.neurons[at];
    const parts = data.ladders
      .filter((ladder) => !ladder.hidden)
      .map(({ measured, expected }) => {
        const found = measured.find(({ neurons }) => neurons === size);
        const band = expected.find(({ neurons }) => neurons === size);
        const trials = (found ?? band)?.trials;
        if (trials === undefined) return "";
        return [
          `${count(trials)} ${trials === 1 ? "trial" : "trials"}: `,
          found ? `agreement ${fixed(found.agreement, 3)}` : "not measured",
          band ? ", " : "",
          band
            ? `expected ${fixed(band.expected, 3)}, 95 % of runs ${fixed(band.low, 3)} to ${fixed(band.high, 3)}`
            : "",
        ].join("");
      })
      .filter(Boolean);
    this.events.say?.(`${count(size)} neurons. ${parts.join("; ")}`);
  }

  protected point(px: number): void {
    const { data, x } = this;
    if (!data) return;
    const distance = data.neurons.map((size) => Math.abs(x(size) - px));
    const nearest = distance.indexOf(Math.min(...distance));
    this.setAt(distance[nearest] < 60 ? nearest : null);
  }

  protected leave(): void {
    this.setAt(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const { data } = this;
    if (!move || !data) return false;
    const from = this.at ?? (move > 0 ? -1 : data.neurons.length);
    this.setAt(Math.max(0, Math.min(data.neurons.length - 1, from + move)));
    return true;
  }
}

/** Sizes that are expected to agree so well, and were not tried. */
const unmeasured = ({ measured, expected }: Pick<Ladder, "measured" | "expected">) =>
  expected.filter((one) => !measured.some(({ neurons }) => neurons === one.neurons));
