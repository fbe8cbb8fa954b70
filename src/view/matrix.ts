import { byNumber, type Called, shortName } from "../model/names";
import { css, diverging, inks, paint, paintSameness, sameness, type Theme } from "./colours";
import type { Focus, FocusEvents } from "./focus";
import { labelStep } from "./labels";
import { Lens } from "./lens";
import { listenForZoom } from "./matrixGestures";
import type { MatrixPainter, PaintedPart } from "./matrixPainter";
import { opacities } from "./opacities";
import { columnOf, endsOf, type Pairs, type Pixels, type Window, wholeOf } from "./pixels";
import { sameWindow } from "./zoom";

/** Characters of a name beside the axes. */
const mostName = 8;

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
  /** Who draws the cells from sums where they are, and whether they are drawn so now. */
  private painter: { readonly to: MatrixPainter; readonly canvas: HTMLCanvasElement } | null = null;
  private isLive = false;
  private painted: PaintedPart | null = null;
  private focus: Focus = null;
  private readonly context: CanvasRenderingContext2D;
  private readonly cells = document.createElement("canvas");
  private readonly lens: Lens;
  private readonly mark = document.createElement("div");
  private called: Called = byNumber;
  private readonly columns = document.createElement("div");
  private readonly rows = document.createElement("div");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly bar: HTMLElement,
    private readonly unit: string,
    private readonly events: FocusEvents,
    private readonly look: MatrixLook = "scale",
    /** Hears what part of it a person wants to see; without it there is but the whole. */
    private readonly zoom: ((window: Window) => void) | null = null,
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
    this.lens = new Lens(canvas.parentElement);
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
  }

  /** Has the cells drawn by someone who needs no pixels for that, whenever there are sums within reach. */
  attach(to: MatrixPainter): void {
    const canvas = document.createElement("canvas");
    canvas.className = "cells live";
    canvas.ariaHidden = "true";
    canvas.hidden = true;
    if (!("transferControlToOffscreen" in canvas)) return;
    this.canvas.before(canvas);
    this.painter = { to, canvas };
    void to.paintMatrix(canvas.transferControlToOffscreen(), (part) => {
      this.painted = part;
      this.followPainter();
    });
    this.tell();
  }

  /** The painter's canvas with its picture, which nobody here can read. */
  async livePicture(): Promise<readonly [HTMLCanvasElement, Blob] | null> {
    const { painter, isLive } = this;
    const picture = painter && isLive ? await painter.to.matrixPicture() : null;
    return painter && picture && [painter.canvas, picture];
  }

  /** A single cell cannot be seen: a pixel stands for many, or is too small. */
  get isFine(): boolean {
    const { pixels, canvas } = this;
    if (!pixels || this.isEmpty) return false;
    const { down, across, width, height } = pixels;
    return down * across > 1 || Math.min(canvas.clientWidth / width, canvas.clientHeight / height) < 7;
  }

  /** Shows single cells around the one that is looked at, in a lens; null puts it away. freedom: see setPixels. */
  magnify(cells: Pixels | null, freedom: Float64Array | null = null): void {
    const { focus, pixels } = this;
    if (!cells || !pixels || focus?.kind !== "pair") {
      this.lens.hide();
      return;
    }
    const { rowFrom, rowTo, columnFrom, columnTo } = pixels.window;
    const across = (columnOf(pixels.sources, focus.source) + 0.5 - columnFrom) / (columnTo - columnFrom);
    const down = (focus.target + 0.5 - rowFrom) / (rowTo - rowFrom);
    this.lens.show(cells, focus, across, down, (part, image) => this.colour(part, freedom, image));
  }

  /** The painter's picture stands where it shows what is asked for; until then the pixels at hand do. */
  private followPainter(): void {
    const { painted, pixels } = this;
    const isLive =
      painted !== null &&
      pixels !== null &&
      painted.pooling === pixels.pooling &&
      sameWindow(painted.window, pixels.window);
    if (isLive !== this.isLive) this.setLive(isLive);
  }

  private setLive(isLive: boolean): void {
    this.isLive = isLive;
    if (this.painter) this.painter.canvas.hidden = !isLive;
    this.draw();
  }

  /** Tells the painter what is to be seen. */
  private tell(): void {
    const { painter, pixels, canvas, scale, theme } = this;
    if (!painter || !pixels) return;
    const { width, height } = canvas;
    const { pooling, window } = pixels;
    painter.to.showMatrix({ isOn: width > 1, window, width, height, pooling, scale, theme });
  }

  /** The largest magnitude of the colour scale, kept for a whole run so that nothing flickers. */
  setScale(scale: number): void {
    this.scale = scale;
    this.drawBar();
    this.tell();
  }

  /** freedom: [sources] degrees of, of a column's standard errors: the values fade as far as they are uncertain; without it they are facts. */
  setPixels(pixels: Pixels, freedom: Float64Array | null = null): void {
    const fresh = this.pixels === null || !sameAxes(this.pixels, pixels);
    const repooled = this.pixels?.pooling !== pixels.pooling;
    this.pixels = pixels;
    this.freedom = freedom;
    this.isEmpty = false;
    if (fresh) this.tick();
    if (fresh || repooled) this.tell();
    if (fresh) this.markFocus();
    // Facts, or nothing yet, or another part: not what the painter has.
    if ((freedom === null || fresh || repooled) && this.isLive) this.setLive(false);
    else this.draw();
  }

  /** Axes for these pairs and nothing in them yet: that is not the same as missing. */
  clear({ targets, sources }: Pairs): void {
    const none = new Float32Array(1);
    this.setPixels({
      targets,
      sources,
      window: wholeOf({ targets, sources }),
      down: targets,
      across: sources.length,
      height: 1,
      width: 1,
      pooling: "largest",
      value: none,
      standardError: none,
      pair: new Uint32Array(1),
    });
    this.isEmpty = true;
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
    this.tell();
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
    this.tell();
    this.tick();
  }

  private draw(): void {
    const { pixels, context, canvas, cells } = this;
    if (!pixels) return;
    if (this.isEmpty) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const { width, height } = pixels;
    const [across, down] = [canvas.width / width, canvas.height / height];
    const drawGrid = () => {
      if (Math.min(across, down) < 8) return;
      this.hatch(pixels, across, down);
      this.rule(pixels, across, down);
    };
    if (this.isLive) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      drawGrid();
      return;
    }
    cells.width = width;
    cells.height = height;
    const image = new ImageData(width, height);
    this.colour(pixels, this.freedom, new Int32Array(image.data.buffer));
    (cells.getContext("2d") as CanvasRenderingContext2D).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(cells, 0, 0, canvas.width, canvas.height);
    drawGrid();
  }

  private colour(
    { value, standardError, pair, sources }: Pixels,
    freedom: Float64Array | null,
    image: Int32Array,
  ): void {
    const { theme, scale } = this;
    if (this.look === "sameness") paintSameness(theme, value, image);
    else if (freedom === null) paint(theme, value, scale, image);
    else {
      const visible = opacities(freedom);
      const columns = sources.length;
      paint(theme, value, scale, image, (pixel) =>
        visible(pair[pixel] % columns, Math.abs(value[pixel]) / standardError[pixel]),
      );
    }
  }

  private hatch({ width, value }: Pixels, across: number, down: number): void {
    const { context, theme } = this;
    context.save();
    context.beginPath();
    for (let pixel = 0; pixel < value.length; pixel++)
      if (Number.isNaN(value[pixel]))
        context.rect((pixel % width) * across, Math.floor(pixel / width) * down, across, down);
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

  private rule({ width, height }: Pixels, across: number, down: number): void {
    const { context, theme, canvas } = this;
    context.beginPath();
    for (let line = 1; line < width; line++) {
      const at = Math.round(line * across) + 0.5;
      context.moveTo(at, 0);
      context.lineTo(at, canvas.height);
    }
    for (let line = 1; line < height; line++) {
      const at = Math.round(line * down) + 0.5;
      context.moveTo(0, at);
      context.lineTo(canvas.width, at);
    }
    context.strokeStyle = css(inks[theme].paper, 0.9);
    context.lineWidth = 1;
    context.stroke();
  }

  /** What rows and columns are called. */
  setNames(called: Called): void {
    this.called = called;
  }

  private tick(): void {
    const { pixels, canvas } = this;
    if (!pixels) return;
    const { sources, window } = pixels;
    // Numbers of many digits need a wider margin, which makes the canvas smaller.
    const named =
      this.called === byNumber ? null : (neuron: number) => shortName(this.called(neuron), mostName);
    const longest = named ? Math.max(...[window.rowFrom, window.rowTo - 1].map((at) => named(at).length)) : 0;
    const digits = Math.max(longest, named ? 0 : String(window.rowTo - 1).length);
    const gutter = Math.max(1.7, 0.55 * digits);
    for (const host of [canvas.parentElement, this.bar]) host?.style.setProperty("--gutter", String(gutter));
    const size = canvas.clientWidth;
    if (size === 0) return;
    const room = this.theme === "projector" ? 34 : 24;
    const last = sources[window.columnTo - 1] ?? 0;
    const needs = (most: number) => (most > 100 ? Math.max(1.5, 0.35 * String(most).length) : 1) * room;
    const needsName = Math.max(1, 0.35 * longest) * room;
    const label = (
      host: HTMLElement,
      side: "left" | "top",
      from: number,
      to: number,
      name: Uint32Array | null,
    ) => {
      const many = to - from;
      const step = labelStep(
        many,
        size,
        side === "left" ? Math.max(needs(Math.max(many, last)), needsName) : needs(many),
      );
      host.replaceChildren();
      for (let at = from; at < to; at += step) {
        const text = document.createElement("span");
        text.className = "tick";
        const neuron = name ? name[at] : at;
        text.textContent = named ? named(neuron) : String(neuron);
        text.style[side] = `${(100 * (at - from + 0.5)) / many}%`;
        host.append(text);
      }
    };
    label(this.columns, "left", window.columnFrom, window.columnTo, sources);
    label(this.rows, "top", window.rowFrom, window.rowTo, null);
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
    const { focus, mark, pixels } = this;
    mark.replaceChildren();
    if (!focus || !pixels) return;
    const { rowFrom, rowTo, columnFrom, columnTo } = pixels.window;
    const rowOf = (target: number) => (target >= rowFrom && target < rowTo ? target : null);
    const columnIn = (source: number) => {
      const column = columnOf(pixels.sources, source);
      return column >= columnFrom && column < columnTo ? column : null;
    };
    /** Row and column of a cell; null for all of them. */
    const box = (row: number | null, column: number | null, name: string) => {
      const part = document.createElement("div");
      part.className = name;
      const percent = (value: number, whole: number) => `${(100 * value) / whole}%`;
      const [rows, columns] = [rowTo - rowFrom, columnTo - columnFrom];
      Object.assign(part.style, {
        left: percent((column ?? columnFrom) - columnFrom, columns),
        top: percent((row ?? rowFrom) - rowFrom, rows),
        width: percent(column === null ? columns : 1, columns),
        height: percent(row === null ? rows : 1, rows),
      });
      mark.append(part);
    };
    if (focus.kind === "neuron") {
      const [row, column] = [rowOf(focus.neuron), columnIn(focus.neuron)];
      if (column !== null) box(null, column, "band");
      if (row !== null) box(row, null, "band");
    } else {
      const [row, column] = [rowOf(focus.target), columnIn(focus.source)];
      if (row !== null && column !== null) box(row, column, "cell");
    }
  }

  private under(event: MouseEvent): Focus {
    const { pixels } = this;
    if (!pixels || this.isEmpty) return null;
    const { width, height, pair } = pixels;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    if (column < 0 || row < 0 || column >= width || row >= height) return null;
    return { kind: "pair", ...endsOf(pixels, pair[row * width + column]) };
  }

  private listen(): void {
    const { canvas, events } = this;
    const wasMoved = this.zoom
      ? listenForZoom(canvas, {
          window: () => (this.isEmpty ? null : (this.pixels?.window ?? null)),
          whole: () => this.pixels && wholeOf(this.pixels),
          look: this.zoom,
        })
      : () => false;
    canvas.addEventListener("pointermove", (event) => events.hover(this.under(event)));
    canvas.addEventListener("pointerleave", () => events.hover(null));
    canvas.addEventListener("click", (event) => {
      if (!wasMoved()) events.select(this.under(event));
    });
    canvas.addEventListener("blur", () => events.hover(null));
    canvas.addEventListener("keydown", (event) => {
      const move = {
        ArrowRight: [1, 0],
        ArrowLeft: [-1, 0],
        ArrowDown: [0, 1],
        ArrowUp: [0, -1],
      }[event.key];
      const { focus, pixels } = this;
      if (!move || !pixels) return;
      event.preventDefault();
      const { window, sources } = pixels;
      const at =
        focus?.kind === "pair"
          ? [columnOf(sources, focus.source), focus.target]
          : [window.columnFrom - move[0], window.rowFrom - move[1]];
      const within = (value: number, from: number, to: number) => Math.min(to - 1, Math.max(from, value));
      const column = within(at[0] + move[0], window.columnFrom, window.columnTo);
      const target = within(at[1] + move[1], window.rowFrom, window.rowTo);
      events.hover({ kind: "pair", source: sources[column], target });
    });
  }
}

/** The same rows and columns: their numbers can stay. */
function sameAxes(a: Pixels, b: Pixels): boolean {
  return (
    sameWindow(a.window, b.window) &&
    a.sources.length === b.sources.length &&
    a.sources.every((one, at) => one === b.sources[at])
  );
}
