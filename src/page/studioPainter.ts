import { proxy, type Remote, transfer } from "comlink";
import type { MatrixPainter } from "../view/matrixPainter";
import type { Painter } from "../view/painter";
import type { Studio } from "./studio";

/** The painter behind the studio's door. */
export const studioPainter = (studio: Remote<Studio>): Painter => ({
  paint: (canvas, events) => studio.paint(transfer(canvas, [canvas]), proxy(events)),
  show: (part) => void studio.show(part),
  picture: () => studio.picture(),
});

/** The matrix's painter, likewise. */
export const studioMatrixPainter = (studio: Remote<Studio>): MatrixPainter => ({
  paintMatrix: (canvas, drawn) => studio.paintMatrix(transfer(canvas, [canvas]), proxy(drawn)),
  showMatrix: (part) => void studio.showMatrix(part),
  matrixPicture: () => studio.matrixPicture(),
});
