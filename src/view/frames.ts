/**
 * Draws when asked, many requests at once, and no sooner than what drew last allows.
 *
 * draw      one frame; resolves, when the device is done with it, with the time at which it began to draw
 * least     milliseconds from one frame to the next
 * isBusy    whether others are at work on the device: they get it for at least as long as a frame took it from them
 */
export function frames(draw: () => Promise<number>, least: number, isBusy: () => boolean): () => void {
  let asked = false;
  let last = Number.NEGATIVE_INFINITY;
  const frame = async () => {
    asked = false;
    const begun = await draw();
    const end = performance.now();
    last = isBusy() ? end + (end - begun) : end;
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = Math.max(0, last + least - performance.now());
    setTimeout(() => requestAnimationFrame(() => void frame()), wait);
  };
}
