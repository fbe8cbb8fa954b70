import { interpolateViridis } from "d3-scale-chromatic";
import type { Raster } from "../model/dynamics";
import { Drawing, type Frame, type PictureEvents, type Plot } from "./drawing";
import { labelStep } from "./labels";
import { count, fixed } from "./numbers";
import { ticks } from "./scale";
import { box, halfDigit, label, line, make, upright } from "./svg";

/** One recording of all neurons. */
export interface RasterPanel {
  /** "Standard", "Perturbed" */
  readonly title: string;
  readonly raster: Raster;
  /** Every even time step was set to 0 or 1; the notebook's last one of an odd number was not. */
  readonly perturbed: boolean;
}

export interface RastersData {
  /** They share the time axis and the cursor. */
  readonly panels: readonly RasterPanel[];
  /** What lies after the cursor has not happened yet and is covered. */
  readonly covered: boolean;
}

export interface RasterEvents extends PictureEvents {
  /** The cursor has come to this time step: even ones perturb, odd ones respond. */
  step?(step: number | null): void;
}

/** The notebook's own window. */
const firstSteps = 10;
/** A window with more cells than this is one image. */
const mostCells = 1600;
/** Width of a column, in em, from which each one that was set is marked. */
const leastMarked = 0.45;

// d3 gives its table as "#440154".
const viridis = Array.from({ length: 256 }, (_, shade) =>
  (interpolateViridis(shade / 255).match(/[0-9a-f]{2}/gi) ?? []).map((part) => Number.parseInt(part, 16)),
);

const shadeOf = (state: number) => viridis[Math.max(0, Math.min(255, Math.round(state * 255)))];
const colourOf = (state: number) => `rgb(${shadeOf(state).join(", ")})`;

/**
 * Lessons 2 and 3: activity as a picture, neuron down and time across, one or two recordings over one time axis.
 * Left and right arrows move the cursor by one time step, up and down choose the neuron, + and − zoom, Page up and
 * down (with Shift in a lesson, where they turn the page) go on by a window, Home and End to the first and the last step. Wheel zooms, dragging moves.
 */
export class Rasters extends Drawing<RastersData, RasterEvents> {
  private first = 0;
  private span = firstSteps;
  private cursor: number | null = null;
  private pointed: { panel: number; neuron: number; step: number } | null = null;
  private neuron: number | null = null;
  private plots: readonly Plot[] = [];
  private overview: Plot | null = null;

  constructor(host: HTMLElement, events: RasterEvents) {
    super(host, events);
    this.stage.style.touchAction = "pan-y";
    this.listen();
  }

  /** Steps from `first` on, so many of them, as far as there are. */
  showSteps(first: number, span: number): void {
    const { steps } = this;
    this.span = Math.max(2, Math.min(Math.round(span), Math.max(2, steps)));
    this.first = Math.max(0, Math.min(Math.round(first), steps - this.span));
    this.redraw();
  }

  /** The time step that is lit in all recordings; null takes the cursor away. */
  setCursor(step: number | null): void {
    const { steps } = this;
    const cursor = step === null ? null : Math.max(0, Math.min(steps - 1, step));
    if (cursor === this.cursor) return;
    this.cursor = cursor;
    if (cursor !== null && (cursor < this.first || cursor >= this.first + this.span))
      // On by whole windows of an even number of steps, so that a trial is not cut in two.
      this.showSteps(cursor - (cursor % Math.max(2, this.span - (this.span % 2))), this.span);
    else this.remark();
    this.events.step?.(cursor);
    this.tell();
  }

  /** The time step that is lit. */
  get step(): number | null {
    return this.cursor;
  }

  /** Back to the first window, with no cursor. */
  restart(): void {
    this.setCursor(null);
    this.showSteps(0, firstSteps);
  }

  /** Moves the cursor by so many half-steps: perturb, respond, perturb … Returns where it is. */
  advance(by = 1): number {
    this.setCursor(this.cursor === null ? (by > 0 ? 0 : this.steps - 1) : this.cursor + by);
    return this.cursor ?? 0;
  }

