import type { Called } from "../model/names";
import { arranger, egoOf } from "./arrangement";
import { type ArrowList, noArrows } from "./arrowList";
import { opacity, type Theme } from "./colours";
import { areDots } from "./curves";
import { type Focus, type FocusEvents, inFocus } from "./focus";
import { listen } from "./gestures";
import { arrowAt, nearer, neuronAt } from "./hit";
import { apart, Labels, labelStep } from "./labels";
import type { Arranging, Turn } from "./layout";
import {
  capacityOf,
  type Ego,
  type GraphNetwork,
  nothingShown,
  type Painted,
  type Painter,
  type Shown,
} from "./painter";

/** Neurons up to which all walk from one layout to the next. */
const mostWalkers = 20_000;

/** Neighbours that are named, and neurons in sight up to which each is. */
const mostNamed = 30;
const mostInSight = 150;

/** Places that somebody gave are first seen as they were given: x to the right, y upwards. */
const turnOf = ({ kind }: Arranging): Turn => (kind === "places" ? { across: 0, up: 0 } : nothingShown.turn);

/** The graph on the page: its host, its numbers, what is pointed at. A painter on another thread draws it. */
export class Graph {
  private shown = nothingShown;
  private readonly arranged = arranger();
  private readonly labels: Labels;
  private canvas: HTMLCanvasElement;
  private painted: Painted = { backend: "", software: false };
  private restaged = 0;
  private readonly still = window.matchMedia("(prefers-reduced-motion: reduce)");
  private walk = 0;

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
      turn: (across, up) => graph.turn(across, up),
    });
    return graph;
  }

  private async paint(canvas: HTMLCanvasElement): Promise<void> {
    if (!("transferControlToOffscreen" in canvas))
      throw new Error("this browser has no OffscreenCanvas, which lets another thread draw");
    this.painted = await this.painter.paint(canvas.transferControlToOffscreen(), {
      drawn: () => this.markLabels(),
      lost: () => void this.restage(),
    });
    this.host.dataset.backend = this.painted.backend;
  }

  /** The same on another canvas, after a loss. The latest call wins. */
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

  setNetwork(network: GraphNetwork, arranging: Arranging): void {
    cancelAnimationFrame(this.walk);
    const { view, from, part, ego } = nothingShown;
    const turn = turnOf(arranging);
    this.show({ network, arranging, estimates: noArrows, poked: null, view, turn, from, part, ego });
  }

  /** Where the same network's neurons are to lie; where motion is welcome they walk there, in so many milliseconds. */
  setArranging(arranging: Arranging, walkTime: number): void {
    cancelAnimationFrame(this.walk);
    const { x, y } = this.arrangement.places.layout;
    if (this.still.matches || x.length > mostWalkers) {
      this.show({ arranging, turn: turnOf(arranging), from: null, part: 1 });
      return;
    }
    const begun = performance.now();
    const go = () => {
      const part = Math.min(1, (performance.now() - begun) / walkTime);
      this.show(part < 1 ? { part } : { from: null, part });
      if (part < 1) this.walk = requestAnimationFrame(go);
    };
    this.show({ arranging, turn: turnOf(arranging), from: { x, y }, part: 0 });
    this.walk = requestAnimationFrame(go);
  }

  /** What is known of the neuron that is looked at; null: nothing. */
  setEgo(ego: Ego | null): void {
    this.show({ ego });
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
    this.show({ view: nothingShown.view, turn: turnOf(this.shown.arranging) });
  }

  /** Turns a layout in space; others stay as they are. Returns whether it is one. */
  private turn(across: number, up: number): boolean {
    if (!this.arrangement.places.layout.z) return false;
    const { turn } = this.shown;
    const upright = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, turn.up + up));
    this.show({ turn: { across: turn.across + across, up: upright } });
    return true;
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
    if (placing.some((name) => name in part)) this.relabel();
  }

  private get arrangement() {
    return this.arranged(this.shown);
  }

  /** What the neurons of the next network are called. */
  setNames(called: Called): void {
    this.labels.show([], () => [0, 0]);
    this.labels.called = called;
  }

  private numbersInside(): boolean {
    const { disc, zoom } = this.arrangement.places;
    const digits = String(this.shown.network.neurons - 1).length;
    return disc * zoom >= Math.max(12, 5 * digits);
  }

  private relabel(): void {
    const { network, focus, view } = this.shown;
    const { places } = this.arrangement;
    const { layout, disc, reach } = places;
    const { x, y, zoom } = view;
    const inside = this.numbersInside();
    const at = (neuron: number): readonly [number, number] => {
      const [atX, atY] = [reach * layout.x[neuron], reach * layout.y[neuron]];
      // Numbers of a ring stand around it, others above their discs.
      const out = inside || !layout.ring ? 1 : 1 + (disc + 13 / zoom) / (Math.hypot(atX, atY) || 1);
      const above = inside || layout.ring ? 0 : disc * zoom + (areDots(places) ? 12 : 10);
      return [(atX * out - x) * zoom, (y - atY * out) * zoom - above];
    };
    const focused = focus?.kind === "neuron" ? [focus.neuron] : focus ? [focus.source, focus.target] : [];
    const shown = new Set(focused);
    if (layout.ring) {
      const step = labelStep(network.neurons, 2 * Math.PI * reach * zoom, this.labels.room);
      for (let neuron = 0; neuron < network.neurons; neuron += step) shown.add(neuron);
    }
    const others = [...this.neighbours(), ...(layout.ring ? [] : this.inSight())];
    if (others.length > 0) {
      const wanted = [...new Set([...shown, ...others])];
      const boxes = wanted.map((neuron) => {
        const [boxX, boxY] = at(neuron);
        return { x: boxX, y: boxY, letters: this.labels.textOf(neuron).length };
      });
      for (const one of apart(boxes, mostInSight)) shown.add(wanted[one]);
    }
    this.labels.show([...shown], at);
    this.markLabels();
  }

  /** Whom the arrows of the neuron in focus join it with, the strongest first. */
  private neighbours(): number[] {
    const ego = egoOf(this.shown);
    if (!ego) return [];
    const { truth, estimates } = this.arrangement;
    const found: { readonly neuron: number; readonly size: number }[] = [];
    for (const { source, target, effect } of [estimates, truth])
      for (let arrow = 0; arrow < source.length; arrow++) {
        const neuron = source[arrow] === ego.neuron ? target[arrow] : source[arrow];
        found.push({ neuron, size: Math.abs(effect[arrow]) });
      }
    return found
      .sort((a, b) => b.size - a.size)
      .slice(0, mostNamed)
      .map(({ neuron }) => neuron);
  }

  /** Neurons in sight, where these are large enough and few enough to be told by their numbers. */
  private inSight(): number[] {
    const { view, size } = this.shown;
    const { layout, disc, reach } = this.arrangement.places;
    const found: number[] = [];
    if (disc * view.zoom < 5) return found;
    const [wide, high] = [size.width / 2 / view.zoom, size.height / 2 / view.zoom];
    for (let neuron = 0; neuron < layout.x.length; neuron++) {
      if (Math.abs(reach * layout.x[neuron] - view.x) > wide) continue;
      if (Math.abs(reach * layout.y[neuron] - view.y) > high) continue;
      if (layout.z && layout.z[neuron] < 0) continue;
      found.push(neuron);
      if (found.length > mostInSight) return [];
    }
    return found;
  }

  private markLabels(): void {
    const { network, focus, poked } = this.shown;
    const inside = this.numbersInside();
    this.labels.mark("focused", (neuron) => inFocus(focus, neuron));
    this.labels.mark("outside", () => !inside);
    this.labels.mark("over", () => !inside && !this.arrangement.places.layout.ring);
    this.labels.mark("hidden", (neuron) => network.hidden?.[neuron] === 1);
    this.labels.mark("poked", (neuron) => inside && Boolean(poked?.[neuron]));
  }

  /** What lies under a point of the stage: a neuron before an arrow, a solid arrow before a faint one. */
  private under(x: number, y: number): Focus {
    const pixel = 1 / this.shown.view.zoom;
    const { places, widths, estimates, truth, curves, truthCurves } = this.arrangement;
    const neuron = neuronAt(places, x, y, pixel);
    if (neuron !== null) return { kind: "neuron", neuron };
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
      arrowAt(
        truth,
        truthCurves,
        x,
        y,
        pixel,
        (arrow) => width(arrow, truth),
        () => 0.7,
      ),
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

/** What numbers and their places depend on. */
const placing: readonly (keyof Shown)[] = [
  "network",
  "focus",
  "size",
  "view",
  "arranging",
  "turn",
  "part",
  "ego",
  "truth",
];

function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "stage";
  return canvas;
}
