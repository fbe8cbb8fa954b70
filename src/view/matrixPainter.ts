import type { Theme } from "./colours";
import type { Window } from "./pixels";

/** Everything that decides what a matrix looks like that is drawn from sums where they are. */
export interface ShownMatrix {
  /** Someone looks at it. */
  readonly isOn: boolean;
  readonly window: Window;
  /** Of the canvas, in pixels of the screen. */
  readonly width: number;
  readonly height: number;
  readonly pooling: "largest" | "mean";
  /** Effect of full colour. */
  readonly scale: number;
  readonly theme: Theme;
}

/** Which cells are on a canvas, and what a pixel of many shows. */
export type PaintedPart = Pick<ShownMatrix, "window" | "pooling">;

/** A matrix's drawing, on another thread. Data flow one way: it is told what to show. */
export interface MatrixPainter {
  /**
   * `drawn` hears what part of the matrix is on the canvas now, which waits for the trials under way; null if there
   * were no sums to draw, and the canvas is as it was.
   */
  paintMatrix(canvas: OffscreenCanvas, drawn: (part: PaintedPart | null) => void): Promise<void>;
  /** Shows this part of everything anew. */
  showMatrix(part: Partial<ShownMatrix>): void;
  /** The picture as it is now, as PNG; null if there are no sums to draw. */
  matrixPicture(): Promise<Blob | null>;
}
