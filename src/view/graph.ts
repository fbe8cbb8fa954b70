import { type ArrowList, noArrows } from "./arrowList";
import { ArrowMesh, writeArrow } from "./arrowMesh";
import { diverging, inks, opacity, type Theme } from "./colours";
import { curve, type Places, place } from "./curves";
import { DiscMesh, discNumbers } from "./discMesh";
import type { Focus, FocusEvents } from "./focus";
import { listen } from "./gestures";
import { arrowAt, nearer, neuronAt } from "./hit";
import { Labels, labelStep } from "./labels";
import { type Layout, layOut } from "./layout";
import { createStage, type Stage } from "./stage";

/** What the graph shows of a network before any trial. */
export interface GraphNetwork {
  readonly neurons: number;
  /** The true arrows with their exact effects; empty where there are too many to draw. */
  readonly truth: ArrowList;
  /** How many true arrows there are, drawn or not. */
  readonly arrows: number;
  /** Effect of full colour and width. */
  readonly scale: number;
  /** [neurons] 1 = neither set nor observed; null if all are. */
  readonly hidden: Uint8Array | null;
}

/** Width of an arrow without effect. */
const thinnest = 0.8;

/** Neurons up to which a software adapter draws smooth edges: the page must not wait for a ball of arrows. */
const mostFine = 64;

/**
 * The neurons and the arrows between them. Colour and width are the effect, opacity its
 * certainty; a true arrow is an outline, as wide as the exact effect, that the estimate fills.
 */
export class Graph {
  private network: GraphNetwork = { neurons: 0, truth: noArrows, arrows: 0, scale: 1, hidden: null };
  private layout: Layout = layOut(0);
  private places: Places = place(this.layout, 1, 1);
  private estimates: ArrowList = noArrows;
  private curves: Float32Array = new Float32Array(0);
  private truthCurves: Float32Array = new Float32Array(0);
  private poked: Uint8Array | null = null;
  private focus: Focus = null;
  private theme: Theme = "desk";
  private truthShown = true;
  private fine = true;
  private restaged = 0;
  private width = 1;
  private height = 1;
  private readonly arrows = new ArrowMesh();
  private readonly discs = new DiscMesh();
  private readonly labels: Labels;

  private constructor(
    private readonly host: HTMLElement,
    private stage: Stage,
    private canvas: HTMLCanvasElement,
    private readonly events: FocusEvents,
    labelHost: HTMLElement,
  ) {
    this.labels = new Labels(labelHost);
    this.arrows.mesh.renderOrder = 0;
    this.discs.mesh.renderOrder = 1;
    stage.scene.add(this.arrows.mesh, this.discs.mesh);
    this.take(stage);
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize();
    listen(host, stage.camera, {
      hover: (point) => events.hover(point && this.under(...point)),
      select: (point) => events.select(this.under(...point)),
      step: (by) => this.neighbour(by),
      moved: () => this.moved(),
    });
  }

  /** Errors   see createStage. */
  static async create(host: HTMLElement, events: FocusEvents): Promise<Graph> {
    const canvas = document.createElement("canvas");
    canvas.className = "stage";
    const labelHost = document.createElement("div");
    labelHost.className = "labels";
    host.append(canvas, labelHost);
    const stage = await createStage(canvas);
    host.dataset.backend = stage.backend;
    return new Graph(host, stage, canvas, events, labelHost);
  }

  /** Draws on this stage until its device is lost, then on another one with the same scene. */
  private take(stage: Stage): void {
    this.stage = stage;
    stage.onFrame = () => this.markLabels();
    void stage.lost.then(() => {
      if (this.stage === stage) void this.restage();
    });
  }

  /** The same scene on another canvas: after a loss, or for other edges. The latest call wins. */
  private async restage(): Promise<void> {
    const call = ++this.restaged;
    const before = this.stage;
    const canvas = document.createElement("canvas");
    canvas.className = "stage";
    try {
      const stage = await createStage(canvas, before.scene, before.camera, this.fine);
      if (call !== this.restaged) return stage.dispose();
      this.canvas.replaceWith(canvas);
      this.canvas = canvas;
      this.take(stage);
      before.dispose();
      // The host is as large as before; only the new canvas does not know it.
      stage.resize(this.width, this.height);
      stage.draw();
    } catch (error) {
      console.warn("The graph is gone:", error);
    }
  }

  /** Draws in this very task, for who reads the canvas in it. */
  drawNow(): void {
    this.stage.drawNow();
  }

