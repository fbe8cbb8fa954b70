import { certaintyOf } from "../model/estimate";
import { css, diverging, inks, opacity, paint, paintSameness, sameness, type Theme } from "./colours";
import type { Focus, FocusEvents } from "./focus";
import { labelStep } from "./labels";
import type { Pixels } from "./pixels";

/** What a cell's colour says: its value on the scale, or, where value is 0 or 1, "equal" or "different". */
export type MatrixLook = "scale" | "sameness";

/**
 * A matrix as a picture: column = from, row = to. The pointer or the arrow keys pick a cell.
 * Missing cells are hatched.
 */
export class Matrix {
  private pixels: Pixels | null = null;
  private freedom: Float64Array | null = null;
  /** Axes alone. */
  private isEmpty = false;
  private scale = 1;
  private theme: Theme = "desk";
  private focus: Focus = null;
  private readonly context: CanvasRenderingContext2D;
  private readonly cells = document.createElement("canvas");
  private readonly mark = document.createElement("div");
  private readonly columns = document.createElement("div");
  private readonly rows = document.createElement("div");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly bar: HTMLElement,
    private readonly unit: string,
    private readonly events: FocusEvents,
    private readonly look: MatrixLook = "scale",
  ) {
    this.context = canvas.getContext("2d") as CanvasRenderingContext2D;
    canvas.tabIndex = 0;
    canvas.classList.add("cells");
    canvas.dataset.arrowKeys = "";
    this.mark.className = "mark";
    this.columns.className = "ticks columns";
    this.rows.className = "ticks rows";
    for (const part of [this.mark, this.columns, this.rows]) {
      part.ariaHidden = "true";
      canvas.parentElement?.append(part);
    }
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
  }

  /** The largest magnitude of the colour scale, kept for a whole run so that nothing flickers. */
  setScale(scale: number): void {
    this.scale = scale;
    this.drawBar();
  }

  /** freedom: [neurons] degrees of, of a column's standard errors: the values fade as far as they are uncertain; without it they are facts. */
  setPixels(pixels: Pixels, freedom: Float64Array | null = null): void {
    const fresh = this.pixels?.neurons !== pixels.neurons;
    this.pixels = pixels;
    this.freedom = freedom;
    this.isEmpty = false;
    if (fresh) this.tick();
    this.draw();
  }

  /** Axes for so many neurons and nothing in them yet: that is not the same as missing. */
  clear(neurons: number): void {
    const none = new Float32Array(1);
    const pair = new Uint32Array(1);
    this.setPixels({ neurons, block: neurons, side: 1, value: none, standardError: none, pair });
    this.isEmpty = true;
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
    this.drawBar();
    this.tick();
  }

  setFocus(focus: Focus): void {
    this.focus = focus;
    this.markFocus();
  }

  private resize(): void {
    const box = this.canvas.getBoundingClientRect();
    const ratio = Math.min(window.devicePixelRatio, 2);
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    this.bar.style.width = `${box.width}px`;
    this.draw();
    this.tick();
  }

  private draw(): void {
    const { pixels, context, canvas, cells, theme } = this;
    if (!pixels) return;
    if (this.isEmpty) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const { side, neurons, value, standardError, pair } = pixels;
    cells.width = side;
    cells.height = side;
    const image = new ImageData(side, side);
    const colour = new Int32Array(image.data.buffer);
    const { freedom } = this;
    const visible = (pixel: number) =>
      opacity(
        certaintyOf(Math.abs(value[pixel]) / standardError[pixel], freedom?.[pair[pixel] % neurons] ?? 0) ||
          0,
      );
    if (this.look === "sameness") paintSameness(theme, value, colour);
    else paint(theme, value, this.scale, colour, freedom === null ? undefined : visible);
    (cells.getContext("2d") as CanvasRenderingContext2D).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(cells, 0, 0, canvas.width, canvas.height);
    const cell = canvas.width / side;
    if (cell >= 8) {
      this.hatch(pixels, cell);
      this.rule(side, cell);
    }
  }

  private hatch({ side, value }: Pixels, cell: number): void {
    const { context, theme } = this;
    context.save();
    context.beginPath();
    for (let pixel = 0; pixel < value.length; pixel++)
      if (Number.isNaN(value[pixel]))
        context.rect((pixel % side) * cell, Math.floor(pixel / side) * cell, cell, cell);
    context.clip();
    context.beginPath();
    const size = this.canvas.width;
    for (let at = -size; at < size; at += 7) {
      context.moveTo(at, size);
      context.lineTo(at + size, 0);
    }
    context.strokeStyle = css(inks[theme].muted, 0.55);
    context.lineWidth = 1;
    context.stroke();
    context.restore();
  }

  private rule(side: number, cell: number): void {
    const { context, theme, canvas } = this;
    context.beginPath();
    for (let line = 1; line < side; line++) {
      const at = Math.round(line * cell) + 0.5;
      context.moveTo(at, 0);
      context.lineTo(at, canvas.height);
      context.moveTo(0, at);
      context.lineTo(canvas.width, at);
    }
    context.strokeStyle = css(inks[theme].paper, 0.9);
    context.lineWidth = 1;
    context.stroke();
  }

  private tick(): void {
    const neurons = this.pixels?.neurons ?? 0;
    const size = this.canvas.clientWidth;
    if (neurons === 0 || size === 0) return;
    const room = this.theme === "projector" ? 34 : 24;
    const step = labelStep(neurons, size, neurons > 100 ? 1.5 * room : room);
    for (const [host, side] of [
      [this.columns, "left"],
      [this.rows, "top"],
    ] as const) {
      host.replaceChildren();
      for (let neuron = 0; neuron < neurons; neuron += step) {
        const label = document.createElement("span");
        label.className = "tick";
        label.textContent = String(neuron);
        label.style[side] = `${(100 * (neuron + 0.5)) / neurons}%`;
        host.append(label);
      }
    }
  }

  private drawBar(): void {
    if (this.look === "sameness") this.drawSwatches();
    else this.drawGradient();
  }

  private drawGradient(): void {
    const stops = Array.from({ length: 17 }, (_, stop) => css(diverging(this.theme, stop / 8 - 1)));
    const gradient = document.createElement("div");
    gradient.className = "gradient";
    gradient.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    const ends = document.createElement("div");
    ends.className = "ends";
    for (const text of [`−${this.scale}`, "0", `+${this.scale}`]) {
      const end = document.createElement("span");
      end.textContent = text;
      ends.append(end);
    }
    const unit = document.createElement("div");
    unit.className = "unit";
    unit.textContent = this.unit;
    this.bar.replaceChildren(gradient, ends, unit);
  }

  private drawSwatches(): void {
    const { equal, different } = sameness[this.theme];
    const swatches = document.createElement("div");
    swatches.className = "swatches";
    for (const [name, colour] of [
      ["the same bits", equal],
      ["different", different],
    ] as const) {
      const swatch = document.createElement("span");
      const patch = document.createElement("i");
      patch.style.background = css(colour);
      swatch.append(patch, name);
      swatches.append(swatch);
    }
    this.bar.replaceChildren(swatches);
  }

  private markFocus(): void {
    const { focus, mark } = this;
    const neurons = this.pixels?.neurons ?? 0;
    mark.replaceChildren();
    if (!focus || neurons === 0) return;
    const box = (left: number, top: number, width: number, height: number, name: string) => {
      const part = document.createElement("div");
      part.className = name;
      const percent = (value: number) => `${(100 * value) / neurons}%`;
      Object.assign(part.style, {
        left: percent(left),
        top: percent(top),
        width: percent(width),
        height: percent(height),
      });
      mark.append(part);
    };
    if (focus.kind === "neuron") {
      box(focus.neuron, 0, 1, neurons, "band");
      box(0, focus.neuron, neurons, 1, "band");
    } else box(focus.source, focus.target, 1, 1, "cell");
  }

  private under(event: MouseEvent): Focus {
    const { pixels } = this;
    if (!pixels || this.isEmpty) return null;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * pixels.side);
    const row = Math.floor(((event.clientY - box.top) / box.height) * pixels.side);
    if (column < 0 || row < 0 || column >= pixels.side || row >= pixels.side) return null;
    const pair = pixels.pair[row * pixels.side + column];
    return { kind: "pair", source: pair % pixels.neurons, target: Math.floor(pair / pixels.neurons) };
  }

  private listen(): void {
    const { canvas, events } = this;
    canvas.addEventListener("pointermove", (event) => events.hover(this.under(event)));
    canvas.addEventListener("pointerleave", () => events.hover(null));
    canvas.addEventListener("click", (event) => events.select(this.under(event)));
    canvas.addEventListener("blur", () => events.hover(null));
    canvas.addEventListener("keydown", (event) => {
      const move = {
        ArrowRight: [1, 0],
        ArrowLeft: [-1, 0],
        ArrowDown: [0, 1],
        ArrowUp: [0, -1],
      }[event.key];
      const neurons = this.pixels?.neurons ?? 0;
      if (!move || neurons === 0) return;
      event.preventDefault();
      const { focus } = this;
      const at = focus?.kind === "pair" ? [focus.source, focus.target] : [-move[0], -move[1]];
      const [source, target] = [0, 1].map((axis) =>
        Math.min(neurons - 1, Math.max(0, at[axis] + move[axis])),
      );
      events.hover({ kind: "pair", source, target });
    });
  }
}
