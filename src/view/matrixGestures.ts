import type { Window } from "./pixels";
import { moved, zoomed } from "./zoom";

/** What is to be seen, all there is, and who hears of another part. */
export interface Zoomable {
  window(): Window | null;
  whole(): Window | null;
  look(window: Window): void;
}

/**
 * The wheel and + − zoom into a matrix, dragging moves, a double click and Home show all of it again.
 *
 * Returns  whether a drag has just moved the picture: then the click that ends it selects nothing.
 */
export function listenForZoom(canvas: HTMLElement, { window: shown, whole, look }: Zoomable): () => boolean {
  let down: { x: number; y: number; window: Window; isMoved: boolean } | null = null;
  let wasMoved = false;
  const zoom = (factor: number, across: number, below: number) => {
    const [window, all] = [shown(), whole()];
    if (window && all) look(zoomed(window, all, factor, across, below));
  };
  const showAll = () => {
    const all = whole();
    if (all) look(all);
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!shown()) return;
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.002)));
      zoom(factor, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    const window = shown();
    wasMoved = false;
    if (window) down = { x: event.clientX, y: event.clientY, window, isMoved: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    const all = whole();
    if (!down || !all || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - down.x, event.clientY - down.y];
    if (!down.isMoved && Math.hypot(dx, dy) < 4) return;
    if (!down.isMoved) canvas.setPointerCapture(event.pointerId);
    down.isMoved = true;
    wasMoved = true;
    const box = canvas.getBoundingClientRect();
    look(moved(down.window, all, -dx / box.width, -dy / box.height));
  });
  canvas.addEventListener("pointerup", () => {
    down = null;
  });
  canvas.addEventListener("dblclick", showAll);
  canvas.addEventListener("keydown", (event) => {
    const factor = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    if (factor !== undefined) zoom(factor, 0.5, 0.5);
    else if (event.key === "Home") showAll();
    else return;
    event.preventDefault();
  });
  return () => wasMoved;
}
