import { Scene } from "three/webgpu";
import { type Arrangement, arranger } from "./arrangement";
import type { ArrowList } from "./arrowList";
import { ArrowMesh, writeArrow } from "./arrowMesh";
import { diverging, inks, opacity, type Theme } from "./colours";
import type { Places } from "./curves";
import { DiscMesh } from "./discMesh";
import { type Focus, inFocus, touches } from "./focus";
import { kept } from "./kept";
import type { Layout } from "./layout";
import type { Live, LiveColours } from "./live";
import {
  type GraphNetwork,
  nothingShown,
  type Painted,
  type Painter,
  type PainterEvents,
  type Shown,
} from "./painter";
import { createStage, type Stage } from "./stage";

/**
 * The neurons and the arrows between them, drawn. Colour and width are the effect, opacity its
 * certainty; a true arrow is an outline, as wide as the exact effect, that the estimate fills.
 */
export class GraphPainter implements Painter {
  private shown = nothingShown;
  private stage: Stage | null = null;
  private paints = 0;
  /** Colours of neurons came from live sums. */
  private wasLit = false;
  private readonly scene = new Scene();
  private readonly arrows = new ArrowMesh();
  private readonly discs = new DiscMesh();
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
    this.scene.add(this.arrows.mesh, this.discs.mesh);
  }

  async paint(canvas: OffscreenCanvas, fine: boolean, events: PainterEvents): Promise<Painted> {
    const paint = ++this.paints;
    const stage = await createStage(canvas, await this.device(), this.scene, fine, this.isBusy);
    const { backend, software } = stage;
    // The latest call wins.
    if (paint !== this.paints) stage.dispose();
    else {
      this.stage?.dispose();
      this.stage = stage;
      stage.onFrame = (render) =>
        this.aroundFrame((colours) => {
          this.update(stage, colours);
          render();
          events.drawn();
        });
      void stage.lost.then(() => {
        if (this.stage === stage) events.lost();
      });
      stage.draw();
    }
    return { backend, software };
  }

  show(part: Partial<Shown>): void {
    this.shown = { ...this.shown, ...part };
    this.stage?.draw();
  }

  /** Draws again: there are more trials. */
  refresh(): void {
    this.stage?.draw();
  }

  private async aroundFrame(draw: (colours: LiveColours | null) => void): Promise<void> {
    const live = this.live();
    if (!live) draw(null);
    else
      await live.frame(draw).catch(() => {
        // A run that has failed or is over has no colours any more.
        draw(null);
      });
  }

  async picture(): Promise<Blob> {
    if (!this.stage) throw new Error("nothing is drawn yet");
    return this.stage.picture();
  }

  /** Brings the meshes to what is shown; what has not changed stays as it is, but for colours that are alive. */
  private update(stage: Stage, colours: LiveColours | null): void {
    const { shown } = this;
    const { network, estimates, poked, focus, theme, truth } = shown;
    const arranged = this.arranged(shown);
    const { places } = arranged;
    stage.look(shown.size, shown.view);
    this.placeDiscs(places.layout);
    this.paintDiscs(network, poked, focus, theme, places);
    this.discs.setPixel(1 / shown.view.zoom);
    this.writeArrows(network, estimates, focus, theme, truth, arranged);
    const discs = this.discs.upload(stage);
    const arrows = this.arrows.upload(stage);
    const { thinnest, widest, veil } = arranged.widths;
    const look = {
      ...{ theme, focus, scale: network.scale, thinnest, widest, disc: places.disc },
      veil: focus ? 1 : veil,
    };
    const truths = truth ? network.truth.source.length : 0;
    if (arrows && estimates.source.length > 0) colours?.tint(arrows, 2 * truths, estimates, look);
    const isLit = discs !== null && colours?.light(discs, look, shown.shimmer) === true;
    // Who was lit a moment ago is no longer.
    if (this.wasLit && !isLit) this.discs.upload(stage, true);
    this.wasLit = isLit;
  }

  private readonly placeDiscs = kept((layout: Layout) => this.discs.place(layout));

  private readonly paintDiscs = kept(
    (
      { neurons, hidden }: GraphNetwork,
      poked: Uint8Array | null,
      focus: Focus,
      theme: Theme,
      { disc, reach }: Places,
    ) => {
      const { ink, muted, paper, neuron, poked: lit } = inks[theme];
      const rimWidth = Math.min(theme === "projector" ? 2.2 : 1.6, disc / 6);
      for (let at = 0; at < neurons; at++) {
        // A hidden neuron is but a faint ring: it is there, and nobody sees it.
        const isHidden = hidden?.[at] === 1;
        const fill = isHidden ? paper : poked?.[at] ? lit : neuron;
        const focused = inFocus(focus, at);
        const width = focused ? 2 * rimWidth : rimWidth;
        this.discs.paint(at, fill, focused ? ink : muted, width, isHidden ? 0.35 : 1);
      }
      this.discs.show(disc, reach);
    },
  );

  private readonly writeArrows = kept(
    (
      { truth, scale }: GraphNetwork,
      { source, target, effect, certainty }: ArrowList,
      focus: Focus,
      theme: Theme,
      truthShown: boolean,
      { places, widths, curves, truthCurves }: Arrangement,
    ) => {
      const truths = truthShown ? truth.source.length : 0;
      const { muted, paper } = inks[theme];
      const { disc } = places;
      this.arrows.reserve(2 * truths + source.length);
      const { data } = this.arrows;
      let at = 0;
      const veil = focus ? 1 : widths.veil;
      const outline = truths > 400 ? 0.5 : 1.1;
      for (const grow of [outline, 0])
        for (let arrow = 0; arrow < truths; arrow++) {
          const lit = touches(focus, truth.source[arrow], truth.target[arrow]);
          // A little narrower inside, so that no seam is left between an outline and what fills it.
          const width = widths.body(truth.effect[arrow]) - (grow ? 0 : 0.8);
          const alpha = grow ? (lit ? 0.75 : 0.16) * veil : 1;
          const colour = grow ? muted : paper;
          writeArrow(data, at++, truthCurves, arrow, { disc, width, grow, colour, alpha });
        }
      for (let arrow = 0; arrow < source.length; arrow++) {
        const lit = touches(focus, source[arrow], target[arrow]);
        const seen = veil * opacity(certainty[arrow]);
        const alpha = !lit ? 0.12 * seen : focus ? Math.max(seen, 0.3) : seen;
        const colour = diverging(theme, effect[arrow] / scale);
        const width = widths.body(effect[arrow]);
        writeArrow(data, at++, curves, arrow, { disc, width, grow: 0, colour, alpha });
      }
      this.arrows.show(at);
    },
  );
}
