import { arranger } from "./arrangement";
import { type ArrowList, noArrows } from "./arrowList";
import { opacity, type Theme } from "./colours";
import { type Focus, type FocusEvents, inFocus } from "./focus";
import { listen } from "./gestures";
import { arrowAt, nearer, neuronAt } from "./hit";
import { Labels, labelStep } from "./labels";
import {
  capacityOf,
  type GraphNetwork,
  nothingShown,
  type Painted,
  type Painter,
  type Shown,
} from "./painter";

/** Neurons up to which a software adapter draws smooth edges: a ball of arrows takes long enough without. */
const mostFine = 64;

/** The graph on the page: its host, its numbers, what is pointed at. A painter on another thread draws it. */
export class Graph {
  private shown = nothingShown;
  private readonly arranged = arranger();
  private readonly labels: Labels;
  private canvas: HTMLCanvasElement;
  private painted: Painted = { backend: "", software: false };
  private fine = true;
  private restaged = 0;

  private constructor(
    private readonly host: HTMLElement,
    private readonly events: FocusEvents,
    private readonly painter: Painter,
  ) {
    const labelHost = document.createElement("div");
    labelHost.className = "labels";
    this.canvas = freshCanvas();
    host.append(this.canvas, labelHost);
    this.labels = new Labels(labelHost);
  }

  /**
   * Errors   Error, as a sentence, if this browser has no canvas for another thread; whatever three rejects with
   *          where neither WebGPU nor WebGL2 can draw.
   */
  static async create(host: HTMLElement, events: FocusEvents, painter: Painter): Promise<Graph> {
    const graph = new Graph(host, events, painter);
    await graph.paint(graph.canvas);
    new ResizeObserver(() => graph.resize()).observe(host);
    graph.resize();
    listen(host, () => graph.shown.view, {
      hover: (point) => events.hover(point && graph.under(...point)),
      select: (point) => events.select(graph.under(...point)),
      step: (by) => graph.neighbour(by),
      move: (view) => graph.show({ view }),
    });
    return graph;
  }

  private async paint(canvas: HTMLCanvasElement): Promise<void> {
    if (!("transferControlToOffscreen" in canvas))
      throw new Error("this browser has no OffscreenCanvas, which lets another thread draw");
    this.painted = await this.painter.paint(canvas.transferControlToOffscreen(), this.fine, {
      drawn: () => this.markLabels(),
      lost: () => void this.restage(),
    });
    this.host.dataset.backend = this.painted.backend;
  }

  /** The same on another canvas: after a loss, or for other edges. The latest call wins. */
  private async restage(): Promise<void> {
    const call = ++this.restaged;
    const canvas = freshCanvas();
    try {
      await this.paint(canvas);
      if (call !== this.restaged) return;
      this.canvas.replaceWith(canvas);
      this.canvas = canvas;
    } catch (error) {
      console.warn("The graph is gone:", error);
    }
  }

  /** The canvas and its picture, as PNG: a canvas that another thread draws on cannot be read here. */
  async picture(): Promise<readonly [HTMLCanvasElement, Blob]> {
    return [this.canvas, await this.painter.picture()];
  }

  /** More arrows than this are not drawn. */
  get capacity(): number {
    return capacityOf(this.painted);
  }

  setNetwork(network: GraphNetwork): void {
    const fine = !this.painted.software || network.neurons <= mostFine;
    if (fine !== this.fine) {
      this.fine = fine;
      void this.restage();
    }
    this.show({ network, estimates: noArrows, poked: null, view: nothingShown.view });
  }

  setEstimates(estimates: ArrowList): void {
    this.show({ estimates });
  }

  /** Which neurons the trial at hand sets to 1; null when nobody is poked. */
  setPoked(poked: Uint8Array | null): void {
    this.show({ poked });
  }

  /** Lights those that the trial under way sets to 1, wherever these are known without asking. */
  setShimmer(shimmer: boolean): void {
    if (shimmer !== this.shown.shimmer) this.show({ shimmer });
  }