  /** More arrows than this are not drawn. */
  get capacity(): number {
    return this.stage.software ? 800 : 20_000;
  }

  setNetwork(network: GraphNetwork): void {
    this.network = network;
    const fine = !this.stage.software || network.neurons <= mostFine;
    if (fine !== this.fine) {
      this.fine = fine;
      void this.restage();
    }
    this.estimates = noArrows;
    this.poked = null;
    this.layout = layOut(network.neurons);
    this.fit();
  }

  setEstimates(estimates: ArrowList): void {
    this.estimates = estimates;
    this.curves = this.bend(estimates);
    this.redrawArrows();
  }

  /** Which neurons the trial at hand sets to 1; null when nobody is poked. */
  setPoked(poked: Uint8Array | null): void {
    this.poked = poked;
    this.redrawDiscs();
  }

  setFocus(focus: Focus): void {
    this.focus = focus;
    this.redrawArrows();
    this.redrawDiscs();
    this.relabel();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.redrawArrows();
    this.redrawDiscs();
  }

  setTruth(shown: boolean): void {
    this.truthShown = shown;
    this.redrawArrows();
  }

  /** Brings the whole network into view. */
  fit(): void {
    const { camera } = this.stage;
    camera.zoom = 1;
    camera.position.set(0, 0, 0);
    camera.updateProjectionMatrix();
    this.replace();
  }

  private resize(): void {
    const width = Math.max(1, this.host.clientWidth);
    const height = Math.max(1, this.host.clientHeight);
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.stage.resize(width, height);
    this.replace();
  }

  private replace(): void {
    this.places = place(this.layout, this.width, this.height);
    this.curves = this.bend(this.estimates);
    this.truthCurves = this.bend(this.network.truth);
    this.redrawArrows();
    this.redrawDiscs();
    this.relabel();
  }

  private bend(arrows: ArrowList): Float32Array {
    const curves = new Float32Array(8 * arrows.source.length);
    for (let arrow = 0; arrow < arrows.source.length; arrow++)
      curve(this.places, arrows.source[arrow], arrows.target[arrow], curves, 8 * arrow);
    return curves;
  }

  private touches(source: number, target: number): boolean {
    const { focus } = this;
    if (focus === null) return true;
    if (focus.kind === "neuron") return source === focus.neuron || target === focus.neuron;
    return source === focus.source && target === focus.target;
  }

  private bodyWidth(effect: number): number {
    const most = Math.max(thinnest, Math.min(0.36 * this.places.disc, 10, this.airyWidth));
    return thinnest + (most - thinnest) * Math.min(1.8, Math.abs(effect) / this.network.scale);
  }

  /** Width at which the arrows leave about half of the picture free. */
  private get airyWidth(): number {
    const expected = Math.max(4, Math.min(this.network.arrows, this.capacity));
    return (1.6 * this.places.reach) / expected;
  }

  private redrawArrows(): void {
    const { truth, scale } = this.network;
    const truths = this.truthShown ? truth.source.length : 0;
    const { source, target, effect, certainty } = this.estimates;
    const { muted, paper } = inks[this.theme];
    const { disc } = this.places;
    this.arrows.reserve(2 * truths + source.length);
    const { data } = this.arrows;
    let at = 0;
    // Where even the thinnest arrows would fill the picture, they are drawn like threads of a veil.
    const veil = this.focus ? 1 : Math.min(1, Math.max(0.15, this.airyWidth / thinnest));
    const outline = truths > 400 ? 0.5 : 1.1;
    for (const grow of [outline, 0])
      for (let arrow = 0; arrow < truths; arrow++) {
        const lit = this.touches(truth.source[arrow], truth.target[arrow]);
        // A little narrower inside, so that no seam is left between an outline and what fills it.
        const width = this.bodyWidth(truth.effect[arrow]) - (grow ? 0 : 0.8);
        const alpha = grow ? (lit ? 0.75 : 0.16) * veil : 1;
        writeArrow(data, at++, this.truthCurves, arrow, {
          disc,
          width,
          grow,
          colour: grow ? muted : paper,
          alpha,
        });
      }
    for (let arrow = 0; arrow < source.length; arrow++) {
      const lit = this.touches(source[arrow], target[arrow]);
      const seen = veil * opacity(certainty[arrow]);
      const alpha = !lit ? 0.12 * seen : this.focus ? Math.max(seen, 0.3) : seen;
      const colour = diverging(this.theme, effect[arrow] / scale);
      const width = this.bodyWidth(effect[arrow]);
      writeArrow(data, at++, this.curves, arrow, { disc, width, grow: 0, colour, alpha });
    }
    this.arrows.show(at);
    this.stage.draw();
  }

