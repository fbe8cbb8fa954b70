import type { OpenDevice } from "../engine/gpu/device";
import { createMatrixLook, type MatrixLook } from "../engine/gpu/look";
import type { GpuRun } from "../engine/gpu/run";
import type { Theme } from "../view/colours";
import { frames } from "../view/frames";
import { kept } from "../view/kept";
import type { MatrixPainter, PaintedPart, ShownMatrix } from "../view/matrixPainter";
import { mostPixels } from "../view/pixels";
import { rampOf } from "./studioLive";

/** A device to draw with, and the run on show. */
export interface MatrixSubject {
  readonly device: OpenDevice["device"];
  readonly run: GpuRun;
}

/** Milliseconds from one picture to the next. */
const interval = 100;

/** Longest time that trials wait for the first effects to be out, in milliseconds. */
const mostFirst = 500;

const nothingShown: ShownMatrix = {
  isOn: false,
  window: { rowFrom: 0, rowTo: 0, columnFrom: 0, columnTo: 0 },
  width: 1,
  height: 1,
  pooling: "largest",
  scale: 1,
  theme: "desk",
};

/** The effects as a matrix, drawn from the sums where they are. */
export class StudioMatrix implements MatrixPainter {
  private shown = nothingShown;
  private canvas: OffscreenCanvas | null = null;
  private drawn: (part: PaintedPart | null) => void = () => {};
  private readonly ask: () => void;
  private readonly lookOn = kept((device: MatrixSubject["device"]) =>
    createMatrixLook(device, navigator.gpu.getPreferredCanvasFormat()),
  );
  private readonly contextOf = kept((canvas: OffscreenCanvas, device: MatrixSubject["device"]) => {
    const context = canvas.getContext("webgpu") as GPUCanvasContext;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: "premultiplied" });
    return context;
  });
  private readonly setRamp = kept((look: MatrixLook, theme: Theme) => look.setRamp(rampOf(theme)));

  /**
   * subject   what is on show now; null if there is no run whose sums could be drawn.
   * isBusy    whether trials are run on the device now.
   */
  constructor(
    private readonly subject: () => MatrixSubject | null,
    isBusy: () => boolean,
  ) {
    this.ask = frames(() => this.frame(), interval, isBusy);
  }

  async paintMatrix(canvas: OffscreenCanvas, drawn: (part: PaintedPart | null) => void): Promise<void> {
    this.canvas = canvas;
    this.drawn = drawn;
    this.ask();
  }

  showMatrix(part: Partial<ShownMatrix>): void {
    this.shown = { ...this.shown, ...part };
    this.ask();
  }

  /** Draws again: there are more trials, or another run. */
  refresh(): void {
    if (this.shown.isOn) this.ask();
  }

  /** Draws at once, and resolves when what was drawn is out: the first effects of a run are waited for, if not for long. */
  async first(): Promise<void> {
    if (!this.shown.isOn) return;
    const drawn = this.frame().then(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    // A page that nobody sees has no frames, and a device that is lost may never draw.
    await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, mostFirst))]);
  }

  async matrixPicture(): Promise<Blob | null> {
    let blob: Promise<Blob> | null = null;
    await this.draw((canvas) => {
      blob = canvas.convertToBlob({ type: "image/png" });
    });
    return blob;
  }

  private async frame(): Promise<number> {
    const begun = performance.now();
    this.drawn(await this.draw(() => {}));
    return begun;
  }

  /** What was drawn, null without sums; `then` is called in the task that drew it. */
  private async draw(then: (canvas: OffscreenCanvas) => void): Promise<PaintedPart | null> {
    const { canvas, shown } = this;
    const subject = this.subject();
    if (!canvas || !subject || !shown.isOn) return null;
    const { device, run } = subject;
    const { window, width, height, pooling, scale, theme } = shown;
    const rows = window.rowTo - window.rowFrom;
    const columns = window.columnTo - window.columnFrom;
    if (rows < 1 || columns < 1) return null;
    let isLive = false;
    try {
      const look = await this.lookOn(device);
      await run.look(async (sums) => {
        if (!sums || sums.trials === 0 || this.subject() !== subject) return;
        // A window of another network may still be on its way out.
        if (window.rowTo > sums.targets || window.columnTo > sums.sources) return;
        this.setRamp(look, theme);
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        const context = this.contextOf(canvas, device);
        const part = { rowFrom: window.rowFrom, rows, columnFrom: window.columnFrom, columns };
        const most = { width: mostPixels, height: mostPixels };
        await look.draw(sums, { window: part, ...most, pooling, scale }, () => context.getCurrentTexture());
        then(canvas);
        isLive = true;
      });
    } catch {
      // A run that has failed or is over has no sums any more; a lost device is told of elsewhere.
    }
    return isLive && this.subject() === subject ? { window, pooling } : null;
  }
}