  private get steps(): number {
    return Math.max(0, ...(this.data?.panels.map(({ raster }) => raster.timesteps) ?? []));
  }

  override draw(data: RastersData): void {
    this.data = data;
    const { steps } = this;
    if (this.cursor !== null && this.cursor >= steps) this.cursor = null;
    this.span = Math.max(2, Math.min(this.span, Math.max(2, steps)));
    this.first = Math.max(0, Math.min(this.first, steps - this.span));
    this.redraw();
  }

  protected paint({ panels }: RastersData, frame: Frame): void {
    const { em, width, height } = frame;
    const { body, steps } = this;
    const left = 3.6 * em;
    const right = width - 5.2 * em;
    const hasOverview = this.span < steps;
    const bottom = height - (hasOverview ? 4.6 : 3) * em;
    const beside = panels.length > 1 && width > 2.3 * height;
    const head = 2.3 * em;
    const gap = 1.6 * em;
    const wide = beside ? (right - left - gap * (panels.length - 1)) / panels.length : right - left;
    const marks = (panel: RasterPanel) =>
      panel.perturbed && wide / this.span >= leastMarked * em ? 1.15 * em : 0;
    if (beside) {
      const each = wide;
      this.plots = panels.map((_, index) => ({
        left: left + index * (each + gap),
        right: left + index * (each + gap) + each,
        top: head + Math.max(...panels.map(marks)),
        bottom,
      }));
    } else {
      const taken = panels.reduce((sum, panel) => sum + head + marks(panel), 0);
      const each = (bottom - taken - (panels.length - 1) * 0.5 * em) / panels.length;
      let top = 0;
      this.plots = panels.map((panel) => {
        const start = top + head + marks(panel);
        top = start + each + 0.5 * em;
        return { left, right, top: start, bottom: start + each };
      });
    }
    panels.forEach((panel, index) => {
      const above = beside ? Math.max(...panels.map(marks)) : marks(panel);
      this.paintPanel(panel, this.plots[index], frame, !beside || index === 0, above);
    });
    const axes = beside ? this.plots : this.plots.slice(-1);
    const names = ticks(
      this.first,
      this.first + this.span - 1,
      (right - left) / axes.length / (4.5 * em),
    ).filter(Number.isInteger);
    const all =
      this.span <= (right - left) / axes.length / (2 * em)
        ? Array.from({ length: this.span }, (_, index) => this.first + index)
        : names;
    for (const plot of axes)
      this.bottomAxis(frame, plot, (step) => this.middle(step, plot), all, count, "time step");
    this.paintColourBar(frame, right);
    this.overview = null;
    if (hasOverview) {
      const strip: Plot = { left, right, top: height - 1.35 * em, bottom: height - 0.75 * em };
      this.overview = strip;
      const at = (step: number) => left + (step / steps) * (right - left);
      body.append(
        box(left, strip.top, right - left, strip.bottom - strip.top, "track"),
        box(at(this.first), strip.top, Math.max(5, at(this.span) - left), strip.bottom - strip.top, "handle"),
        label(right + 0.7 * em, strip.bottom, "start", "muted", count(steps)),
      );
    }
  }

  private paintPanel(panel: RasterPanel, plot: Plot, frame: Frame, isFirst: boolean, above: number): void {
    const { em } = frame;
    const { body } = this;
    const { raster, title, perturbed } = panel;
    const titleLine = plot.top - above - 0.7 * em;
    body.append(
      label(plot.left, titleLine, "start", "strong", title),
      box(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, "frame"),
    );
    const cell = (plot.right - plot.left) / this.span;
    const pooled = Math.ceil(this.span / Math.max(1, plot.right - plot.left));
    const shown = Math.min(this.span, raster.timesteps - this.first);
    if (shown * raster.neurons <= mostCells) this.paintCells(panel, plot, shown, em);
    else this.paintImage(raster, plot, shown, pooled);
    const note = [
      perturbed && cell < leastMarked * em ? "every even step is set to 0 or 1" : "",
      pooled > 1 ? `a column is the mean of ${pooled} steps` : "",
    ]
      .filter(Boolean)
      .join(" · ");
    if (note) body.append(label(plot.right, titleLine, "end", "muted", note));
    else if (perturbed) this.paintForcedKey(plot, titleLine, em);
    const row = (plot.bottom - plot.top) / raster.neurons;
    if (!isFirst) return;
    const step = labelStep(raster.neurons, plot.bottom - plot.top, 1.25 * em);
    for (let neuron = 0; neuron < raster.neurons; neuron += step)
      body.append(
        label(
          plot.left - 0.5 * em,
          plot.top + (neuron + 0.5) * row + halfDigit * em,
          "end",
          "muted",
          String(neuron),
        ),
      );
    body.append(upright(em, (plot.top + plot.bottom) / 2, "muted", "neuron"));
  }

