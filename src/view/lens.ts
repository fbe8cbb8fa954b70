import { columnOf, type Pixels } from "./pixels";

/** A small picture over a matrix: the single cells around the one that is pointed at. */
export class Lens {
  private readonly canvas = document.createElement("canvas");
  private readonly cell = document.createElement("i");
  private readonly frame = document.createElement("div");

  constructor(plot: Element | null) {
    this.frame.className = "lens";
    this.frame.hidden = true;
    this.frame.ariaHidden = "true";
    this.frame.append(this.canvas, this.cell);
    plot?.append(this.frame);
  }

  hide(): void {
    this.frame.hidden = true;
  }

  /**
   * Shows these pixels, one a pair, beside a place of the matrix: across and down 0…1.
   *
   * paint   the colours of pixels, as in ImageData.
   */
  show(
    pixels: Pixels,
    at: { readonly source: number; readonly target: number },
    across: number,
    down: number,
    paint: (pixels: Pixels, image: Int32Array) => void,
  ): void {
    const { width, height, window, sources } = pixels;
    this.canvas.width = width;
    this.canvas.height = height;
    const image = new ImageData(width, height);
    paint(pixels, new Int32Array(image.data.buffer));
    (this.canvas.getContext("2d") as CanvasRenderingContext2D).putImageData(image, 0, 0);
    const percent = (value: number, whole: number) => `${(100 * value) / whole}%`;
    Object.assign(this.cell.style, {
      left: percent(columnOf(sources, at.source) - window.columnFrom, width),
      top: percent(at.target - window.rowFrom, height),
      width: percent(1, width),
      height: percent(1, height),
    });
    // Away from the pointer, and within the matrix.
    this.frame.style.setProperty("--columns", String(width));
    this.frame.style.setProperty("--rows", String(height));
    this.frame.dataset.side = `${down < 0.5 ? "below" : "above"} ${across < 0.5 ? "right" : "left"}`;
    this.frame.style.setProperty("--across", String(across));
    this.frame.style.setProperty("--down", String(down));
    this.frame.hidden = false;
  }
}
