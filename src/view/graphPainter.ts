import { Scene } from "three/webgpu";
import { type Arrangement, arranger, egoOf } from "./arrangement";
import { ArrowMesh, writeArrow } from "./arrowMesh";
import { diverging, inks, opacity, type Rgb, type Theme } from "./colours";
import { areDots } from "./curves";
import { DiscMesh } from "./discMesh";
import { type Focus, inFocus, touches } from "./focus";
import { kept } from "./kept";
import type { Layout } from "./layout";
import type { Live } from "./live";
import {
  type Effects,
  type Ego,
  type GraphNetwork,
  nothingShown,
  type Painted,
  type Painter,
  type PainterEvents,
  type Shown,
} from "./painter";
import { asTheyWere, type Colours, Patience } from "./patience";
import { createStage, type Stage } from "./stage";

/**
 * The neurons and the arrows between them, drawn. Colour and width are the effect, opacity its
 * certainty; a true arrow is an outline, as wide as the exact effect, that the estimate fills.
 */
export class GraphPainter implements Painter {
  private shown = nothingShown;
  private stage: Stage | null = null;
  private paints = 0;
  /** What colours of neurons came from live sums are about; null where none did. */
  private lit: object | null = null;
  private readonly patience = new Patience();
  private readonly scene = new Scene();
  private readonly arrows = new ArrowMesh();
  private readonly discs = new DiscMesh();
  private readonly marks = new DiscMesh();
  private readonly arranged = arranger();

  /**
   * device   the one to draw on; null where there is none, and WebGL2 has to do.
   * isBusy   whether trials are run on it now.
   * live     the run on show, if its sums are on that device.
   */
  constructor(
    private readonly device: () => Promise<GPUDevice | null>,
    private readonly isBusy: () => boolean,
    private readonly live: () => Live | null,
  ) {
    this.arrows.mesh.renderOrder = 0;
    this.discs.mesh.renderOrder = 1;
    this.marks.mesh.renderOrder = 2;
    this.scene.add(this.arrows.mesh, this.discs.mesh, this.marks.mesh);
  }

  async paint(canvas: OffscreenCanvas, events: PainterEvents): Promise<Painted> {
    const paint = ++this.paints;
    const stage = await createStage(canvas, await this.device(), this.scene, this.isBusy);
    const { backend, software } = stage;
    // The latest call wins.
    if (paint !== this.paints) stage.dispose();
    else {
      this.stage?.dispose();
      this.stage = stage;
      stage.onFrame = (render, must) =>
        this.aroundFrame((colours) => {
          // Who stood in line for another canvas has nothing to draw on any more.
          if (this.stage !== stage) return;
          this.update(stage, colours);
          this.patience.answered();
          render();
          events.drawn();
        }, must);
      void stage.lost.then(() => {
        if (this.stage === stage) events.lost();
      });
      stage.draw();
    }
    return { backend, software };
  }

  show(part: Partial<Shown>): void {
    this.shown = { ...this.shown, ...part };
    this.patience.ask();
    this.stage?.draw();
  }

  /** Draws again: there are more trials. */
  refresh(): void {
    this.stage?.draw();
  }

  private async aroundFrame(draw: (colours: Colours) => void, must: boolean): Promise<void> {
    const live = this.live();
    if (live) await this.patience.frame(live, draw, must);
    else draw(null);
  }

  async picture(): Promise<Blob> {
    if (!this.stage) throw new Error("nothing is drawn yet");
    return this.stage.picture();
  }

  /** Brings the meshes to what is shown; what has not changed stays as it is, but for colours that are alive. */
  private update(stage: Stage, colours: Colours): void {
    const { shown } = this;
    const { network, poked, focus, theme, view } = shown;
    const arranged = this.arranged(shown);
    const { places, widths, estimates } = arranged;
    const { disc, reach, layout } = places;
    stage.look(shown);
    const ego = egoOf(shown);
    const isSand = areDots(places);
    const isLit = shown.shimmer || ego !== null;
    // Dots would break the few arrows of one neuron to pieces; discs are what arrows end at.
    this.arrows.mesh.renderOrder = isSand && ego ? 1.5 : 0;
    const resting = inks[theme][!isSand ? "neuron" : isLit ? "faintDot" : "dot"];
    this.placeDiscs(layout);
    // Among dots, marks say who is in focus: all of them need not be painted anew for it.
    const rimmed = isSand ? null : focus;
    this.paintDiscs(network, poked, rimmed, theme, resting, isSand, ego?.effects ?? null, layout.z);
    this.discs.show(disc, reach);
    this.markDots(isSand ? focus : null, ego, theme, network.scale, layout);
    this.marks.show(Math.max(disc, markRadius / view.zoom), reach);
    for (const mesh of [this.discs, this.marks]) mesh.setPixel(1 / view.zoom);
    const first = this.writeArrows(network.scale, focus, theme, arranged);
    const discs = this.discs.upload(stage);
    const arrows = this.arrows.upload(stage);
    this.marks.upload(stage);
    const { thinnest, widest, veil } = widths;
    const look = {
      ...{ theme, focus, scale: network.scale, thinnest, widest, disc, resting },
      veil: focus ? 1 : veil,
    };
    const subject = this.subjectOf(
      focus?.kind === "neuron" ? focus.neuron : null,
      shown.shimmer,
      theme,
      look.scale,
    );
    const before = this.lit;
    if (colours === asTheyWere) this.lit = before === subject ? before : null;
    else {
      if (arrows && estimates.source.length > 0) colours?.tint(arrows, first, estimates, look);
      this.lit = discs !== null && colours?.light(discs, look, shown.shimmer) ? subject : null;
    }
    // Who was lit a moment ago is no longer.
    if (before && !this.lit) this.discs.upload(stage, true);
  }