  private paintForcedKey(plot: Plot, y: number, em: number): void {
    const text = "set to 0 or 1 at random";
    // The trial's name has its place at the left of the same line.
    if (plot.right - plot.left < this.widthOf(text, em, 600) + 17 * em) return;
    this.body.append(label(plot.right, y, "end", "set", text));
    this.body.append(triangle(plot.right - this.widthOf(text, em, 600) - 0.9 * em, y - 0.62 * em, 0.8 * em));
  }

  private paintCells({ raster, perturbed }: RasterPanel, plot: Plot, shown: number, em: number): void {
    const { neurons, timesteps, state } = raster;
    const cell = (plot.right - plot.left) / this.span;
    const row = (plot.bottom - plot.top) / neurons;
    const gap = cell > 6 && row > 6 ? 1 : 0;
    const digits = cell > 1.4 * em && row > 1.15 * em;
    const group = make("g", { class: "cells-of-time" });
    this.body.append(group);
    for (let index = 0; index < shown; index++) {
      const step = this.first + index;
      const forced = perturbed && isForced(step, timesteps);
      const left = plot.left + index * cell;
      // A set column stands in a frame of its own, apart from what the network did by itself.
      const aside = forced ? Math.min(0.3 * em, 0.2 * cell) : gap / 2;
      for (let neuron = 0; neuron < neurons; neuron++) {
        const value = state[neuron * timesteps + step];
        const top = plot.top + neuron * row;
        group.append(
          box(left + aside, top + gap / 2, cell - 2 * aside, row - gap, "state", { fill: colourOf(value) }),
        );
        if (forced && digits)
          group.append(
            make(
              "text",
              {
                x: left + cell / 2,
                y: top + row / 2 + halfDigit * em,
                "text-anchor": "middle",
                class: value > 0.5 ? "on-light" : "on-dark",
              },
              String(value),
            ),
          );
      }
      if (!forced) continue;
      if (cell > 0.7 * em)
        group.append(
          box(left + aside * 0.3, plot.top - 1, cell - 0.6 * aside, plot.bottom - plot.top + 2, "forced"),
        );
      if (cell >= leastMarked * em)
        group.append(triangle(left + cell / 2, plot.top - 0.95 * em, Math.min(0.8 * em, 0.8 * cell)));
    }
  }

  /** Long windows: one pixel for each neuron and for as many steps as share a pixel of the screen. */
  private paintImage({ neurons, timesteps, state }: Raster, plot: Plot, shown: number, pooled: number): void {
    const canvas = document.createElement("canvas");
    const columns = Math.ceil(shown / pooled);
    canvas.width = columns;
    canvas.height = neurons;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const image = context.createImageData(columns, neurons);
    for (let neuron = 0; neuron < neurons; neuron++)
      for (let column = 0; column < columns; column++) {
        const from = this.first + column * pooled;
        const to = Math.min(from + pooled, this.first + shown);
        let sum = 0;
        for (let step = from; step < to; step++) sum += state[neuron * timesteps + step];
        image.data.set([...shadeOf(sum / (to - from)), 255], 4 * (neuron * columns + column));
      }
    context.putImageData(image, 0, 0);
    this.body.append(
      make("image", {
        href: canvas.toDataURL(),
        x: plot.left,
        y: plot.top,
        width: ((plot.right - plot.left) * columns * pooled) / this.span,
        height: plot.bottom - plot.top,
        preserveAspectRatio: "none",
      }),
    );
  }

