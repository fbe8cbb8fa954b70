import "./drawing.css";
import type { Theme } from "./colours";
import type { Focus, FocusEvents } from "./focus";
import { halfDigit, label, line, make, upright } from "./svg";

/** Beside what is linked to other pictures, a picture tells in words where its own cursor is. */
export interface PictureEvents extends FocusEvents {
  /** One sentence for eyes and screen readers; null when the cursor is gone. */
  say?(words: string | null): void;
}

/** The room of a picture, pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Size of its text: the theme's, and larger in a large picture, which is looked at from far. */
  readonly em: number;
  readonly theme: Theme;
}

/** The part of a picture between its axes, pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

let drawings = 0;
const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;

/**
 * What all SVG pictures share: size, theme, a cursor for pointer and keys, and a text line.
 * Keys and pointer go to an HTML element, which the page's own keys know how to leave alone.
 */
export abstract class Drawing<Data, Events extends PictureEvents = PictureEvents> {
  protected data: Data | null = null;
  protected focus: Focus = null;
  protected theme: Theme = "desk";
  protected readonly stage = document.createElement("div");
  private readonly svg = make("svg", { "aria-hidden": "true" });
  /** Redrawn with the data. */
  protected readonly body = make("g");
  /** Redrawn with the focus or the cursor. */
  protected readonly overlay = make("g");
  /** For names that must be unique in a document, as those of clip paths. */
  protected readonly id = `drawing-${++drawings}`;
  private frame: Frame | null = null;
  private readonly sizes = new ResizeObserver(() => this.redraw());
  private readonly closing = new AbortController();

  constructor(
    host: HTMLElement,
    protected readonly events: Events,
  ) {
    host.classList.add("pictured");
    const { stage, svg } = this;
    stage.className = "drawing";
    stage.tabIndex = 0;
    stage.role = "img";
    stage.dataset.arrowKeys = "";
    svg.append(this.body, this.overlay);
    stage.append(svg);
    host.append(stage);
    this.sizes.observe(stage);
    // Widths of texts are other ones once their typeface is there.
    document.fonts.addEventListener("loadingdone", () => this.redraw(), { signal: this.closing.signal });
    stage.addEventListener("pointermove", (event) => {
      const bounds = stage.getBoundingClientRect();
      if (this.data && this.frame) this.point(event.clientX - bounds.left, event.clientY - bounds.top);
    });
    stage.addEventListener("pointerleave", () => this.leave());
    stage.addEventListener("blur", () => this.leave());
    stage.addEventListener("click", () => {
      if (this.focus) this.events.select(this.focus);
    });
    stage.addEventListener("keydown", (event) => {
      if (!this.data || !this.frame || event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.press(event.key, event)) event.preventDefault();
    });
  }

  draw(data: Data): void {
    this.data = data;
    this.redraw();
  }

  /** Lights what the person looks at, in whichever picture that is. */
  highlight(focus: Focus): void {
    this.focus = focus;
    this.remark();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.redraw();
  }

  /** Takes the picture off the page. */
  close(): void {
    this.closing.abort();
    this.sizes.disconnect();
    this.stage.remove();
  }

  /** What the picture shows, in words. */
  get text(): string {
    return this.data ? this.describe(this.data) : "";
  }

  protected redraw(): void {
    const { data, stage, svg, body, theme } = this;
    const { clientWidth: width, clientHeight: height } = stage;
    if (!data || width < 40 || height < 40) return;
    const least = Number.parseFloat(getComputedStyle(stage).fontSize);
    const most = least * (theme === "projector" ? 1.7 : 1.3);
    const em = Math.min(most, Math.max(least, 0.022 * Math.min(width, 1.4 * height)));
    this.frame = { width, height, em, theme };
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("font-size", String(em));
    stage.ariaLabel = this.describe(data);
    body.replaceChildren();
    this.paint(data, this.frame);
    this.remark();
  }

  protected remark(): void {
    const { data, frame, overlay } = this;
    overlay.replaceChildren();
    if (data && frame) this.mark(data, frame);
  }

  /** Fills `body`. */
  protected abstract paint(data: Data, frame: Frame): void;
  /** Fills `overlay`. */
  protected abstract mark(data: Data, frame: Frame): void;
  protected abstract describe(data: Data): string;
  /** The pointer is here, pixels. */
  protected abstract point(x: number, y: number): void;
  protected abstract leave(): void;
  /** Returns whether the key meant anything. */
  protected abstract press(key: string, event: KeyboardEvent): boolean;

  private get room() {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  /** A title as far as it fits: without its unit, which follows a comma, where there is no room for both. */
  private fitting(title: string, room: number, em: number): string {
    return this.widthOf(title, em) <= room ? title : title.split(",")[0];
  }

  /** Width of a text of the picture, pixels. */
  protected widthOf(text: string, em: number, weight = 400): number {
    pen.font = `${weight} ${em}px ${getComputedStyle(this.stage).fontFamily}`;
    return pen.measureText(text).width;
  }

  /** Values at the left, with lines across and the axis title upright beside them. */
  protected leftAxis(
    { em }: Frame,
    plot: Plot,
    at: (value: number) => number,
    values: readonly number[],
    text: (value: number) => string,
    title: string,
  ): void {
    for (const value of values) {
      const y = at(value);
      this.body.append(
        line(plot.left, y, plot.right, y, "grid"),
        label(plot.left - 0.45 * em, y + halfDigit * em, "end", "muted", text(value)),
      );
    }
    const middle = (plot.top + plot.bottom) / 2;
    const room = 2 * Math.min(middle, this.room.height - middle);
    this.body.append(upright(em, middle, "muted", this.fitting(title, room, em)));
  }

  /** Values below, and the axis title under them. */
  protected bottomAxis(
    { em }: Frame,
    plot: Plot,
    at: (value: number) => number,
    values: readonly number[],
    text: (value: number) => string,
    title: string,
  ): void {
    for (const value of values)
      this.body.append(label(at(value), plot.bottom + 1.25 * em, "middle", "muted", text(value)));
    const middle = (plot.left + plot.right) / 2;
    const room = 2 * Math.min(middle, this.room.width - middle);
    this.body.append(label(middle, plot.bottom + 2.7 * em, "middle", "muted", this.fitting(title, room, em)));
  }
}

/** The pair that an arrow key moves to, as in a matrix: left and right go along "from", up and down along "to". */
export function movePair(
  focus: Focus,
  key: string,
  neurons: number,
): { kind: "pair"; source: number; target: number } | null {
  const move = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!move || neurons === 0) return null;
  const at = focus?.kind === "pair" ? [focus.source, focus.target] : [-move[0], -move[1]];
  const [source, target] = [0, 1].map((axis) => Math.min(neurons - 1, Math.max(0, at[axis] + move[axis])));
  return { kind: "pair", source, target };
}