  /** The same as long as live sums light neurons for the same reason. */
  private readonly subjectOf = kept(
    (neuron: number | null, shimmer: boolean, theme: Theme, scale: number) => ({
      neuron,
      shimmer,
      theme,
      scale,
    }),
  );

  private readonly placeDiscs = kept((layout: Layout) => this.discs.place(layout));

  private readonly paintDiscs = kept(
    (
      { neurons, hidden, scale }: GraphNetwork,
      poked: Uint8Array | null,
      focus: Focus,
      theme: Theme,
      resting: Rgb,
      isSand: boolean,
      effects: Effects | null,
      depth: Float32Array | null,
    ) => {
      const { ink, muted, paper, poked: lit } = inks[theme];
      const thin = isSand ? 0 : theme === "projector" ? 2.2 : 1.6;
      for (let at = 0; at < neurons; at++) {
        // A hidden neuron is but a faint ring: it is there, and nobody sees it.
        const isHidden = hidden?.[at] === 1;
        const fill = isHidden ? paper : poked?.[at] ? lit : litBy(effects, at, theme, scale, resting);
        const focused = inFocus(focus, at);
        const near = depth ? nearness(depth[at]) : 1;
        this.discs.paint(at, {
          fill,
          opacity: near,
          rim: focused ? ink : muted,
          rimWidth: focused ? 2 * thin : thin,
          rimOpacity: isHidden ? 0.35 * near : near,
        });
      }
    },
  );

  /** Larger discs where dots are too small to see: who is in focus, and whom its arrows reach. */
  private readonly markDots = kept(
    (focus: Focus, ego: Ego | null, theme: Theme, scale: number, { x, y }: Layout) => {
      const { ink, paper } = inks[theme];
      const fills = new Map<number, Rgb>();
      if (focus && ego) {
        const { source, target, effect } = ego.estimates;
        for (let arrow = 0; arrow < source.length; arrow++)
          if (source[arrow] === ego.neuron) fills.set(target[arrow], diverging(theme, effect[arrow] / scale));
      }
      if (focus?.kind === "neuron") fills.set(focus.neuron, ink);
      if (focus?.kind === "pair") fills.set(focus.source, ink).set(focus.target, ink);
      const marked = Uint32Array.from(fills.keys());
      this.marks.place({
        x: Float32Array.from(marked, (neuron) => x[neuron]),
        y: Float32Array.from(marked, (neuron) => y[neuron]),
      });
      for (const [at, fill] of [...fills.values()].entries())
        this.marks.paint(at, { fill, opacity: 1, rim: paper, rimWidth: 1.6, rimOpacity: 1 });
    },
  );

  /** Returns the number of the first estimated arrow: they lie on the true ones. */
  private readonly writeArrows = kept(
    (
      scale: number,
      focus: Focus,
      theme: Theme,
      { places, widths, estimates, truth, curves, truthCurves }: Arrangement,
    ): number => {
      const { source, target, effect, certainty } = estimates;
      const truths = truth.source.length;
      const { muted, paper } = inks[theme];
      const { disc } = places;
      this.arrows.reserve(2 * truths + source.length);
      const { data } = this.arrows;
      let at = 0;
      const veil = focus ? 1 : widths.veil;
      const outline = truths > 400 ? 0.5 : 1.1;
      // There is nothing to fill in an outline of hairs.
      const { zoom } = places;
      const isHair = widths.widest * zoom < 2;
      const closely = Math.min(1, 2 / zoom);
      for (const grow of isHair ? [0.3 / zoom] : [outline * closely, 0])
        for (let arrow = 0; arrow < truths; arrow++) {
          const lit = touches(focus, truth.source[arrow], truth.target[arrow]);
          // A little narrower inside, so that no seam is left between an outline and what fills it.
          const width = widths.body(truth.effect[arrow]) - (grow ? 0 : 0.8 * closely);
          const alpha = grow ? (lit ? 0.75 : 0.16) * veil : 1;
          const colour = grow ? muted : paper;
          writeArrow(data, at++, truthCurves, arrow, { disc, width, grow, colour, alpha });
        }
      const first = at;
      for (let arrow = 0; arrow < source.length; arrow++) {
        const lit = touches(focus, source[arrow], target[arrow]);
        const seen = veil * opacity(certainty[arrow]);
        const alpha = !lit ? 0.12 * seen : focus ? Math.max(seen, 0.3) : seen;
        const colour = diverging(theme, effect[arrow] / scale);
        const width = widths.body(effect[arrow]);
        writeArrow(data, at++, curves, arrow, { disc, width, grow: 0, colour, alpha });
      }
      this.arrows.show(at);
      return first;
    },
  );
}

/** Radius, on the screen, of a dot that is to be seen. */
const markRadius = 3.2;

/** How much of a neuron is seen through a network in space: those at the back are faint. */
const nearness = (depth: number) => 0.6 + 0.4 * Math.max(-1, Math.min(1, depth));

/** A neuron's filling: the effect on it, as far as it is certain. */
function litBy(effects: Effects | null, neuron: number, theme: Theme, scale: number, resting: Rgb): Rgb {
  const effect = effects?.effect[neuron] ?? Number.NaN;
  if (!effects || Number.isNaN(effect)) return resting;
  const shown = diverging(theme, effect / scale);
  const part = opacity(effects.certainty[neuron]);
  return [0, 1, 2].map((byte) => resting[byte] + part * (shown[byte] - resting[byte])) as unknown as Rgb;
}