  private paintColourBar({ em }: Frame, right: number): void {
    const { body, plots } = this;
    const top = plots[0].top;
    const bottom = plots[plots.length - 1].bottom;
    const x = right + 1.1 * em;
    const gradient = `${this.id}-viridis`;
    const stops = Array.from({ length: 17 }, (_, stop) =>
      make("stop", { offset: stop / 16, "stop-color": colourOf(stop / 16) }),
    );
    body.append(
      make("linearGradient", { id: gradient, x1: 0, y1: 1, x2: 0, y2: 0 }, ...stops),
      box(x, top, 0.8 * em, bottom - top, "", { fill: `url(#${gradient})` }),
      upright(x + 3.5 * em, (top + bottom) / 2, "muted", "activity"),
    );
    for (const value of [0, 0.5, 1])
      body.append(
        label(
          x + 1.05 * em,
          bottom + (top - bottom) * value + halfDigit * em,
          "start",
          "muted",
          String(value),
        ),
      );
  }

  protected mark({ panels, covered }: RastersData, { em }: Frame): void {
    const { overlay, cursor, plots, first, span, steps } = this;
    const seen = cursor !== null && cursor >= first && cursor < first + span;
    panels.forEach(({ raster, perturbed }, index) => {
      const plot = plots[index];
      const cell = (plot.right - plot.left) / span;
      if (covered && cursor !== null) {
        const from = plot.left + Math.max(0, Math.min(span, cursor + 1 - first)) * cell;
        const above = perturbed ? 1.15 * em : 0;
        if (from < plot.right - 1)
          overlay.append(
            box(
              from + 1,
              plot.top - above,
              plot.right - from + 2,
              plot.bottom - plot.top + above + 3,
              "veil",
            ),
            box(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, "frame"),
          );
      }
      if (seen && cursor < raster.timesteps) {
        const left = plot.left + (cursor - first) * cell;
        const wide = Math.max(cell, 3);
        overlay.append(box(left - 1, plot.top - 3, wide + 2, plot.bottom - plot.top + 6, "outline cursor"));
        if (perturbed) {
          const isMarked = cell >= leastMarked * em;
          if (isMarked) this.markAnswer(cursor, plot, em);
          const forced = isForced(cursor, raster.timesteps);
          const what = forced ? "perturb" : "respond";
          const start = plot.left + this.widthOf(panels[index].title, em, 600) + em;
          // Where the whole does not fit beside the title, what happens is worth more than its number.
          const text = [`trial ${count(Math.floor(cursor / 2) + 1)}: ${what}`, what].find(
            (words) => start + this.widthOf(words, em) <= plot.right + 4.5 * em,
          );
          if (text) overlay.append(label(start, plot.top - (isMarked ? 1.85 : 0.7) * em, "start", "", text));
        }
      }
      if (perturbed) this.markPair(raster, plot, em, covered ? (cursor ?? steps) : steps);
      const neuron = this.litNeuron();
      if (neuron !== null && neuron < raster.neurons) {
        const row = (plot.bottom - plot.top) / raster.neurons;
        overlay.append(
          box(plot.left - 2, plot.top + neuron * row, plot.right - plot.left + 4, row, "outline thin"),
        );
      }
    });
    if (!seen) return;
    const axis = plots[plots.length - 1];
    overlay.append(
      label(this.middle(cursor, axis), axis.bottom + 1.25 * em, "middle", "strong halo", count(cursor)),
    );
  }

  /** From what was set to what came of it, one step later. */
  private markAnswer(cursor: number, plot: Plot, em: number): void {
    const cell = (plot.right - plot.left) / this.span;
    if (cursor % 2 === 0 || cursor <= this.first || cell < 1.5 * em) return;
    const y = plot.top - 0.65 * em;
    const from = this.middle(cursor - 1, plot) + 0.55 * em;
    const to = this.middle(cursor, plot);
    this.overlay.append(
      line(from, y, to - 0.3 * em, y, "line stroke-set"),
      make("path", {
        d: `M${to - 0.5 * em} ${y - 0.35 * em}L${to + 0.1 * em} ${y}L${to - 0.5 * em} ${y + 0.35 * em}Z`,
        class: "fill-set",
      }),
    );
  }