  setFocus(focus: Focus): void {
    this.show({ focus });
  }

  setTheme(theme: Theme): void {
    this.show({ theme });
  }

  setTruth(truth: boolean): void {
    this.show({ truth });
  }

  /** Brings the whole network into view. */
  fit(): void {
    this.show({ view: nothingShown.view });
  }

  private resize(): void {
    const width = Math.max(1, this.host.clientWidth);
    const height = Math.max(1, this.host.clientHeight);
    const ratio = window.devicePixelRatio;
    const { size } = this.shown;
    if (width !== size.width || height !== size.height || ratio !== size.ratio)
      this.show({ size: { width, height, ratio } });
  }

  private show(part: Partial<Shown>): void {
    this.shown = { ...this.shown, ...part };
    this.painter.show(part);
    if ("network" in part || "focus" in part || "size" in part || "view" in part) this.relabel();
  }

  private get arrangement() {
    return this.arranged(this.shown);
  }

  private numbersInside(): boolean {
    return this.arrangement.places.disc >= 12;
  }

  private relabel(): void {
    const { network, focus, view } = this.shown;
    const { layout, disc, reach } = this.arrangement.places;
    const { x, y, zoom } = view;
    const inside = this.numbersInside();
    const shown = new Set<number>();
    if (layout.ring) {
      const step = labelStep(network.neurons, 2 * Math.PI * reach * zoom, 30);
      for (let neuron = 0; neuron < network.neurons; neuron += step) shown.add(neuron);
    }
    if (focus?.kind === "neuron") shown.add(focus.neuron);
    if (focus?.kind === "pair") shown.add(focus.source).add(focus.target);
    this.labels.show([...shown], (neuron) => {
      const [atX, atY] = [reach * layout.x[neuron], reach * layout.y[neuron]];
      const out = inside ? 1 : 1 + (disc + 13 / zoom) / (Math.hypot(atX, atY) || 1);
      return [(atX * out - x) * zoom, (y - atY * out) * zoom];
    });
    this.markLabels();
  }

  private markLabels(): void {
    const { network, focus, poked } = this.shown;
    const inside = this.numbersInside();
    this.labels.mark("focused", (neuron) => inFocus(focus, neuron));
    this.labels.mark("outside", () => !inside);
    this.labels.mark("hidden", (neuron) => network.hidden?.[neuron] === 1);
    this.labels.mark("poked", (neuron) => inside && Boolean(poked?.[neuron]));
  }

  /** What lies under a point of the stage: a neuron before an arrow, a solid arrow before a faint one. */
  private under(x: number, y: number): Focus {
    const { estimates, network, truth: truthShown, view } = this.shown;
    const pixel = 1 / view.zoom;
    const { places, widths, curves, truthCurves } = this.arrangement;
    const neuron = neuronAt(places, x, y, pixel);
    if (neuron !== null) return { kind: "neuron", neuron };
    const { truth } = network;
    const width = (arrow: number, arrows: ArrowList) => widths.body(arrows.effect[arrow]);
    const found = nearer(
      arrowAt(
        estimates,
        curves,
        x,
        y,
        pixel,
        (arrow) => width(arrow, estimates),
        (arrow) => opacity(estimates.certainty[arrow]),
      ),
      truthShown
        ? arrowAt(
            truth,
            truthCurves,
            x,
            y,
            pixel,
            (arrow) => width(arrow, truth),
            () => 0.7,
          )
        : null,
    );
    return found && { kind: "pair", source: found.source, target: found.target };
  }

  /** The neuron before or after the one in focus: for the arrow keys. */
  private neighbour(step: number): void {
    const { network, focus } = this.shown;
    const { neurons } = network;
    if (neurons === 0) return;
    const now = focus?.kind === "neuron" ? focus.neuron : step > 0 ? -1 : 0;
    this.events.hover({ kind: "neuron", neuron: (now + step + neurons) % neurons });
  }
}

function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "stage";
  return canvas;
}