  private redrawDiscs(): void {
    const { neurons } = this.network;
    const { x, y, disc } = this.places;
    const colours = inks[this.theme];
    this.discs.reserve(neurons);
    const { data } = this.discs;
    const rimWidth = Math.min(this.theme === "projector" ? 2.2 : 1.6, disc / 6);
    for (let neuron = 0; neuron < neurons; neuron++) {
      // A hidden neuron is but a faint ring: it is there, and nobody sees it.
      const isHidden = this.network.hidden?.[neuron] === 1;
      const fill = isHidden ? colours.paper : this.poked?.[neuron] ? colours.poked : colours.neuron;
      const focused = this.inFocus(neuron);
      const rim = focused ? colours.ink : colours.muted;
      const numbers = [x[neuron], y[neuron], disc, focused ? 2 * rimWidth : rimWidth];
      for (const [rgb, opacity] of [[fill, 1] as const, [rim, isHidden ? 0.35 : 1] as const])
        numbers.push(rgb[0] / 255, rgb[1] / 255, rgb[2] / 255, opacity);
      data.set(numbers, neuron * discNumbers);
    }
    this.discs.show();
    this.stage.draw();
  }

  private inFocus(neuron: number): boolean {
    const { focus } = this;
    if (focus === null) return false;
    if (focus.kind === "neuron") return focus.neuron === neuron;
    return focus.source === neuron || focus.target === neuron;
  }

  private numbersInside(): boolean {
    return this.places.disc >= 12;
  }

  private relabel(): void {
    const { neurons } = this.network;
    const { camera } = this.stage;
    const { x, y, disc, reach } = this.places;
    const zoom = camera.zoom;
    const inside = this.numbersInside();
    const shown = new Set<number>();
    if (this.layout.ring) {
      const step = labelStep(neurons, 2 * Math.PI * reach * zoom, 30);
      for (let neuron = 0; neuron < neurons; neuron += step) shown.add(neuron);
    }
    if (this.focus?.kind === "neuron") shown.add(this.focus.neuron);
    if (this.focus?.kind === "pair") shown.add(this.focus.source).add(this.focus.target);
    this.labels.show([...shown], (neuron) => {
      const out = inside ? 1 : 1 + (disc + 13 / zoom) / (Math.hypot(x[neuron], y[neuron]) || 1);
      return [(x[neuron] * out - camera.position.x) * zoom, (camera.position.y - y[neuron] * out) * zoom];
    });
    this.markLabels();
  }

  private markLabels(): void {
    this.labels.mark("focused", (neuron) => this.inFocus(neuron));
    this.labels.mark("outside", () => !this.numbersInside());
    this.labels.mark("hidden", (neuron) => this.network.hidden?.[neuron] === 1);
    this.labels.mark("poked", (neuron) => this.numbersInside() && Boolean(this.poked?.[neuron]));
  }

  /** What lies under a point of the stage: a neuron before an arrow, a solid arrow before a faint one. */
  private under(x: number, y: number): Focus {
    const neuron = neuronAt(this.places, x, y);
    if (neuron !== null) return { kind: "neuron", neuron };
    const width = (arrow: number, arrows: ArrowList) => this.bodyWidth(arrows.effect[arrow]);
    const { truth } = this.network;
    const found = nearer(
      arrowAt(
        this.estimates,
        this.curves,
        x,
        y,
        (arrow) => width(arrow, this.estimates),
        (arrow) => opacity(this.estimates.certainty[arrow]),
      ),
      this.truthShown
        ? arrowAt(
            truth,
            this.truthCurves,
            x,
            y,
            (arrow) => width(arrow, truth),
            () => 0.7,
          )
        : null,
    );
    return found && { kind: "pair", source: found.source, target: found.target };
  }

  /** The neuron before or after the one in focus: for the arrow keys. */
  private neighbour(step: number): void {
    const { neurons } = this.network;
    if (neurons === 0) return;
    const now = this.focus?.kind === "neuron" ? this.focus.neuron : step > 0 ? -1 : 0;
    this.events.hover({ kind: "neuron", neuron: (now + step + neurons) % neurons });
  }

  private moved(): void {
    this.stage.camera.updateProjectionMatrix();
    this.relabel();
    this.stage.draw();
  }
}