  /** A pair is one cell that was set and one that answers, in every trial. */
  private markPair({ neurons, timesteps }: Raster, plot: Plot, em: number, upTo: number): void {
    const { focus, overlay, first, span } = this;
    const cell = (plot.right - plot.left) / span;
    const row = (plot.bottom - plot.top) / neurons;
    if (focus?.kind !== "pair" || cell < 1.2 * em || row < 0.5 * em) return;
    if (Math.max(focus.source, focus.target) >= neurons) return;
    const inset = Math.min(0.35 * em, 0.12 * Math.min(cell, row));
    const at = (step: number, neuron: number) => {
      const left = plot.left + (step - first) * cell;
      const top = plot.top + neuron * row;
      for (const name of ["outline casing", "outline"])
        overlay.append(box(left + inset, top + inset, cell - 2 * inset, row - 2 * inset, name));
    };
    for (let step = first; step < Math.min(first + span, upTo + 1, timesteps); step++)
      if (isForced(step, timesteps)) at(step, focus.source);
      else if (step % 2 === 1) at(step, focus.target);
  }

  private litNeuron(): number | null {
    if (this.focus?.kind === "neuron") return this.focus.neuron;
    return null;
  }

  private middle(step: number, plot: Plot): number {
    return plot.left + ((step - this.first + 0.5) / this.span) * (plot.right - plot.left);
  }

  protected describe({ panels }: RastersData): string {
    const parts = panels.map(
      ({ title, raster, perturbed }) =>
        `${title}: ${count(raster.neurons)} ${raster.neurons === 1 ? "neuron" : "neurons"}, ${count(raster.timesteps)} time steps` +
        `${perturbed ? ", every even step set to 0 or 1 at random, every odd step the network's answer" : ""}`,
    );
    return (
      `Activity from 0 to 1, neuron down, time across. ${parts.join(". ")}. ` +
      `Shown: steps ${count(this.first)} to ${count(this.first + this.span - 1)}.`
    );
  }

  /** The sentence for one cell of every recording. */
  private words(neuron: number, step: number): string {
    const parts = (this.data?.panels ?? [])
      .filter(({ raster }) => neuron < raster.neurons && step < raster.timesteps)
      .map(({ title, raster, perturbed }) => {
        const value = raster.state[neuron * raster.timesteps + step];
        const text =
          perturbed && isForced(step, raster.timesteps) ? `set to ${value}` : `activity ${fixed(value, 2)}`;
        return `${title.toLowerCase()} ${text}`;
      });
    return `neuron ${neuron}, time step ${count(step)}: ${parts.join("; ")}`;
  }

  private tell(): void {
    const { cursor, pointed, data } = this;
    if (pointed) {
      this.events.say?.(this.words(pointed.neuron, pointed.step));
      return;
    }
    if (cursor === null || !data) {
      this.events.say?.(null);
      return;
    }
    if (this.neuron !== null) {
      this.events.say?.(this.words(this.neuron, cursor));
      return;
    }
    const perturbed = data.panels.find((panel) => panel.perturbed);
    const what = !perturbed
      ? ""
      : isForced(cursor, perturbed.raster.timesteps)
        ? ": every neuron is set to 0 or 1 at random"
        : cursor % 2 === 1
          ? ": the network answers what was set one step before"
          : ": nothing was set, and no trial follows";
    this.events.say?.(`time step ${count(cursor)}${what}`);
  }

  protected point(x: number, y: number): void {
    const found = this.under(x, y);
    const before = this.pointed;
    if (before?.panel === found?.panel && before?.neuron === found?.neuron && before?.step === found?.step)
      return;
    this.pointed = found;
    this.events.hover(found ? { kind: "neuron", neuron: found.neuron } : null);
    this.tell();
  }

