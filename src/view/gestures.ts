import type { View } from "./painter";

type Point = readonly [x: number, y: number];

export interface Gestures {
  /** The pointer is over this point of the stage; null: it has left. */
  hover(point: Point | null): void;
  select(point: Point): void;
  /** An arrow key: one on or one back. */
  step(by: number): void;
  /** Where the picture now looks. */
  move(view: View): void;
  /** With Shift: turns a picture in space by so many radians. Returns false where there is none. */
  turn(across: number, up: number): boolean;
}

/** Closest look: neurons of the largest networks are apart then. */
const mostZoom = 100;

/** Radians a pixel dragged and a key pressed. */
const [turnOfPixel, turnOfKey] = [0.008, 0.15];

/** Pointing, clicking, dragging to move, the wheel to zoom, arrow keys to step; with Shift, both turn. */
export function listen(host: HTMLElement, view: () => View, gestures: Gestures): void {
  const fromMiddle = (event: MouseEvent): Point => {
    const box = host.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, box.top + box.height / 2 - event.clientY];
  };
  const onStage = (event: MouseEvent): Point => {
    const [x, y] = fromMiddle(event);
    const at = view();
    return [x / at.zoom + at.x, y / at.zoom + at.y];
  };
  host.dataset.arrowKeys = "";
  let down: { x: number; y: number; moved: boolean } | null = null;
  let latest: PointerEvent | null = null;

  host.addEventListener("pointermove", (event) => {
    if (down) {
      const dx = event.clientX - down.x;
      const dy = event.clientY - down.y;
      if (!down.moved && Math.hypot(dx, dy) < 4) return;
      down = { x: event.clientX, y: event.clientY, moved: true };
      if (event.shiftKey && gestures.turn(dx * turnOfPixel, dy * turnOfPixel)) return;
      const { x, y, zoom } = view();
      gestures.move({ x: x - dx / zoom, y: y + dy / zoom, zoom });
      return;
    }
    // Of many moves within a display frame the last one counts.
    if (!latest)
      requestAnimationFrame(() => {
        if (latest) gestures.hover(onStage(latest));
        latest = null;
      });
    latest = event;
  });
  host.addEventListener("pointerdown", (event) => {
    down = { x: event.clientX, y: event.clientY, moved: false };
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointerup", (event) => {
    if (down && !down.moved) gestures.select(onStage(event));
    down = null;
  });
  host.addEventListener("pointercancel", () => {
    down = null;
  });
  const leave = () => {
    latest = null;
    gestures.hover(null);
  };
  host.addEventListener("pointerleave", leave);
  host.addEventListener("blur", leave);
  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [x, y] = fromMiddle(event);
      const before = view();
      const zoom = Math.min(mostZoom, Math.max(0.5, before.zoom * Math.exp(-event.deltaY * 0.0015)));
      // What is under the pointer stays there.
      const shift = 1 / before.zoom - 1 / zoom;
      gestures.move({ x: before.x + x * shift, y: before.y + y * shift, zoom });
    },
    { passive: false },
  );
  host.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const isUpright = event.key === "ArrowUp" || event.key === "ArrowDown";
    const turn = by * turnOfKey;
    if (event.shiftKey && gestures.turn(isUpright ? 0 : turn, isUpright ? turn : 0)) return;
    gestures.step(by);
  });
}
