/**
 * Draws when asked, many requests at once, and no sooner than what drew last allows.
 *
 * draw      one frame; resolves, when the device is done with it, with the time at which it began to draw
 * least     milliseconds from one frame to the next
 * isBusy    whether others are at work on the device: they get it for at least as long as a frame took it from them
 */
export function frames(draw: () => Promise<number>, least: number, isBusy: () => boolean): () => void {
  let last = Number.NEGATIVE_INFINITY;
  /** A frame is waited for or being drawn; and another one is wanted after it, since things have changed meanwhile. */
  let isUnderWay = false;
  let again = false;
  const frame = async () => {
    again = false;
    try {
      const begun = await draw();
      const end = performance.now();
      last = isBusy() ? end + (end - begun) : end;
    } finally {
      isUnderWay = false;
      if (again) ask();
    }
  };
  const ask = () => {
    again = true;
    if (isUnderWay) return;
    isUnderWay = true;
    const wait = Math.max(0, last + least - performance.now());
    setTimeout(() => requestAnimationFrame(() => void frame()), wait);
  };
  return ask;
}