  private under(x: number, y: number): Rasters["pointed"] {
    const { plots, data, first, span } = this;
    const panel = plots.findIndex(
      ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom,
    );
    if (panel < 0 || !data) return null;
    const { left, right, top, bottom } = plots[panel];
    const { neurons, timesteps } = data.panels[panel].raster;
    const step = first + Math.floor(((x - left) / (right - left)) * span);
    if (step >= timesteps) return null;
    return { panel, neuron: Math.floor(((y - top) / (bottom - top)) * neurons), step };
  }

  protected leave(): void {
    this.pointed = null;
    this.neuron = null;
    this.events.hover(null);
    this.tell();
  }

  protected press(key: string): boolean {
    const neurons = Math.max(0, ...(this.data?.panels.map(({ raster }) => raster.neurons) ?? []));
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.advance(1),
      ArrowLeft: () => this.advance(-1),
      ArrowDown: () => this.choose(Math.min(neurons - 1, (this.neuron ?? -1) + 1)),
      ArrowUp: () => this.choose(Math.max(0, (this.neuron ?? neurons) - 1)),
      "+": () => this.zoom(0.5, 0.5),
      "=": () => this.zoom(0.5, 0.5),
      "-": () => this.zoom(2, 0.5),
      PageDown: () => this.showSteps(this.first + this.span, this.span),
      PageUp: () => this.showSteps(this.first - this.span, this.span),
      Home: () => this.setCursor(0),
      End: () => this.setCursor(this.steps - 1),
    };
    acts[key]?.();
    return key in acts;
  }

  private choose(neuron: number): void {
    this.neuron = neuron;
    this.events.hover({ kind: "neuron", neuron });
    if (this.cursor === null) this.setCursor(this.first);
    this.tell();
  }

  /** Shows `times` as many steps; what lies at this part of the window stays there. */
  zoom(times: number, part: number): void {
    const span = Math.max(4, Math.min(this.steps, Math.round(this.span * times)));
    this.showSteps(this.first + part * (this.span - span), span);
  }

  private listen(): void {
    const { stage } = this;
    const local = (event: MouseEvent) => {
      const bounds = stage.getBoundingClientRect();
      return [event.clientX - bounds.left, event.clientY - bounds.top];
    };
    stage.addEventListener(
      "wheel",
      (event) => {
        const [plot] = this.plots;
        if (!plot) return;
        event.preventDefault();
        const [x] = local(event);
        const width = plot.right - plot.left;
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
          const by = ((event.deltaX || event.deltaY) / width) * this.span;
          this.showSteps(this.first + Math.sign(by) * Math.max(1, Math.abs(by)), this.span);
        } else this.zoom(event.deltaY > 0 ? 1.25 : 0.8, Math.max(0, Math.min(1, (x - plot.left) / width)));
      },
      { passive: false },
    );
    let grip: { x: number; first: number; steps: number } | null = null;
    stage.addEventListener("pointerdown", (event) => {
      const [x, y] = local(event);
      const [plot] = this.plots;
      if (!plot || event.button !== 0) return;
      const { overview } = this;
      if (overview && y > overview.top - 6 && x >= overview.left && x <= overview.right) {
        const scale = this.steps / (overview.right - overview.left);
        this.showSteps((x - overview.left) * scale - this.span / 2, this.span);
        grip = { x, first: this.first, steps: scale };
      } else grip = { x, first: this.first, steps: -this.span / (plot.right - plot.left) };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!grip || event.buttons === 0) {
        grip = null;
        return;
      }
      const [x] = local(event);
      const first = Math.round(grip.first + (x - grip.x) * grip.steps);
      if (Math.abs(x - grip.x) > 3 && first !== this.first) this.showSteps(first, this.span);
    });
    stage.addEventListener("pointerup", () => {
      grip = null;
    });
  }
}

/** Was this column set? A last column of even number has no answer and is left alone, as in the notebook. */
const isForced = (step: number, timesteps: number): boolean => step % 2 === 0 && step < timesteps - 1;

const triangle = (x: number, y: number, size: number) =>
  make("path", {
    d: `M${(x - size / 2).toFixed(1)} ${y.toFixed(1)}h${size.toFixed(1)}L${x.toFixed(1)} ${(y + 0.75 * size).toFixed(1)}Z`,
    class: "fill-set",
  });
